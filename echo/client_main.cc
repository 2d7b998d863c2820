// An echo client: a message, a conversation, or a load that is measured.

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "echo/command_line.h"
#include "echo/load/client.h"
#include "echo/load/interactive.h"
#include "echo/load/load_options.h"
#include "echo/load/load_run.h"
#include "echo/load/load_text.h"
#include "echo/load/picture_file.h"
#include "echo/load/plot.h"
#include "echo/process.h"
#include "echo/signals.h"
#include "net/endpoint.h"
#include "poller/poller.h"

namespace {

// How often --message has a value: the default, and each of the command line.
int& MessageValues() {
  static int values = 0;
  return values;
}

}  // namespace

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with: one of " + isopoll::SupportedBackendNames());
ABSL_FLAG(std::string, connect, "tcp:127.0.0.1:8090",
          "where the server is: tcp:127.0.0.1:7007, udp:[::1]:7007, "
          "unix:/path or unix-dgram:/path");
ABSL_FLAG(std::string, message, "hello, world",
          "send this, and check that it comes back")
    .OnUpdate([] { ++MessageValues(); });
ABSL_FLAG(int, connections, 1, "how many connections to open at once");
ABSL_FLAG(absl::Duration, timeout, isopoll::echo::LoadOptions().timeout,
          "the most that a message may take; in a load, the longest silence");
ABSL_FLAG(absl::Duration, duration, isopoll::echo::LoadOptions().duration,
          "load: for how long to send requests");
ABSL_FLAG(uint64_t, messages, isopoll::echo::LoadOptions().messages,
          "load: how many requests each connection sends");
ABSL_FLAG(double, rate, isopoll::echo::LoadOptions().rate,
          "load: requests per second over all connections; latency then counts "
          "from when a request was to start. 0: as fast as it goes");
ABSL_FLAG(uint64_t, size, isopoll::echo::LoadOptions().size,
          "load: bytes in a request");
ABSL_FLAG(int, pipeline, isopoll::echo::LoadOptions().pipeline,
          "load: requests under way on one connection");
ABSL_FLAG(uint64_t, reconnect_after,
          isopoll::echo::LoadOptions().reconnect_after,
          "load: close a connection after so many requests, and open another");
ABSL_FLAG(absl::Duration, datagram_timeout,
          isopoll::echo::LoadOptions().datagram_timeout,
          "load: when a datagram that is not back counts as lost");
ABSL_FLAG(bool, json, false, "load: print the result as JSON");
ABSL_FLAG(
    std::string, plot, "",
    "load: draw the distribution of latencies to this file, .svg or .png");

namespace isopoll::echo {
namespace {

absl::StatusOr<std::unique_ptr<Poller>> CreatePoller() {
  PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  return Poller::Create(options);
}

// What went wrong, and with whom.
absl::Status NoEcho(const Endpoint& server, const absl::Status& status) {
  return absl::Status(
      status.code(), absl::StrCat("no good echo from ", server.ToString(), ": ",
                                  status.message()));
}

absl::Status SendMessage(const Endpoint& server) {
  if (!server.is_stream()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--message goes over tcp: and unix: only; for ",
                     server.ToString(), " type it, or use --messages=1"));
  }
  const absl::StatusOr<std::unique_ptr<Poller>> poller = CreatePoller();
  if (!poller.ok()) return poller.status();
  ClientOptions options;
  options.connections = absl::GetFlag(FLAGS_connections);
  options.messages = {absl::GetFlag(FLAGS_message)};
  options.timeout = absl::GetFlag(FLAGS_timeout);
  const absl::StatusOr<ClientReport> report =
      RunClient(**poller, server.address, options);
  if (!report.ok()) return NoEcho(server, report.status());
  std::cout << absl::StrCat(report->bytes_echoed, " bytes came back on ",
                            report->connections,
                            " connections, all as they were sent\n");
  return absl::OkStatus();
}

LoadOptions LoadFromFlags() {
  LoadOptions options;
  options.connections = absl::GetFlag(FLAGS_connections);
  options.size = absl::GetFlag(FLAGS_size);
  options.pipeline = absl::GetFlag(FLAGS_pipeline);
  options.messages = absl::GetFlag(FLAGS_messages);
  options.rate = absl::GetFlag(FLAGS_rate);
  options.reconnect_after = absl::GetFlag(FLAGS_reconnect_after);
  options.duration = absl::GetFlag(FLAGS_duration);
  options.timeout = absl::GetFlag(FLAGS_timeout);
  options.datagram_timeout = absl::GetFlag(FLAGS_datagram_timeout);
  return options;
}

