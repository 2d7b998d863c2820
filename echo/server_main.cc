// An echo server (RFC 862) on the backend of your choice.

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "echo/command_line.h"
#include "echo/log.h"
#include "echo/server.h"
#include "echo/signals.h"
#include "net/socket.h"
#include "net/socket_address.h"
#include "poller/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with: one of " + isopoll::SupportedBackendNames());
ABSL_FLAG(std::string, listen, "127.0.0.1:8090",
          "where to listen: 127.0.0.1:8090, [::1]:8090, localhost:8090 or "
          "unix:/path; port 0 takes any that is free");
ABSL_FLAG(uint64_t, buffer_bytes, isopoll::echo::ServerOptions().buffer_bytes,
          "the most that one connection is owed before it is not read from");
ABSL_FLAG(bool, verbose, false, "print each thing that happens");

namespace isopoll::echo {
namespace {

void Print(absl::string_view line) {
  std::cout << absl::StrCat(line, "\n") << std::flush;
}

std::string Summary(const ServerStats& stats) {
  return absl::StrCat("served ", stats.accepted, " connections (",
                      stats.finished, " finished, ", stats.reset, " reset, ",
                      stats.failed, " failed, ", stats.stopped,
                      " stopped): ", stats.bytes_received, " bytes received, ",
                      stats.bytes_sent, " sent");
}

absl::Status Serve(const SocketAddress& address) {
  absl::StatusOr<UniqueFd> listener = Listen(address);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<SocketAddress> bound = LocalAddress(listener->get());
  if (!bound.ok()) return bound.status();

  PollerOptions poller_options;
  poller_options.backend = absl::GetFlag(FLAGS_backend);
  const absl::StatusOr<std::unique_ptr<Poller>> poller =
      Poller::Create(poller_options);
  if (!poller.ok()) return poller.status();

  ServerLog log(Print);
  ServerOptions options;
  options.buffer_bytes = absl::GetFlag(FLAGS_buffer_bytes);
  if (absl::GetFlag(FLAGS_verbose)) options.observer = &log;
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(**poller, *std::move(listener), options);
  if (!server.ok()) return server.status();

  StopOnSignal stop_on_signal(**server);
  Print(absl::StrCat("listening on ", bound->ToString(), " (",
                     BackendName((*poller)->backend()), ")"));
  absl::Status status = (*server)->Run();
  Print(Summary((*server)->stats()));
  return status;
}

absl::Status Main() {
  const absl::StatusOr<SocketAddress> address =
      SocketAddress::Parse(absl::GetFlag(FLAGS_listen));
  return address.ok() ? Serve(*address) : address.status();
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Sends back whatever it receives, until SIGINT or SIGTERM.", argc, argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
