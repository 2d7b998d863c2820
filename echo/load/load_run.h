// LoadRun: puts a load on an echo server and measures, in one thread.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_RUN_H_
#define ISOPOLL_ECHO_LOAD_LOAD_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "echo/load/flow.h"
#include "echo/load/load_options.h"
#include "echo/load/pacer.h"
#include "echo/load/source.h"
#include "echo/loop/reactor.h"
#include "echo/loop/stoppable.h"
#include "echo/loop/timers.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/poller.h"

namespace isopoll::echo {

// Of `count` runs that make one load together, the one with this index: it has
// each count-th of the connections.
struct LoadShare {
  int index = 0;
  int count = 1;
};

// Opens all connections first, a few hundred at a time, and then starts the
// requests on all of them at once.
class LoadRun : public Stoppable, private Flow::Owner {
 public:
  // `servers` are the addresses of one server, of which the first that can be
  // connected to is taken; there is at least one. `options` must make sense,
  // see CheckLoad. `poller`, which is its own meanwhile, and `source` must
  // outlive this object.
  LoadRun(Poller& poller, std::vector<Endpoint> servers,
          const LoadOptions& options, Source& source, LoadShare share = {});

  // Calls `progress` every `interval` from within Run.
  void ShowProgress(absl::Duration interval,
                    const std::function<void()>& progress);

  // To be called once. What goes wrong with a connection is in the report; an
  // error is one of the Poller.
  absl::Status Run();

  // Ends the load early; the report is of what was until then. The first time
  // what is under way has another second.
  void Stop() override;

  // Looks for new requests of the source. From within Run.
  void Advance() { ForEach(&Flow::Advance); }

  Reactor& reactor() { return reactor_; }
  const LoadReport& report() const { return report_; }

 private:
  enum class Phase { kConnecting, kRunning, kFinishing };

  // The place of a connection, and of those that follow it.
  struct Slot {
    std::unique_ptr<Flow> flow;  // null while there is none
    Pacer pacer;
    absl::Duration backoff;  // zero unless the last one broke
  };

  void OnConnected(Flow& flow) override;
  void OnOver(Flow& flow, const absl::Status& status, LoadError error) override;
  bool TriesNextAddress(const Flow& flow, LoadError error);

  absl::Status Turn();
  absl::Duration NextOpening() const;
  void OpenDue(absl::Duration now);
  void Open(size_t slot);
  void Begin();
  void Finish(absl::Duration patience);
  void Conclude();
  void ForEach(void (Flow::*call)());
  uint64_t RequestsDue() const;
  std::optional<uint64_t> RequestsOfEach() const;
  // A number of one of the runs that make the load, as one of the whole's.
  uint64_t Global(uint64_t number) const {
    return share_.index + number * share_.count;
  }

  Reactor reactor_;
  const std::vector<Endpoint> servers_;
  size_t server_ = 0;  // which is taken
  const LoadOptions options_;
  const LoadShare share_;
  const std::unique_ptr<char[]> scratch_;
  LoadReport report_;
  const Flow::Shared shared_;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<Flow>> over_;  // may be in a method of theirs
  std::multimap<absl::Duration, size_t> reopen_;  // slots, by when
  std::optional<Ticker> ticker_;
  Phase phase_ = Phase::kConnecting;
  size_t next_slot_ = 0;  // to be opened in the beginning
  uint64_t next_number_ = 0;
  uint64_t connecting_ = 0;
  absl::Duration created_at_;
  absl::Duration begun_at_;
  absl::Duration last_answer_at_;
  absl::Duration finish_at_;  // since when no request is started
  absl::Duration end_at_;     // of the phase, unless it is the first
  std::atomic<int> stops_{0};
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_RUN_H_
