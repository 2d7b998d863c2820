#include "tools/agreement/peers/libevent.h"

#if !__has_include(<event2/event.h>)
#error "there is no event2/event.h: install Debian's package libevent-dev"
#endif
#include <event2/event.h>
#include <string.h>

#include <cerrno>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace isopoll::agreement {
namespace {

using Base = std::unique_ptr<event_base, decltype(&event_base_free)>;
using Config = std::unique_ptr<event_config, decltype(&event_config_free)>;
using Watcher = std::unique_ptr<event, decltype(&event_free)>;

void KeepEvents(evutil_socket_t, short events, void* kept) {
  *static_cast<short*>(kept) |= events;
}

// A base that stands on `method` and no other.
Base NewBase(absl::string_view method) {
  Config config(event_config_new(), event_config_free);
  for (const char** other = event_get_supported_methods(); *other != nullptr;
       ++other) {
    if (*other != method) event_config_avoid_method(config.get(), *other);
  }
  return Base(event_base_new_with_config(config.get()), event_base_free);
}

class LibeventObserver : public Observer {
 public:
  explicit LibeventObserver(const char* method) : method_(method) {}

  Column column() const override {
    Column column;
    column.title = absl::StrCat("libevent ", method_);
    column.kind = Kind::kPeer;
    column.library = "libevent";
    column.vocabulary = kReadable | kWritable;
    return column;
  }

  std::string Look(int fd) override {
    Base base = NewBase(method_);
    if (base == nullptr || method_ != event_base_get_method(base.get())) {
      return "no base";
    }
    short events = 0;
    Watcher watcher(event_new(base.get(), fd, EV_READ | EV_WRITE | EV_PERSIST,
                              KeepEvents, &events),
                    event_free);
    errno = 0;
    if (event_add(watcher.get(), nullptr) != 0) return ErrorName();
    event_base_loop(base.get(), EVLOOP_ONCE | EVLOOP_NONBLOCK);
    return InWords(events);
  }

 private:
  static std::string ErrorName() {
    const char* name = ::strerrorname_np(errno);
    return errno == 0 || name == nullptr ? "error" : name;
  }

  static std::string InWords(short events) {
    Interest ready;
    if ((events & EV_READ) != 0) ready |= kReadable;
    if ((events & EV_WRITE) != 0) ready |= kWritable;
    return ready.ToString();
  }

  absl::string_view method_;
};

void KeepQuiet(int, const char*) {}

}  // namespace

Observers LibeventObservers() {
  // What it complains of is in the cell.
  event_set_log_callback(KeepQuiet);
  Observers observers;
  for (const char* method : {"select", "poll", "epoll"}) {
    observers.push_back(std::make_unique<LibeventObserver>(method));
  }
  return observers;
}

}  // namespace isopoll::agreement
