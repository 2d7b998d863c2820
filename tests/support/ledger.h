// Ledger: what a poller that keeps the contract would have registered.

#ifndef ISOPOLL_TESTS_SUPPORT_LEDGER_H_
#define ISOPOLL_TESTS_SUPPORT_LEDGER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "isopoll/poller.h"
#include "tests/support/file_id.h"

namespace isopoll::tests {

// What Add, Modify and Set are called with, and what has become of it.
struct Registration {
  std::string name;
  int fd = -1;
  Interest interest;
  Token token = 0;
  Trigger trigger = Trigger::kLevel;

  // R12: the number was closed without Remove, and may be another file's by
  // now. What the poller ought to say of it, the Judge knows.
  bool lost = false;
  // R1: directions that became ready, or will, without a word to those who
  // wait. The poller may miss them.
  Interest unannounced;
  // One of the two at some time since the last Wait began.
  bool doubted = false;

  // The file that had the number at the last Add or Modify.
  FileId file;
  // How many Waits have reported the number since it was closed.
  size_t reports_closed = 0;
  // What the kernel was told of at the last Wait, or by Add.
  Interest settled;
  // Modify changed the interest, and the kernel is told at the next Wait,
  // unless it is changed back.
  bool changed = false;

  bool in_doubt() const { return lost || !unannounced.empty(); }
};

class Ledger {
 public:
  // How Add, Modify and Remove must answer; nothing: as they like. `lost` of
  // what they are called with says that the number is no file's that the
  // scenario knows: it is closed, or a poller's own. `unannounced` is what was
  // not ready before the call, and will be in silence.
  std::optional<absl::StatusCode> ExpectAdd(
      const Registration& registration) const;
  std::optional<absl::StatusCode> ExpectModify(
      const Registration& registration) const;
  absl::StatusCode ExpectRemove(int fd) const;

  // They were called, and succeeded.
  void Add(const Registration& registration);
  void Modify(const Registration& registration);
  void Remove(int fd) { registrations_.erase(fd); }

  // A Wait has told the kernel of what was changed. One that `slept` may have
  // told it at any time, when the file may have been another.
  void Settle(bool slept);

  // The number was closed, or is another file's now.
  void Lose(int fd);
  // `ready` comes, or came, without a word to those who wait.
  void Doubt(int fd, Interest ready);

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
