#include "tests/kqueue_standin/queue.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/file_kind.h"
#include "tests/kqueue_standin/kernel_mutex.h"
#include "tests/kqueue_standin/knote.h"
#include "tests/kqueue_standin/look.h"

namespace isopoll::kqueue_standin {
namespace {

constexpr uint32_t kEverything =
    EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET;

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

size_t SlotOf(int filter) {
  if (filter == EVFILT_READ) return 0;
  return filter == EVFILT_WRITE ? 1 : 2;
}

bool HasFilter(const Facts& facts, int filter) {
  switch (filter) {
    case EVFILT_READ:
    case EVFILT_WRITE:
      return true;
    case EVFILT_USER:
      return facts.has_user;
    case EVFILT_EXCEPT:
      return facts.has_except;
    default:
      return false;
  }
}

}  // namespace

std::shared_ptr<Queue> Queue::Create(const Facts& facts) {
  UniqueFd edges(::epoll_create1(EPOLL_CLOEXEC));
  if (!edges) return nullptr;
  UniqueFd knock(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!knock) return nullptr;
  return absl::WrapUnique(new Queue(facts, std::move(edges), std::move(knock)));
}

Queue::Queue(const Facts& facts, UniqueFd edges, UniqueFd knock)
    : facts_(facts), edges_(std::move(edges)), knock_(std::move(knock)) {}

int Queue::NewNumber() const {
  return ::fcntl(edges_.get(), facts_.close_on_exec ? F_DUPFD_CLOEXEC : F_DUPFD,
                 0);
}

int Queue::Change(const struct kevent& change) {
  if (!HasFilter(facts_, change.filter)) return EINVAL;
  const KernelLock lock(&mutex_);
  return change.filter == EVFILT_USER ? ChangeOfUser(change)
                                      : ChangeOfFd(change);
}

int Queue::ChangeOfUser(const struct kevent& change) {
  const auto found = users_.find(change.ident);
  if (found == users_.end()) {
    if ((change.flags & EV_ADD) == 0) return ENOENT;
    auto knote = std::make_unique<Knote>(facts_, Subject{}, change);
    Activate(knote.get());
    users_[change.ident] = std::move(knote);
  } else if ((change.flags & EV_DELETE) != 0) {
    Detach(found->second.get());
  } else {
    Update(found->second.get(), change);
  }
  return 0;
}

int Queue::ChangeOfFd(const struct kevent& change) {
  // As a kernel's int: what is no descriptor is none that is open.
  const int fd = change.ident > INT_MAX ? -1 : static_cast<int>(change.ident);
  if (!IsOpen(fd)) {
    return (change.flags & EV_ADD) != 0 ? EBADF : facts_.closed_errno;
  }
  const auto found = watched_.find(fd);
  std::unique_ptr<Knote>* knote =
      found == watched_.end() ? nullptr
                              : &found->second->knotes[SlotOf(change.filter)];
  if (knote != nullptr && *knote != nullptr) {
    if ((change.flags & EV_DELETE) != 0) {
      Detach(knote->get());
    } else {
      Update(knote->get(), change);
    }
    return 0;
  }
  if ((change.flags & EV_ADD) == 0) return ENOENT;
  if (const int error = Watch(fd); error != 0) return error;
  const int error =
      Attach(change, &watched_[fd]->knotes[SlotOf(change.filter)]);
  UnwatchIfEmpty(fd);
  return error;
}

int Queue::Attach(const struct kevent& change, std::unique_ptr<Knote>* knote) {
  if ((change.fflags & NOTE_LOWAT) != 0) return EINVAL;  // not modelled
  const Subject& subject = watched_[static_cast<int>(change.ident)]->subject;
  const int refusal = RefusalOf(facts_, subject, change.filter);
  if (refusal != 0) return refusal;
  *knote = std::make_unique<Knote>(facts_, subject, change);
  Activate(knote->get());
  return 0;
}

int Queue::Watch(int fd) {
  std::unique_ptr<Watched>& watched = watched_[fd];
  if (watched != nullptr) return 0;
  epoll_event all = {};
  all.events = kEverything;
  all.data.fd = fd;
  const bool added =
      ::epoll_ctl(edges_.get(), EPOLL_CTL_ADD, fd, &all) == 0 ||
      // Its number was closed behind our back and is the same file's again.
      (errno == EEXIST &&
       ::epoll_ctl(edges_.get(), EPOLL_CTL_MOD, fd, &all) == 0);
  const bool is_file = !added && errno == EPERM;
  if (!added && !is_file) {
    const int error = errno;
    watched_.erase(fd);
    return error;
  }
  watched = std::make_unique<Watched>();
  watched->subject = {fd, KindOf(fd, !is_file), !is_file};
  if (is_file) ++files_;
  return 0;
}

void Queue::UnwatchIfEmpty(int fd) {
  if (watched_[fd]->empty()) Unwatch(fd);
}

void Queue::Unwatch(int fd) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return;
  for (std::unique_ptr<Knote>& knote : found->second->knotes) {
    if (knote != nullptr && knote->queued) Dequeue(knote.get());
  }
  if (found->second->subject.pollable) {
    ::epoll_ctl(edges_.get(), EPOLL_CTL_DEL, fd, nullptr);
  } else {
    --files_;
  }
  watched_.erase(found);
}

