#include "tests/echo/support/running_server.h"

#include <sys/resource.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/socket.h"

namespace isopoll::echo {

RunningServer::RunningServer(Backend backend, ServerOptions options)
    : poller_(backend), transcript_(options.observer) {
  options.observer = &transcript_;
  UniqueFd listener = *Listen(*SocketAddress::Parse("127.0.0.1:0"));
  address_ = *LocalAddress(listener.get());
  server_ = *Server::Create(poller_, std::move(listener), options);
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
  return absl::StrCat("accepted ", stats.accepted, " finished ", stats.finished,
                      " reset ", stats.reset, " failed ", stats.failed,
                      " stopped ", stats.stopped, " received ",
                      stats.bytes_received, " sent ", stats.bytes_sent);
}

void AllowManyDescriptors() {
  rlimit limit;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

}  // namespace isopoll::echo
