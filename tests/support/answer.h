// Answer: what one observer says of one descriptor at one moment.

#ifndef ISOPOLL_TESTS_SUPPORT_ANSWER_H_
#define ISOPOLL_TESTS_SUPPORT_ANSWER_H_

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"

namespace isopoll::tests {

// Readiness and hints. Prints as `rw+hce`: after the plus h says hangup, c
// read_closed and e error. `-` is not ready; `closed` is a number without a
// file behind it.
struct Answer {
  Interest ready;
  bool hangup = false;
  bool read_closed = false;
  bool error = false;
  bool closed = false;

  bool silent() const { return ready.empty() && !closed; }

  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out, const Answer& answer) {
    return out << answer.ToString();
  }
  friend bool operator==(const Answer& a, const Answer& b) {
    return a.ready == b.ready && a.hangup == b.hangup &&
           a.read_closed == b.read_closed && a.error == b.error &&
           a.closed == b.closed;
  }
  friend bool operator!=(const Answer& a, const Answer& b) { return !(a == b); }
};

// `rw+hce` or a part of it in this order. InvalidArgument says what is wrong.
absl::StatusOr<Answer> ParseAnswer(absl::string_view text);

// `rwp`, a part of it in this order, or `-`.
absl::StatusOr<Interest> ParseInterest(absl::string_view text);

Answer AnswerFromEvent(const Event& event);

// The part of `answer` that one who asked for `interest` is told: nothing at
// all, hints included, unless a direction it asked for is ready.
Answer Within(const Answer& answer, Interest interest);

bool HintsAreEqual(const Answer& a, const Answer& b);
// Whether `claimed` has no hint beyond those of `actual`.
bool HintsAreTrue(const Answer& claimed, const Answer& actual);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_ANSWER_H_
