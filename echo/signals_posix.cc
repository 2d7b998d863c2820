#include <signal.h>

#include <atomic>
#include <cerrno>
#include <memory>

#include "echo/signals.h"

namespace isopoll::echo {
namespace {

// A handler is given nothing but the signal's number, so what it acts on has
// to be here.
std::atomic<Stoppable*> g_program{nullptr};
std::atomic<int> g_times{0};  // that Stop is still to be called
static_assert(std::atomic<Stoppable*>::is_always_lock_free);
static_assert(std::atomic<int>::is_always_lock_free);

void OnSignal(int signal) {
  const int saved_errno = errno;
  if (--g_times < 0) {
    // Blocked until this handler returns.
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  } else if (Stoppable* program = g_program.load()) {
    program->Stop();
  }
  errno = saved_errno;
}

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
constexpr int kCount = 4;

}  // namespace

struct StopOnSignal::Handling {
  struct sigaction actions[kCount];
};

StopOnSignal::StopOnSignal(Stoppable& program, int times)
    : before_(new Handling) {
  g_program = &program;
  g_times = times;
  for (int i = 0; i < kCount; ++i) {
    struct sigaction action = {};
    action.sa_handler = kSignals[i] == SIGPIPE ? SIG_IGN : OnSignal;
    sigemptyset(&action.sa_mask);  // a macro on macOS
    // Fails only for numbers that are not signals.
    struct sigaction* before = &before_->actions[i];
    ::sigaction(kSignals[i], &action, before);
    if (before->sa_handler == SIG_IGN) ::signal(kSignals[i], SIG_IGN);
  }
}

StopOnSignal::~StopOnSignal() {
  for (int i = 0; i < kCount; ++i) {
    ::sigaction(kSignals[i], &before_->actions[i], nullptr);
  }
  g_program = nullptr;
}

}  // namespace isopoll::echo
