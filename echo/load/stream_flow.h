// StreamFlow: a flow over TCP or a Unix-domain stream.

#ifndef ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_
#define ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/flow.h"

namespace isopoll::echo {

// When everything is back, it closes its side and waits for the server to do
// the same; not before, for some servers then close at once.
class StreamFlow : public Flow {
 public:
  using Flow::Flow;

  void Connect() override;

 private:
  bool SendSome(absl::Duration now) override;
  void ReceiveSome() override;
  void OnAllIsBack() override;
  absl::Duration PatienceEnd() const override;
  void OnImpatient(absl::Duration now) override;

  void Check(absl::string_view data);
  void CountAnswers(absl::Duration now);
  void OnEndOfFile();

  // What of the bytes asked has gone, and what has come back.
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  absl::Duration progress_at_ = SteadyNow();  // when something came last
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_STREAM_FLOW_H_
