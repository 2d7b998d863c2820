// What the tests of the stand-in share.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_TESTING_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_TESTING_H_

#include <sys/event.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/standin.h"
#include "tests/support/runner.h"

namespace isopoll::kqueue_standin {

constexpr Personality kPersonalities[] = {
    Personality::kMacos, Personality::kFreebsd, Personality::kNetbsd};

// "macos".
std::string NameOf(Personality personality);

UniqueFd NewQueue(Personality personality);

// The descriptors that the steps of a scenario make, without pollers.
class Scene {
 public:
  explicit Scene(absl::string_view steps = "") { Do(steps); }

  // Fails the test if a step cannot be done.
  void Do(absl::string_view steps);

  int Fd(absl::string_view name) const;

 private:
  std::string done_;
  std::unique_ptr<tests::Runner> runner_;
};

struct kevent Change(int fd, int filter, int flags, unsigned fflags = 0);

// Makes one change, with no room for an answer. Zero or an errno.
int Apply(int kq, const struct kevent& change);

// What the queue has now, at most `room` events.
std::vector<struct kevent> Take(int kq, size_t room = 16);

// Sleeps for events until there are, for a minute.
std::vector<struct kevent> Await(int kq);

// Events in words, in the order of the filters, EVFILT_READ first:
// "R+E W" has EV_EOF in the first; "-" is none. Others are U and X.
std::string Words(std::vector<struct kevent> events);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_TESTING_H_
