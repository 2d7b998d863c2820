// A Poller inside GLib's main loop: a thread waits, the main loop serves.

#include <glib-unix.h>
#include <glib.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <functional>
#include <map>
#include <thread>
#include <utility>

#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace {

// Calls handlers in the main loop's thread. All methods are for that thread.
class Watches {
 public:
  // Called when `fd` is readable. False: the watch ends, and the fd is closed.
  using Handler = std::function<bool(int fd)>;

  explicit Watches(isopoll::Poller& poller)
      : poller_(poller), waiter_([this] { WaitAndPost(); }) {}

  ~Watches() {
    stopping_ = true;
    poller_.Wakeup();
    waiter_.join();
  }

  absl::Status Start(isopoll::UniqueFd fd, Handler handler) {
    const int number = fd.get();
    watches_[++last_token_] = {std::move(fd), std::move(handler)};
    return poller_.Add(number, isopoll::kReadable, last_token_,
                       isopoll::Trigger::kOneShot);
  }

 private:
  struct Watch {
    isopoll::UniqueFd fd;
    Handler handler;
  };
  struct Ready {
    Watches* watches;
    isopoll::Token token;
  };

  // The thread that waits. Each event is one-shot, so that its descriptor is
  // silent until the main loop has served it.
  void WaitAndPost() {
    isopoll::Event events[64];
    while (!stopping_) {
      const auto result =
          poller_.Wait(absl::MakeSpan(events), absl::InfiniteDuration());
      if (!result.ok()) return void(cookbook::ExitCode(result.status()));
      for (size_t i = 0; i < result->count; ++i) {
        g_idle_add_full(
            G_PRIORITY_DEFAULT, Serve, new Ready{this, events[i].token()},
            [](gpointer ready) { delete static_cast<Ready*>(ready); });
      }
    }
  }

  static gboolean Serve(gpointer data) {
    const Ready& ready = *static_cast<Ready*>(data);
    ready.watches->Serve(ready.token);
    return G_SOURCE_REMOVE;
  }

  void Serve(isopoll::Token token) {
    const Watch& watch = watches_.at(token);
    const int fd = watch.fd.get();
    const bool more = watch.handler(fd);
    const absl::Status status =
        more ? poller_.Modify(fd, isopoll::kReadable, token,
                              isopoll::Trigger::kOneShot)
             : poller_.Remove(fd);
    if (!more) watches_.erase(token);
    if (!status.ok()) cookbook::ExitCode(status);
  }

  isopoll::Poller& poller_;
  std::map<isopoll::Token, Watch> watches_;
  isopoll::Token last_token_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread waiter_;
};

// Reads once and sends that back. (A short send is the end: this is no server.)
bool Echo(int fd) {
  char buffer[4096];
  const auto received = isopoll::Receive(fd, absl::MakeSpan(buffer));
  if (!received.ok() || received->end_of_file()) return false;
  const auto sent = isopoll::Send(fd, {buffer, received->bytes()});
  return sent.ok() && sent->bytes() == received->bytes();
}

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto poller = cookbook::MakePoller();
  GMainLoop* loop = g_main_loop_new(nullptr, FALSE);
  g_unix_signal_add(
      SIGTERM,
      [](gpointer data) -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(data));
        return G_SOURCE_REMOVE;
      },
      loop);
  Watches watches(*poller);
  const absl::Status status =
      watches.Start(cookbook::ListenAnywhere(), [&watches](int listener) {
        auto fd = cookbook::Accept(listener);
        if (!fd.ok()) return false;
        return !*fd || watches.Start(*std::move(fd), Echo).ok();
      });
  if (status.ok()) g_main_loop_run(loop);
  g_main_loop_unref(loop);
  return cookbook::ExitCode(status);
}
