#include "echo/load/load_group.h"

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

void LoadGroup::ShowProgress(
    absl::Duration interval,
    const std::function<void(const LoadReport&)>& show) {
  for (size_t i = 0; i < members_.size(); ++i) {
    members_[i].run->ShowProgress(interval, [this, i, show] {
      LoadReport sum;
      {
        absl::MutexLock lock(&mutex_);
        so_far_.resize(members_.size());
        so_far_[i] = members_[i].run->report();
        for (const LoadReport& each : so_far_) sum.Merge(each);
      }
      if (i == 0) show(sum);
    });
  }
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
