#include "tests/kqueue_standin/standin.h"

#include <poll.h>
#include <sys/event.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/file_kind.h"
#include "tests/kqueue_standin/process_table.h"
#include "tests/kqueue_standin/queue.h"
#include "tests/kqueue_standin/sleep.h"

namespace isopoll::kqueue_standin {
namespace {

int Fail(int error) {
  errno = error;
  return -1;
}

int MakeQueue(Personality personality) {
  std::shared_ptr<Queue> queue = Queue::Create(FactsOf(personality));
  if (queue == nullptr) return -1;
  const int number = queue->NewNumber();
  if (number >= 0) ProcessTable::Get().Enter(number, std::move(queue));
  return number;
}

std::shared_ptr<Queue> QueueAt(int number) {
  ProcessTable* const table = ProcessTable::Find();
  return table == nullptr ? nullptr : table->QueueAt(number);
}

bool IsValid(const timespec& timeout, const Facts& facts) {
  return timeout.tv_nsec >= 0 && timeout.tv_nsec < 1000000000 &&
         timeout.tv_sec >= 0 && timeout.tv_sec <= facts.longest_timeout_s;
}

// What a change is answered with, if it is.
struct kevent ReceiptFor(const Facts& facts, const struct kevent& change,
                         int error) {
  struct kevent receipt = change;
  const int kept = facts.receipt_keeps_flags ? change.flags : 0;
  receipt.flags = static_cast<uint16_t>(kept | EV_ERROR);
  receipt.data = error;
  return receipt;
}

// How many receipts were written, or -1 and errno.
int ApplyChanges(Queue& queue, const struct kevent* changes, int count,
                 struct kevent* receipts, int room) {
  int written = 0;
  for (int i = 0; i < count; ++i) {
    const struct kevent change = changes[i];  // the two lists may be one
    const int error = queue.Change(change);
    if (error == 0 && (change.flags & EV_RECEIPT) == 0) continue;
    if (written < room) {
      receipts[written++] = ReceiptFor(queue.facts(), change, error);
    } else if (error != 0) {
      return Fail(error);
    }
  }
  return written;
}

// Events, zero at the deadline, or -1 and errno.
int AwaitEvents(const SignalsHeld& signals, Queue& queue, struct kevent* events,
                int room, absl::Duration deadline) {
  while (true) {
    Queue::Bed bed;
    const int count = queue.Collect(events, room, &bed);
    if (count > 0) return count;
    pollfd sleep[] = {{bed.edges, POLLIN, 0}, {bed.knock, POLLIN, 0}};
    const int woken = queue.ended() ? 0 : signals.PollUntil(sleep, 2, deadline);
    const int error = errno;
    queue.Leave(bed);
    if (queue.ended()) return Fail(EBADF);
    if (woken <= 0) return woken == 0 ? 0 : Fail(error);
  }
}

int Kevent(int kq, const struct kevent* changes, int change_count,
           struct kevent* events, int room, const timespec* timeout) {
  const SignalsHeld signals;
  const std::shared_ptr<Queue> queue = QueueAt(kq);
  if (queue == nullptr) return Fail(EBADF);
  if (change_count < 0 || room < 0) return Fail(EINVAL);
  if (timeout != nullptr && !IsValid(*timeout, queue->facts())) {
    return Fail(EINVAL);
  }
  const int receipts =
      ApplyChanges(*queue, changes, change_count, events, room);
  if (receipts != 0 || room == 0) return receipts;
  const absl::Duration deadline =
      timeout == nullptr ? absl::InfiniteDuration()
                         : DeadlineIn(absl::DurationFromTimespec(*timeout));
  return AwaitEvents(signals, *queue, events, room, deadline);
}

}  // namespace

int KqueueMacos() { return MakeQueue(Personality::kMacos); }
int KqueueFreebsd() { return MakeQueue(Personality::kFreebsd); }
int KqueueNetbsd() { return MakeQueue(Personality::kNetbsd); }

int Fstat(int fd, struct stat* status) {
  if (::fstat(fd, status) != 0) return -1;
  switch (KindOf(fd, IsPollable(fd))) {
    case FileKind::kPipe:
      status->st_dev = 0;
      break;
    case FileKind::kPollable:
      if (S_ISREG(status->st_mode)) {
        status->st_mode = (status->st_mode & ~unsigned{S_IFMT}) | S_IFSOCK;
      }
      break;
    default:
      break;
  }
  return 0;
}

int FstatNetbsd(int fd, struct stat* status) {
  return IsRevoked(fd) ? Fail(EBADF) : Fstat(fd, status);
}

}  // namespace isopoll::kqueue_standin

extern "C" {

int kqueue(void) { return isopoll::kqueue_standin::KqueueMacos(); }

int kevent(int kq, const struct kevent* changelist, int nchanges,
           struct kevent* eventlist, int nevents, const timespec* timeout) {
  return isopoll::kqueue_standin::Kevent(kq, changelist, nchanges, eventlist,
                                         nevents, timeout);
}

}  // extern "C"
