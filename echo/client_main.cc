// An echo client that checks what comes back.

#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "echo/client.h"
#include "echo/command_line.h"
#include "net/socket_address.h"
#include "poller/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with: one of " + isopoll::SupportedBackendNames());
ABSL_FLAG(std::string, connect, "127.0.0.1:8090",
          "where the server listens: 127.0.0.1:8090, [::1]:8090, "
          "localhost:8090 or unix:/path");
ABSL_FLAG(std::string, message, "hello, world", "what each connection sends");
ABSL_FLAG(int, connections, 1, "how many connections to open at once");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(10),
          "the most that everything together may take");

namespace isopoll::echo {
namespace {

absl::Status Main() {
  const absl::StatusOr<SocketAddress> server =
      SocketAddress::Parse(absl::GetFlag(FLAGS_connect));
  if (!server.ok()) return server.status();

  PollerOptions poller_options;
  poller_options.backend = absl::GetFlag(FLAGS_backend);
  const absl::StatusOr<std::unique_ptr<Poller>> poller =
      Poller::Create(poller_options);
  if (!poller.ok()) return poller.status();

  ClientOptions options;
  options.connections = absl::GetFlag(FLAGS_connections);
  options.messages = {absl::GetFlag(FLAGS_message)};
  options.timeout = absl::GetFlag(FLAGS_timeout);
  const absl::StatusOr<ClientReport> report =
      RunClient(**poller, *server, options);
  if (!report.ok()) {
    return absl::Status(report.status().code(),
                        absl::StrCat("no good echo from ", server->ToString(),
                                     ": ", report.status().message()));
  }
  std::cout << absl::StrCat(report->bytes_echoed, " bytes came back on ",
                            report->connections,
                            " connections, all as they were sent\n");
  return absl::OkStatus();
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Sends a message to an echo server and checks what comes back.", argc,
      argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
