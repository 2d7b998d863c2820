// World: the descriptors of a scenario, by name.

#ifndef ISOPOLL_TESTS_SUPPORT_WORLD_H_
#define ISOPOLL_TESTS_SUPPORT_WORLD_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/support/command.h"
#include "tests/support/loopback.h"
#include "tests/support/step.h"

namespace isopoll::tests {

// Owns every descriptor that a scenario makes. Used by one thread.
class World {
 public:
  // `patience`: how long to wait for what a step says will come.
  explicit World(absl::Duration patience) : patience_(patience) {}
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Runs `step`, whose command is `command`, and waits until what it sent over
  // loopback has arrived. Whether it was done: what fails is an error, unless
  // the step is tolerant.
  absl::StatusOr<bool> Run(const Command& command, const Step& step);

  // The number that `name` has, or had before it was closed; NotFound if it
  // never had one.
  absl::StatusOr<int> Number(absl::string_view name) const;
  bool IsOpen(absl::string_view name) const;
  // Who has the number `fd` now; empty if it is nobody's here.
  std::string NameOf(int fd) const;
  // In alphabetical order.
  std::vector<std::string> OpenNames() const;

  // Whether there has been a terminal.
  bool uses_terminals() const { return uses_terminals_; }

  // Returns when the kernel has woken those that wait for all that a look
  // could see before the call.
  void AwaitWakeUps() const;

  // ---- For the commands ----

  // Gives `fd` the name `name`; FailedPrecondition if it is not a descriptor,
  // with errno as the caller's last system call left it.
  absl::Status Own(const std::string& name, UniqueFd fd);
  // The open descriptor `name`, or NotFound.
  absl::StatusOr<int> Fd(absl::string_view name) const;
  absl::Status Close(absl::string_view name);

  struct Address {
    sockaddr_storage storage;
    socklen_t length = 0;
  };
  // Where `name` is bound, or was before it was closed.
  absl::StatusOr<Address> AddressOf(absl::string_view name) const;
  // To be called when a socket was bound after it got its name.
  void LearnAddress(absl::string_view name);

  absl::Duration patience() const { return patience_; }
  // Waits until the loopback network is at rest.
  absl::Status Settle();
  // Called when the world ends, last come first.
  void AtEnd(std::function<void()> clean_up);

 private:
  struct Channel {
    UniqueFd fd;
    int number = -1;
    Address address;
  };

  absl::Duration patience_;
  std::map<std::string, Channel, std::less<>> channels_;
  std::vector<std::function<void()>> clean_ups_;
  LoopbackBarrier barrier_;
  bool uses_loopback_ = false;
  bool uses_terminals_ = false;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_WORLD_H_
