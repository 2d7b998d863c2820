// Look: what the filters of one descriptor would say now.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_LOOK_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_LOOK_H_

#include <cstdint>
#include <optional>

#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/file_kind.h"

namespace isopoll::kqueue_standin {

// A filter's answer.
struct Verdict {
  bool fires = false;
  bool eof = false;
  bool is_last = false;  // the knote goes with it
  uint32_t fflags = 0;
  int64_t data = 0;
};

// A descriptor as EV_ADD found it.
struct Subject {
  int fd;
  FileKind kind;
  bool pollable;
};

// The answers are those of Linux's select(2), but where a kernel's kqueue
// differs from that kernel's own select: see standin.h.
Verdict LookForRead(const Facts& facts, const Subject& subject);
Verdict LookForWrite(const Facts& facts, const Subject& subject);

// EVFILT_EXCEPT with NOTE_OOB, on a fresh knote.
Verdict LookForExcept(const Facts& facts, const Subject& subject);

// Whether the kernel tells nobody that `filter` may fire now.
bool IsUnheard(const Facts& facts, const Subject& subject, int filter);

// How many bytes have come so far; none if that is no TCP connection, or if
// there is an end or an error to read as well.
std::optional<uint64_t> BytesReceived(const Subject& subject);

// The errno with which EV_ADD refuses `filter`, or zero.
int RefusalOf(const Facts& facts, const Subject& subject, int filter);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_LOOK_H_
