#include "tests/poller/scripted_select.h"

#include <ctime>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "isopoll/backend.h"
#include "isopoll/poller.h"
#include "poller/core/poller_on.h"
#include "poller/select/select_calls.h"
#include "poller/select/select_set.h"
#include "poller/system/select_call.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {

SelectScript* select_script = nullptr;

namespace {

using internal::FdSets;
using internal::PollerOn;
using internal::SelectCalls;
using internal::SelectSet;
using internal::WakeupFd;

struct ScriptedCalls : SelectCalls {
  static int Select(FdSets* sets, const timespec* timeout) {
    select_script->asked.push_back(
        {timeout == nullptr ? absl::InfiniteDuration()
                            : absl::DurationFromTimespec(*timeout),
         sets->end(), !sets->write.empty(), !sets->except.empty()});
    if (select_script->meanwhile) {
      std::exchange(select_script->meanwhile, nullptr)();
    }
    if (select_script->answers.empty()) {
      return SelectCalls::Select(sets, timeout);
    }
    const auto answer = std::move(select_script->answers.front());
    select_script->answers.pop_front();
    return answer();
  }
};

}  // namespace

std::unique_ptr<Poller> NewScriptedSelectPoller() {
  WakeupFd wakeup = *WakeupFd::Create();
  select_script->wakeup = wakeup.fd();
  return std::make_unique<PollerOn<SelectSet<ScriptedCalls>>>(
      Backend::kSelect, PollerOptions(), std::move(wakeup));
}

}  // namespace isopoll
