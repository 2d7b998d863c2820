#include "tests/stress/witness.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <set>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/poller.h"
#include "tests/stress/claim.h"

namespace isopoll::tests {
namespace {

constexpr size_t kMostRoom = 200;

size_t AnyRoom(std::mt19937& random) {
  constexpr size_t kRooms[] = {1, 2, 3, 7, 64, kMostRoom};
  return kRooms[random() % std::size(kRooms)];
}

absl::Duration AnyTimeout(std::mt19937& random) {
  if (random() % 20 == 0) return absl::Seconds(1);
  constexpr int kMicroseconds[] = {0, 0, 1, 50, 999, 1000, 5000};
  return absl::Microseconds(kMicroseconds[random() % std::size(kMicroseconds)]);
}

}  // namespace

void Witness::WaitOnce(std::mt19937& random) {
  const Versions gone = GoneVersions();
  std::vector<Event> events(AnyRoom(random));
  const absl::Duration timeout = AnyTimeout(random);
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<WaitResult> result =
      poller_.Wait(absl::MakeSpan(events), timeout);
  const absl::Duration took =
      absl::FromChrono(std::chrono::steady_clock::now() - start);
  if (absl::IsFailedPrecondition(result.status())) return;  // another waits
  if (!result.ok()) return Complain(result.status().ToString());
  if (result->woken) ++woken_;
  if (result->count == 0 && !result->woken && took < timeout) {
    Complain(absl::StrCat("Wait is early: ", absl::FormatDuration(took), " of ",
                          absl::FormatDuration(timeout)));
  }
  if (result->count > events.size()) return Complain("more events than room");
  events.resize(result->count);
  Check(events, gone);
}

void Witness::Wake() {
  ++wakeups_;
  poller_.Wakeup();
}

Witness::Versions Witness::GoneVersions() const {
  Versions gone;
  for (size_t i = 0; i < gone.size(); ++i) gone[i] = histories_[i].gone;
  return gone;
}

void Witness::Check(absl::Span<const Event> events, const Versions& gone) {
  std::set<int> fds;
  for (const Event& event : events) {
    if (!fds.insert(event.fd()).second) {
      Complain(absl::StrCat("one fd twice in a Wait: ", event.ToString()));
    }
    CheckOne(event, gone);
  }
}

void Witness::CheckOne(const Event& event, const Versions& gone) {
  const Claim claim = Claim::FromToken(event.token());
  const auto index = static_cast<size_t>(claim.number - kFirstNumber);
  if (event.fd() != claim.number || index >= gone.size()) {
    return Complain(absl::StrCat("another's token: ", event.ToString()));
  }
  if (claim.version <= gone[index]) {
    Complain(absl::StrCat("gone before the Wait: ", event.ToString()));
  }
  if (!event.closed()) return CheckReady(event, claim);
  if (!check_closed_ || !event.ready().empty() ||
      claim.version > Of(claim.number).closed) {
    Complain(absl::StrCat("not to be called closed: ", event.ToString()));
  }
}

void Witness::CheckReady(const Event& event, const Claim& claim) {
  if (event.ready().empty() || !(event.ready() - claim.interest).empty()) {
    Complain(absl::StrCat("not asked for: ", event.ToString(), " of ",
                          claim.interest.ToString()));
  }
  History& history = Of(claim.number);
  if (claim.trigger == Trigger::kOneShot &&
      history.fired.exchange(claim.version) == claim.version) {
    Complain(absl::StrCat("one-shot, and twice: ", event.ToString()));
  }
  history.reported = claim.version;
  ++events_;
}

void Witness::Complain(std::string_view what) {
  if (++complaints_ <= 10) ADD_FAILURE() << what;
}

}  // namespace isopoll::tests
