// An echo client: a message, a conversation, or a load that is measured.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/command_line.h"
#include "echo/flag_types.h"
#include "echo/load/load_group.h"
#include "echo/load/load_options.h"
#include "echo/load/load_text.h"
#include "echo/load/plot.h"
#include "echo/load/source.h"
#include "echo/load/typed_input.h"
#include "echo/signals.h"
#include "echo/system.h"
#include "isopoll/backend.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket_address.h"

using isopoll::echo::Bytes;
using isopoll::echo::LoadOptions;
using isopoll::echo::Time;

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with: one of " + isopoll::SupportedBackendNames());
ABSL_FLAG(std::string, connect, "tcp:127.0.0.1:8090",
          "where the server is: tcp:127.0.0.1:7007, udp:[::1]:7007, "
          "unix:/path or unix-dgram:/path");
ABSL_FLAG(std::vector<std::string>, source, {},
          "where connections come from, in turn: addresses as in "
          "10.0.0.2,10.0.0.3 or [::1]");
ABSL_FLAG(Bytes, send_buffer, Bytes{}, "SO_SNDBUF of each socket");
ABSL_FLAG(Bytes, receive_buffer, Bytes{}, "SO_RCVBUF of each socket");
ABSL_FLAG(std::optional<std::string>, message, std::nullopt,
          "send this on each connection, and check that it comes back");
ABSL_FLAG(int, connections, LoadOptions().connections,
          "how many connections to open at once");
ABSL_FLAG(double, connect_rate, LoadOptions().connect_rate,
          "connections to open per second; 0: as fast as it goes");
ABSL_FLAG(Time, timeout, Time{LoadOptions().timeout},
          "how long a connection may take to come about, and a stream to bring "
          "the next byte");
ABSL_FLAG(Time, datagram_timeout, Time{LoadOptions().datagram_timeout},
          "when a datagram that is not back counts as lost");
ABSL_FLAG(Time, duration, Time{LoadOptions().duration},
          "load: for how long to send requests");
ABSL_FLAG(std::optional<uint64_t>, messages, LoadOptions().messages,
          "load: how many requests each connection sends");
ABSL_FLAG(double, rate, LoadOptions().rate,
          "load: requests per second over all connections; latency then counts "
          "from when a request was to start. 0: as fast as it goes");
ABSL_FLAG(std::optional<Bytes>, size, std::nullopt,
          "load: bytes in a request; 64 unless said otherwise");
ABSL_FLAG(int, pipeline, LoadOptions().pipeline,
          "load: requests under way on one connection");
ABSL_FLAG(uint64_t, reconnect_after, LoadOptions().reconnect_after,
          "load: close a connection after so many requests, and open another");
ABSL_FLAG(int, threads, 1, "load: how many threads make it");
ABSL_FLAG(Time, interval, Time{absl::Seconds(10)},
          "load: how often a line says how it is going, if standard error is "
          "no terminal; 0: never");
ABSL_FLAG(bool, json, false, "load: print the result as JSON");
ABSL_FLAG(std::string, plot, "",
          "load: draw the distribution of latencies to this file, as SVG");

