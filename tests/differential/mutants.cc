#include "tests/differential/mutants.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/support/file_id.h"

namespace isopoll::tests {
namespace {

struct Known {
  Interest interest;
  Token token = 0;
  Trigger trigger = Trigger::kLevel;
};

// A good Poller, behind which a mutant does its mischief. It knows what is
// registered. The hooks are called with the lock held.
class Mutant : public Poller {
 public:
  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    absl::Status added = DoAdd(fd, interest, token, trigger);
    absl::MutexLock lock(&mutex_);
    if (added.ok()) known_[fd] = {interest, token, trigger};
    return added;
  }
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override {
    absl::Status modified = DoModify(fd, interest, token, trigger);
    absl::MutexLock lock(&mutex_);
    if (modified.ok()) known_[fd] = {interest, token, trigger};
    return modified;
  }
  absl::Status Remove(int fd) override {
    absl::Status removed = DoRemove(fd);
    absl::MutexLock lock(&mutex_);
    if (removed.ok()) known_.erase(fd);
    return removed;
  }
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    absl::Status set = DoSet(fd, interest, token, trigger);
    absl::MutexLock lock(&mutex_);
    if (!set.ok()) return set;
    if (interest.empty()) {
      known_.erase(fd);
    } else {
      known_[fd] = {interest, token, trigger};
    }
    return set;
  }
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override {
    absl::StatusOr<WaitResult> result = DoWait(events, timeout);
    if (!result.ok()) return result;
    absl::MutexLock lock(&mutex_);
    std::vector<Event> seen(events.begin(), events.begin() + result->count);
    Tamper(seen);
    result->count = std::min(seen.size(), events.size());
    std::copy_n(seen.begin(), result->count, events.begin());
    return result;
  }
  void Wakeup() override { inner().Wakeup(); }
  Backend backend() const override { return inner_->backend(); }
  size_t size() const override { return inner_->size(); }

  void set_inner(std::unique_ptr<Poller> inner) { inner_ = std::move(inner); }

 protected:
  virtual absl::Status DoAdd(int fd, Interest interest, Token token,
                             Trigger trigger) {
    return inner().Add(fd, interest, token, trigger);
  }
  virtual absl::Status DoModify(int fd, Interest interest, Token token,
                                Trigger trigger) {
    return inner().Modify(fd, interest, token, trigger);
  }
  virtual absl::Status DoSet(int fd, Interest interest, Token token,
                             Trigger trigger) {
    return inner().Set(fd, interest, token, trigger);
  }
  virtual absl::Status DoRemove(int fd) { return inner().Remove(fd); }
  virtual absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                            absl::Duration timeout) {
    return inner().Wait(events, timeout);
  }
  virtual void Tamper(std::vector<Event>&) {}

  Poller& inner() { return *inner_; }

  // What poll(2) says of `fd`; nothing if it is not open.
  static short MaskOf(int fd) {
    pollfd entry = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLNVAL) == 0
               ? entry.revents
               : short{0};
  }

  // `event` with another readiness.
  static Event With(const Event& event, Interest ready) {
    Event changed(event.fd(), event.token(), ready);
    if (event.hangup()) changed.AddHint(Hint::kHangup);
    if (event.read_closed()) changed.AddHint(Hint::kReadClosed);
    if (event.error()) changed.AddHint(Hint::kError);
    if (event.closed()) changed.MarkClosed();
    return changed;
  }

  std::map<int, Known>& known() { return known_; }

 private:
  std::unique_ptr<Poller> inner_;
  absl::Mutex mutex_;
  std::map<int, Known> known_;
};

// R1, and what libevent, libev and CPython do.
class HangupIsWritable : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (auto& [fd, registration] : known()) {
      if ((MaskOf(fd) & POLLHUP) == 0 || !registration.interest.writable()) {
        continue;
      }
      Event event(fd, registration.token, kWritable);
      for (Event& seen : events) {
        if (seen.fd() == fd) event = With(seen, seen.ready() | kWritable);
      }
      events.erase(std::remove_if(events.begin(), events.end(),
                                  [fd = fd](const Event& seen) {
                                    return seen.fd() == fd;
                                  }),
                   events.end());
      events.push_back(event);
    }
  }
};

