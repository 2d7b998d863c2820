#include "tests/support/ledger.h"

#include "tests/support/numbers.h"

namespace isopoll::tests {
namespace {

// The poller knows now which file is meant, and looks at it again.
void Name(Registration& mine) {
  mine.lost = false;
  mine.unannounced = kNone;
  mine.changed = false;
}

}  // namespace

std::optional<absl::StatusCode> Ledger::ExpectAdd(
    const Registration& registration) const {
  const int fd = registration.fd;
  const bool usable = IsOpen(fd) && !IsPathOnly(fd);
  if (Find(fd) == nullptr) {
    if (!usable) return absl::StatusCode::kFailedPrecondition;
    // Another poller's own descriptor can be watched, one's own cannot.
    if (registration.lost) return std::nullopt;
    return absl::StatusCode::kOk;
  }
  // Two mistakes at once: the contract does not say which is named.
  if (!usable) return std::nullopt;
  return absl::StatusCode::kAlreadyExists;
}

std::optional<absl::StatusCode> Ledger::ExpectModify(
    const Registration& registration) const {
  if (Find(registration.fd) == nullptr) return absl::StatusCode::kNotFound;
  if (registration.lost || IsPathOnly(registration.fd)) return std::nullopt;
  return absl::StatusCode::kOk;
}

absl::StatusCode Ledger::ExpectRemove(int fd) const {
  return Find(fd) == nullptr ? absl::StatusCode::kNotFound
                             : absl::StatusCode::kOk;
}

void Ledger::Add(const Registration& registration) {
  Registration& mine = registrations_[registration.fd];
  mine = registration;
  mine.doubted = mine.in_doubt();
  mine.settled = registration.interest;
  mine.file = FileOf(registration.fd);
}

void Ledger::Modify(const Registration& registration) {
  Registration& mine = registrations_[registration.fd];
  const Interest before = mine.interest;
  mine.name = registration.name;
  mine.interest = registration.interest;
  mine.token = registration.token;
  mine.trigger = registration.trigger;
  if (IsOpen(registration.fd)) mine.file = FileOf(registration.fd);
  mine.changed = true;
  if (registration.lost || IsPathOnly(registration.fd)) {
    Lose(registration.fd);
  } else if (before == mine.interest || before.empty() ||
             mine.interest.empty()) {
    // These cannot be undone: see Settle for the others.
    Name(mine);
  }
  Doubt(registration.fd, registration.unannounced);
}

void Ledger::Settle(bool slept) {
  for (auto& [fd, mine] : registrations_) {
    const bool undone = mine.interest == mine.settled;
    if (mine.changed && !undone && !slept) Name(mine);
    mine.changed = false;
    mine.settled = mine.interest;
  }
}

void Ledger::Lose(int fd) {
  const auto found = registrations_.find(fd);
  if (found == registrations_.end()) return;
  found->second.lost = true;
  found->second.doubted = true;
  found->second.changed = false;
}

void Ledger::Doubt(int fd, Interest ready) {
  const auto found = registrations_.find(fd);
  if (found == registrations_.end() || ready.empty()) return;
  found->second.unannounced |= ready;
  found->second.doubted = true;
}

void Ledger::Fire(int fd) {
  Registration& mine = registrations_[fd];
  if (mine.trigger == Trigger::kOneShot) mine.interest = kNone;
}

const Registration* Ledger::Find(int fd) const {
  const auto found = registrations_.find(fd);
  return found == registrations_.end() ? nullptr : &found->second;
}

}  // namespace isopoll::tests
