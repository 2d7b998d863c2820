#include "tools/bench/peers/libev.h"

#if !__has_include(<ev.h>)
#error "there is no ev.h: install Debian's package libev-dev"
#endif
#include <ev.h>

#include <cstddef>
#include <deque>

#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {
namespace {

template <typename Handler>
class Libev {
 public:
  explicit Libev(Handler* handler)
      : handler_(*handler), loop_(ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV)) {
    Must(loop_ != nullptr, "ev_loop_new");
    ev_async_init(&wakeup_, OnWake);
    wakeup_.data = this;
    if (Handler::kThreads) ev_async_start(loop_, &wakeup_);
  }
  ~Libev() { ev_loop_destroy(loop_); }

  void Add(int fd, int wanted, size_t tag) {
    if (tag >= watchers_.size()) watchers_.resize(tag + 1);
    Watcher& watcher = watchers_[tag];
    watcher.driver = this;
    watcher.tag = tag;
    ev_io_init(&watcher.io, OnReady, fd, Events(wanted));
    watcher.io.data = &watcher;
    ev_io_start(loop_, &watcher.io);
  }
  void Change(int fd, int wanted, size_t tag) {
    ev_io& io = watchers_[tag].io;
    ev_io_stop(loop_, &io);
    ev_io_set(&io, fd, Events(wanted));
    ev_io_start(loop_, &io);
  }
  void Remove(int /*fd*/, size_t tag) { ev_io_stop(loop_, &watchers_[tag].io); }

  void Look() { ev_run(loop_, EVRUN_NOWAIT); }
  void Run() {
    if (!handler_.done()) ev_run(loop_, 0);
  }
  void Wake() { ev_async_send(loop_, &wakeup_); }

 private:
  struct Watcher {
    ev_io io;
    Libev* driver;
    size_t tag;
  };

  static int Events(int wanted) {
    return ((wanted & kRead) != 0 ? EV_READ : 0) |
           ((wanted & kWrite) != 0 ? EV_WRITE : 0);
  }

  static void OnReady(struct ev_loop*, ev_io* io, int events) {
    Watcher& watcher = *static_cast<Watcher*>(io->data);
    Libev& driver = *watcher.driver;
    driver.handler_.Ready(watcher.tag,
                          ((events & EV_READ) != 0 ? kRead : 0) |
                              ((events & EV_WRITE) != 0 ? kWrite : 0));
    driver.BreakIfDone();
  }
  static void OnWake(struct ev_loop*, ev_async* wakeup, int) {
    Libev& driver = *static_cast<Libev*>(wakeup->data);
    driver.handler_.Woken();
    driver.BreakIfDone();
  }

  void BreakIfDone() {
    if (handler_.done()) ev_break(loop_, EVBREAK_ONE);
  }

  Handler& handler_;
  struct ev_loop* loop_;
  ev_async wakeup_;
  std::deque<Watcher> watchers_;  // by tag
};

}  // namespace

Subject LibevSubject() { return MakeSubject<Libev>("libev", "epoll"); }

}  // namespace isopoll::bench
