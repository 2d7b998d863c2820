// Witness: what select(2) and a Poller say of a descriptor, side by side; and
// the calls that the states are made with.

#ifndef ISOPOLL_DOCS_TUTORIAL_WITNESS_H_
#define ISOPOLL_DOCS_TUTORIAL_WITNESS_H_

#include <sys/select.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/net/options.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace tutorial {

inline void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

inline std::string Outcome(const absl::StatusOr<isopoll::Transfer>& transfer) {
  if (!transfer.ok()) {  // "send on fd 6: Broken pipe"
    const std::string message(transfer.status().message());
    return message.substr(message.rfind(": ") + 2);
  }
  if (transfer->would_block()) return "would block";
  if (transfer->end_of_file()) return "end of file";
  return absl::StrCat(transfer->bytes(), " bytes");
}

inline std::string Receive(int fd) {
  char buffer[100];
  return Outcome(isopoll::Receive(fd, absl::MakeSpan(buffer)));
}

inline std::string Send(int fd, absl::string_view data) {
  return Outcome(isopoll::Send(fd, data));
}

// Sends until a send would block.
inline void Fill(int fd) {
  while (Send(fd, std::string(4096, 'x')) != "would block") continue;
}

// Closes with a reset in place of a FIN.
inline void Reset(isopoll::UniqueFd& fd) {
  isopoll::SocketOptions options;
  options.reset_on_close = true;
  Check(isopoll::SetOptions(fd.get(), options));
  fd.reset();
}

inline isopoll::UniqueFd ListenAnywhere() {
  const auto address = isopoll::SocketAddress::Parse("127.0.0.1:0");
  return isopoll::Listen(address.value()).value();
}

class Witness {
 public:
  explicit Witness(isopoll::Poller& poller) : poller_(poller) {
    absl::PrintF("%-38s %-6s %s\n", "", "select", "poller");
  }

  // What one end sends takes a moment to reach the other.
  void Await(int fd, isopoll::Interest interest) {
    Wait(fd, interest, absl::Seconds(30));
  }

  void Show(absl::string_view state, int fd) {
    absl::PrintF("%-38s %-6s %s\n", state, AskSelect(fd).ToString(),
                 AskPoller(fd).ToString());
  }

  void Print(absl::string_view call, absl::string_view outcome) {
    absl::PrintF("    %s: %s\n", call, outcome);
  }

 private:
  static isopoll::Interest AskSelect(int fd) {
    fd_set sets[3];
    for (fd_set& set : sets) {
      FD_ZERO(&set);
      FD_SET(fd, &set);
    }
    timeval no_time = {};
    select(fd + 1, &sets[0], &sets[1], &sets[2], &no_time);
    isopoll::Interest ready;
    if (FD_ISSET(fd, &sets[0])) ready |= isopoll::kReadable;
    if (FD_ISSET(fd, &sets[1])) ready |= isopoll::kWritable;
    if (FD_ISSET(fd, &sets[2])) ready |= isopoll::kPriority;
    return ready;
  }

  isopoll::Interest AskPoller(int fd) {
    return Wait(fd,
                isopoll::kReadable | isopoll::kWritable | isopoll::kPriority,
                absl::ZeroDuration());
  }

  isopoll::Interest Wait(int fd, isopoll::Interest interest,
                         absl::Duration timeout) {
    isopoll::Event event;
    Check(poller_.Add(fd, interest, /*token=*/0));
    const auto result = poller_.Wait(absl::MakeSpan(&event, 1), timeout);
    Check(result.status());
    Check(poller_.Remove(fd));
    return result->count == 1 ? event.ready() : isopoll::kNone;
  }

  isopoll::Poller& poller_;
};

}  // namespace tutorial

#endif  // ISOPOLL_DOCS_TUTORIAL_WITNESS_H_
