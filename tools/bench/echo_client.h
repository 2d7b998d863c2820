// EchoClient: asks an echo server, over many connections at a time.

#ifndef ISOPOLL_TOOLS_BENCH_ECHO_CLIENT_H_
#define ISOPOLL_TOOLS_BENCH_ECHO_CLIENT_H_

#include <cstddef>
#include <vector>

#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::bench {

// The client has the first socket of each pair. It is an epoll loop, whatever
// the server is.
class EchoClient {
 public:
  EchoClient(const std::vector<SocketPairFds>& connections, size_t bytes);

  // Sends requests of `bytes` and awaits the answers, `count` in all, one at a
  // time on each connection.
  void Ask(size_t count);

 private:
  struct Peer {
    int fd;
    size_t missing = 0;  // bytes of the answer
  };

  void Send(Peer& peer);
  // Whether that was the last of an answer.
  bool Receive(Peer& peer);

  std::vector<Peer> peers_;
  std::vector<char> request_;
  std::vector<char> answer_;
  UniqueFd epoll_;
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_ECHO_CLIENT_H_
