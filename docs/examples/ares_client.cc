#include "docs/examples/ares_client.h"

#include <ares.h>
#include <netdb.h>
#include <sys/time.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {
namespace {

std::vector<std::string> ToText(const ares_addrinfo& result) {
  std::vector<std::string> addresses;
  for (auto* node = result.nodes; node != nullptr; node = node->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(node->ai_addr, node->ai_addrlen, text, sizeof(text),
                    nullptr, 0, NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text);
    }
  }
  return addresses;
}

}  // namespace

AresClient::AresClient(Poller& poller, const std::string& servers,
                       absl::Duration timeout, int tries)
    : Client(poller) {
  ares_options options = {};
  options.sock_state_cb = &OnSocket;
  options.sock_state_cb_data = this;
  options.timeout = static_cast<int>(absl::ToInt64Milliseconds(timeout));
  options.tries = tries;
  init_status_ = ares_init_options(
      &channel_, &options,
      ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  if (init_status_ != ARES_SUCCESS || servers.empty()) return;
  init_status_ = ares_set_servers_ports_csv(channel_, servers.c_str());
}

AresClient::~AresClient() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

void AresClient::Resolve(const std::string& name, Answer answer) {
  ares_addrinfo_hints hints = {};
  hints.ai_family = AF_UNSPEC;
  // To sort would connect sockets to the addresses, unseen by us.
  hints.ai_flags = ARES_AI_NOSORT;
  ++questions_;
  ares_getaddrinfo(channel_, name.c_str(), /*service=*/nullptr, &hints,
                   &OnAnswer, new Question{*this, std::move(answer)});
  UpdateDeadline();
}

// A socket with an error is readable and writable: c-ares finds the error by
// itself. It takes no notice of a number that is no longer one of its sockets.
void AresClient::OnReady(int fd, Interest ready) {
  ares_process_fd(channel_, ready.readable() ? fd : ARES_SOCKET_BAD,
                  ready.writable() ? fd : ARES_SOCKET_BAD);
  UpdateDeadline();
}

void AresClient::OnDeadline() {
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  UpdateDeadline();
}

// c-ares says that it wants neither just before it closes a socket.
void AresClient::OnSocket(void* self, ares_socket_t fd, int readable,
                          int writable) {
  static_cast<AresClient*>(self)->Watch(
      fd, (readable ? kReadable : kNone) | (writable ? kWritable : kNone));
}

void AresClient::OnAnswer(void* question, int status, int /*timeouts*/,
                          ares_addrinfo* result) {
  const std::unique_ptr<Question> mine(static_cast<Question*>(question));
  --mine->client.questions_;
  std::vector<std::string> addresses;
  if (result != nullptr) {
    addresses = ToText(*result);
    ares_freeaddrinfo(result);
  }
  mine->answer(status, std::move(addresses));
}

// There is no callback for time: every call into c-ares may have moved it.
void AresClient::UpdateDeadline() {
  timeval left;
  if (ares_timeout(channel_, nullptr, &left) == nullptr) {
    ClearDeadline();
    return;
  }
  // c-ares 1.18 leaves out a part of a millisecond, and would find nothing due.
  SetDeadline(Clock::now() + std::chrono::seconds(left.tv_sec) +
              std::chrono::microseconds(left.tv_usec) +
              std::chrono::milliseconds(1));
}

}  // namespace isopoll::examples
