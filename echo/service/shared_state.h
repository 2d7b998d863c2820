// SharedState: what the servers of one process have in common.

#ifndef ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_
#define ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "net/socket_address.h"

namespace isopoll::echo {

// Thread-safe, but for AddDatagramAddress.
class SharedState {
 public:
  // Counts one more connection; false if there are `limit` already. 0 is no
  // limit.
  bool AdmitConnection(uint64_t limit) {
    if (connections_.fetch_add(1, std::memory_order_relaxed) < limit ||
        limit == 0) {
      return true;
    }
    ReleaseConnection();
    return false;
  }
  void ReleaseConnection() {
    connections_.fetch_sub(1, std::memory_order_relaxed);
  }
  uint64_t connections() const {
    return connections_.load(std::memory_order_relaxed);
  }

  // A number for a connection, from 1, never given twice.
  uint64_t NewNumber() {
    return last_number_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  // Before anybody serves: what one of the datagram sockets is bound to.
  void AddDatagramAddress(const SocketAddress& address) {
    datagram_addresses_.push_back(address);
  }
  // Whether a datagram from there may be an answer of this process, or forged
  // to be taken for one. Of IP addresses the port decides: which addresses are
  // this machine's is not known, and those of other echo services are the same.
  bool IsDatagramAddress(const SocketAddress& from) const;

 private:
  std::vector<SocketAddress> datagram_addresses_;
  std::atomic<uint64_t> connections_{0};
  std::atomic<uint64_t> last_number_{0};
};

inline bool SharedState::IsDatagramAddress(const SocketAddress& from) const {
  for (const SocketAddress& own : datagram_addresses_) {
    const bool both_unix = own.family() == AF_UNIX && from.family() == AF_UNIX;
    if (both_unix ? own.ToString() == from.ToString()
                  : own.port() != 0 && own.port() == from.port()) {
      return true;
    }
  }
  return false;
}

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_
