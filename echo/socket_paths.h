// SocketPaths: the Unix-domain paths that a program leaves behind, unless it
// cleans up.

#ifndef ISOPOLL_ECHO_SOCKET_PATHS_H_
#define ISOPOLL_ECHO_SOCKET_PATHS_H_

#include <string>
#include <vector>

#include "echo/system.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// Removes them when it is destroyed; but not what another server has put there
// meanwhile, while this one closed down.
class SocketPaths {
 public:
  SocketPaths() = default;
  ~SocketPaths();
  SocketPaths(const SocketPaths&) = delete;
  SocketPaths& operator=(const SocketPaths&) = delete;

  // Does nothing for an address that is not a path.
  void Add(const SocketAddress& address);

 private:
  struct Path {
    std::string name;
    FileNumber socket;
  };
  std::vector<Path> paths_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SOCKET_PATHS_H_
