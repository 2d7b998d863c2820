#include "tests/support/judge.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace isopoll::tests {
namespace {

std::string Called(const Registration& registration) {
  return registration.name.empty() ? absl::StrCat("fd ", registration.fd)
                                   : registration.name;
}

std::string AnswerText(const absl::Status& said) {
  return said.ok() ? "OK" : said.ToString();
}

}  // namespace

absl::Status Judge::Blame(const std::string& what) const {
  return absl::InternalError(absl::StrCat(name_, " ", what));
}

absl::Status Judge::OnAdd(const Registration& registration,
                          const absl::Status& said) {
  fairness_.Forget();
  const std::optional<absl::StatusCode> due =
      ledger_.ExpectAdd(registration.fd);
  if (due.has_value() && said.code() != *due) {
    return Blame(absl::StrCat("answered Add with \"", AnswerText(said),
                              "\", expected ", absl::StatusCodeToString(*due)));
  }
  if (said.ok()) ledger_.Add(registration);
  return absl::OkStatus();
}

absl::Status Judge::OnModify(const Registration& registration,
                             const absl::Status& said) {
  fairness_.Forget();
  const std::optional<absl::StatusCode> due =
      ledger_.ExpectModify(registration.fd);
  if (due.has_value() && said.code() != *due) {
    return Blame(absl::StrCat("answered Modify with \"", AnswerText(said),
                              "\", expected ", absl::StatusCodeToString(*due)));
  }
  if (said.ok()) ledger_.Modify(registration);
  return absl::OkStatus();
}

absl::Status Judge::OnRemove(int fd, const absl::Status& said) {
  fairness_.Forget();
  const absl::StatusCode due = ledger_.ExpectRemove(fd);
  if (said.code() != due) {
    return Blame(absl::StrCat("answered Remove with \"", AnswerText(said),
                              "\", expected ", absl::StatusCodeToString(due)));
  }
  ledger_.Remove(fd);
  return absl::OkStatus();
}

void Judge::OnClosed(int fd) {
  const auto found = ledger_.registrations().find(fd);
  if (found == ledger_.registrations().end()) return;
  found->second.closed = true;
  // Who does not check may take whatever has the number now for the old file.
  if (!check_closed_) found->second.exempt = true;
}

void Judge::OnReplaced(int fd) {
  const auto found = ledger_.registrations().find(fd);
  if (found != ledger_.registrations().end()) found->second.exempt = true;
}

absl::Status Judge::Collect(const Waited& waited,
                            std::map<int, Answer>& told) const {
  if (!waited.result.ok()) {
    return Blame(absl::StrCat("answered Wait with \"",
                              waited.result.status().ToString(), "\""));
  }
  for (const Event& event : waited.events) {
    const Registration* registration = ledger_.Find(event.fd());
    if (registration == nullptr) {
      return Blame(absl::StrCat("reported ", event.ToString(),
                                ", which is not registered"));
    }
    if (event.token() != registration->token) {
      return Blame(absl::StrCat("reported ", Called(*registration),
                                " with token ", event.token(), ", expected ",
                                registration->token));
    }
    const Answer answer = AnswerFromEvent(event);
    if (answer.silent()) {
      return Blame(absl::StrCat("reported ", Called(*registration), "=",
                                answer.ToString(), ", with nothing ready"));
    }
    if (answer.closed && !check_closed_) {
      return Blame(absl::StrCat("reported ", Called(*registration),
                                "=closed without check_closed"));
    }
    if (!told.emplace(event.fd(), answer).second) {
      return Blame(absl::StrCat("reported ", Called(*registration), " twice"));
    }
  }
  return absl::OkStatus();
}

Answer Judge::Due(const Registration& registration,
                  const Snapshot& truth) const {
  return Within(truth.at(registration.fd), registration.interest);
}

bool Judge::Fits(const Answer& told, const Answer& due, bool slept) const {
  if (exact_hints_ && !slept) return told == due;
  return told.ready == due.ready && told.closed == due.closed &&
         HintsAreTrue(told, due);
}

bool Judge::FittedEarlier(const Registration& registration, const Answer& told,
                          const Waited& waited) const {
  if (!waited.slept) return false;
  // What was not watched then was not reported.
  const bool known = waited.earlier.count(registration.fd) != 0;
  const Answer due = known ? Due(registration, waited.earlier) : Answer();
  return Fits(told, due, /*slept=*/true);
}

bool Judge::WouldReport(const Snapshot& truth) const {
  if (wakeup_pending_) return true;
  for (const auto& [fd, registration] : ledger_.registrations()) {
    if (!registration.exempt && !registration.closed &&
        !Due(registration, truth).silent()) {
      return true;
    }
  }
  return false;
}

