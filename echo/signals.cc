#include "echo/signals.h"

#include <atomic>
#include <cerrno>

namespace isopoll::echo {
namespace {

// A handler is given nothing but the signal's number, so what it acts on has
// to be here.
std::atomic<Server*> g_server{nullptr};
static_assert(std::atomic<Server*>::is_always_lock_free);

void OnSignal(int /*signal*/) {
  const int saved_errno = errno;
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  if (Server* server = g_server.load()) server->Stop();
  errno = saved_errno;
}

}  // namespace

StopOnSignal::StopOnSignal(Server& server) {
  g_server = &server;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  ::sigemptyset(&action.sa_mask);
  // Fails only for numbers that are not signals.
  ::sigaction(SIGINT, &action, &old_int_);
  ::sigaction(SIGTERM, &action, &old_term_);
}

StopOnSignal::~StopOnSignal() {
  ::sigaction(SIGINT, &old_int_, nullptr);
  ::sigaction(SIGTERM, &old_term_, nullptr);
  g_server = nullptr;
}

}  // namespace isopoll::echo
