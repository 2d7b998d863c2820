// DatagramFlow: a flow over UDP or Unix-domain datagrams.

#ifndef ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
#define ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_

#include <deque>
#include <optional>

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
  void Advance() override;

 private:
  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;

  void ReceiveSome();
  void Match(absl::string_view data);
  // Takes the request that says `data` out of `requests`.
  std::optional<Request> Take(absl::string_view data,
                              std::deque<Request>& requests);
  void GiveUpLost(absl::Duration now);
  // Sends the request in line, if any. False: there is no room now, or it
  // failed.
  bool SendNext(absl::Duration now);
  void ForgetOld();

  bool blocked_ = false;
  std::optional<Request> in_line_;  // started, not sent
  std::deque<Request> lost_;        // of late
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
