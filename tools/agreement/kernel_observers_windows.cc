#include <winsock2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "net/internal/winsock.h"
#include "poller/afd/afd_driver.h"
#include "tools/agreement/kernel_observers.h"

namespace isopoll::agreement {
namespace {

using internal::AfdDriver;
using internal::AfdSocket;
using Bit = std::pair<uint32_t, const char*>;

constexpr Bit kPollBits[] = {
    {POLLRDNORM, "RDNORM"}, {POLLWRNORM, "WRNORM"}, {POLLRDBAND, "RDBAND"},
    {POLLERR, "ERR"},       {POLLHUP, "HUP"},       {POLLNVAL, "NVAL"},
};

constexpr Bit kAfdBits[] = {
    {internal::kAfdReceive, "RECEIVE"},
    {internal::kAfdReceiveUrgent, "RECEIVE_EXPEDITED"},
    {internal::kAfdSend, "SEND"},
    {internal::kAfdDisconnect, "DISCONNECT"},
    {internal::kAfdAbort, "ABORT"},
    {internal::kAfdAccept, "ACCEPT"},
    {internal::kAfdConnectFail, "CONNECT_FAIL"},
};

std::string BitNames(absl::Span<const Bit> bits, uint32_t mask) {
  std::string names;
  for (const auto& [bit, name] : bits) {
    if ((mask & bit) != 0)
      absl::StrAppend(&names, names.empty() ? "" : " ", name);
  }
  return names.empty() ? "-" : names;
}

class PollObserver : public Observer {
 public:
  Column column() const override {
    Column column;
    column.title = "WSAPoll";
    return column;
  }

  std::string Look(int fd) override {
    WSAPOLLFD entry = {internal::ToSocket(fd),
                       POLLRDNORM | POLLWRNORM | POLLRDBAND, 0};
    if (::WSAPoll(&entry, 1, /*timeout=*/0) == SOCKET_ERROR) {
      return internal::Describe(::WSAGetLastError());
    }
    return BitNames(kPollBits, static_cast<uint16_t>(entry.revents));
  }
};

class AfdObserver : public Observer {
 public:
  Column column() const override {
    Column column;
    column.title = "AFD";
    return column;
  }

  std::string Look(int fd) override {
    absl::StatusOr<AfdDriver> driver = AfdDriver::Open();
    if (!driver.ok()) return driver.status().ToString();
    absl::StatusOr<HANDLE> socket = driver->SocketOf(fd);
    if (!socket.ok()) return socket.status().ToString();
    constexpr uint32_t kAll = 0x1ff & ~internal::kAfdLocalClose;
    std::vector<AfdSocket> sockets = {{*socket, kAll, 0}};
    const absl::Status looked = driver->Look(&sockets, fd);
    if (!looked.ok()) return looked.ToString();
    return BitNames(kAfdBits, sockets[0].events);
  }
};

}  // namespace

const char kReadinessDocument[] = "docs/readiness-windows.md";

// There are no others.
bool CanBeWatched(int /*fd*/) { return true; }

Observers KernelObservers() {
  Observers observers;
  observers.push_back(std::make_unique<PollObserver>());
  observers.push_back(std::make_unique<AfdObserver>());
  return observers;
}

}  // namespace isopoll::agreement
