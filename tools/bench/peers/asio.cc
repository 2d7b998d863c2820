#include "tools/bench/peers/asio.h"

#if !__has_include(<asio.hpp>)
#error "there is no asio.hpp: install Debian's package libasio-dev"
#endif
#include <asio.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "tools/bench/driver.h"
#include "tools/bench/must.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {
namespace {

template <typename Handler>
class Asio {
 public:
  explicit Asio(Handler* handler) : handler_(*handler) {}
  ~Asio() {
    for (auto& watcher : watchers_) {
      if (watcher != nullptr && watcher->stream.is_open()) {
        watcher->stream.release();
      }
    }
  }

  void Add(int fd, int wanted, size_t tag) {
    if (tag >= watchers_.size()) watchers_.resize(tag + 1);
    if (watchers_[tag] == nullptr) {
      watchers_[tag] = std::make_unique<Watcher>(context_, tag);
    }
    watchers_[tag]->stream.assign(fd);
    Change(fd, wanted, tag);
  }
  void Change(int /*fd*/, int wanted, size_t tag) {
    Watcher& watcher = *watchers_[tag];
    // There is one cancel for both directions.
    if ((watcher.armed & ~wanted) != 0) {
      watcher.stream.cancel();
      watcher.armed = 0;
      ++watcher.generation;
    }
    watcher.wanted = wanted;
    Arm(watcher);
  }
  void Remove(int /*fd*/, size_t tag) {
    Watcher& watcher = *watchers_[tag];
    watcher.wanted = 0;
    watcher.armed = 0;
    ++watcher.generation;
    watcher.stream.release();
  }

  void Look() {
    context_.restart();
    context_.poll();
  }
  void Run() {
    if (handler_.done()) return;
    context_.restart();
    context_.run();
  }
  void Wake() {
    asio::post(context_, [this] {
      handler_.Woken();
      StopIfDone();
    });
  }

 private:
  struct Watcher {
    Watcher(asio::io_context& context, size_t own_tag)
        : stream(context), tag(own_tag) {}

    asio::posix::stream_descriptor stream;
    size_t tag;
    int wanted = 0;
    int armed = 0;
    size_t generation = 0;  // of what is armed: earlier ones were cancelled
  };

  // asio's waits are for one event: those that are wanted are begun again.
  void Arm(Watcher& watcher) {
    const int missing = watcher.wanted & ~watcher.armed;
    watcher.armed |= missing;
    if ((missing & kRead) != 0) {
      Begin(watcher, asio::posix::stream_descriptor::wait_read, kRead);
    }
    if ((missing & kWrite) != 0) {
      Begin(watcher, asio::posix::stream_descriptor::wait_write, kWrite);
    }
  }

  void Begin(Watcher& watcher, asio::posix::stream_descriptor::wait_type type,
             int direction) {
    watcher.stream.async_wait(
        type, [this, &watcher, direction,
               generation = watcher.generation](const asio::error_code& error) {
          if (error || generation != watcher.generation) return;
          watcher.armed &= ~direction;
          handler_.Ready(watcher.tag, direction);
          Arm(watcher);
          StopIfDone();
        });
  }

  void StopIfDone() {
    if (handler_.done()) context_.stop();
  }

  Handler& handler_;
  // The hint says that one thread runs it, unless others post to it.
  asio::io_context context_{Handler::kThreads ? 1
                                              : ASIO_CONCURRENCY_HINT_UNSAFE};
  std::vector<std::unique_ptr<Watcher>> watchers_;  // by tag
};

}  // namespace

Subject AsioSubject() { return MakeSubject<Asio>("asio", "epoll"); }

}  // namespace isopoll::bench
