#include "isopoll/net/inherited.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace isopoll {
namespace {

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START

// The variable's value, which it has no more afterwards.
std::string Take(const char* name) {
  const char* value = ::getenv(name);
  const std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

bool SetFlags(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
         ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

}  // namespace

absl::StatusOr<std::vector<UniqueFd>> TakeInheritedSockets() {
  const std::string pid = Take("LISTEN_PID");
  const std::string fds = Take("LISTEN_FDS");
  Take("LISTEN_FDNAMES");
  if (pid != absl::StrCat(::getpid())) return std::vector<UniqueFd>();
  int count;
  if (!absl::SimpleAtoi(fds, &count) || count < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("LISTEN_FDS is \"", fds, "\", not a number of sockets"));
  }
  for (int i = 0; i < count; ++i) {
    if (SetFlags(kFirst + i)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("LISTEN_FDS says that descriptor ", kFirst + i,
                     " is a socket; it is not open"));
  }
  std::vector<UniqueFd> sockets;
  for (int i = 0; i < count; ++i) sockets.emplace_back(kFirst + i);
  return sockets;
}

}  // namespace isopoll
