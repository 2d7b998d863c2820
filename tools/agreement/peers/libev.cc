#include "tools/agreement/peers/libev.h"

#if !__has_include(<ev.h>)
#error "there is no ev.h: install Debian's package libev-dev"
#endif
#include <ev.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace isopoll::agreement {
namespace {

void KeepEvents(struct ev_loop*, ev_io* watcher, int events) {
  *static_cast<int*>(watcher->data) |= events;
}

class LibevObserver : public Observer {
 public:
  LibevObserver(unsigned backend, const char* name)
      : backend_(backend), name_(name) {}

  Column column() const override {
    Column column;
    column.title = absl::StrCat("libev ", name_);
    column.kind = Kind::kPeer;
    column.library = "libev";
    column.vocabulary = kReadable | kWritable;
    return column;
  }

  std::string Look(int fd) override {
    struct ev_loop* loop = ev_loop_new(backend_ | EVFLAG_NOENV);
    if (loop == nullptr) return "no loop";
    int events = 0;
    ev_io watcher;
    ev_io_init(&watcher, KeepEvents, fd, EV_READ | EV_WRITE);
    watcher.data = &events;
    ev_io_start(loop, &watcher);
    ev_run(loop, EVRUN_NOWAIT);
    ev_io_stop(loop, &watcher);
    ev_loop_destroy(loop);
    return InWords(events);
  }

 private:
  static std::string InWords(int events) {
    if ((events & EV_ERROR) != 0) return "error";
    Interest ready;
    if ((events & EV_READ) != 0) ready |= kReadable;
    if ((events & EV_WRITE) != 0) ready |= kWritable;
    return ready.ToString();
  }

  unsigned backend_;
  const char* name_;
};

}  // namespace

Observers LibevObservers() {
  Observers observers;
  observers.push_back(
      std::make_unique<LibevObserver>(EVBACKEND_SELECT, "select"));
  observers.push_back(std::make_unique<LibevObserver>(EVBACKEND_POLL, "poll"));
  observers.push_back(
      std::make_unique<LibevObserver>(EVBACKEND_EPOLL, "epoll"));
  return observers;
}

}  // namespace isopoll::agreement
