// LoadGroup: a load from as many threads as wanted.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_GROUP_H_
#define ISOPOLL_ECHO_LOAD_LOAD_GROUP_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "echo/load/load_options.h"
#include "echo/load/load_run.h"
#include "echo/load/source.h"
#include "echo/loop/stoppable.h"
#include "isopoll/backend.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/poller.h"

namespace isopoll::echo {

// A LoadRun with a Poller of its own in each thread; each starts its requests
// when its own connections are open.
class LoadGroup : public Stoppable {
 public:
  // `source` must outlive the group, and bear several threads if there are
  // such: Texts and Pattern do. InvalidArgument: the number of threads makes no
  // sense.
  static absl::StatusOr<std::unique_ptr<LoadGroup>> Create(
      int threads, Backend backend, const std::vector<Endpoint>& servers,
      const LoadOptions& options, Source& source);

  // Calls `show` every `interval` from within Run, in its thread.
  void ShowProgress(absl::Duration interval,
                    const std::function<void(const LoadReport&)>& show);

  // To be called once, by one of the threads. The first error of any ends all.
  absl::Status Run();
  void Stop() override;

  LoadRun& first() { return *members_[0].run; }
  // Of all, after Run.
  LoadReport report() const;

 private:
  struct Member {
    std::unique_ptr<Poller> poller;
    std::unique_ptr<LoadRun> run;
  };

  LoadGroup() = default;

  std::vector<Member> members_;
  absl::Mutex mutex_;
  std::vector<LoadReport> so_far_ ABSL_GUARDED_BY(mutex_);  // of each
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_GROUP_H_
