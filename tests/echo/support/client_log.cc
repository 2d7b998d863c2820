#include "tests/echo/support/client_log.h"

#include "absl/strings/str_cat.h"

namespace isopoll::echo {

void ClientLog::OnConnected(int connection, const SocketAddress& local) {
  Print(connection, absl::StrCat("connected from ", local.ToString()));
}

void ClientLog::OnSending(int connection, absl::string_view message) {
  Print(connection, absl::StrCat("sends ", DescribeBytes(message)));
}

void ClientLog::OnEchoed(int connection, absl::string_view data) {
  Print(connection, absl::StrCat("received ", DescribeBytes(data)));
}

void ClientLog::OnFinished(int connection) { Print(connection, "finished"); }

void ClientLog::Print(int connection, absl::string_view text) {
  print_(absl::StrCat("client ", connection, " ", text));
}

}  // namespace isopoll::echo