// R1: a direction nobody asked for.
class UnaskedDirections : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (Event& event : events) {
      if ((MaskOf(event.fd()) & POLLIN) != 0) {
        event = With(event, event.ready() | kReadable);
      }
    }
  }
};

// R1: an error on a full pipe has no POLLOUT.
class ErrorIsNotWritable : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    std::vector<Event> kept;
    for (Event& event : events) {
      if ((MaskOf(event.fd()) & (POLLERR | POLLOUT)) == POLLERR) {
        event = With(event, event.ready() - kWritable);
      }
      if (!event.ready().empty() || event.closed()) kept.push_back(event);
    }
    events = kept;
  }
};

class PriorityIsDeaf : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    std::vector<Event> kept;
    for (Event& event : events) {
      event = With(event, event.ready() - kPriority);
      if (!event.ready().empty() || event.closed()) kept.push_back(event);
    }
    events = kept;
  }
};

// R2: what is muted costs a processor.
class SpinsOnHangup : public Mutant {
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    const absl::Time deadline = absl::Now() + timeout;
    while (true) {
      absl::StatusOr<WaitResult> result =
          inner().Wait(events, absl::ZeroDuration());
      if (!result.ok() || result->count > 0 || result->woken ||
          absl::Now() >= deadline) {
        return result;
      }
    }
  }
};

// R2: a hangup alone ends the Wait.
class HangupEndsWait : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (auto& [fd, registration] : known()) {
      const bool reported =
          std::any_of(events.begin(), events.end(),
                      [fd = fd](const Event& e) { return e.fd() == fd; });
      if (!reported && !registration.interest.empty() &&
          (MaskOf(fd) & POLLHUP) != 0) {
        events.emplace_back(fd, registration.token, kNone);
      }
    }
  }
};

// R2: what was hung up once is taken for dead until Modify.
class NeverUnmutes : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (auto& [fd, registration] : known()) {
      const short mask = MaskOf(fd);
      if ((mask & POLLHUP) != 0 && !registration.interest.readable()) {
        dead_.insert(fd);
      }
    }
    events.erase(std::remove_if(events.begin(), events.end(),
                                [this](const Event& event) {
                                  return dead_.count(event.fd()) != 0 &&
                                         event.ready() == kPriority;
                                }),
                 events.end());
  }
  absl::Status DoModify(int fd, Interest interest, Token token,
                        Trigger trigger) override {
    dead_.erase(fd);
    return inner().Modify(fd, interest, token, trigger);
  }
  std::set<int> dead_;
};

// R3: as poll(2) and epoll(7) with no events asked.
class ParkedHearsHangup : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (auto& [fd, registration] : known()) {
      if (registration.interest.empty() && (MaskOf(fd) & POLLHUP) != 0) {
        events.emplace_back(fd, registration.token, kReadable);
      }
    }
  }
};

// R4: as kqueue, one filter per direction.
class DirectionsApart : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    std::vector<Event> apart;
    for (const Event& event : events) {
      if (!event.readable() || !event.writable()) {
        apart.push_back(event);
        continue;
      }
      apart.push_back(With(event, event.ready() - kWritable));
      apart.push_back(With(event, kWritable));
    }
    events = apart;
  }
};

// R5: the lowest numbers always come first.
class StarvesTheTail : public Mutant {
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    std::vector<Event> all(inner().size() + 1);
    absl::StatusOr<WaitResult> result =
        inner().Wait(absl::MakeSpan(all), timeout);
    if (!result.ok()) return result;
    all.resize(result->count);
    std::sort(all.begin(), all.end(),
              [](const Event& a, const Event& b) { return a.fd() < b.fd(); });
    result->count = std::min(all.size(), events.size());
    std::copy_n(all.begin(), result->count, events.begin());
    return result;
  }
};

// R6.
class OneShotStaysArmed : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token, Trigger) override {
    return inner().Add(fd, interest, token, Trigger::kLevel);
  }
};

