// The kqueue backend on a kernel that follows a script.

#ifndef ISOPOLL_TESTS_KQUEUE_SCRIPTED_KERNEL_H_
#define ISOPOLL_TESTS_KQUEUE_SCRIPTED_KERNEL_H_

#include <poll.h>
#include <sys/event.h>
#include <sys/types.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/kqueue/kqueue_system.h"

namespace isopoll {

// The queue's number: no table by number reaches that far.
constexpr int kQueue = 1 << 20;

// What the kernel has, and what it was asked.
struct KernelScript {
  // The kinds of the files that are open, by number: S_IFSOCK and its like.
  std::map<int, mode_t> files;
  // Whose fstat fails with EBADF though it is open.
  int without_status = -1;
  int flags = 0;  // of any file

  // With what filters are refused when they are added.
  std::map<int, int> refused;

  // What the next looks of kevent find, and those of poll, or with what they
  // fail. A look without a script finds nothing; a sleep without one is ended
  // by a Wakeup.
  std::deque<std::function<int(absl::Span<struct kevent> found)>> found;
  std::deque<std::function<int(absl::Span<pollfd> entries)>> polled;

  // What another thread does while the kernel looks.
  std::function<void()> meanwhile;
  Poller* poller = nullptr;

  // What changes the queue, or waits, in the order in which it was asked:
  //   "7+read 8-except"  to add and to delete filters
  //   "look 5"           kevent without sleep, with room for five
  //   "sleep 5"          the same with sleep
  //   "poll 7rw 8p"      poll without sleep, of these beside the queue
  //   "poll 7rw sleep"   the same with sleep
  //   "wake"
  std::vector<std::string> calls;
  // The numbers of files that were asked about, with "fstat", "F_GETFL" and
  // "F_GETFD".
  std::vector<std::string> questions;
};

// That of the test that runs.
extern KernelScript* kernel_script;

// The calls of that kernel, with macOS's filters, which are blind for FIFOs.
internal::KqueueSystem ScriptedSystem();

struct kevent EventOf(int filter, int fd, int flags = 0, unsigned notes = 0);

// What a look finds.
std::function<int(absl::Span<struct kevent>)> Finds(
    std::vector<struct kevent> events);
// The bits of poll, by number.
std::function<int(absl::Span<pollfd>)> FindsPolled(
    std::map<int, short> answers);
// Or with what it fails.
template <typename Entry>
std::function<int(absl::Span<Entry>)> Fails(int error) {
  return [error](absl::Span<Entry> /*entries*/) { return -error; };
}

class ScriptedKernelTest : public testing::Test {
 protected:
  ScriptedKernelTest();
  ~ScriptedKernelTest() override;

  // A poller for `system_`, which a test may have changed, in place of the one
  // that there is.
  void NewPoller();

  // The token is the number.
  void Add(int fd, Interest interest);
  void Modify(int fd, Interest interest);

  // What Wait reports, as "7 rw hangup"; not sorted. "woken" is the last.
  std::vector<std::string> Wait(absl::Duration timeout, size_t room = 8);
  std::vector<std::string> Look(size_t room = 8) {
    return Wait(absl::ZeroDuration(), room);
  }
  std::vector<std::string> Sleep() { return Wait(absl::InfiniteDuration()); }

  // Those asked for since the last time.
  std::vector<std::string> Calls();
  std::vector<std::string> Questions();

  KernelScript script_;
  internal::KqueueSystem system_ = ScriptedSystem();
  std::unique_ptr<Poller> poller_;
};

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_KQUEUE_SCRIPTED_KERNEL_H_
