// An echo server (RFC 862) on the backend of your choice.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
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
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "echo/command_line.h"
#include "echo/descriptor_limit.h"
#include "echo/service/http_page.h"
#include "echo/service/log.h"
#include "echo/service/server_group.h"
#include "echo/service/stats.h"
#include "echo/signals.h"
#include "net/endpoint.h"
#include "net/inherited.h"
#include "poller/backend.h"

namespace {

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
ABSL_FLAG(uint64_t, buffer_bytes, isopoll::echo::ServerOptions().buffer_bytes,
          "the most that is pending for one connection before it is not read "
          "from, and the most that is read from it in one turn");
ABSL_FLAG(uint64_t, max_connections,
          isopoll::echo::ServerOptions().max_connections,
          "how many connections there may be before another is closed at once; "
          "0 is no limit");
ABSL_FLAG(absl::Duration, idle_timeout,
          isopoll::echo::ServerOptions().idle_timeout,
          "how long a connection may make no progress before it is closed");
ABSL_FLAG(absl::Duration, drain_timeout, absl::Seconds(5),
          "how long to go on sending what is pending after SIGTERM or SIGINT");
ABSL_FLAG(absl::Duration, stats, absl::ZeroDuration(),
          "print a line of statistics so often, as in 10s; 0: never");
ABSL_FLAG(std::string, stats_listen, "",
          "where to serve /metrics for Prometheus over HTTP, as in "
          "127.0.0.1:9107");
ABSL_FLAG(bool, verbose, false, "print each thing that happens");

namespace isopoll::echo {
namespace {

void Print(absl::string_view line) {
  std::cout << absl::StrCat(line, "\n") << std::flush;
}

GroupOptions OptionsFromFlags(ServerLog& log) {
  GroupOptions options;
  options.threads = absl::GetFlag(FLAGS_threads);
  options.backend = absl::GetFlag(FLAGS_backend);
  options.share_ports = absl::GetFlag(FLAGS_share_ports);
  ServerOptions& server = options.server;
  server.buffer_bytes = absl::GetFlag(FLAGS_buffer_bytes);
  server.max_connections = absl::GetFlag(FLAGS_max_connections);
  server.idle_timeout = absl::GetFlag(FLAGS_idle_timeout);
  server.drain_timeout = absl::GetFlag(FLAGS_drain_timeout);
  if (absl::GetFlag(FLAGS_verbose)) server.observer = &log;
  return options;
}

// The paths that are ours to remove in the end. What another server has put
// there meanwhile, while we closed down, is not.
class Paths {
 public:
  ~Paths() {
    for (const Path& path : paths_) {
      const std::optional<struct stat> now = Look(path.name);
      if (now.has_value() && now->st_dev == path.socket.st_dev &&
          now->st_ino == path.socket.st_ino) {
        ::unlink(path.name.c_str());
      }
    }
  }
  void Add(const Endpoint& endpoint) {
    const std::string text = endpoint.address.ToString();
    absl::string_view path = text;
    if (!absl::ConsumePrefix(&path, "unix:") || path.substr(0, 1) == "@") {
      return;
    }
    const std::optional<struct stat> socket = Look(std::string(path));
    if (socket.has_value()) paths_.push_back({std::string(path), *socket});
  }

 private:
  struct Path {
    std::string name;
    struct stat socket;
  };

  static std::optional<struct stat> Look(const std::string& path) {
    struct stat file;
    if (::lstat(path.c_str(), &file) != 0) return std::nullopt;
    return file;
  }

  std::vector<Path> paths_;
};

void Announce(const ServerGroup& group, const Endpoint& endpoint) {
  Print(absl::StrCat("listening on ", endpoint.ToString(), " (",
                     BackendName(group.backend()), ")"));
}

absl::Status ServeEverywhere(std::vector<UniqueFd> inherited,
                             ServerGroup& group, Paths& paths) {
  std::vector<std::string> listens = Listens();
  if (listens.size() > 1 || !inherited.empty()) {
    listens.erase(listens.begin());  // the default
  }
  for (UniqueFd& socket : inherited) {
    const absl::StatusOr<Endpoint> endpoint = group.Adopt(std::move(socket));
    if (!endpoint.ok()) return endpoint.status();
    Announce(group, *endpoint);
  }
  for (const std::string& listen : listens) {
    absl::StatusOr<Endpoint> endpoint = Endpoint::Parse(listen);
    if (endpoint.ok()) endpoint = group.Serve(*endpoint);
    if (!endpoint.ok()) return endpoint.status();
    paths.Add(*endpoint);
    Announce(group, *endpoint);
  }
  return absl::OkStatus();
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

absl::StatusOr<std::unique_ptr<HttpPages>> ServeStats(const Endpoint& endpoint,
                                                      ServerGroup& group,
                                                      Paths& paths,
                                                      const TakeSample& take) {
  absl::StatusOr<UniqueFd> listener = BindEndpoint(endpoint);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(listener->get());
  if (!bound.ok()) return bound.status();
  paths.Add(*bound);
  auto pages =
      std::make_unique<HttpPages>(group.reactor(), *std::move(listener),
                                  [take] { return PrometheusText(take()); });
  if (absl::Status status = pages->Start(); !status.ok()) return status;
  Print(absl::StrCat("metrics on ", bound->ToString()));
  return pages;
}

// Serves until a signal comes, and says what was done.
absl::Status ServeUntilStopped(ServerGroup& group,
                               std::vector<UniqueFd> inherited,
                               const std::optional<Endpoint>& stats_endpoint) {
  const TakeSample take = [&group] {
    return StatsSample{group.stats(), group.connections(),
                       BackendName(group.backend())};
  };
  Paths paths;
  absl::Status status = ServeEverywhere(std::move(inherited), group, paths);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<HttpPages>> pages = nullptr;
  if (stats_endpoint.has_value()) {
    pages = ServeStats(*stats_endpoint, group, paths, take);
    if (!pages.ok()) return pages.status();
  }
  std::optional<StatsPrinter> printer;
  if (const absl::Duration interval = absl::GetFlag(FLAGS_stats);
      interval > absl::ZeroDuration()) {
    printer.emplace(group.reactor(), interval, take, Print);
  }
  status = group.Run();
  Print(Summary(group.stats()));
  return status;
}

absl::Status Main() {
  absl::StatusOr<std::vector<UniqueFd>> inherited = TakeInheritedSockets();
  if (!inherited.ok()) return inherited.status();
  const absl::StatusOr<std::optional<Endpoint>> stats = StatsEndpoint();
  if (!stats.ok()) return stats.status();
  RaiseDescriptorLimit();
  ServerLog log(Print);
  const absl::StatusOr<std::unique_ptr<ServerGroup>> group =
      ServerGroup::Create(OptionsFromFlags(log));
  if (!group.ok()) return group.status();
  StopOnSignal stop_on_signal(**group);
  return ServeUntilStopped(**group, *std::move(inherited), *stats);
}

}  // namespace
}  // namespace isopoll::echo

int main(int argc, char** argv) {
  isopoll::echo::ParseFlags(
      "Sends back whatever it receives, until SIGINT or SIGTERM.", argc, argv);
  const absl::Status status = isopoll::echo::Main();
  return status.ok() ? 0 : isopoll::echo::Fail(status);
}
