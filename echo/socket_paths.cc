#include "echo/socket_paths.h"

#include <unistd.h>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace isopoll::echo {

SocketPaths::~SocketPaths() {
  for (const Path& path : paths_) {
    struct stat now;
    if (::lstat(path.name.c_str(), &now) == 0 &&
        now.st_dev == path.socket.st_dev && now.st_ino == path.socket.st_ino) {
      ::unlink(path.name.c_str());
    }
  }
}

void SocketPaths::Add(const SocketAddress& address) {
  const std::string text = address.ToString();
  absl::string_view name = text;
  if (!absl::ConsumePrefix(&name, "unix:") || name.substr(0, 1) == "@") return;
  Path path = {std::string(name), {}};
  if (::lstat(path.name.c_str(), &path.socket) == 0) paths_.push_back(path);
}

}  // namespace isopoll::echo
