// ClientLog: a readable line for each thing that a client does.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_LOG_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_LOG_H_

#include <utility>

#include "absl/strings/string_view.h"
#include "echo/service/log.h"
#include "isopoll/net/socket_address.h"
#include "tests/echo/support/client_observer.h"

namespace isopoll::echo {

// Lines such as `client 1 sends 11 bytes "hello world"`.
class ClientLog : public ClientObserver {
 public:
  explicit ClientLog(PrintLine print) : print_(std::move(print)) {}

  void OnConnected(int connection, const SocketAddress& local) override;
  void OnSending(int connection, absl::string_view message) override;
  void OnEchoed(int connection, absl::string_view data) override;
  void OnFinished(int connection) override;

 private:
  void Print(int connection, absl::string_view text);

  PrintLine print_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_LOG_H_
