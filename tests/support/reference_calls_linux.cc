#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "isopoll/interest.h"
#include "tests/support/answer.h"
#include "tests/support/reference.h"
#include "tests/support/reference_calls.h"

namespace isopoll::tests {
namespace {

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

}  // namespace

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

}  // namespace isopoll::tests
