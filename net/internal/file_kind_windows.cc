// Windows 10 has Unix-domain sockets, with paths in UTF-8. The file of one is a
// reparse point of its own kind.

#include <winsock2.h>

#include <cerrno>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/internal/file_kind.h"
#include "net/internal/winsock.h"

namespace isopoll {
namespace internal {
namespace {

std::wstring ToWide(const std::string& path) {
  std::wstring wide(path.size(), L'\0');  // at most
  const int size = static_cast<int>(path.size());
  wide.resize(static_cast<size_t>(
      ::MultiByteToWideChar(CP_UTF8, 0, path.data(), size, wide.data(), size)));
  return wide;
}

bool Find(const std::string& path, WIN32_FIND_DATAW* file) {
  const HANDLE search = ::FindFirstFileW(ToWide(path).c_str(), file);
  if (search == INVALID_HANDLE_VALUE) return false;
  ::FindClose(search);
  return true;
}

// Of a reparse point, FindFirstFile has the kind in dwReserved0.
bool IsSocket(const WIN32_FIND_DATAW& file) {
  return (file.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
         file.dwReserved0 == IO_REPARSE_TAG_AF_UNIX;
}

bool IsAbsent(int code) { return ToErrno(code) == ENOENT; }

absl::Status FileError(int code, absl::string_view call,
                       const std::string& path) {
  return absl::Status(absl::ErrnoToStatusCode(ToErrno(code)),
                      absl::StrCat(call, " ", path, ": ", Describe(code)));
}

}  // namespace

absl::StatusOr<FileKind> KindOfFile(const std::string& path) {
  WIN32_FIND_DATAW file;
  if (!Find(path, &file)) {
    const int code = static_cast<int>(::GetLastError());
    if (IsAbsent(code)) return FileKind::kNone;
    return FileError(code, "FindFirstFile", path);
  }
  if (IsSocket(file)) return FileKind::kSocket;
  return (file.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0
             ? FileKind::kDirectory
             : FileKind::kOther;
}

absl::Status RemoveFile(const std::string& path) {
  if (::DeleteFileW(ToWide(path).c_str())) return absl::OkStatus();
  const int code = static_cast<int>(::GetLastError());
  if (IsAbsent(code)) return absl::OkStatus();
  return FileError(code, "DeleteFile", path);
}

}  // namespace internal
}  // namespace isopoll
