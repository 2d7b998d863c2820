#include "echo/socket_paths.h"

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "net/internal/file_kind.h"

namespace isopoll::echo {

SocketPaths::~SocketPaths() {
  for (const Path& path : paths_) {
    if (FileNumberOf(path.name) == path.socket) {
      internal::RemoveFile(path.name).IgnoreError();
    }
  }
}

void SocketPaths::Add(const SocketAddress& address) {
  const std::string text = address.ToString();
  absl::string_view name = text;
  if (!absl::ConsumePrefix(&name, "unix:") || name.substr(0, 1) == "@") return;
  const std::string path(name);
  paths_.push_back({path, FileNumberOf(path)});
}

}  // namespace isopoll::echo
