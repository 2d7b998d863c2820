// LoadRun: puts a load on an echo server and measures.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_RUN_H_
#define ISOPOLL_ECHO_LOAD_LOAD_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "echo/load/flow.h"
#include "echo/load/load_options.h"
#include "echo/load/pacer.h"
#include "echo/load/pattern.h"
#include "echo/loop/reactor.h"
#include "echo/loop/stoppable.h"
#include "net/endpoint.h"
#include "poller/poller.h"

namespace isopoll::echo {

// Opens all connections first, a few hundred at a time, and then starts the
// requests on all of them at once. One thread.
class LoadRun : public Stoppable, private Flow::Owner {
 public:
  // `options` must have passed CheckLoad; `poller` must outlive this object
  // and is its own meanwhile.
  LoadRun(Poller& poller, const Endpoint& server, const LoadOptions& options);
  ~LoadRun() override;

  // Calls `progress` every `interval` from within Run.
  void ShowProgress(absl::Duration interval, std::function<void()> progress);

  // To be called once. What goes wrong with a connection is in the report; an
  // error is one of the Poller.
  absl::Status Run();

  // Ends the load early; the report is of what was until then.
  void Stop() override;

  const LoadReport& report() const { return report_; }
  uint64_t open() const { return open_; }
  // Since the first request; zero before.
  absl::Duration elapsed() const;

 private:
  enum class Phase { kConnecting, kRunning, kFinishing };
  class Ticker;

  void OnConnected(Flow& flow) override;
  void OnOver(Flow& flow, const absl::Status& status, LoadError error) override;

  absl::Status Turn();
  void OpenMore();
  void Open(size_t slot);
  void Reopen();
  void Begin();
  void Finish();
  void GiveUp();
  uint64_t RequestsOfEach() const;

  Reactor reactor_;
  const Endpoint server_;
  const LoadOptions options_;
  const Pattern pattern_;
  const std::unique_ptr<char[]> scratch_;
  LoadReport report_;
  const Flow::Shared shared_;
  std::vector<Pacer> pacers_;
  std::vector<std::unique_ptr<Flow>> flows_;  // by slot; null once over
  struct Ended {
    size_t slot;
    bool well;
  };
  std::vector<Ended> ended_;  // flows that are over, to be cleared
  std::unique_ptr<Ticker> ticker_;
  Phase phase_ = Phase::kConnecting;
  uint64_t next_number_ = 0;
  uint64_t connecting_ = 0;
  uint64_t open_ = 0;  // connecting ones too
  absl::Duration begun_at_;
  absl::Duration last_answer_at_;
  absl::Duration give_up_at_;
  std::atomic<bool> stopping_{false};
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_RUN_H_