namespace isopoll::echo {
namespace {

// A datagram of any transport, and what is on its way fits any buffer.
constexpr size_t kTypedDatagram = 8 * 1024;
constexpr int kTypedDatagrams = 4;
constexpr size_t kTypedPiece = 64 * 1024;
constexpr int kTypedPieces = 1024;

// The addresses of the one server.
using Servers = std::vector<Endpoint>;

std::string NameOf(const Servers& servers) {
  return servers.size() == 1 ? servers[0].ToString()
                             : absl::GetFlag(FLAGS_connect);
}

absl::StatusOr<LoadOptions> OptionsFromFlags() {
  LoadOptions options;
  options.connections = absl::GetFlag(FLAGS_connections);
  options.connect_rate = absl::GetFlag(FLAGS_connect_rate);
  options.size = absl::GetFlag(FLAGS_size).value_or(Bytes{options.size}).count;
  options.pipeline = absl::GetFlag(FLAGS_pipeline);
  options.messages = absl::GetFlag(FLAGS_messages);
  options.rate = absl::GetFlag(FLAGS_rate);
  options.reconnect_after = absl::GetFlag(FLAGS_reconnect_after);
  options.duration = absl::GetFlag(FLAGS_duration).duration;
  options.timeout = absl::GetFlag(FLAGS_timeout).duration;
  options.datagram_timeout = absl::GetFlag(FLAGS_datagram_timeout).duration;
  options.socket.send_buffer_bytes =
      static_cast<int>(absl::GetFlag(FLAGS_send_buffer).count);
  options.socket.receive_buffer_bytes =
      static_cast<int>(absl::GetFlag(FLAGS_receive_buffer).count);
  for (const std::string& host : absl::GetFlag(FLAGS_source)) {
    const auto address = SocketAddress::Parse(absl::StrCat(host, ":0"));
    if (!address.ok()) return address.status();
    options.sources.push_back(*address);
  }
  return options;
}

bool IsLoad(const LoadOptions& options) {
  return options.duration < absl::InfiniteDuration() ||
         options.messages.has_value() || options.rate > 0 ||
         options.reconnect_after > 0;
}

// A flag that would do nothing was meant to do something.
absl::Status CheckFlagsFit(const LoadOptions& options) {
  if (absl::Status status = CheckLoad(options); !status.ok()) return status;
  const bool has_message = absl::GetFlag(FLAGS_message).has_value();
  const bool is_load = IsLoad(options);
  const char* wrong = nullptr;
  if (is_load && has_message) {
    wrong =
        "a load makes up its own messages: leave out --message, or --duration, "
        "--messages, --rate and --reconnect_after";
  } else if (is_load && options.duration == absl::InfiniteDuration() &&
             !options.messages) {
    wrong = "a load without end: say --duration or --messages";
  } else if (!is_load && (absl::GetFlag(FLAGS_size).has_value() ||
                          options.pipeline != 1 || absl::GetFlag(FLAGS_json) ||
                          !absl::GetFlag(FLAGS_plot).empty())) {
    wrong =
        "--size, --pipeline, --json and --plot are of a load: say --duration "
        "or --messages";
  } else if (!is_load && !has_message && options.connections != 1) {
    wrong =
        "several connections need something to say: --message, --messages or "
        "--duration";
  }
  return wrong == nullptr ? absl::OkStatus()
                          : absl::InvalidArgumentError(wrong);
}

// Sooner than connection after connection fails for it.
absl::Status CheckDescriptors(int connections) {
  constexpr uint64_t kSpare = 20;  // for other things than connections
  const uint64_t most = RaiseDescriptorLimit();
  const uint64_t needed = static_cast<uint64_t>(connections) + kSpare;
  if (needed <= most) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      connections, " connections need ", needed,
      " descriptors, and this process may have ", most, " (ulimit -n)"));
}

absl::StatusOr<std::unique_ptr<LoadGroup>> CreateGroup(
    const Servers& servers, const LoadOptions& options, Source& source) {
  return LoadGroup::Create(absl::GetFlag(FLAGS_threads),
                           absl::GetFlag(FLAGS_backend), servers, options,
                           source);
}

// What went wrong, if anything did, and with whom.
absl::Status Judge(const Servers& servers, const LoadReport& report) {
  if (report.all_errors() == 0) return absl::OkStatus();
  const uint64_t lost = report.error(LoadError::kLost);
  return absl::DataLossError(absl::StrCat(
      "no good echo from ", NameOf(servers), ": ",
      report.all_errors() > lost
          ? report.first_error
          : absl::StrCat(lost, " of ", Count(report.started, "datagram"),
                         " lost")));
}

absl::Status SendMessage(const Servers& servers, LoadOptions options,
                         const std::string& message) {
  options.messages = 1;
  Texts source({message});
  const auto group = CreateGroup(servers, options, source);
  if (!group.ok()) return group.status();
  absl::Status status = (*group)->Run();
  const LoadReport report = (*group)->report();
  if (status.ok()) status = Judge(servers, report);
  if (!status.ok()) return status;
  std::cout << Count(report.bytes, "byte") << " came back on "
            << Count(report.connections, "connection")
            << ", all as they were sent\n";
  return status;
}

