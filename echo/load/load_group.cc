#include "echo/load/load_group.h"

#include <algorithm>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "echo/loop/threads.h"

namespace isopoll::echo {

absl::StatusOr<std::unique_ptr<LoadGroup>> LoadGroup::Create(
    int threads, Backend backend, const std::vector<Endpoint>& servers,
    const LoadOptions& options, Source& source) {
  if (threads < 1 || threads > options.connections) {
    return absl::InvalidArgumentError(
        absl::StrCat(threads, " threads for ", options.connections,
                     " connections; expected 1 to one for each"));
  }
  std::unique_ptr<LoadGroup> group = absl::WrapUnique(new LoadGroup());
  PollerOptions poller_options;
  poller_options.backend = backend;
  for (int i = 0; i < threads; ++i) {
    absl::StatusOr<std::unique_ptr<Poller>> poller =
        Poller::Create(poller_options);
    if (!poller.ok()) return poller.status();
    auto run = std::make_unique<LoadRun>(**poller, servers, options, source,
                                         LoadShare{i, threads});
    group->members_.push_back({*std::move(poller), std::move(run)});
  }
  return group;
}

void LoadGroup::ShowProgress(absl::Duration interval,
                             std::function<void(const LoadProgress&)> show) {
  {
    absl::MutexLock lock(&mutex_);
    progress_.resize(members_.size());
  }
  for (size_t i = 0; i < members_.size(); ++i) {
    LoadRun& run = *members_[i].run;
    run.ShowProgress(interval, [this, i, &run, show] {
      {
        absl::MutexLock lock(&mutex_);
        progress_[i] = {run.report(), run.open(), run.elapsed()};
      }
      if (i == 0) show(Sum());
    });
  }
}

LoadProgress LoadGroup::Sum() {
  absl::MutexLock lock(&mutex_);
  LoadProgress sum;
  for (const LoadProgress& each : progress_) {
    sum.report.Merge(each.report);
    sum.open += each.open;
    sum.elapsed = std::max(sum.elapsed, each.elapsed);
  }
  return sum;
}

absl::Status LoadGroup::Run() {
  return RunInThreads(
      members_.size(), [this](size_t i) { return members_[i].run->Run(); },
      *this);
}

void LoadGroup::Stop() {
  for (const Member& member : members_) member.run->Stop();
}

LoadReport LoadGroup::report() const {
  LoadReport report;
  for (const Member& member : members_) report.Merge(member.run->report());
  return report;
}

}  // namespace isopoll::echo