absl::Status CheckPlot() {
  const std::string path = absl::GetFlag(FLAGS_plot);
  if (path.empty()) return absl::OkStatus();
  const absl::Status status = CheckPicturePath(path);
  return absl::Status(status.code(),
                      absl::StrCat("--plot=", path, ": ", status.message()));
}

// Keeps one line of the terminal up to date, if there is a terminal.
void ShowProgressOnTerminal(LoadRun& run) {
  if (::isatty(STDERR_FILENO) == 0) return;
  run.ShowProgress(absl::Milliseconds(500), [&run] {
    std::cerr << "\r\x1b[K"
              << ProgressLine(run.report(), run.open(), run.elapsed())
              << std::flush;
  });
}

absl::Status Report(const LoadReport& report, const LoadOptions& options,
                    const Endpoint& server) {
  if (::isatty(STDERR_FILENO) != 0) std::cerr << "\r\x1b[K";
  const absl::string_view backend = BackendName(absl::GetFlag(FLAGS_backend));
  std::cout << (absl::GetFlag(FLAGS_json)
                    ? LoadJson(report, options, server.ToString(), backend)
                    : LoadText(report))
            << std::flush;
  if (const std::string path = absl::GetFlag(FLAGS_plot); !path.empty()) {
    const std::string title = absl::StrCat(
        server.ToString(), ", ", backend, ", ", options.connections,
        " connections, ", options.size, " bytes");
    absl::Status status = WritePicture(path, PlotSvg(report.latency, title));
    if (!status.ok()) return status;
  }
  if (report.all_errors() == 0) return absl::OkStatus();
  return NoEcho(server, absl::DataLossError(report.first_error));
}

absl::Status Load(const Endpoint& server, const LoadOptions& options) {
  absl::Status status = CheckLoad(options);
  if (status.ok()) status = CheckPlot();
  if (!status.ok()) return status;
  RaiseDescriptorLimit();
  const absl::StatusOr<std::unique_ptr<Poller>> poller = CreatePoller();
  if (!poller.ok()) return poller.status();
  LoadRun run(**poller, server, options);
  StopOnSignal stop_on_signal(run);
  ShowProgressOnTerminal(run);
  status = run.Run();
  return status.ok() ? Report(run.report(), options, server) : status;
}

absl::Status Talk(const Endpoint& server) {
  const absl::StatusOr<std::unique_ptr<Poller>> poller = CreatePoller();
  if (!poller.ok()) return poller.status();
  const absl::Status status =
      Converse(**poller, server, STDIN_FILENO, STDOUT_FILENO,
               absl::GetFlag(FLAGS_datagram_timeout));
  return status.ok() ? status : NoEcho(server, status);
}

bool IsLoad(const LoadOptions& options) {
  const LoadOptions plain;
  return options.duration != plain.duration ||
         options.messages != plain.messages || options.rate != plain.rate ||
         options.reconnect_after > 0;
}

// A flag that would do nothing was meant to do something.
absl::Status CheckFlagsFit(const LoadOptions& options) {
  const LoadOptions plain;
  if (IsLoad(options)) {
    if (MessageValues() < 2) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "a load makes up its own messages: leave out --message, or --duration, "
        "--messages, --rate and --reconnect_after");
  }
  if (options.size == plain.size && options.pipeline == plain.pipeline &&
      !absl::GetFlag(FLAGS_json) && absl::GetFlag(FLAGS_plot).empty()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "--size, --pipeline, --json and --plot are of a load: say --duration or "
      "--messages");
}

absl::Status Main() {
  const absl::StatusOr<Endpoint> server =
      Endpoint::Parse(absl::GetFlag(FLAGS_connect));
  if (!server.ok()) return server.status();
  const LoadOptions load = LoadFromFlags();
  if (load.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the timeout must be positive, not ",
                     absl::FormatDuration(load.timeout)));
  }
  if (absl::Status status = CheckFlagsFit(load); !status.ok()) return status;
  if (IsLoad(load)) return Load(*server, load);
  const bool says_something = MessageValues() > 1 || load.connections != 1;
  return says_something ? SendMessage(*server) : Talk(*server);
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Talks to an echo server: --message=TEXT sends that and checks what "
      "comes "
      "back; --duration, --messages or --rate put a load on the server and "
      "measure; without any of them, what is typed is sent.",
      argc, argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
