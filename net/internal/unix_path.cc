#include "net/internal/unix_path.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/socket_address.h"
#include "net/internal/file_kind.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace internal {
namespace {

// The path of a Unix-domain address; empty for an abstract name.
std::string UnixPath(const SocketAddress& address) {
  sockaddr_un name;
  std::memcpy(&name, address.data(), sizeof(name));
  return std::string(name.sun_path,
                     ::strnlen(name.sun_path, sizeof(name.sun_path)));
}

}  // namespace

absl::Status RemoveLeftOver(const SocketAddress& address, int probe) {
  const std::string path = UnixPath(address);
  const absl::StatusOr<FileKind> kind = KindOfFile(path);
  if (!kind.ok()) return kind.status();
  // It went away meanwhile, or is an abstract name; bind again.
  if (*kind == FileKind::kNone) return absl::OkStatus();
  if (*kind == FileKind::kDirectory) {
    return absl::AlreadyExistsError(
        absl::StrCat(address.ToString(),
                     " is a directory; give the path of a socket in it"));
  }
  if (*kind == FileKind::kOther) {
    return absl::AlreadyExistsError(
        absl::StrCat(address.ToString(),
                     " is a file, not a socket; choose "
                     "another path, or remove it"));
  }
  const bool refused =
      sys::ConnectAtOnce(probe, address.data(), address.length()) == -1 &&
      errno == ECONNREFUSED;
  // Else to bind again says what is wrong.
  return refused ? RemoveFile(path) : absl::OkStatus();
}

}  // namespace internal
}  // namespace isopoll
