// An echo server (RFC 862) on the backend of your choice.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "echo/command_line.h"
#include "echo/flag_types.h"
#include "echo/line_printer.h"
#include "echo/loop/timers.h"
#include "echo/service/http_page.h"
#include "echo/service/log.h"
#include "echo/service/server_group.h"
#include "echo/service/stats.h"
#include "echo/signals.h"
#include "echo/socket_paths.h"
#include "echo/system.h"
#include "isopoll/backend.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/inherited.h"
#include "isopoll/net/unique_fd.h"

namespace {

using isopoll::echo::Bytes;
using isopoll::echo::ServerOptions;
using isopoll::echo::Time;

// The default, and every --listen of the command line after it; the flag itself
// keeps only the last.
std::vector<std::string>& Listens() {
  static auto& listens = *new std::vector<std::string>();
  return listens;
}

}  // namespace

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with: one of " + isopoll::SupportedBackendNames());
ABSL_FLAG(std::string, listen, "tcp:127.0.0.1:8090",
          "where to serve, as often as you like: tcp:127.0.0.1:7007, "
          "udp:[::1]:7007, unix:/path or unix-dgram:/path; port 0 takes any "
          "that is free. A service manager's sockets take the default's place")
    .OnUpdate([] { Listens().push_back(absl::GetFlag(FLAGS_listen)); });
ABSL_FLAG(int, threads, 1, "how many threads serve");
ABSL_FLAG(bool, share_ports, isopoll::HasSharedPorts(),
          "with several threads: the kernel deals out connections "
          "(SO_REUSEPORT), not the first thread");
ABSL_FLAG(Bytes, buffer_bytes, Bytes{ServerOptions().buffer_bytes},
          "the most that is pending for one connection before it is not read "
          "from, and the most that is read from it in one turn");
ABSL_FLAG(uint64_t, max_connections, ServerOptions().max_connections,
          "how many connections there may be before another is closed at once; "
          "0 is no limit");
ABSL_FLAG(Time, idle_timeout, Time{ServerOptions().idle_timeout},
          "how long a connection may make no progress before it is closed");
ABSL_FLAG(Time, drain_timeout, Time{absl::Seconds(5)},
          "how long to go on sending what is pending after SIGTERM or SIGINT");
ABSL_FLAG(uint64_t, datagram_rate, ServerOptions().datagram_rate,
          "how often in a second one sender gets back datagrams that are like "
          "earlier ones; 0: no limit");
ABSL_FLAG(Bytes, send_buffer, Bytes{}, "SO_SNDBUF of each socket");
ABSL_FLAG(Bytes, receive_buffer, Bytes{}, "SO_RCVBUF of each socket");
ABSL_FLAG(Time, delay, Time{ServerOptions().delay},
          "for tests of clients: send each piece back so much later");
ABSL_FLAG(Bytes, reset_after, Bytes{ServerOptions().reset_after},
          "for tests of clients: reset a connection after so many bytes have "
          "been sent back");
ABSL_FLAG(bool, silent, ServerOptions().silent,
          "for tests of clients: send nothing back");
ABSL_FLAG(Time, stats, Time{absl::ZeroDuration()},
          "print a line of statistics so often, as in 10s; 0: never");
ABSL_FLAG(std::string, stats_listen, "",
          "where to serve /metrics for Prometheus over HTTP, as in "
          "127.0.0.1:9107");
ABSL_FLAG(bool, verbose, false, "print each thing that happens");

namespace isopoll::echo {
namespace {

GroupOptions OptionsFromFlags() {
  GroupOptions group;
  group.threads = absl::GetFlag(FLAGS_threads);
  group.backend = absl::GetFlag(FLAGS_backend);
  group.share_ports = absl::GetFlag(FLAGS_share_ports);
  ServerOptions& options = group.server;
  options.buffer_bytes = absl::GetFlag(FLAGS_buffer_bytes).count;
  options.max_connections = absl::GetFlag(FLAGS_max_connections);
  options.idle_timeout = absl::GetFlag(FLAGS_idle_timeout).duration;
  options.drain_timeout = absl::GetFlag(FLAGS_drain_timeout).duration;
  options.datagram_rate = absl::GetFlag(FLAGS_datagram_rate);
  options.socket.send_buffer_bytes =
      static_cast<int>(absl::GetFlag(FLAGS_send_buffer).count);
  options.socket.receive_buffer_bytes =
      static_cast<int>(absl::GetFlag(FLAGS_receive_buffer).count);
  options.delay = absl::GetFlag(FLAGS_delay).duration;
  options.reset_after = absl::GetFlag(FLAGS_reset_after).count;
  options.silent = absl::GetFlag(FLAGS_silent);
  return group;
}

// Where to serve: for each --listen, the addresses of its host.
using Places = std::vector<std::vector<Endpoint>>;

absl::StatusOr<Places> PlacesFromFlags(bool default_too) {
  Places places;
  for (size_t i = default_too ? 0 : 1; i < Listens().size(); ++i) {
    const auto endpoints = Endpoint::ParseAll(Listens()[i]);
    if (!endpoints.ok()) return endpoints.status();
    places.push_back(*endpoints);
  }
  return places;
}

// Where to serve the statistics, if anywhere.
absl::StatusOr<std::optional<Endpoint>> StatsEndpoint() {
  const std::string listen = absl::GetFlag(FLAGS_stats_listen);
  if (listen.empty()) return std::nullopt;
  const absl::StatusOr<Endpoint> endpoint = Endpoint::Parse(listen);
  if (!endpoint.ok()) return endpoint.status();
  if (endpoint->is_stream()) return *endpoint;
  return absl::InvalidArgumentError(
      absl::StrCat("--stats_listen=", listen, ": HTTP needs tcp: or unix:"));
}

// The program, once its flags have been checked.
class Program {
 public:
  Program(ServerGroup& group, LinePrinter& printer)
      : group_(group),
        print_([&printer](absl::string_view line) { printer.Print(line); }) {}

