// Reads from many clients, and drops one after --idle without a byte.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(absl::Duration, idle, absl::Seconds(10), "time without a byte");

namespace {

using Clock = std::chrono::steady_clock;
using isopoll::Token;

class Loop {
 public:
  Loop(isopoll::Poller& poller, int listener, absl::Duration idle)
      : poller_(poller),
        listener_(listener),
        idle_(absl::ToChronoNanoseconds(idle)) {}

  absl::Status Run() {
    absl::Status status = poller_.Add(listener_, isopoll::kReadable, kListener);
    isopoll::Event events[64];
    while (status.ok()) {
      const auto result = poller_.Wait(absl::MakeSpan(events), TimeLeft());
      if (!result.ok()) return result.status();
      for (size_t i = 0; i < result->count && status.ok(); ++i) {
        const Token token = events[i].token();
        status = token == kListener ? Accept() : Read(token);
      }
      while (status.ok() && TimeLeft() == absl::ZeroDuration()) {
        status = Drop(deadlines_.begin()->second);
      }
    }
    return status;
  }

 private:
  struct Client {
    isopoll::UniqueFd fd;
    Clock::time_point deadline;
  };
  static constexpr Token kListener = 0;

  absl::Duration TimeLeft() const {
    if (deadlines_.empty()) return absl::InfiniteDuration();
    const auto left = deadlines_.begin()->first - Clock::now();
    return std::max(absl::FromChrono(left), absl::ZeroDuration());
  }

  void SetDeadline(Token token) {
    Client& client = clients_[token];
    deadlines_.erase({client.deadline, token});
    client.deadline = Clock::now() + idle_;
    deadlines_.insert({client.deadline, token});
  }

  absl::Status Accept() {
    auto fd = cookbook::Accept(listener_);
    if (!fd.ok() || !*fd) return fd.status();
    Client& client = clients_[++last_token_];
    client.fd = *std::move(fd);
    SetDeadline(last_token_);
    return poller_.Add(client.fd.get(), isopoll::kReadable, last_token_);
  }

  absl::Status Read(Token token) {
    char buffer[4096];
    const auto received =
        isopoll::Receive(clients_[token].fd.get(), absl::MakeSpan(buffer));
    if (!received.ok() || received->end_of_file()) return Drop(token);
    if (!received->would_block()) SetDeadline(token);
    return absl::OkStatus();
  }

  absl::Status Drop(Token token) {
    const Client& client = clients_[token];
    absl::Status status = poller_.Remove(client.fd.get());
    deadlines_.erase({client.deadline, token});
    clients_.erase(token);
    return status;
  }

  isopoll::Poller& poller_;
  const int listener_;
  const std::chrono::nanoseconds idle_;
  std::map<Token, Client> clients_;
  std::set<std::pair<Clock::time_point, Token>> deadlines_;
  Token last_token_ = kListener;
};

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto poller = cookbook::MakePoller();
  const auto listener = cookbook::ListenAnywhere();
  Loop loop(*poller, listener.get(), absl::GetFlag(FLAGS_idle));
  return cookbook::ExitCode(loop.Run());
}
