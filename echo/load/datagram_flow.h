// DatagramFlow: a flow over UDP or Unix-domain datagrams.

#ifndef ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
#define ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_

#include <cstdint>
#include <deque>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/flow.h"

namespace isopoll::echo {

// Datagrams may be lost, doubled, or arrive in another order: each is known by
// what is in it.
class DatagramFlow : public Flow {
 public:
  using Flow::Flow;

  void Connect() override;

 private:
  struct Request {
    uint64_t position;  // in the flow's stream of the pattern
    absl::Duration start;
    absl::Duration sent_at;
  };

  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;
  void Advance() override;

  void ReceiveSome();
  void Match(absl::string_view data);
  bool IsLate(absl::string_view data);
  void GiveUpLost(absl::Duration now);
  // Sends the request in line, if any. False: there is no room now, or it
  // failed.
  bool SendNext(absl::Duration now);
  absl::string_view DataOf(const Request& request) const;

  uint64_t position_ = 0;
  bool blocked_ = false;
  std::deque<Request> in_line_;  // started, not sent; one at most
  std::deque<Request> sent_;     // on their way, the oldest first
  std::deque<Request> lost_;     // of late
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