  absl::Status Bind(std::vector<UniqueFd> inherited, const Places& places);
  absl::Status BindStats(const Endpoint& endpoint);
  // Says where it serves, serves until a signal comes, and says what was done.
  absl::Status Run();

 private:
  absl::Status BindAny(const std::vector<Endpoint>& endpoints);
  StatsSample Sample() const {
    return {group_.stats(), group_.connections(),
            BackendName(group_.backend())};
  }

  ServerGroup& group_;
  const std::function<void(absl::string_view)> print_;
  SocketPaths paths_;
  std::vector<Endpoint> bound_;
  std::string stats_at_;
  std::unique_ptr<HttpPages> pages_;
  StatsSample last_;
  std::optional<Ticker> ticker_;
};

absl::Status Program::Bind(std::vector<UniqueFd> inherited,
                           const Places& places) {
  for (UniqueFd& socket : inherited) {
    const absl::StatusOr<Endpoint> endpoint = group_.Adopt(std::move(socket));
    if (!endpoint.ok()) return endpoint.status();
    bound_.push_back(*endpoint);
  }
  for (const std::vector<Endpoint>& endpoints : places) {
    if (absl::Status status = BindAny(endpoints); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// A host may have addresses that this machine cannot serve, such as one of IPv6
// where that is turned off; but not only such.
absl::Status Program::BindAny(const std::vector<Endpoint>& endpoints) {
  absl::Status unavailable;
  const size_t before = bound_.size();
  for (const Endpoint& endpoint : endpoints) {
    const absl::StatusOr<Endpoint> bound = group_.Serve(endpoint);
    if (bound.ok()) {
      paths_.Add(bound->address);
      bound_.push_back(*bound);
    } else if (absl::IsUnavailable(bound.status())) {
      unavailable = bound.status();
    } else {
      return bound.status();
    }
  }
  return bound_.size() > before ? absl::OkStatus() : unavailable;
}

absl::Status Program::BindStats(const Endpoint& endpoint) {
  absl::StatusOr<UniqueFd> listener = BindEndpoint(endpoint);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(listener->get());
  if (!bound.ok()) return bound.status();
  paths_.Add(bound->address);
  stats_at_ = bound->ToString();
  pages_ =
      std::make_unique<HttpPages>(group_.reactor(), *std::move(listener),
                                  [this] { return PrometheusText(Sample()); });
  return pages_->Start();
}

absl::Status Program::Run() {
  for (const Endpoint& endpoint : bound_) {
    print_(absl::StrCat("listening on ", endpoint.ToString(), " (",
                        BackendName(group_.backend()), ")"));
  }
  if (!stats_at_.empty()) print_(absl::StrCat("metrics on ", stats_at_));
  if (const absl::Duration interval = absl::GetFlag(FLAGS_stats).duration;
      interval > absl::ZeroDuration()) {
    last_ = Sample();
    ticker_.emplace(group_.reactor().timers(), interval, [this] {
      const StatsSample before = std::exchange(last_, Sample());
      print_(StatsLine(before, last_));
    });
  }
  absl::Status status = group_.Run();
  print_(Summary(group_.stats()));
  return status;
}

absl::Status Main() {
  absl::StatusOr<std::vector<UniqueFd>> inherited = TakeInheritedSockets();
  if (!inherited.ok()) return inherited.status();
  const bool default_too = Listens().size() == 1 && inherited->empty();
  const absl::StatusOr<Places> places = PlacesFromFlags(default_too);
  if (!places.ok()) return places.status();
  const absl::StatusOr<std::optional<Endpoint>> stats = StatsEndpoint();
  if (!stats.ok()) return stats.status();
  RaiseDescriptorLimit();
  LinePrinter printer;
  ServerLog log([&printer](absl::string_view line) { printer.Print(line); });
  GroupOptions options = OptionsFromFlags();
  if (absl::GetFlag(FLAGS_verbose)) options.server.observer = &log;
  const auto group = ServerGroup::Create(options);
  if (!group.ok()) return group.status();
  StopOnSignal stop_on_signal(**group);
  Program program(**group, printer);
  absl::Status status = program.Bind(*std::move(inherited), *places);
  if (status.ok() && stats->has_value()) status = program.BindStats(**stats);
  return status.ok() ? program.Run() : status;
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Sends back whatever it receives, until SIGINT or SIGTERM.", argc, argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
