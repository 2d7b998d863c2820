// isopoll, on any of its backends.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVERS_ISOPOLL_H_
#define ISOPOLL_TOOLS_BENCH_DRIVERS_ISOPOLL_H_

#include <array>
#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tools/bench/driver.h"
#include "tools/bench/must.h"

namespace isopoll::bench {

template <Backend kBackend, typename Handler>
class IsopollDriver {
 public:
  explicit IsopollDriver(Handler* handler) : handler_(*handler) {
    PollerOptions options;
    options.backend = kBackend;
    poller_ = Must(Poller::Create(options));
  }

  void Add(int fd, int wanted, size_t tag) {
    Must(poller_->Add(fd, InterestOf(wanted), tag));
  }
  void Change(int fd, int wanted, size_t tag) {
    Must(poller_->Modify(fd, InterestOf(wanted), tag));
  }
  void Remove(int fd, size_t /*tag*/) { Must(poller_->Remove(fd)); }

  void Look() { Turn(absl::ZeroDuration()); }
  void Run() {
    while (!handler_.done()) Turn(absl::InfiniteDuration());
  }
  void Wake() { poller_->Wakeup(); }

 private:
  static Interest InterestOf(int wanted) {
    return ((wanted & kRead) != 0 ? kReadable : kNone) |
           ((wanted & kWrite) != 0 ? kWritable : kNone);
  }

  void Turn(absl::Duration timeout) {
    const absl::StatusOr<WaitResult> result =
        poller_->Wait(absl::MakeSpan(events_), timeout);
    if (!result.ok()) Must(result.status());
    if (result->woken) handler_.Woken();
    for (size_t i = 0; i < result->count; ++i) {
      const Event& event = events_[i];
      handler_.Ready(event.token(), (event.readable() ? kRead : 0) |
                                        (event.writable() ? kWrite : 0));
    }
  }

  Handler& handler_;
  std::unique_ptr<Poller> poller_;
  std::array<Event, kBatch> events_;
};

template <typename Handler>
using IsopollSelect = IsopollDriver<Backend::kSelect, Handler>;
template <typename Handler>
using IsopollPoll = IsopollDriver<Backend::kPoll, Handler>;
template <typename Handler>
using IsopollEpoll = IsopollDriver<Backend::kEpoll, Handler>;

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVERS_ISOPOLL_H_
