// SharedState: what the servers of one process have in common.

#ifndef ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_
#define ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_

#include <atomic>
#include <cstdint>

namespace isopoll::echo {

// Thread-safe.
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

 private:
  std::atomic<uint64_t> connections_{0};
  std::atomic<uint64_t> last_number_{0};
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SHARED_STATE_H_
