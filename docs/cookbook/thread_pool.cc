// Threads that share a Poller: each takes the next request that has come.

#include <atomic>
#include <csignal>
#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(size_t, threads, 4, "how many");
ABSL_FLAG(absl::Duration, work, absl::Milliseconds(1), "for each request");

namespace {

std::atomic<isopoll::Poller*> poller_to_wake{nullptr};
std::atomic<bool> stopping{false};

void OnSignal(int) {
  stopping = true;
  poller_to_wake.load()->Wakeup();
}

// What takes long: a query, a compression.
std::string Answer(absl::string_view request) {
  absl::SleepFor(absl::GetFlag(FLAGS_work));
  return absl::AsciiStrToUpper(request);
}

class Pool {
 public:
  Pool(isopoll::Poller& poller, int listener)
      : poller_(poller), listener_(listener) {}

  absl::Status Start() {
    return poller_.Add(listener_, isopoll::kReadable, kListener);
  }

  // Each thread runs this: one waits, the others are at work.
  absl::Status Run() {
    absl::Status status;
    while (status.ok() && !stopping) {
      isopoll::Event event;
      if (!Next(&event, &status)) continue;
      status = Serve(event);
    }
    stopping = true;
    poller_.Wakeup();  // the next thread stops as well
    return status;
  }

 private:
  struct Client {
    isopoll::UniqueFd fd;
    std::string pending;  // still to be sent
  };
  static constexpr isopoll::Token kListener = 0;

  // Waits for a request, when it is this thread's turn. False: there is none.
  bool Next(isopoll::Event* event, absl::Status* status) {
    absl::MutexLock turn(&turn_);
    const auto result =
        poller_.Wait(absl::MakeSpan(event, 1), absl::InfiniteDuration());
    *status = result.status();
    if (!status->ok() || stopping || result->count == 0) return false;
    if (event->token() != kListener) return true;
    *status = Accept();
    return false;
  }

  absl::Status Accept() {
    auto fd = cookbook::Accept(listener_);
    if (!fd.ok() || !*fd) return fd.status();
    const int number = fd->get();
    absl::MutexLock lock(&clients_mutex_);
    clients_[++last_token_].fd = *std::move(fd);
    return poller_.Add(number, isopoll::kReadable, last_token_,
                       isopoll::Trigger::kOneShot);
  }

  // Nobody else has this client until Modify.
  absl::Status Serve(const isopoll::Event& event) {
    Client& client = Find(event.token());
    if (!Exchange(client, event.ready())) {
      absl::Status status = poller_.Remove(event.fd());
      absl::MutexLock lock(&clients_mutex_);
      clients_.erase(event.token());
      return status;
    }
    return poller_.Modify(
        event.fd(),
        client.pending.empty() ? isopoll::kReadable : isopoll::kWritable,
        event.token(), isopoll::Trigger::kOneShot);
  }

  // False: the client is gone.
  static bool Exchange(Client& client, isopoll::Interest ready) {
    if (ready.readable()) {
      char request[4096];
      const auto received =
          isopoll::Receive(client.fd.get(), absl::MakeSpan(request));
      if (!received.ok() || received->end_of_file()) return false;
      if (received->would_block()) return true;
      client.pending = Answer({request, received->bytes()});
    }
    const auto sent = isopoll::Send(client.fd.get(), client.pending);
    if (sent.ok()) client.pending.erase(0, sent->bytes());
    return sent.ok();
  }

  Client& Find(isopoll::Token token) {
    absl::MutexLock lock(&clients_mutex_);
    return clients_.at(token);
  }

  isopoll::Poller& poller_;
  const int listener_;
  absl::Mutex turn_;  // to wait
  absl::Mutex clients_mutex_;
  std::map<isopoll::Token, Client> clients_ ABSL_GUARDED_BY(clients_mutex_);
  isopoll::Token last_token_ ABSL_GUARDED_BY(clients_mutex_) = kListener;
};

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto poller = cookbook::MakePoller();
  poller_to_wake = poller.get();
  std::signal(SIGTERM, OnSignal);
  const auto listener = cookbook::ListenAnywhere();
  Pool pool(*poller, listener.get());
  const absl::Status status = pool.Start();
  std::vector<std::thread> threads(absl::GetFlag(FLAGS_threads));
  for (std::thread& thread : threads) {
    thread = std::thread([&pool] { cookbook::ExitCode(pool.Run()); });
  }
  for (std::thread& thread : threads) thread.join();
  std::signal(SIGTERM, SIG_DFL);
  return cookbook::ExitCode(status);
}
