#include "tests/echo/support/running_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"

namespace isopoll::echo {

RunningServer::RunningServer(const tests::PollerKind& kind,
                             ServerOptions options, const std::string& endpoint)
    : poller_(kind), transcript_(options.observer) {
  options.observer = &transcript_;
  UniqueFd socket = *BindEndpoint(*Endpoint::Parse(endpoint));
  address_ = *LocalAddress(socket.get());
  server_ = *Server::Create(poller_, options);
  EXPECT_TRUE(server_->Add(std::move(socket)).ok());
}

RunningServer::~RunningServer() {
  if (!thread_.joinable()) return;
  EXPECT_TRUE(Stop().ok()) << status_;
}

void RunningServer::Start() {
  thread_ = std::thread([this] { status_ = server_->Run(); });
}

absl::Status RunningServer::Stop() {
  server_->Stop();
  return Join();
}

absl::Status RunningServer::Join() {
  thread_.join();
  EXPECT_EQ(poller_.size(), 0) << "registrations are left";
  return status_;
}

std::string ToString(const ServerStats& stats) {
  if (stats.datagrams_received > 0) {
    return absl::StrCat("datagrams received ", stats.datagrams_received,
                        " sent ", stats.datagrams_sent, " too long ",
                        stats.datagrams_too_long, " no room ",
                        stats.datagrams_no_room, " unanswerable ",
                        stats.datagrams_unanswerable);
  }
  return absl::StrCat("accepted ", stats.accepted, " finished ", stats.finished,
                      " reset ", stats.reset, " failed ", stats.failed,
                      " stopped ", stats.stopped, " received ",
                      stats.bytes_received, " sent ", stats.bytes_sent);
}

}  // namespace isopoll::echo
