#include "echo/service/log.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace isopoll::echo {
namespace {

// The name of a Unix-domain socket is whatever its owner chose.
std::string NameOf(const SocketAddress& peer) {
  return absl::CHexEscape(peer.ToString());
}

}  // namespace

void ServerLog::OnWaiting() {
  absl::MutexLock lock(&mutex_);
  if (!waiting_) print_("waiting");
  waiting_ = true;
}

void ServerLog::OnConnection(uint64_t connection, const SocketAddress& peer) {
  Print(absl::StrCat("connection ", connection, " from ", NameOf(peer)));
}

void ServerLog::OnReceived(uint64_t connection, absl::string_view data) {
  Print(absl::StrCat("connection ", connection, ": received ",
                     DescribeBytes(data)));
}

void ServerLog::OnClosing(uint64_t connection, Ending ending,
                          const absl::Status& status) {
  std::string line = absl::StrCat("connection ", connection, ": closing (",
                                  StatisticOf(ending).name, ")");
  if (ending == Ending::kFailed) absl::StrAppend(&line, ": ", status.message());
  Print(line);
}

void ServerLog::OnAcceptPaused(const absl::Status& because) {
  Print(absl::StrCat("accepting nobody new for now: ", because.message()));
}

void ServerLog::OnAcceptResumed() { Print("accepting again"); }

void ServerLog::OnRefused(const SocketAddress& peer) {
  Print(absl::StrCat("refused ", NameOf(peer), ": one connection too many"));
}

void ServerLog::OnDatagram(const SocketAddress& peer, absl::string_view data,
                           absl::string_view dropped) {
  Print(absl::StrCat("datagram from ", NameOf(peer), ": received ",
                     DescribeBytes(data),
                     dropped.empty() ? "" : ", dropped: ", dropped));
}

void ServerLog::Print(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  waiting_ = false;
  print_(line);
}

std::string DescribeBytes(absl::string_view data) {
  constexpr size_t kShown = 60;
  return absl::StrCat(data.size(), data.size() == 1 ? " byte" : " bytes", " \"",
                      absl::CHexEscape(data.substr(0, kShown)), "\"",
                      data.size() > kShown ? "..." : "");
}

}  // namespace isopoll::echo
