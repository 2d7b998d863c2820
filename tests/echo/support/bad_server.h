// BadServer: what an echo server should not be.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_BAD_SERVER_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_BAD_SERVER_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// Accepts one client in a thread of its own, does with it what a test wants
// done, and closes it. Destruction waits for all that.
class BadServer {
 public:
  explicit BadServer(std::function<void(int fd)> behave);
  ~BadServer();

  SocketAddress address() const;

 private:
  UniqueFd listener_;
  std::thread thread_;
};

// All of `data`, and exactly `size` bytes, or fewer at the end of file. They
// block.
void SendTo(int fd, absl::string_view data);
std::string ReceiveFrom(int fd, size_t size);

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_BAD_SERVER_H_
