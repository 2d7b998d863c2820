// Connects to HOST:PORT, giving each of the host's addresses --timeout.

#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(absl::Duration, timeout, absl::Seconds(3), "for each address");

namespace {

// Until `fd` is writable.
absl::Status WaitForConnect(isopoll::Poller& poller, int fd,
                            absl::Duration timeout) {
  absl::Status status = poller.Add(fd, isopoll::kWritable, /*token=*/0);
  if (!status.ok()) return status;
  isopoll::Event event;
  const auto result = poller.Wait(absl::MakeSpan(&event, 1), timeout);
  status = poller.Remove(fd);
  if (!result.ok()) return result.status();
  if (result->count == 0) return absl::DeadlineExceededError("no answer");
  return status;
}

absl::StatusOr<isopoll::UniqueFd> ConnectToAny(isopoll::Poller& poller,
                                               absl::string_view host_and_port,
                                               absl::Duration timeout) {
  const auto addresses = isopoll::SocketAddress::ParseAll(host_and_port);
  if (!addresses.ok()) return addresses.status();
  absl::Status status;
  for (const isopoll::SocketAddress& address : *addresses) {
    auto fd = isopoll::Connect(address);
    status = fd.status();
    if (status.ok()) status = WaitForConnect(poller, fd->get(), timeout);
    if (status.ok()) status = isopoll::FinishConnect(fd->get());
    if (status.ok()) return fd;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = absl::ParseCommandLine(argc, argv);
  if (arguments.size() != 2) return std::cerr << "which HOST:PORT?\n", 2;
  const auto poller = cookbook::MakePoller();
  const auto fd =
      ConnectToAny(*poller, arguments[1], absl::GetFlag(FLAGS_timeout));
  if (fd.ok()) std::cout << "connected\n";
  return cookbook::ExitCode(fd.status());
}
