#include "tools/bench/peers/libuv.h"

#if !__has_include(<uv.h>)
#error "there is no uv.h: install Debian's package libuv1-dev"
#endif
#include <uv.h>

#include <cstddef>
#include <vector>

#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {
namespace {

template <typename Handler>
class Libuv {
 public:
  explicit Libuv(Handler* handler) : handler_(*handler) {
    Must(uv_loop_init(&loop_) == 0, "uv_loop_init");
    if (!Handler::kThreads) return;
    wakeup_.data = this;
    Must(uv_async_init(&loop_, &wakeup_, OnWake) == 0, "uv_async_init");
  }
  ~Libuv() {
    if (Handler::kThreads) {
      uv_close(reinterpret_cast<uv_handle_t*>(&wakeup_), nullptr);
    }
    uv_run(&loop_, UV_RUN_DEFAULT);
    Must(uv_loop_close(&loop_) == 0, "uv_loop_close");
  }

  // A handle that is closed is libuv's until a turn of the loop later.
  void Add(int fd, int wanted, size_t tag) {
    if (tag >= watchers_.size()) watchers_.resize(tag + 1);
    Watcher* watcher = new Watcher;
    watchers_[tag] = watcher;
    watcher->driver = this;
    watcher->tag = tag;
    watcher->poll.data = watcher;
    Must(uv_poll_init(&loop_, &watcher->poll, fd) == 0, "uv_poll_init");
    Start(watcher, wanted);
  }
  void Change(int /*fd*/, int wanted, size_t tag) {
    Start(watchers_[tag], wanted);
  }
  void Remove(int /*fd*/, size_t tag) {
    constexpr size_t kMostClosing = 256;
    uv_close(reinterpret_cast<uv_handle_t*>(&watchers_[tag]->poll), OnClosed);
    if (++closing_ < kMostClosing) return;
    uv_run(&loop_, UV_RUN_NOWAIT);
    closing_ = 0;
  }

  void Look() { uv_run(&loop_, UV_RUN_NOWAIT); }
  void Run() {
    if (!handler_.done()) uv_run(&loop_, UV_RUN_DEFAULT);
  }
  void Wake() { uv_async_send(&wakeup_); }

 private:
  struct Watcher {
    uv_poll_t poll;
    Libuv* driver;
    size_t tag;
  };

  static void Start(Watcher* watcher, int wanted) {
    uv_poll_start(&watcher->poll,
                  ((wanted & kRead) != 0 ? UV_READABLE : 0) |
                      ((wanted & kWrite) != 0 ? UV_WRITABLE : 0),
                  OnReady);
  }

  static void OnReady(uv_poll_t* poll, int /*status*/, int events) {
    Watcher& watcher = *static_cast<Watcher*>(poll->data);
    Libuv& driver = *watcher.driver;
    driver.handler_.Ready(watcher.tag,
                          ((events & UV_READABLE) != 0 ? kRead : 0) |
                              ((events & UV_WRITABLE) != 0 ? kWrite : 0));
    driver.StopIfDone();
  }
  static void OnWake(uv_async_t* wakeup) {
    Libuv& driver = *static_cast<Libuv*>(wakeup->data);
    driver.handler_.Woken();
    driver.StopIfDone();
  }
  static void OnClosed(uv_handle_t* poll) {
    delete static_cast<Watcher*>(poll->data);
  }

  void StopIfDone() {
    if (handler_.done()) uv_stop(&loop_);
  }

  Handler& handler_;
  uv_loop_t loop_;
  uv_async_t wakeup_;
  std::vector<Watcher*> watchers_;  // by tag
  size_t closing_ = 0;
};

}  // namespace

Subject LibuvSubject() { return MakeSubject<Libuv>("libuv", "epoll"); }

}  // namespace isopoll::bench
