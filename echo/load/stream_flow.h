// StreamFlow: a flow over TCP or a Unix-domain stream.

#ifndef ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_
#define ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_

#include <cstdint>
#include <deque>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/flow.h"

namespace isopoll::echo {

class StreamFlow : public Flow {
 public:
  using Flow::Flow;

  void Connect() override;

 private:
  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;
  void Advance() override;

  void TryConnect();
  void OnConnectEnded();
  void ReceiveSome();
  void Check(absl::string_view data);
  void OnEndOfFile();
  bool SendSome();

  // What was asked for, what of it has gone, and what has come back.
  uint64_t asked_ = 0;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  uint64_t answered_ = 0;
  std::deque<absl::Duration> starts_;  // of the requests not yet answered
  bool finished_ = false;              // and has said so
  absl::Duration progress_at_;         // when something came last
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_
