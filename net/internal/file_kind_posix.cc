#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "net/internal/file_kind.h"

namespace isopoll {
namespace internal {

absl::StatusOr<FileKind> KindOfFile(const std::string& path) {
  struct stat file;
  if (::lstat(path.c_str(), &file) != 0) {
    if (errno == ENOENT) return FileKind::kNone;
    return absl::ErrnoToStatus(errno, absl::StrCat("lstat ", path));
  }
  if (S_ISDIR(file.st_mode)) return FileKind::kDirectory;
  return S_ISSOCK(file.st_mode) ? FileKind::kSocket : FileKind::kOther;
}

absl::Status RemoveFile(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("unlink ", path));
}

}  // namespace internal
}  // namespace isopoll
