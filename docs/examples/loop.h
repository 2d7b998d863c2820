// Client and Run: libraries with descriptors and timeouts of their own, side by
// side on one Poller.

#ifndef ISOPOLL_DOCS_EXAMPLES_LOOP_H_
#define ISOPOLL_DOCS_EXAMPLES_LOOP_H_

#include <chrono>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"

namespace isopoll::examples {

// Nobody sets this clock, and Wait measures its timeout on it.
using Clock = std::chrono::steady_clock;

// Derive from it, once for each library.
class Client {
 public:
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `fd` is ready. The library may have closed it a moment ago, on behalf of
  // another descriptor that was ready in the same Wait.
  virtual void OnReady(int fd, Interest ready) = 0;
  // The deadline has passed. There is none until SetDeadline is called again.
  virtual void OnDeadline() = 0;
  // Whether nothing is left to wait for.
  virtual bool done() const = 0;

  Clock::time_point deadline() const { return deadline_; }
  void ClearDeadline() { deadline_ = Clock::time_point::max(); }
  // What went wrong with the Poller first. The library's own errors are results
  // like others.
  const absl::Status& status() const { return status_; }

 protected:
  explicit Client(Poller& poller) : poller_(poller) {}

  // What the library wants of `fd` from now on; kNone ends it.
  void Watch(int fd, Interest interest);
  void SetDeadline(Clock::time_point at) { deadline_ = at; }

 private:
  Poller& poller_;
  Clock::time_point deadline_ = Clock::time_point::max();
  absl::Status status_;
};

// Serves `clients` until all are done. They must live until it returns.
absl::Status Run(Poller& poller, absl::Span<Client* const> clients);

}  // namespace isopoll::examples

#endif  // ISOPOLL_DOCS_EXAMPLES_LOOP_H_
