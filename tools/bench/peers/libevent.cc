#include "tools/bench/peers/libevent.h"

#if !__has_include(<event2/event.h>)
#error "there is no event2/event.h: install Debian's package libevent-dev"
#endif
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/thread.h>

#include <cstddef>
#include <deque>

#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {
namespace {

template <typename Handler>
class Libevent {
 public:
  explicit Libevent(Handler* handler) : handler_(*handler), base_(NewBase()) {
    Must(base_ != nullptr, "event_base_new_with_config");
    if (!Handler::kThreads) return;
    event_assign(&wakeup_, base_, -1, EV_PERSIST, OnWake, this);
    event_add(&wakeup_, nullptr);
  }
  ~Libevent() {
    if (Handler::kThreads) event_del(&wakeup_);
    event_base_free(base_);
  }

  void Add(int fd, int wanted, size_t tag) {
    if (tag >= watchers_.size()) watchers_.resize(tag + 1);
    Watcher& watcher = watchers_[tag];
    watcher.driver = this;
    watcher.tag = tag;
    event_assign(&watcher.event, base_, fd, Events(wanted), OnReady, &watcher);
    Must(event_add(&watcher.event, nullptr) == 0, "event_add");
  }
  void Change(int fd, int wanted, size_t tag) {
    event_del(&watchers_[tag].event);
    Add(fd, wanted, tag);
  }
  void Remove(int /*fd*/, size_t tag) { event_del(&watchers_[tag].event); }

  void Look() { event_base_loop(base_, EVLOOP_ONCE | EVLOOP_NONBLOCK); }
  void Run() {
    if (!handler_.done()) event_base_dispatch(base_);
  }
  void Wake() { event_active(&wakeup_, EV_READ, 0); }

 private:
  struct Watcher {
    ::event event;
    Libevent* driver;
    size_t tag;
  };

  static event_base* NewBase() {
    static const int threads = evthread_use_pthreads();
    Must(threads == 0, "evthread_use_pthreads");
    event_config* config = event_config_new();
    if (!Handler::kThreads) {
      event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    }
    event_config_avoid_method(config, "select");
    event_config_avoid_method(config, "poll");
    event_base* base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
  }

  static short Events(int wanted) {
    return static_cast<short>(EV_PERSIST |
                              ((wanted & kRead) != 0 ? EV_READ : 0) |
                              ((wanted & kWrite) != 0 ? EV_WRITE : 0));
  }

  static void OnReady(evutil_socket_t, short events, void* data) {
    Watcher& watcher = *static_cast<Watcher*>(data);
    Libevent& driver = *watcher.driver;
    driver.handler_.Ready(watcher.tag,
                          ((events & EV_READ) != 0 ? kRead : 0) |
                              ((events & EV_WRITE) != 0 ? kWrite : 0));
    driver.BreakIfDone();
  }
  static void OnWake(evutil_socket_t, short, void* data) {
    Libevent& driver = *static_cast<Libevent*>(data);
    driver.handler_.Woken();
    driver.BreakIfDone();
  }

  void BreakIfDone() {
    if (handler_.done()) event_base_loopbreak(base_);
  }

  Handler& handler_;
  event_base* base_;
  ::event wakeup_;
  std::deque<Watcher> watchers_;  // by tag
};

}  // namespace

Subject LibeventSubject() { return MakeSubject<Libevent>("libevent", "epoll"); }

}  // namespace isopoll::bench
