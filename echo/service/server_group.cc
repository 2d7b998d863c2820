#include "echo/service/server_group.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/threads.h"

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
  if (!share) return Adopt(*std::move(first));
  absl::StatusOr<Endpoint> bound = Endpoint::OfSocket(first->get());
  absl::Status status = bound.status();
  if (status.ok()) status = members_[0].server->Add(*std::move(first));
  for (size_t i = 1; status.ok() && i < members_.size(); ++i) {
    absl::StatusOr<UniqueFd> socket = BindEndpoint(*bound, use);
    status = socket.status();
    if (status.ok()) status = members_[i].server->Add(*std::move(socket));
  }
  return status.ok() ? bound : status;
}

absl::StatusOr<Endpoint> ServerGroup::Adopt(UniqueFd socket) {
  absl::StatusOr<Endpoint> endpoint = Endpoint::OfSocket(socket.get());
  if (!endpoint.ok()) return endpoint;
  if (endpoint->is_stream() && !IsListening(socket.get())) {
    return absl::InvalidArgumentError(
        absl::StrCat("fd ", socket.get(),
                     " does not listen: a connection cannot be taken "
                     "over (for systemd: Accept=no)"));
  }
  std::vector<Server*> others;
  for (size_t i = 1; i < members_.size(); ++i) {
    others.push_back(members_[i].server.get());
  }
  absl::Status status =
      members_[0].server->Add(std::move(socket), std::move(others));
  return status.ok() ? endpoint : status;
}

absl::Status ServerGroup::Run() {
  return RunInThreads(
      members_.size(), [this](size_t i) { return members_[i].server->Run(); },
      *this);
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