// R6: the direction that was not reported stays armed.
class OneShotPerDirection : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (const Event& event : events) {
      const auto found = known().find(event.fd());
      if (found == known().end()) continue;
      Known& registration = found->second;
      if (registration.trigger != Trigger::kOneShot) continue;
      registration.interest -= event.ready();
      inner()
          .Modify(event.fd(), registration.interest, registration.token,
                  Trigger::kOneShot)
          .IgnoreError();
    }
  }
};

// R6: what is ready stays silent until it changes.
class EdgeTriggered : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    std::vector<Event> fresh;
    std::map<int, Interest> now;
    for (const Event& event : events) {
      now[event.fd()] = event.ready();
      const auto last = last_.find(event.fd());
      if (last == last_.end() || last->second != event.ready()) {
        fresh.push_back(event);
      }
    }
    last_ = now;
    events = fresh;
  }
  std::map<int, Interest> last_;
};

// R7: ends a long sleep early.
class EndsEarly : public Mutant {
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    return inner().Wait(events, std::min(timeout, absl::Milliseconds(20)));
  }
};

// R9: a Wakeup that finds nobody asleep is forgotten.
class WakeupIsNotSticky : public Mutant {
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    absl::StatusOr<WaitResult> result = inner().Wait(events, timeout);
    if (timeout == absl::ZeroDuration() && result.ok()) result->woken = false;
    return result;
  }
};

// R9: one Wakeup ends two Waits.
class WakeupIsNotConsumed : public Mutant {
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    absl::StatusOr<WaitResult> result = inner().Wait(events, timeout);
    if (!result.ok()) return result;
    const bool woken = result->woken;
    result->woken |= was_woken_;
    was_woken_ = woken;
    return result;
  }
  bool was_woken_ = false;
};

// R10: what is added is seen by the next Wait only, as with select(2).
class AddWaitsForTheNextWait : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    absl::Status added = inner().Add(fd, kNone, token, trigger);
    absl::MutexLock lock(&late_mutex_);
    if (added.ok()) late_[fd] = {interest, token, trigger};
    return added;
  }
  absl::Status DoModify(int fd, Interest interest, Token token,
                        Trigger trigger) override {
    absl::MutexLock lock(&late_mutex_);
    late_.erase(fd);
    return inner().Modify(fd, interest, token, trigger);
  }
  absl::Status DoRemove(int fd) override {
    absl::MutexLock lock(&late_mutex_);
    late_.erase(fd);
    return inner().Remove(fd);
  }
  absl::StatusOr<WaitResult> DoWait(absl::Span<Event> events,
                                    absl::Duration timeout) override {
    {
      absl::MutexLock lock(&late_mutex_);
      for (auto& [fd, registration] : late_) {
        inner()
            .Modify(fd, registration.interest, registration.token,
                    registration.trigger)
            .IgnoreError();
      }
      late_.clear();
    }
    return inner().Wait(events, timeout);
  }
  absl::Mutex late_mutex_;
  std::map<int, Known> late_ ABSL_GUARDED_BY(late_mutex_);
};

// R11: the kernel holds the file until the registration is gone for good.
class RemoveIsDeferred : public Mutant {
  absl::Status DoRemove(int fd) override {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    absl::Status removed = inner().Remove(fd);
    absl::MutexLock lock(&held_mutex_);
    if (removed.ok() && copy >= 0) held_.emplace_back(copy);
    return removed;
  }
  absl::Mutex held_mutex_;
  std::vector<UniqueFd> held_ ABSL_GUARDED_BY(held_mutex_);
};

// R11: events of a removed registration.
class RemoveForgets : public Mutant {
  absl::Status DoRemove(int fd) override {
    const auto found = known().find(fd);
    if (found != known().end()) ghost_ = {fd, found->second.token};
    return inner().Remove(fd);
  }
  void Tamper(std::vector<Event>& events) override {
    if (!ghost_.has_value()) return;
    if ((MaskOf(ghost_->first) & POLLIN) != 0 &&
        known().count(ghost_->first) == 0) {
      events.emplace_back(ghost_->first, ghost_->second, kReadable);
    }
    ghost_.reset();
  }
  std::optional<std::pair<int, Token>> ghost_;
};

