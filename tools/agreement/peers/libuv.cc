#include "tools/agreement/peers/libuv.h"

#if !__has_include(<uv.h>)
#error "there is no uv.h: install Debian's package libuv1-dev"
#endif
#include <uv.h>

#include <memory>
#include <string>

namespace isopoll::agreement {
namespace {

constexpr int kAll = UV_READABLE | UV_WRITABLE | UV_PRIORITIZED;

// What the callback was told.
struct Told {
  int status = 0;
  int events = 0;
};

void Keep(uv_poll_t* watcher, int status, int events) {
  Told& told = *static_cast<Told*>(watcher->data);
  told.status = status;
  told.events |= events;
}

std::string InWords(const Told& told) {
  if (told.status != 0) return uv_err_name(told.status);
  Interest ready;
  if ((told.events & UV_READABLE) != 0) ready |= kReadable;
  if ((told.events & UV_WRITABLE) != 0) ready |= kWritable;
  if ((told.events & UV_PRIORITIZED) != 0) ready |= kPriority;
  return ready.ToString();
}

std::string LookWith(uv_loop_t& loop, int fd) {
  Told told;
  uv_poll_t watcher;
  const int failed = uv_poll_init(&loop, &watcher, fd);
  if (failed != 0) return uv_err_name(failed);
  watcher.data = &told;
  uv_poll_start(&watcher, kAll, Keep);
  uv_run(&loop, UV_RUN_NOWAIT);
  uv_close(reinterpret_cast<uv_handle_t*>(&watcher), nullptr);
  uv_run(&loop, UV_RUN_DEFAULT);
  return InWords(told);
}

class LibuvObserver : public Observer {
 public:
  Column column() const override {
    Column column;
    column.title = "libuv";
    column.kind = Kind::kPeer;
    column.library = "libuv";
    return column;
  }

  std::string Look(int fd) override {
    uv_loop_t loop;
    if (uv_loop_init(&loop) != 0) return "no loop";
    const std::string said = LookWith(loop, fd);
    uv_loop_close(&loop);
    return said;
  }
};

}  // namespace

Observers LibuvObservers() {
  Observers observers;
  observers.push_back(std::make_unique<LibuvObserver>());
  return observers;
}

}  // namespace isopoll::agreement
