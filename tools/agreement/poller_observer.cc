#include "tools/agreement/poller_observer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tests/support/answer.h"
#include "tests/support/contender.h"
#include "tests/support/poller_kind.h"

namespace isopoll::agreement {
namespace {

constexpr Token kToken = 7;

std::string Words(absl::string_view call, const absl::Status& status) {
  return absl::StrCat(call, " says ", absl::StatusCodeToString(status.code()));
}

// One look, with room for more than the one event there may be.
std::string LookOnce(Poller& poller, int fd) {
  Event events[2];
  const absl::StatusOr<WaitResult> result =
      poller.Wait(absl::MakeSpan(events), absl::ZeroDuration());
  if (!result.ok()) return Words("Wait", result.status());
  if (result->woken) return "woken";
  if (result->count == 0) return tests::Answer().ToString();
  if (result->count > 1) return absl::StrCat(result->count, " events");
  if (events[0].fd() != fd || events[0].token() != kToken) {
    return "another's event";
  }
  return tests::AnswerFromEvent(events[0]).ToString();
}

class FromContender : public Observer {
 public:
  FromContender(tests::Contender contender, bool on_standin)
      : contender_(std::move(contender)), on_standin_(on_standin) {}

  Column column() const override {
    Column column;
    column.title =
        absl::StrCat("isopoll ", contender_.name, on_standin_ ? "*" : "");
    column.kind = Kind::kIsopoll;
    column.on_standin = on_standin_;
    column.library = "isopoll";
    return column;
  }

  std::string Look(int fd) override {
    absl::StatusOr<std::unique_ptr<Poller>> poller = contender_.create();
    if (!poller.ok()) return Words("Create", poller.status());
    const absl::Status added =
        (*poller)->Add(fd, kReadable | kWritable | kPriority, kToken);
    if (absl::IsFailedPrecondition(added)) return kRefused;
    if (!added.ok()) return Words("Add", added);
    return LookOnce(**poller, fd);
  }

 private:
  tests::Contender contender_;
  bool on_standin_;
};

std::unique_ptr<Observer> ExactObserver(const tests::PollerKind& kind) {
  tests::Contender contender = tests::ExactContender(kind);
  contender.name = kind.name;
  return std::make_unique<FromContender>(std::move(contender), kind.on_standin);
}

}  // namespace

std::unique_ptr<Observer> PollerObserver(tests::Contender contender) {
  return std::make_unique<FromContender>(std::move(contender),
                                         /*on_standin=*/false);
}

Observers BackendObservers() {
  Observers observers;
  for (const tests::PollerKind& kind : tests::SupportedKinds()) {
    observers.push_back(ExactObserver(kind));
  }
  std::reverse(observers.begin(), observers.end());
  for (const tests::PollerKind& kind : tests::StandinKinds()) {
    observers.push_back(ExactObserver(kind));
  }
  return observers;
}

}  // namespace isopoll::agreement
