// Other threads that act in the middle of a call. Linux.

#ifndef ISOPOLL_TESTS_INTERPOSED_HELPER_THREADS_H_
#define ISOPOLL_TESTS_INTERPOSED_HELPER_THREADS_H_

#include <functional>
#include <thread>
#include <vector>

namespace isopoll::tests {

class HelperThreads {
 public:
  HelperThreads() = default;
  ~HelperThreads() { Join(); }

  HelperThreads(const HelperThreads&) = delete;
  HelperThreads& operator=(const HelperThreads&) = delete;

  // Calls `action` in a new thread, and returns once it has ended or sleeps: it
  // may wait for a lock that the caller holds.
  void Start(std::function<void()> action);

  // Waits until all have ended.
  void Join();

 private:
  std::vector<std::thread> threads_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_INTERPOSED_HELPER_THREADS_H_
