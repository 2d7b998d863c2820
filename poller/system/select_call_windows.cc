// Winsock's select. Its sets are arrays of sockets, of any length. It
//   - says in the third set also that a connect has failed, which is a pending
//     error: readable and writable. WSAPoll's POLLRDBAND, which is out-of-band
//     data and nothing else, tells the two apart;
//   - tells of what ended a sleep only that: another look says all.

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <utility>
#include <vector>

#include "absl/numeric/bits.h"
#include "absl/time/time.h"
#include "isopoll/interest.h"
#include "net/internal/winsock.h"
#include "poller/core/deadline.h"
#include "poller/system/fd_bitmap.h"
#include "poller/system/select_call.h"

namespace isopoll {
namespace internal {
namespace {

// An fd_set that is as long as it needs to be.
class SocketSet {
 public:
  void Add(int fd) { words_.push_back(ToSocket(fd)); }
  // What select left in it.
  size_t size() const { return Shown()->fd_count; }
  int operator[](size_t i) const { return FromSocket(Shown()->fd_array[i]); }

  // Of those that were added; null for none.
  fd_set* ToShow() {
    auto* const set = reinterpret_cast<fd_set*>(words_.data());
    set->fd_count = static_cast<u_int>(words_.size() - 1);
    return set->fd_count == 0 ? nullptr : set;
  }

 private:
  const fd_set* Shown() const {
    return reinterpret_cast<const fd_set*>(words_.data());
  }

  // The first has the place of fd_count.
  std::vector<SOCKET> words_ = {0};
  static_assert(offsetof(fd_set, fd_array) == sizeof(SOCKET));
};

template <typename Visitor>
void ForEach(const FdSets& sets, Visitor visit) {
  for (size_t i = 0; i < sets.read.words(); ++i) {
    for (FdBitmap::Word word = sets.AnyOf(i); word != 0; word &= word - 1) {
      const int fd =
          static_cast<int>(i * FdBitmap::kWordBits) + absl::countr_zero(word);
      visit(fd, sets.Get(fd));
    }
  }
}

class SelectCall {
 public:
  explicit SelectCall(const FdSets& asked) : asked_(asked) {}

  // Winsock's select, for `time`: -1 and errno, or how many bits there are in
  // `found`.
  int Select(absl::Duration time, FdSets* found);

  // Whether the last Select found what was not asked for, and nothing else. The
  // next ones do not look for it.
  bool MuteUnasked() {
    muted_.insert(muted_.end(), unasked_.begin(), unasked_.end());
    return !std::exchange(unasked_, {}).empty();
  }

 private:
  void Ask();
  void TellExceptions(FdSets* found);

  const FdSets& asked_;
  SocketSet read_, write_, except_;
  std::vector<int> unasked_, muted_;
};

// Everything may be about to connect, and only the third set tells of that.
void SelectCall::Ask() {
  read_ = write_ = except_ = SocketSet();
  ForEach(asked_, [this](int fd, Interest interest) {
    if (interest.readable()) read_.Add(fd);
    if (interest.writable()) write_.Add(fd);
    if (std::find(muted_.begin(), muted_.end(), fd) == muted_.end()) {
      except_.Add(fd);
    }
  });
}

timeval RoundedUp(absl::Duration time) {
  return absl::ToTimeval(absl::Ceil(time, absl::Microseconds(1)));
}

int SelectCall::Select(absl::Duration time, FdSets* found) {
  unasked_.clear();
  Ask();
  const bool infinite = time == absl::InfiniteDuration();
  timeval timeout = infinite ? timeval{} : RoundedUp(time);
  const int count = ::select(0, read_.ToShow(), write_.ToShow(),
                             except_.ToShow(), infinite ? nullptr : &timeout);
  if (count == SOCKET_ERROR) return FailWithLastError();
  *found = FdSets();
  found->Cover(asked_.end() - 1);
  if (count == 0) return 0;
  for (size_t i = 0; i < read_.size(); ++i) found->read.Put(read_[i], true);
  for (size_t i = 0; i < write_.size(); ++i) found->write.Put(write_[i], true);
  TellExceptions(found);
  return found->CountBits();
}

void SelectCall::TellExceptions(FdSets* found) {
  std::vector<WSAPOLLFD> entries;
  for (size_t i = 0; i < except_.size(); ++i) {
    entries.push_back({ToSocket(except_[i]), POLLRDBAND, 0});
  }
  if (entries.empty()) return;
  ::WSAPoll(entries.data(), static_cast<ULONG>(entries.size()), /*timeout=*/0);
  for (const WSAPOLLFD& entry : entries) {
    const int fd = FromSocket(entry.fd);
    const bool urgent = (entry.revents & POLLRDBAND) != 0;
    const Interest ready =
        (urgent ? kPriority : kReadable | kWritable) & asked_.Get(fd);
    if (ready.empty()) unasked_.push_back(fd);
    found->Put(fd, found->Get(fd) | ready);
  }
}

}  // namespace

int SelectFor(FdSets* sets, const timespec* timeout) {
  Deadline deadline(timeout == nullptr ? absl::InfiniteDuration()
                                       : absl::DurationFromTimespec(*timeout));
  SelectCall call(*sets);
  FdSets found;
  int count;
  absl::Duration time = deadline.Remaining();
  do {
    count = call.Select(time, &found);
    if (count > 0 && time > absl::ZeroDuration()) {
      count = call.Select(absl::ZeroDuration(), &found);
    }
    if (count == -1) return -1;
    // One whose connect failed may be connected once more, and of that this
    // would not hear.
    time = std::min(deadline.Remaining(), kErrorQueueDelay);
  } while (count == 0 && call.MuteUnasked() && !deadline.Passed());
  *sets = std::move(found);
  return count;
}

}  // namespace internal
}  // namespace isopoll
