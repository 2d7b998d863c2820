#include "net/internal/unix_path.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "net/internal/sys.h"
#include "net/socket_address.h"

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
  struct stat file;
  if (::lstat(path.c_str(), &file) != 0) {
    // It went away meanwhile, or is an abstract name; bind again.
    if (errno == ENOENT) return absl::OkStatus();
    return absl::ErrnoToStatus(errno, absl::StrCat("lstat ", path));
  }
  if (S_ISDIR(file.st_mode)) {
    return absl::AlreadyExistsError(
        absl::StrCat(address.ToString(),
                     " is a directory; give the path of a socket in it"));
  }
  if (!S_ISSOCK(file.st_mode)) {
    return absl::AlreadyExistsError(
        absl::StrCat(address.ToString(),
                     " is a file, not a socket; choose "
                     "another path, or remove it"));
  }
  const bool refused =
      sys::ConnectAtOnce(probe, address.data(), address.length()) == -1 &&
      errno == ECONNREFUSED;
  if (!refused) return absl::OkStatus();  // to bind again says what is wrong
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("unlink ", path));
}

}  // namespace internal
}  // namespace isopoll