// R12: silence about what was closed.
class ClosedIsSilent : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    events.erase(std::remove_if(events.begin(), events.end(),
                                [](const Event& e) { return e.closed(); }),
                 events.end());
  }
};

// R12: says it again and again.
class ClosedForEver : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (const Event& event : events) {
      if (event.closed()) ghosts_.push_back(event);
    }
    if (events.empty()) events = ghosts_;
  }
  std::vector<Event> ghosts_;
};

// R13: the number's former registration.
class StaleGeneration : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (Event& event : events) {
      const Token first =
          first_.emplace(event.fd(), event.token()).first->second;
      Event stale(event.fd(), first, event.ready());
      if (event.hangup()) stale.AddHint(Hint::kHangup);
      if (event.read_closed()) stale.AddHint(Hint::kReadClosed);
      if (event.error()) stale.AddHint(Hint::kError);
      if (event.closed()) stale.MarkClosed();
      event = stale;
    }
  }
  std::map<int, Token> first_;
};

// R13: two numbers of one file are taken for one.
class CopiesAreMerged : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    std::set<std::pair<dev_t, ino_t>> files;
    std::vector<Event> kept;
    for (const Event& event : events) {
      struct stat file = {};
      ::fstat(event.fd(), &file);
      if (S_ISSOCK(file.st_mode) &&
          !files.emplace(file.st_dev, file.st_ino).second) {
        continue;
      }
      kept.push_back(event);
    }
    events = kept;
  }
};

// R14: as epoll(7) does.
class RefusesFiles : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    struct stat file = {};
    if (::fstat(fd, &file) == 0 && S_ISREG(file.st_mode)) {
      return absl::PermissionDeniedError("epoll_ctl: not this file");
    }
    return inner().Add(fd, interest, token, trigger);
  }
};

// R16: a half close taken for a hangup.
class HalfCloseIsHangup : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (Event& event : events) {
      if (event.read_closed()) event.AddHint(Hint::kHangup);
    }
  }
};

// R16: a hint that was promised.
class ErrorHintIsMissing : public Mutant {
  void Tamper(std::vector<Event>& events) override {
    for (Event& event : events) {
      Event changed(event.fd(), event.token(), event.ready());
      if (event.hangup()) changed.AddHint(Hint::kHangup);
      if (event.read_closed()) changed.AddHint(Hint::kReadClosed);
      if (event.closed()) changed.MarkClosed();
      event = changed;
    }
  }
};

// R18: a second Add takes the first one's place, and says so.
class AddReplaces : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    absl::Status added = inner().Add(fd, interest, token, trigger);
    if (!absl::IsAlreadyExists(added)) return added;
    return inner().Modify(fd, interest, token, trigger);
  }
};

// R18: an Add that fails leaves its mark.
class FailedAddModifies : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    absl::Status added = inner().Add(fd, interest, token, trigger);
    if (absl::IsAlreadyExists(added)) {
      inner().Modify(fd, interest, token, trigger).IgnoreError();
    }
    return added;
  }
};

// Modify is as good as not called.
class ModifyKeepsInterest : public Mutant {
  absl::Status DoModify(int fd, Interest interest, Token token,
                        Trigger trigger) override {
    const auto found = known().find(fd);
    return inner().Modify(
        fd, found == known().end() ? interest : found->second.interest, token,
        trigger);
  }
};

// R12: Modify with the interest that is registered tells the kernel nothing,
// and so not of the file that has the number now.
class ModifyKeepsTheOldFile : public Mutant {
  absl::Status DoAdd(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    absl::Status added = inner().Add(fd, interest, token, trigger);
    if (added.ok()) files_[fd] = FileOf(fd);
    return added;
  }
  absl::Status DoModify(int fd, Interest interest, Token token,
                        Trigger trigger) override {
    const auto found = known().find(fd);
    if (found != known().end() && found->second.interest != interest) {
      files_[fd] = FileOf(fd);
    }
    return inner().Modify(fd, interest, token, trigger);
  }
  void Tamper(std::vector<Event>& events) override {
    events.erase(
        std::remove_if(events.begin(), events.end(),
                       [this](const Event& event) {
                         const auto file = files_.find(event.fd());
                         return !event.closed() && file != files_.end() &&
                                AreToldApart(file->second, FileOf(event.fd()));
                       }),
        events.end());
  }
  std::map<int, FileId> files_;
};