absl::Status Judge::OnOversleeping(const Snapshot& truth) const {
  if (wakeup_pending_) return Blame("sleeps on after a Wakeup");
  std::vector<std::string> right;
  for (const auto& [fd, registration] : ledger_.registrations()) {
    const Answer due = Due(registration, truth);
    if (registration.exempt || due.silent()) continue;
    right.push_back(absl::StrCat(Called(registration), "=", due.ToString()));
  }
  return Blame(
      absl::StrCat("sleeps on, select(2) ", absl::StrJoin(right, " ")));
}

absl::Status Judge::Compare(const std::map<int, Answer>& told,
                            const Waited& waited, const Snapshot& truth) {
  std::map<int, Interest> ready;
  std::vector<std::string> said, right;
  std::vector<std::pair<const Registration*, Answer>> dues;
  for (auto& [fd, registration] : ledger_.registrations()) {
    // Closed, and the number taken by another file before anyone looked.
    if (registration.closed && !truth.at(fd).closed) registration.exempt = true;
    // A Wait that began before the close need not see it.
    const bool may_miss = registration.closed && waited.slept;
    const Answer due = Due(registration, truth);
    if (registration.exempt || may_miss) {
      ready[fd] = kNone;
    } else {
      if (!due.silent()) ready[fd] = due.ready;
      dues.emplace_back(&registration, due);
    }
  }
  const bool overflow = ready.size() > waited.capacity;
  if (overflow && !waited.slept) {
    if (absl::Status fault = CheckCount(told.size(), ready, waited.capacity);
        !fault.ok()) {
      return fault;
    }
  }
  for (const auto& [registration, due] : dues) {
    const auto found = told.find(registration->fd);
    const Answer answer = found == told.end() ? Answer() : found->second;
    if (overflow && answer.silent()) continue;
    if (Fits(answer, due, waited.slept)) continue;
    if (FittedEarlier(*registration, answer, waited)) continue;
    said.push_back(absl::StrCat(Called(*registration), "=", answer.ToString()));
    right.push_back(absl::StrCat(Called(*registration), "=", due.ToString()));
  }
  if (!said.empty()) {
    return Blame(absl::StrCat(absl::StrJoin(said, " "), ", select(2) ",
                              absl::StrJoin(right, " ")));
  }
  return CheckTurns(told, ready, waited.capacity);
}

absl::Status Judge::CheckCount(size_t told,
                               const std::map<int, Interest>& ready,
                               size_t capacity) const {
  const auto known = static_cast<size_t>(
      std::count_if(ready.begin(), ready.end(), [this](const auto& entry) {
        return !ledger_.Find(entry.first)->exempt;
      }));
  // So many are left for one Wait if all the others of a turn are full. With
  // one among them that nobody knows the truth of it may be fewer, but not
  // none.
  const size_t fewest = known == ready.size() ? (known - 1) % capacity + 1
                                              : std::min<size_t>(known, 1);
  if (told >= fewest) return absl::OkStatus();
  return Blame(absl::StrCat("reported ", told, ", with ", ready.size(),
                            " ready and a span of ", capacity));
}

absl::Status Judge::CheckTurns(const std::map<int, Answer>& told,
                               const std::map<int, Interest>& ready,
                               size_t capacity) {
  std::set<int> reported;
  for (const auto& [fd, answer] : told) reported.insert(fd);
  std::vector<std::string> starved;
  for (int fd : fairness_.Note(ready, reported, capacity)) {
    const Registration* registration = ledger_.Find(fd);
    if (!registration->exempt) starved.push_back(Called(*registration));
  }
  if (starved.empty() || ready.size() <= capacity) return absl::OkStatus();
  const size_t turn = (ready.size() + capacity - 1) / capacity;
  return Blame(absl::StrCat("passed over ", absl::StrJoin(starved, " "), " in ",
                            turn, " Waits in a row, with ", ready.size(),
                            " ready and a span of ", capacity));
}

void Judge::UseUp(const std::map<int, Answer>& told) {
  for (const auto& [fd, answer] : told) {
    if (answer.closed) {
      ledger_.Remove(fd);
    } else {
      ledger_.Fire(fd);
    }
  }
}

absl::Status Judge::OnWait(const Waited& waited, const Snapshot& truth) {
  std::map<int, Answer> told;
  if (absl::Status fault = Collect(waited, told); !fault.ok()) return fault;
  if (absl::Status fault = Compare(told, waited, truth); !fault.ok()) {
    return fault;
  }
  UseUp(told);
  if (waited.result->woken != wakeup_pending_) {
    return Blame(wakeup_pending_ ? "missed a Wakeup"
                                 : "was woken without a Wakeup");
  }
  wakeup_pending_ = false;
  return absl::OkStatus();
}

absl::Status Judge::OnUnsettledWait(const Waited& waited) {
  std::map<int, Answer> told;
  if (absl::Status fault = Collect(waited, told); !fault.ok()) return fault;
  fairness_.Forget();
  UseUp(told);
  if (waited.result->woken) wakeup_pending_ = false;
  return absl::OkStatus();
}

}  // namespace isopoll::tests
