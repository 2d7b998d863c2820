#include "tests/support/world.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "net/internal/sys.h"
#include "tests/support/terminal.h"

namespace isopoll::tests {

World::~World() {
  while (!clean_ups_.empty()) {
    clean_ups_.back()();
    clean_ups_.pop_back();
  }
}

absl::StatusOr<bool> World::Run(const Command& command, const Step& step) {
  StayOnCpu stay;
  absl::Status done = command.run(*this, step);
  if (uses_loopback_) {
    if (absl::Status status = Settle(); !status.ok()) return status;
  }
  if (!done.ok() && !step.tolerant) return done;
  return done.ok();
}

absl::StatusOr<int> World::Number(absl::string_view name) const {
  const auto channel = channels_.find(name);
  if (channel != channels_.end()) return channel->second.number;
  return absl::NotFoundError(
      absl::StrCat("\"", name, "\" could not be made, so it has no number"));
}

bool World::IsOpen(absl::string_view name) const { return Fd(name).ok(); }

std::string World::NameOf(int fd) const {
  for (const auto& [name, channel] : channels_) {
    if (channel.fd.get() == fd) return name;
  }
  return "";
}

std::vector<std::string> World::OpenNames() const {
  std::vector<std::string> names;
  for (const auto& [name, channel] : channels_) {
    if (channel.fd) names.push_back(name);
  }
  return names;
}

absl::Status World::Own(const std::string& name, UniqueFd fd) {
  if (!fd) {
    return absl::ErrnoToStatus(errno, absl::StrCat("making ", name));
  }
  Channel& channel = channels_[name];
  channel.number = fd.get();
  channel.fd = std::move(fd);
  LearnAddress(name);
  if (IsTerminal(channel.number)) uses_terminals_ = true;
  return absl::OkStatus();
}

absl::StatusOr<int> World::Fd(absl::string_view name) const {
  const auto channel = channels_.find(name);
  if (channel != channels_.end() && channel->second.fd) {
    return channel->second.fd.get();
  }
  return absl::NotFoundError(absl::StrCat("\"", name, "\" is not open"));
}

absl::Status World::Close(absl::string_view name) {
  if (absl::StatusOr<int> fd = Fd(name); !fd.ok()) return fd.status();
  channels_.find(name)->second.fd.reset();
  return absl::OkStatus();
}

void World::AwaitWakeUps() const {
  if (!uses_terminals_) return;
  // By all, since a number may have been replaced by a terminal's.
  for (const auto& [name, channel] : channels_) {
    if (channel.fd) AwaitTerminalWakeUps(channel.number);
  }
}

absl::StatusOr<World::Address> World::AddressOf(absl::string_view name) const {
  const auto channel = channels_.find(name);
  if (channel != channels_.end() && channel->second.address.length > 0) {
    return channel->second.address;
  }
  return absl::NotFoundError(absl::StrCat("\"", name, "\" has no address"));
}

void World::LearnAddress(absl::string_view name) {
  Channel& channel = channels_.find(name)->second;
  Address address;
  address.length = sizeof(address.storage);
  if (sys::GetSockName(channel.number,
                       reinterpret_cast<sockaddr*>(&address.storage),
                       &address.length) != 0) {
    return;  // not a socket
  }
  channel.address = address;
  if (address.storage.ss_family == AF_INET ||
      address.storage.ss_family == AF_INET6) {
    uses_loopback_ = true;
  }
}

absl::Status World::Settle() { return barrier_.Pass(); }

void World::AtEnd(std::function<void()> clean_up) {
  clean_ups_.push_back(std::move(clean_up));
}

}  // namespace isopoll::tests