// Set parks what nobody wants any more.
class SetNeverRemoves : public Mutant {
  absl::Status DoSet(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    if (!interest.empty()) return inner().Set(fd, interest, token, trigger);
    return known().count(fd) == 0
               ? absl::OkStatus()
               : inner().Modify(fd, interest, token, trigger);
  }
};

// Set leaves what is registered as it is.
class SetOnlyAdds : public Mutant {
  absl::Status DoSet(int fd, Interest interest, Token token,
                     Trigger trigger) override {
    if (!interest.empty() && known().count(fd) != 0) return absl::OkStatus();
    return inner().Set(fd, interest, token, trigger);
  }
};

template <typename AMutant>
Contender MutantNamed(const char* name) {
  Contender contender = ExactContender(DefaultBackend());
  contender.name = name;
  contender.create =
      [create_inner =
           contender.create]() -> absl::StatusOr<std::unique_ptr<Poller>> {
    absl::StatusOr<std::unique_ptr<Poller>> inner = create_inner();
    if (!inner.ok()) return inner.status();
    auto mutant = std::make_unique<AMutant>();
    mutant->set_inner(*std::move(inner));
    return mutant;
  };
  return contender;
}

}  // namespace

std::vector<Contender> Mutants() {
  return {
      MutantNamed<HangupIsWritable>("HangupIsWritable"),
      MutantNamed<UnaskedDirections>("UnaskedDirections"),
      MutantNamed<ErrorIsNotWritable>("ErrorIsNotWritable"),
      MutantNamed<PriorityIsDeaf>("PriorityIsDeaf"),
      MutantNamed<SpinsOnHangup>("SpinsOnHangup"),
      MutantNamed<HangupEndsWait>("HangupEndsWait"),
      MutantNamed<NeverUnmutes>("NeverUnmutes"),
      MutantNamed<ParkedHearsHangup>("ParkedHearsHangup"),
      MutantNamed<DirectionsApart>("DirectionsApart"),
      MutantNamed<StarvesTheTail>("StarvesTheTail"),
      MutantNamed<OneShotStaysArmed>("OneShotStaysArmed"),
      MutantNamed<OneShotPerDirection>("OneShotPerDirection"),
      MutantNamed<EdgeTriggered>("EdgeTriggered"),
      MutantNamed<EndsEarly>("EndsEarly"),
      MutantNamed<WakeupIsNotSticky>("WakeupIsNotSticky"),
      MutantNamed<WakeupIsNotConsumed>("WakeupIsNotConsumed"),
      MutantNamed<AddWaitsForTheNextWait>("AddWaitsForTheNextWait"),
      MutantNamed<RemoveIsDeferred>("RemoveIsDeferred"),
      MutantNamed<RemoveForgets>("RemoveForgets"),
      MutantNamed<ClosedIsSilent>("ClosedIsSilent"),
      MutantNamed<ClosedForEver>("ClosedForEver"),
      MutantNamed<StaleGeneration>("StaleGeneration"),
      MutantNamed<CopiesAreMerged>("CopiesAreMerged"),
      MutantNamed<RefusesFiles>("RefusesFiles"),
      MutantNamed<HalfCloseIsHangup>("HalfCloseIsHangup"),
      MutantNamed<ErrorHintIsMissing>("ErrorHintIsMissing"),
      MutantNamed<AddReplaces>("AddReplaces"),
      MutantNamed<FailedAddModifies>("FailedAddModifies"),
      MutantNamed<ModifyKeepsInterest>("ModifyKeepsInterest"),
      MutantNamed<ModifyKeepsTheOldFile>("ModifyKeepsTheOldFile"),
      MutantNamed<SetNeverRemoves>("SetNeverRemoves"),
      MutantNamed<SetOnlyAdds>("SetOnlyAdds"),
  };
}

}  // namespace isopoll::tests
