#include "echo/signals.h"

#include <atomic>
#include <cerrno>

namespace isopoll::echo {
namespace {

// A handler is given nothing but the signal's number, so what it acts on has
// to be here.
std::atomic<Stoppable*> g_server{nullptr};
static_assert(std::atomic<Stoppable*>::is_always_lock_free);

void OnSignal(int /*signal*/) {
  const int saved_errno = errno;
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  if (Stoppable* server = g_server.load()) server->Stop();
  errno = saved_errno;
}

}  // namespace

StopOnSignal::StopOnSignal(Stoppable& server) {
  g_server = &server;
  for (int i = 0; i < kCount; ++i) {
    struct sigaction action = {};
    const bool ends = kSignals[i] == SIGINT || kSignals[i] == SIGTERM;
    action.sa_handler = ends ? OnSignal : SIG_IGN;
    sigemptyset(&action.sa_mask);  // a macro on macOS
    // Fails only for numbers that are not signals.
    ::sigaction(kSignals[i], &action, &old_[i]);
  }
}

StopOnSignal::~StopOnSignal() {
  for (int i = 0; i < kCount; ++i) {
    ::sigaction(kSignals[i], &old_[i], nullptr);
  }
  g_server = nullptr;
}

}  // namespace isopoll::echo
