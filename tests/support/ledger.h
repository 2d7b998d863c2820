// Ledger: what a poller that keeps the contract would have registered.

#ifndef ISOPOLL_TESTS_SUPPORT_LEDGER_H_
#define ISOPOLL_TESTS_SUPPORT_LEDGER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "poller/poller.h"

namespace isopoll::tests {

// What Add and Modify are called with.
struct Registration {
  std::string name;
  int fd = -1;
  Interest interest;
  Token token = 0;
  Trigger trigger = Trigger::kLevel;

  // The number was closed without Remove, and this has not been reported yet.
  bool closed = false;
  // It is no longer clear which file the poller ought to watch: whatever it
  // says of this number is right, under this token.
  bool exempt = false;
};

class Ledger {
 public:
  // How Add, Modify and Remove must answer; nothing: as they like.
  std::optional<absl::StatusCode> ExpectAdd(int fd) const;
  std::optional<absl::StatusCode> ExpectModify(int fd) const;
  absl::StatusCode ExpectRemove(int fd) const;

  // They were called, and succeeded.
  void Add(const Registration& registration);
  void Modify(const Registration& registration);
  void Remove(int fd) { registrations_.erase(fd); }

  // A one-shot registration was reported.
  void Fire(int fd);

  // By number.
  std::map<int, Registration>& registrations() { return registrations_; }
  const std::map<int, Registration>& registrations() const {
    return registrations_;
  }
  // Null if there is none.
  const Registration* Find(int fd) const;

 private:
  std::map<int, Registration> registrations_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_LEDGER_H_
