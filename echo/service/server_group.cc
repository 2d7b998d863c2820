#include "echo/service/server_group.h"

#include <functional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

constexpr int kMostThreads = 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<ServerGroup>> ServerGroup::Create(
    const GroupOptions& options) {
  if (options.threads < 1 || options.threads > kMostThreads) {
    return absl::InvalidArgumentError(
        absl::StrCat("a server needs 1 to ", kMostThreads, " threads, not ",
                     options.threads));
  }
  std::unique_ptr<ServerGroup> group =
      absl::WrapUnique(new ServerGroup(options));
  for (int i = 0; i < options.threads; ++i) {
    if (absl::Status status = group->AddMember(); !status.ok()) return status;
  }
  return group;
}

absl::Status ServerGroup::AddMember() {
  PollerOptions poller_options;
  poller_options.backend = options_.backend;
  absl::StatusOr<std::unique_ptr<Poller>> poller =
      Poller::Create(poller_options);
  if (!poller.ok()) return poller.status();
  ServerOptions server_options = options_.server;
  server_options.shared = &state_;
  absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(**poller, server_options);
  if (!server.ok()) return server.status();
  members_.push_back({*std::move(poller), *std::move(server)});
  return absl::OkStatus();
}

absl::StatusOr<Endpoint> ServerGroup::Serve(const Endpoint& endpoint) {
  const bool is_ip = endpoint.transport == Transport::kTcp ||
                     endpoint.transport == Transport::kUdp;
  const bool share = is_ip && options_.share_ports && members_.size() > 1;
  const PortUse use = share ? PortUse::kShared : PortUse::kAlone;
  absl::StatusOr<UniqueFd> first = BindEndpoint(endpoint, use);
  if (!first.ok()) return first.status();
  absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(first->get());
  if (!bound.ok()) return bound;
  Add(*bound, *std::move(first), *members_[0].server, /*dealt=*/!share);
  for (size_t i = 1; share && i < members_.size(); ++i) {
    absl::StatusOr<UniqueFd> socket = BindEndpoint(*bound, use);
    if (!socket.ok()) return socket.status();
    Add(*bound, *std::move(socket), *members_[i].server, /*dealt=*/false);
  }
  return bound;
}

absl::StatusOr<Endpoint> ServerGroup::Adopt(UniqueFd socket) {
  const absl::StatusOr<Endpoint> endpoint = Endpoint::OfSocket(socket.get());
  if (!endpoint.ok()) return endpoint;
  if (endpoint->is_stream() && !IsListening(socket.get())) {
    return absl::InvalidArgumentError(
        absl::StrCat("fd ", socket.get(),
                     " does not listen: a connection cannot be taken "
                     "over (for systemd: Accept=no)"));
  }
  Add(*endpoint, std::move(socket), *members_[0].server, /*dealt=*/true);
  return endpoint;
}

void ServerGroup::Add(const Endpoint& endpoint, UniqueFd socket, Server& server,
                      bool dealt) {
  if (!endpoint.is_stream()) {
    server.AddDatagramSocket(std::move(socket));
    return;
  }
  std::vector<Server*> others;
  for (size_t i = 1; dealt && i < members_.size(); ++i) {
    others.push_back(members_[i].server.get());
  }
  server.AddListener(std::move(socket), std::move(others));
}

absl::Status ServerGroup::StartThreads(const std::function<void(size_t)>& run,
                                       std::vector<std::thread>& threads) {
  try {
    for (size_t i = 1; i < members_.size(); ++i) threads.emplace_back(run, i);
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no thread ", threads.size() + 2, " of ", members_.size(),
                     ": ", error.code().message(), "; ask for fewer"));
  }
  return absl::OkStatus();
}

absl::Status ServerGroup::Run() {
  std::vector<absl::Status> results(members_.size());
  const auto run = [this, &results](size_t i) {
    results[i] = members_[i].server->Run();
    if (!results[i].ok()) Stop();
  };
  std::vector<std::thread> threads;
  absl::Status status = StartThreads(run, threads);
  if (!status.ok()) Stop();
  run(0);
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) status.Update(result);
  return status;
}

void ServerGroup::Stop() {
  for (const Member& member : members_) member.server->Stop();
}

ServerStats ServerGroup::stats() const {
  ServerStats stats;
  for (const Member& member : members_) Merge(member.server->stats(), stats);
  return stats;
}

}  // namespace isopoll::echo
