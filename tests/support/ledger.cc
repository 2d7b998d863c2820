#include "tests/support/ledger.h"

#include <fcntl.h>

namespace isopoll::tests {
namespace {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool IsPathOnly(int fd) { return (::fcntl(fd, F_GETFL) & O_PATH) != 0; }

}  // namespace

std::optional<absl::StatusCode> Ledger::ExpectAdd(int fd) const {
  const bool usable = IsOpen(fd) && !IsPathOnly(fd);
  if (Find(fd) == nullptr) {
    return usable ? absl::StatusCode::kOk
                  : absl::StatusCode::kFailedPrecondition;
  }
  // Two mistakes at once: the contract does not say which is named.
  if (!usable) return std::nullopt;
  return absl::StatusCode::kAlreadyExists;
}

std::optional<absl::StatusCode> Ledger::ExpectModify(int fd) const {
  const Registration* registration = Find(fd);
  if (registration == nullptr) return absl::StatusCode::kNotFound;
  if (registration->closed || registration->exempt) return std::nullopt;
  return absl::StatusCode::kOk;
}

absl::StatusCode Ledger::ExpectRemove(int fd) const {
  return Find(fd) == nullptr ? absl::StatusCode::kNotFound
                             : absl::StatusCode::kOk;
}

void Ledger::Add(const Registration& registration) {
  registrations_[registration.fd] = registration;
}

void Ledger::Modify(const Registration& registration) {
  Registration& mine = registrations_[registration.fd];
  const bool closed = mine.closed;
  const bool exempt = mine.exempt;
  mine = registration;
  mine.closed = closed;
  mine.exempt = exempt;
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
