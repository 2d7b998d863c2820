// Sends --bytes to each client. SIGTERM: what has begun is finished first.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(size_t, bytes, 1 << 20, "how much each client gets");
ABSL_FLAG(absl::Duration, drain, absl::Seconds(5), "time for that at the end");

namespace {

using Clock = std::chrono::steady_clock;

std::atomic<isopoll::Poller*> poller_to_wake{nullptr};
std::atomic<bool> stopping{false};

void OnSignal(int) {
  stopping = true;
  poller_to_wake.load()->Wakeup();
}

class Server {
 public:
  Server(isopoll::Poller& poller, isopoll::UniqueFd listener)
      : poller_(poller), listener_(std::move(listener)) {}

  absl::Status Run() {
    absl::Status status =
        poller_.Add(listener_.get(), isopoll::kReadable, kListener);
    isopoll::Event events[64];
    while (status.ok() && (listener_ || !clients_.empty())) {
      const auto result = poller_.Wait(absl::MakeSpan(events), TimeLeft());
      if (!result.ok()) return result.status();
      for (size_t i = 0; i < result->count && status.ok(); ++i) {
        const isopoll::Token token = events[i].token();
        status = token == kListener ? Accept() : Send(token);
      }
      if (status.ok() && stopping && listener_) status = StopListening();
      if (TimeLeft() == absl::ZeroDuration()) break;
    }
    if (status.ok() && !clients_.empty()) {
      return absl::DeadlineExceededError("not all clients have everything");
    }
    return status;
  }

 private:
  struct Client {
    isopoll::UniqueFd fd;
    absl::string_view rest;
  };
  static constexpr isopoll::Token kListener = 0;

  absl::Duration TimeLeft() const {
    if (listener_) return absl::InfiniteDuration();
    const auto left = absl::FromChrono(deadline_ - Clock::now());
    return std::max(left, absl::ZeroDuration());
  }

  // Those in the queue are accepted: closing the listener would reset them.
  absl::Status StopListening() {
    deadline_ =
        Clock::now() + absl::ToChronoNanoseconds(absl::GetFlag(FLAGS_drain));
    absl::Status status = Accept();
    if (status.ok()) status = poller_.Remove(listener_.get());
    listener_.reset();
    return status;
  }

  absl::Status Accept() {
    while (true) {
      auto fd = cookbook::Accept(listener_.get());
      if (!fd.ok() || !*fd) return fd.status();
      absl::Status status =
          poller_.Add(fd->get(), isopoll::kWritable, ++last_token_);
      if (!status.ok()) return status;
      clients_[last_token_] = {*std::move(fd), text_};
    }
  }

  absl::Status Send(isopoll::Token token) {
    Client& client = clients_[token];
    const auto sent = isopoll::Send(client.fd.get(), client.rest);
    if (sent.ok()) client.rest.remove_prefix(sent->bytes());
    if (sent.ok() && !client.rest.empty()) return absl::OkStatus();
    absl::Status status = poller_.Remove(client.fd.get());
    clients_.erase(token);
    return status;
  }

  isopoll::Poller& poller_;
  isopoll::UniqueFd listener_;
  const std::string text_ = std::string(absl::GetFlag(FLAGS_bytes), 'x');
  std::map<isopoll::Token, Client> clients_;
  isopoll::Token last_token_ = kListener;
  Clock::time_point deadline_;
};

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto poller = cookbook::MakePoller();
  poller_to_wake = poller.get();
  std::signal(SIGTERM, OnSignal);
  Server server(*poller, cookbook::ListenAnywhere());
  const absl::Status status = server.Run();
  std::signal(SIGTERM, SIG_DFL);  // no Wakeup when the Poller is gone
  return cookbook::ExitCode(status);
}
