#include "tests/support/reference.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace isopoll::tests {
namespace {

constexpr absl::Duration kRestless = absl::Seconds(10);

// One of select's sets, for numbers up to `highest`. FD_SET of the C library
// refuses numbers past FD_SETSIZE; the kernel does not.
class FdBits {
 public:
  explicit FdBits(int highest) : words_(highest / kWordBits + 1) {}

  void Set(int fd) { words_[fd / kWordBits] |= 1UL << (fd % kWordBits); }
  bool Has(int fd) const {
    return (words_[fd / kWordBits] >> (fd % kWordBits) & 1) != 0;
  }
  fd_set* data() { return reinterpret_cast<fd_set*>(words_.data()); }

 private:
  static constexpr int kWordBits = sizeof(unsigned long) * CHAR_BIT;

  std::vector<unsigned long> words_;
};

// A signal ends a call that has found nothing, even one that does not sleep,
// and leaves what it was asked as it was.
template <typename Call>
int Uninterrupted(Call call) {
  int result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

absl::Status AskSelect(const std::vector<int>& fds, Snapshot& snapshot) {
  const int highest = *std::max_element(fds.begin(), fds.end());
  FdBits read(highest), write(highest), except(highest);
  for (int fd : fds) {
    read.Set(fd);
    write.Set(fd);
    except.Set(fd);
  }
  timeval zero = {};
  const int found = Uninterrupted([&] {
    return ::select(highest + 1, read.data(), write.data(), except.data(),
                    &zero);
  });
  if (found < 0) {
    return absl::ErrnoToStatus(errno, "select, as the reference");
  }
  for (int fd : fds) {
    Interest& ready = snapshot[fd].ready;
    if (read.Has(fd)) ready |= kReadable;
    if (write.Has(fd)) ready |= kWritable;
    if (except.Has(fd)) ready |= kPriority;
  }
  return absl::OkStatus();
}

absl::Status AskPoll(const std::vector<int>& fds, Snapshot& snapshot) {
  std::vector<pollfd> entries;
  entries.reserve(fds.size());
  for (int fd : fds) {
    entries.push_back({fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0});
  }
  const int found =
      Uninterrupted([&] { return ::poll(entries.data(), entries.size(), 0); });
  if (found < 0) {
    return absl::ErrnoToStatus(errno, "poll, as the reference");
  }
  for (const pollfd& entry : entries) {
    Answer& answer = snapshot[entry.fd];
    answer.hangup = (entry.revents & POLLHUP) != 0;
    answer.read_closed = (entry.revents & (POLLHUP | POLLRDHUP)) != 0;
    answer.error = (entry.revents & POLLERR) != 0;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Snapshot> Look(absl::Span<const int> fds) {
  Snapshot snapshot;
  std::vector<int> open;
  for (int fd : fds) {
    if (IsOpen(fd)) {
      open.push_back(fd);
    } else {
      snapshot[fd].closed = true;
    }
  }
  if (open.empty()) return snapshot;
  if (absl::Status status = AskSelect(open, snapshot); !status.ok()) {
    return status;
  }
  if (absl::Status status = AskPoll(open, snapshot); !status.ok()) {
    return status;
  }
  return snapshot;
}

absl::StatusOr<Snapshot> LookAtRest(absl::Span<const int> fds) {
  const absl::Time deadline = absl::Now() + kRestless;
  absl::StatusOr<Snapshot> before = Look(fds);
  while (before.ok()) {
    absl::StatusOr<Snapshot> after = Look(fds);
    if (!after.ok() || *after == *before) return after;
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          "the descriptors' states kept changing for 10 s");
    }
    before = std::move(after);
  }
  return before;
}

absl::Status AwaitReady(int fd, Interest ready, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (true) {
    absl::StatusOr<Snapshot> snapshot = Look({fd});
    if (!snapshot.ok()) return snapshot.status();
    const Answer& answer = snapshot->at(fd);
    if (!answer.closed && answer.ready == ready) return absl::OkStatus();
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("select(2) says ", answer.ToString(), " after ",
                       absl::FormatDuration(patience)));
    }
    // The state to come need not be one that poll(2) can wait for, such as
    // "not readable": look again each millisecond.
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace isopoll::tests
