#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "isopoll/net/unique_fd.h"
#include "tools/agreement/kernel_observers.h"

namespace isopoll::agreement {
namespace {

// epoll's bits have the values of poll's.
constexpr std::pair<uint32_t, const char*> kBits[] = {
    {POLLIN, "IN"},     {POLLOUT, "OUT"}, {POLLPRI, "PRI"},
    {POLLERR, "ERR"},   {POLLHUP, "HUP"}, {POLLRDHUP, "RDHUP"},
    {POLLNVAL, "NVAL"},
};
static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLPRI == POLLPRI &&
              EPOLLERR == POLLERR && EPOLLHUP == POLLHUP &&
              EPOLLRDHUP == POLLRDHUP);
constexpr short kAsked = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

std::string BitNames(uint32_t bits) {
  std::string names;
  for (const auto& [bit, name] : kBits) {
    if ((bits & bit) != 0)
      absl::StrAppend(&names, names.empty() ? "" : " ", name);
  }
  return names.empty() ? "-" : names;
}

std::string ErrorName() { return ::strerrorname_np(errno); }

class PollObserver : public Observer {
 public:
  Column column() const override {
    Column column;
    column.title = "poll(2)";
    return column;
  }

  std::string Look(int fd) override {
    pollfd entry = {fd, kAsked, 0};
    if (::poll(&entry, 1, 0) < 0) return ErrorName();
    return BitNames(static_cast<uint16_t>(entry.revents));
  }
};

class EpollObserver : public Observer {
 public:
  Column column() const override {
    Column column;
    column.title = "epoll(7)";
    return column;
  }

  std::string Look(int fd) override {
    UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
    if (!set) return ErrorName();
    epoll_event event = {};
    event.events = kAsked;
    if (::epoll_ctl(set.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      return ErrorName();
    }
    const int count = ::epoll_wait(set.get(), &event, 1, 0);
    if (count < 0) return ErrorName();
    return BitNames(count == 0 ? 0 : event.events);
  }
};

}  // namespace

const char kReadinessDocument[] = "docs/readiness.md";

bool CanBeWatched(int fd) { return (::fcntl(fd, F_GETFL) & O_PATH) == 0; }

Observers KernelObservers() {
  Observers observers;
  observers.push_back(std::make_unique<PollObserver>());
  observers.push_back(std::make_unique<EpollObserver>());
  return observers;
}

}  // namespace isopoll::agreement