absl::Status Talk(const Servers& servers, LoadOptions options) {
  const bool is_stream = servers[0].is_stream();
  options.pipeline = is_stream ? kTypedPieces : kTypedDatagrams;
  TypedInput source(is_stream ? kTypedPiece : kTypedDatagram);
  const auto group = CreateGroup(servers, options, source);
  if (!group.ok()) return group.status();
  absl::Status status = source.Start((*group)->first());
  if (status.ok()) status = (*group)->Run();
  source.Stop();
  return status.ok() ? Judge(servers, (*group)->report()) : status;
}

// Keeps one line of a terminal up to date, or writes line after line.
void ShowProgress(LoadGroup& group) {
  const bool terminal = HasTerminal();
  const absl::Duration interval = terminal
                                      ? absl::Milliseconds(500)
                                      : absl::GetFlag(FLAGS_interval).duration;
  if (interval <= absl::ZeroDuration()) return;
  group.ShowProgress(interval, [terminal](const LoadReport& report) {
    const std::string line = ProgressLine(report);
    std::cerr << (terminal ? "\r\x1b[K" + line : line + "\n") << std::flush;
  });
}

std::string Title(const Servers& servers, const LoadOptions& options) {
  return absl::StrCat(NameOf(servers), ", ",
                      BackendName(absl::GetFlag(FLAGS_backend)), ", ",
                      Count(options.connections, "connection"), ", ",
                      Count(options.size, "byte"));
}

// `*all_well`: whether every byte came back.
absl::Status Load(const Servers& servers, const LoadOptions& options,
                  bool* all_well) {
  const std::string plot = absl::GetFlag(FLAGS_plot);
  std::ofstream picture;
  if (!plot.empty()) picture.open(plot);
  const absl::Status no_picture = absl::UnavailableError(
      absl::StrCat("--plot=", plot, ": cannot be written"));
  if (!picture) return no_picture;
  Pattern source(options.size);
  const auto group = CreateGroup(servers, options, source);
  if (!group.ok()) return group.status();
  StopOnSignal stop_on_signal(**group, /*times=*/2);
  ShowProgress(**group);
  absl::Status status = (*group)->Run();
  if (!status.ok()) return status;
  const LoadReport report = (*group)->report();
  *all_well = report.all_errors() == 0;
  if (HasTerminal()) std::cerr << "\r\x1b[K";
  std::cout << (absl::GetFlag(FLAGS_json)
                    ? LoadJson(report, options, NameOf(servers),
                               BackendName(absl::GetFlag(FLAGS_backend)))
                    : LoadText(report))
            << std::flush;
  if (plot.empty()) return absl::OkStatus();
  picture << PlotSvg(report.latency, Title(servers, options)) << std::flush;
  return picture ? absl::OkStatus() : no_picture;
}

absl::Status Main(bool* all_well) {
  const auto servers = Endpoint::ParseAll(absl::GetFlag(FLAGS_connect));
  if (!servers.ok()) return servers.status();
  const absl::StatusOr<LoadOptions> options = OptionsFromFlags();
  if (!options.ok()) return options.status();
  absl::Status status = CheckFlagsFit(*options);
  if (status.ok()) status = CheckDescriptors(options->connections);
  if (!status.ok()) return status;
  if (IsLoad(*options)) return Load(*servers, *options, all_well);
  const std::optional<std::string> message = absl::GetFlag(FLAGS_message);
  return message.has_value() ? SendMessage(*servers, *options, *message)
                             : Talk(*servers, *options);
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Talks to an echo server: --message=TEXT sends that and checks what "
      "comes back; --duration, --messages or --rate put a load on the server "
      "and measure; without any of them, what is typed is sent.",
      argc, argv);
  bool all_well = true;
  const absl::Status status = isopoll::echo::Main(&all_well);
  if (!status.ok()) return isopoll::echo::Fail(status);
  return all_well ? 0 : 1;
}