void Queue::Update(Knote* knote, const struct kevent& change) {
  knote->Change(change);
  if (!knote->armed()) {
    if (knote->queued) Dequeue(knote);
    return;
  }
  Activate(knote);
}

void Queue::Detach(Knote* knote) {
  if (knote->queued) Dequeue(knote);
  if (knote->filter() == EVFILT_USER) {
    users_.erase(knote->ident());
    return;
  }
  const int fd = static_cast<int>(knote->ident());
  watched_[fd]->knotes[SlotOf(knote->filter())].reset();
  UnwatchIfEmpty(fd);
}

void Queue::Activate(Knote* knote) {
  if (knote->queued || !knote->armed() || !knote->Look()) return;
  Enqueue(knote);
  Knock();
}

void Queue::Enqueue(Knote* knote) {
  line_.splice(line_.end(), knote->place);
  knote->queued = true;
}

void Queue::Dequeue(Knote* knote) {
  knote->place.splice(knote->place.end(), line_, knote->self);
  knote->queued = false;
}

void Queue::TakeNews() {
  constexpr int kAtOnce = 64;
  epoll_event news[kAtOnce];
  int count;
  do {
    count = ::epoll_wait(edges_.get(), news, kAtOnce, 0);
    for (int i = 0; i < count; ++i) {
      const auto found = watched_.find(news[i].data.fd);
      if (found != watched_.end()) ActivateAllOf(found->second.get());
    }
  } while (count == kAtOnce || (count == -1 && errno == EINTR));
  if (files_ == 0) return;
  for (auto& [fd, watched] : watched_) {
    if (!watched->subject.pollable) ActivateAllOf(watched.get());
  }
}

void Queue::ActivateAllOf(Watched* watched) {
  for (std::unique_ptr<Knote>& knote : watched->knotes) {
    if (knote != nullptr && !knote->Unheard()) Activate(knote.get());
  }
}

bool Queue::TakeFirst(struct kevent* event) {
  Knote* const knote = line_.front();
  Dequeue(knote);
  const bool look_again =
      !(knote->has(EV_ONESHOT) && facts_.oneshot_may_be_stale);
  if (look_again && !knote->Look()) return false;
  *event = knote->Event();
  knote->Delivered();
  if (knote->has(EV_ONESHOT)) {
    Detach(knote);
  } else if (knote->armed() && !knote->has(EV_CLEAR)) {
    Enqueue(knote);
  }
  return true;
}

int Queue::Collect(struct kevent* events, int room, Bed* bed) {
  const KernelLock lock(&mutex_);
  TakeNews();
  int taken = 0;
  for (size_t left = line_.size(); left > 0 && taken < room; --left) {
    if (TakeFirst(&events[taken])) ++taken;
  }
  if (taken == 0) *bed = EnterBed();
  return taken;
}

bool Queue::HasEvents(Bed* bed) {
  const KernelLock lock(&mutex_);
  TakeNews();
  while (!line_.empty()) {
    Knote* const knote = line_.front();
    const bool stale = knote->has(EV_ONESHOT) && facts_.oneshot_may_be_stale;
    if (stale || knote->Look()) return true;
    Dequeue(knote);
  }
  *bed = EnterBed();
  return false;
}

// Under the same lock as the look that found nothing: whatever comes later
// knocks.
Queue::Bed Queue::EnterBed() {
  ++sleepers_;
  return {edges_.get(), knock_.get(), knocks_};
}

void Queue::Leave(const Bed& bed) {
  const KernelLock lock(&mutex_);
  --sleepers_;
  if (bed.knocks == knocks_ || --unanswered_ > 0) return;
  uint64_t count;
  while (::read(knock_.get(), &count, sizeof(count)) == -1 && errno == EINTR) {
  }
}

void Queue::Knock() {
  if (sleepers_ == 0) return;
  ++knocks_;
  unanswered_ = sleepers_;
  const uint64_t one = 1;
  while (::write(knock_.get(), &one, sizeof(one)) == -1 && errno == EINTR) {
  }
}

void Queue::Forget(unsigned first, unsigned last) {
  const KernelLock lock(&mutex_);
  if (first == last) {
    Unwatch(static_cast<int>(first));
    return;
  }
  std::vector<int> gone;
  for (const auto& [fd, watched] : watched_) {
    const unsigned number = static_cast<unsigned>(fd);
    if (number >= first && number <= last) gone.push_back(fd);
  }
  for (int fd : gone) Unwatch(fd);
}

void Queue::LowWaterMarkMoves(int fd) {
  const KernelLock lock(&mutex_);
  TakeNews();  // what came before it moved was heard
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return;
  Knote* const knote = found->second->knotes[SlotOf(EVFILT_READ)].get();
  if (knote != nullptr) knote->LowWaterMarkMoves();
}

void Queue::End() {
  const KernelLock lock(&mutex_);
  ended_ = true;
  Knock();
}

bool Queue::ended() const {
  const KernelLock lock(&mutex_);
  return ended_;
}

}  // namespace isopoll::kqueue_standin
