#include "echo/load/client.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "echo/load/exchange.h"
#include "echo/loop/clock.h"

namespace isopoll::echo {
namespace {

constexpr size_t kEventsPerTurn = 256;
constexpr size_t kScratchBytes = 64 * 1024;

absl::Status Check(const ClientOptions& options) {
  if (options.connections < 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a client needs at least 1 connection, not ", options.connections));
  }
  if (options.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the timeout must be positive, not ",
                     absl::FormatDuration(options.timeout)));
  }
  return absl::OkStatus();
}

absl::Status Name(int number, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("connection ", number, ": ",
                                                  status.message()));
}

// The exchanges of one run. A token is an index into them, never used twice.
class Run {
 public:
  Run(Poller& poller, const ClientOptions& options)
      : poller_(poller),
        options_(options),
        observer_(options.observer != nullptr ? *options.observer : silent_),
        deadline_(SteadyNow() + options.timeout),
        scratch_(new char[kScratchBytes]) {}
  ~Run();

  absl::Status Begin(const SocketAddress& server);
  absl::Status Turn();

  bool done() const { return open_ == 0; }
  ClientReport report() const { return report_; }

 private:
  struct Party {
    Exchange exchange;
    Interest registered;
  };

  absl::Status Advance(size_t index, Interest ready);

  Poller& poller_;
  const ClientOptions& options_;
  ClientObserver silent_;
  ClientObserver& observer_;
  const absl::Duration deadline_;
  const std::unique_ptr<char[]> scratch_;
  std::vector<std::unique_ptr<Party>> parties_;  // null once it is done
  int open_ = 0;
  ClientReport report_;
};

Run::~Run() {
  for (const std::unique_ptr<Party>& party : parties_) {
    // After an error there is nothing better to do about another.
    if (party != nullptr) poller_.Remove(party->exchange.fd()).IgnoreError();
  }
}

absl::Status Run::Begin(const SocketAddress& server) {
  for (int number = 1; number <= options_.connections; ++number) {
    absl::StatusOr<Exchange> exchange =
        Exchange::Begin(server, options_.messages, number, observer_);
    if (!exchange.ok()) return Name(number, exchange.status());
    const Interest interest = exchange->interest();
    const Token token = parties_.size();
    absl::Status status = poller_.Add(exchange->fd(), interest, token);
    if (!status.ok()) return Name(number, status);
    parties_.push_back(
        std::make_unique<Party>(Party{*std::move(exchange), interest}));
    ++open_;
  }
  report_.connections = options_.connections;
  return absl::OkStatus();
}

absl::Status Run::Turn() {
  const absl::Duration left = deadline_ - SteadyNow();
  if (left <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError(absl::StrCat(
        "after ", absl::FormatDuration(options_.timeout), " ", open_, " of ",
        options_.connections, " connections have not finished"));
  }
  std::array<Event, kEventsPerTurn> events;
  const absl::StatusOr<WaitResult> result =
      poller_.Wait(absl::MakeSpan(events), left);
  if (!result.ok()) return result.status();
  for (size_t i = 0; i < result->count; ++i) {
    absl::Status status = Advance(events[i].token(), events[i].ready());
    if (!status.ok()) return Name(events[i].token() + 1, status);
  }
  return absl::OkStatus();
}

absl::Status Run::Advance(size_t index, Interest ready) {
  auto& [exchange, registered] = *parties_[index];
  absl::Status status =
      exchange.Advance(ready, absl::MakeSpan(scratch_.get(), kScratchBytes));
  if (!status.ok()) return status;
  if (exchange.done()) {
    report_.bytes_echoed += exchange.bytes_echoed();
    --open_;
    status = poller_.Remove(exchange.fd());
    parties_[index].reset();
    return status;
  }
  const Interest wanted = exchange.interest();
  if (wanted == registered) return absl::OkStatus();
  registered = wanted;
  return poller_.Modify(exchange.fd(), wanted, index);
}

}  // namespace

absl::StatusOr<ClientReport> RunClient(Poller& poller,
                                       const SocketAddress& server,
                                       const ClientOptions& options) {
  absl::Status status = Check(options);
  if (!status.ok()) return status;
  Run run(poller, options);
  status = run.Begin(server);
  while (status.ok() && !run.done()) status = run.Turn();
  if (!status.ok()) return status;
  return run.report();
}

}  // namespace isopoll::echo
