// The classic echo exchange, on every backend that this machine has: a server
// and two clients, each sending a message in three parts. What happens must be
// the same on each.

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "echo/command_line.h"
#include "echo/load/load_options.h"
#include "echo/load/load_run.h"
#include "echo/service/log.h"
#include "echo/service/server.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/echo/support/client_log.h"
#include "tests/echo/support/client_observer.h"
#include "tests/echo/support/transcript.h"

ABSL_FLAG(std::string, backend, "all",
          "what to wait with: all, or one of " +
              isopoll::SupportedBackendNames());

namespace isopoll::echo {
namespace {

constexpr int kClients = 2;

std::vector<std::string> Parts() {
  return {"This is the message 0", "It will be sent 1", "in parts 2"};
}

void Print(absl::string_view text) { std::cout << text << std::flush; }

// Each client has received the parts joined, in order.
absl::Status CheckEchoes(const Transcript& transcript, const PrintLine& print) {
  const std::string expected = absl::StrJoin(Parts(), "");
  for (int number = 1; number <= kClients; ++number) {
    const std::string echoed =
        transcript.EchoedTo(absl::StrCat("client ", number));
    print(absl::StrCat("client ", number, " received in all \"", echoed, "\""));
    if (echoed == expected) continue;
    return absl::DataLossError(
        absl::StrCat("client ", number, " did not receive \"", expected, "\""));
  }
  return absl::OkStatus();
}

// A server in its own thread, for the length of a scope.
class RunningServer {
 public:
  explicit RunningServer(Server& server)
      : server_(server), thread_([this] { status_ = server_.Run(); }) {}
  ~RunningServer() {
    if (thread_.joinable()) Stop().IgnoreError();
  }

  absl::Status Stop() {
    server_.Stop();
    thread_.join();
    return status_;
  }

 private:
  Server& server_;
  absl::Status status_;
  std::thread thread_;
};

// The clients' side: each sends the next part when the one before is back.
absl::Status RunClients(Poller& poller, const Endpoint& server,
                        Transcript& transcript) {
  ObservedTexts source(Parts(), transcript);
  LoadOptions options;
  options.connections = kClients;
  options.messages = Parts().size();
  LoadRun run(poller, {server}, options, source);
  absl::Status status = run.Run();
  if (status.ok() && run.report().all_errors() > 0) {
    status = absl::DataLossError(run.report().first_error);
  }
  return status;
}

absl::Status Converse(Poller& for_server, Poller& for_clients,
                      Transcript& transcript, const PrintLine& print) {
  const absl::StatusOr<Endpoint> any = Endpoint::Parse("127.0.0.1:0");
  if (!any.ok()) return any.status();
  absl::StatusOr<UniqueFd> listener = BindEndpoint(*any);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<Endpoint> endpoint = Endpoint::OfSocket(listener->get());
  if (!endpoint.ok()) return endpoint.status();
  print(absl::StrCat("server   listening on ", endpoint->address.ToString()));

  ServerOptions server_options;
  server_options.observer = &transcript;
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(for_server, server_options);
  if (!server.ok()) return server.status();
  absl::Status status = (*server)->Add(*std::move(listener));
  if (!status.ok()) return status;
  RunningServer running(**server);

  status = RunClients(for_clients, *endpoint, transcript);
  status.Update(running.Stop());
  return status;
}

// One exchange on `backend`, told line by line. Returns its transcript.
absl::StatusOr<std::string> Play(Backend backend, const PrintLine& print) {
  PollerOptions options;
  options.backend = backend;
  const absl::StatusOr<std::unique_ptr<Poller>> for_server =
      Poller::Create(options);
  if (!for_server.ok()) return for_server.status();
  const absl::StatusOr<std::unique_ptr<Poller>> for_clients =
      Poller::Create(options);
  if (!for_clients.ok()) return for_clients.status();

  ServerLog server_log(
      [&](absl::string_view line) { print(absl::StrCat("server   ", line)); });
  ClientLog client_log(print);
  Transcript transcript(&server_log, &client_log);
  absl::Status status =
      Converse(**for_server, **for_clients, transcript, print);
  if (status.ok()) status = CheckEchoes(transcript, print);
  if (!status.ok()) return status;
  return transcript.ToString();
}

absl::StatusOr<std::vector<Backend>> Chosen(const std::string& text) {
  const absl::Span<const Backend> all = SupportedBackends();
  if (text == "all") return std::vector<Backend>(all.begin(), all.end());
  Backend backend;
  std::string error;
  if (AbslParseFlag(text, &backend, &error)) {
    return std::vector<Backend>{backend};
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--backend=", text, ": ", error));
}

// select if it is there: the plainest of all, and what the others are held to.
Backend Reference() {
  for (const Backend backend : SupportedBackends()) {
    if (backend == Backend::kSelect) return backend;
  }
  return SupportedBackends().back();
}

absl::Status PlayAndCompare(Backend backend, const std::string& expected) {
  const absl::string_view name = BackendName(backend);
  const absl::string_view reference = BackendName(Reference());
  Print(absl::StrCat("=== ", name, " ===\n"));
  const absl::StatusOr<std::string> transcript = Play(
      backend,
      [](absl::string_view line) { Print(absl::StrCat("  ", line, "\n")); });
  absl::Status status = transcript.status();
  if (status.ok()) {
    status = CompareTranscripts(reference, expected, name, *transcript);
  }
  if (status.ok()) {
    Print(absl::StrCat(name, ": each client received the ", Parts().size(),
                       " parts in order; transcript equals ", reference,
                       "'s\n"));
  }
  return status;
}

absl::Status Main() {
  const absl::StatusOr<std::vector<Backend>> backends =
      Chosen(absl::GetFlag(FLAGS_backend));
  if (!backends.ok()) return backends.status();
  // Played once in silence, so that the reference is held to itself as well.
  const absl::StatusOr<std::string> expected =
      Play(Reference(), [](absl::string_view) {});
  if (!expected.ok()) return expected.status();
  for (const Backend backend : *backends) {
    absl::Status status = PlayAndCompare(backend, *expected);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Plays the classic echo exchange on each backend and compares.", argc,
      argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
