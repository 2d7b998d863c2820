#include "docs/cookbook/program.h"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with");

namespace cookbook {
namespace {

template <typename T>
T ValueOrExit(absl::StatusOr<T> value) {
  if (!value.ok()) std::exit(ExitCode(value.status()));
  return std::move(*value);
}

}  // namespace

std::unique_ptr<isopoll::Poller> MakePoller() {
  isopoll::PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  return ValueOrExit(isopoll::Poller::Create(options));
}

isopoll::UniqueFd ListenAnywhere() {
  const auto anywhere = isopoll::SocketAddress::Parse("127.0.0.1:0");
  auto listener = ValueOrExit(isopoll::Listen(ValueOrExit(anywhere)));
  std::cout << ValueOrExit(isopoll::LocalAddress(listener.get())) << std::endl;
  return listener;
}

absl::StatusOr<isopoll::UniqueFd> Accept(int listener) {
  auto accepted = isopoll::Accept(listener);
  if (!accepted.ok()) return accepted.status();
  if (!accepted->has_value()) return isopoll::UniqueFd();
  return std::move((*accepted)->fd);
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}

}  // namespace cookbook
