#include "tests/support/judge.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/file_id.h"

namespace isopoll::tests {
namespace {

// R12: so many Waits may report a number that was closed, where its file lives
// on and the kernel goes by files.
constexpr size_t kMostReportsOfClosed = 256;

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

absl::Status Judge::CheckSaid(const char* call, const absl::Status& said,
                              std::optional<absl::StatusCode> due) const {
  if (!due.has_value() || said.code() == *due) return absl::OkStatus();
  return Blame(absl::StrCat("answered ", call, " with \"", AnswerText(said),
                            "\", expected ", absl::StatusCodeToString(*due)));
}

absl::Status Judge::OnAdd(const Registration& registration,
                          const absl::Status& said) {
  fairness_.Forget();
  absl::Status fault = CheckSaid("Add", said, ledger_.ExpectAdd(registration));
  if (fault.ok() && said.ok()) ledger_.Add(registration);
  return fault;
}

absl::Status Judge::OnModify(const Registration& registration,
                             const absl::Status& said) {
  fairness_.Forget();
  absl::Status fault =
      CheckSaid("Modify", said, ledger_.ExpectModify(registration));
  if (fault.ok() && said.ok()) ledger_.Modify(registration);
  return fault;
}

absl::Status Judge::OnSet(const Registration& registration,
                          const absl::Status& said) {
  fairness_.Forget();
  if (registration.interest.empty()) {
    ledger_.Remove(registration.fd);
    return CheckSaid("Set", said, absl::StatusCode::kOk);
  }
  const bool known = ledger_.Find(registration.fd) != nullptr;
  absl::Status fault = CheckSaid("Set", said,
                                 known ? ledger_.ExpectModify(registration)
                                       : ledger_.ExpectAdd(registration));
  if (!fault.ok() || !said.ok()) return fault;
  if (known) {
    ledger_.Modify(registration);
  } else {
    ledger_.Add(registration);
  }
  return absl::OkStatus();
}

absl::Status Judge::OnRemove(int fd, const absl::Status& said) {
  fairness_.Forget();
  absl::Status fault = CheckSaid("Remove", said, ledger_.ExpectRemove(fd));
  if (fault.ok()) ledger_.Remove(fd);
  return fault;
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

Judge::Due Judge::DueOf(const Registration& registration, const Snapshot& truth,
                        bool slept) const {
  const Answer& now = truth.at(registration.fd);
  Due due;
  // What it heard of the file that was, it need not have told yet.
  due.anything = slept && registration.doubted;
  if (registration.lost) return DueOfLost(registration, now, slept);
  due.answer = Within(now, registration.interest);
  due.optional = registration.unannounced;
  return due;
}

Judge::Due Judge::DueOfLost(const Registration& registration, const Answer& now,
                            bool slept) const {
  Due due;
  const bool told_apart =
      AreToldApart(registration.file, FileOf(registration.fd));
  if (slept) {
    due.anything = true;  // a Wait that began before need not see it
  } else if (check_closed_) {
    due.answer.closed = now.closed || told_apart;
    due.anything = !due.answer.closed;
  } else {
    // Nobody can know which file to watch; but a number that is closed has
    // none, and is silent, be it after a while.
    due.anything = !now.closed || (holds_files_ && registration.reports_closed <
                                                       kMostReportsOfClosed);
  }
  return due;
}

bool Judge::Fits(const Answer& told, const Due& due, bool slept) const {
  if (due.anything) return true;
  const Interest missing = due.answer.ready - told.ready;
  if (told.closed != due.answer.closed ||
      !(told.ready - due.answer.ready).empty() ||
      !(missing - due.optional).empty()) {
    return false;
  }
  if (told.silent()) return true;
  return exact_hints_ && !slept ? HintsAreEqual(told, due.answer)
                                : HintsAreTrue(told, due.answer);
}

bool Judge::FittedEarlier(const Registration& registration, const Answer& told,
                          const Waited& waited) const {
  if (!waited.slept) return false;
  // What was not watched then was not reported.
  if (waited.earlier.count(registration.fd) == 0) return told.silent();
  return Fits(told, DueOf(registration, waited.earlier, /*slept=*/true),
              /*slept=*/true);
}

bool Judge::WouldReport(const Snapshot& truth) const {
  if (wakeup_pending_) return true;
  for (const auto& [fd, registration] : ledger_.registrations()) {
    if (MustEndSleep(registration, truth)) return true;
  }
  return false;
}

bool Judge::MustEndSleep(const Registration& registration,
                         const Snapshot& truth) const {
  // What is lost need not be noticed by a Wait that sleeps already.
  return !registration.lost &&
         DueOf(registration, truth, /*slept=*/false).certain();
}

absl::Status Judge::OnOversleeping(const Snapshot& truth) const {
  if (wakeup_pending_) return Blame("sleeps on after a Wakeup");
  std::vector<std::string> right;
  for (const auto& [fd, registration] : ledger_.registrations()) {
    if (!MustEndSleep(registration, truth)) continue;
    const Due due = DueOf(registration, truth, /*slept=*/false);
    right.push_back(
        absl::StrCat(Called(registration), "=", due.answer.ToString()));
  }
  return Blame(
      absl::StrCat("sleeps on, select(2) ", absl::StrJoin(right, " ")));
}

absl::Status Judge::Compare(const std::map<int, Answer>& told,
                            const Waited& waited, const Snapshot& truth) {
  std::map<int, Interest> ready;
  std::set<int> certain;
  std::vector<std::string> said, right;
  std::vector<std::pair<const Registration*, Due>> dues;
  for (const auto& [fd, registration] : ledger_.registrations()) {
    const Due due = DueOf(registration, truth, waited.slept);
    dues.emplace_back(&registration, due);
    if (due.certain()) {
      certain.insert(fd);
      ready[fd] = due.answer.ready;
    } else if (due.anything || !due.answer.silent()) {
      ready[fd] = kNone;
    }
  }
  const bool overflow = ready.size() > waited.capacity;
  if (overflow && !waited.slept) {
    if (absl::Status fault = CheckCount(told.size(), ready.size(),
                                        certain.size(), waited.capacity);
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
    right.push_back(
        absl::StrCat(Called(*registration), "=", due.answer.ToString()));
  }
  if (!said.empty()) {
    return Blame(absl::StrCat(absl::StrJoin(said, " "), ", select(2) ",
                              absl::StrJoin(right, " ")));
  }
  return CheckTurns(told, ready, certain, waited.capacity);
}

absl::Status Judge::CheckCount(size_t told, size_t ready, size_t certain,
                               size_t capacity) const {
  // So many are left for one Wait if all the others of a turn are full. With
  // one among them that nobody knows the truth of it may be fewer, but not
  // none.
  const size_t fewest = certain == ready ? (ready - 1) % capacity + 1
                                         : std::min<size_t>(certain, 1);
  if (told >= fewest) return absl::OkStatus();
  return Blame(absl::StrCat("reported ", told, ", with ", ready,
                            " ready and a span of ", capacity));
}

absl::Status Judge::CheckTurns(const std::map<int, Answer>& told,
                               const std::map<int, Interest>& ready,
                               const std::set<int>& certain, size_t capacity) {
  std::set<int> reported;
  for (const auto& [fd, answer] : told) reported.insert(fd);
  std::vector<std::string> starved;
  for (int fd : fairness_.Note(ready, reported, capacity)) {
    if (certain.count(fd) != 0) starved.push_back(Called(*ledger_.Find(fd)));
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

void Judge::Reconsider(const std::map<int, Answer>& told,
                       const Snapshot& truth) {
  for (auto& [fd, registration] : ledger_.registrations()) {
    const Answer& now = truth.at(fd);
    const auto found = told.find(fd);
    const bool reported = found != told.end();
    if (!now.closed) registration.reports_closed = 0;
    if (now.closed && reported) ++registration.reports_closed;
    // What is not ready will be announced when it is ready again; what was
    // reported is known.
    registration.unannounced &= now.ready;
    if (reported) registration.unannounced -= found->second.ready;
    registration.doubted = registration.in_doubt();
  }
}

absl::Status Judge::OnWait(const Waited& waited, const Snapshot& truth) {
  ledger_.Settle(waited.slept);
  std::map<int, Answer> told;
  if (absl::Status fault = Collect(waited, told); !fault.ok()) return fault;
  if (absl::Status fault = Compare(told, waited, truth); !fault.ok()) {
    return fault;
  }
  Reconsider(told, truth);
  UseUp(told);
  // One that slept may have found its events before the Wakeup came, which is
  // the next Wait's then.
  const bool came_later = wakeup_pending_ && waited.slept && !told.empty();
  if (waited.result->woken != wakeup_pending_ && !came_later) {
    return Blame(wakeup_pending_ ? "missed a Wakeup"
                                 : "was woken without a Wakeup");
  }
  if (waited.result->woken) wakeup_pending_ = false;
  return absl::OkStatus();
}

absl::Status Judge::OnUnsettledWait(const Waited& waited) {
  ledger_.Settle(waited.slept);
  std::map<int, Answer> told;
  if (absl::Status fault = Collect(waited, told); !fault.ok()) return fault;
  fairness_.Forget();
  UseUp(told);
  if (waited.result->woken) wakeup_pending_ = false;
  return absl::OkStatus();
}

}  // namespace isopoll::tests
