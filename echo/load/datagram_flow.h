// DatagramFlow: a flow over UDP or Unix-domain datagrams.

#ifndef ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
#define ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_

#include <cstddef>
#include <deque>

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
  bool SendSome(absl::Duration now) override;
  void ReceiveSome() override;
  void OnAllIsBack() override;
  absl::Duration PatienceEnd() const override;
  void OnImpatient(absl::Duration now) override;

  void Match(absl::string_view data);
  void ForgetOld();

  size_t unsent_ = 0;         // how many of the outstanding, the last ones
  std::deque<Request> lost_;  // of late
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_DATAGRAM_FLOW_H_
