// Usage: what all threads of a service together have granted.

#ifndef ISOPOLL_ECHO_SERVICE_USAGE_H_
#define ISOPOLL_ECHO_SERVICE_USAGE_H_

#include <atomic>
#include <cstdint>

namespace isopoll::echo {

// Thread-safe.
class Usage {
 public:
  // Takes the right to one more connection; false if there are `limit`
  // already. 0 is no limit.
  bool TakeConnection(uint64_t limit) {
    if (connections_.fetch_add(1, std::memory_order_relaxed) < limit ||
        limit == 0) {
      return true;
    }
    GiveConnection();
    return false;
  }
  void GiveConnection() {
    connections_.fetch_sub(1, std::memory_order_relaxed);
  }
  uint64_t connections() const {
    return connections_.load(std::memory_order_relaxed);
  }

  // A connection that was owed `before` is owed `after` now.
  void ChangeOwed(uint64_t before, uint64_t after) {
    if (before != after) {
      owed_.fetch_add(after - before, std::memory_order_relaxed);
    }
  }
  uint64_t owed() const { return owed_.load(std::memory_order_relaxed); }

  // A number for a connection, from 1, never given twice.
  uint64_t NewNumber() {
    return last_number_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

 private:
  std::atomic<uint64_t> connections_{0};
  std::atomic<uint64_t> owed_{0};
  std::atomic<uint64_t> last_number_{0};
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_USAGE_H_
