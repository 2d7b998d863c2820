// The select backend on a kernel that follows a script, or is looked at.

#ifndef ISOPOLL_TESTS_POLLER_SCRIPTED_SELECT_H_
#define ISOPOLL_TESTS_POLLER_SCRIPTED_SELECT_H_

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "isopoll/poller.h"

namespace isopoll {

struct SelectScript {
  // What the next calls answer in place of the kernel.
  std::deque<std::function<int()>> answers;
  // What another thread does before the kernel looks.
  std::function<void()> meanwhile;

  // What all were asked for.
  struct Asked {
    absl::Duration timeout;  // infinite for null
    int end;
    bool write, except;  // whether these sets are not empty
  };
  std::vector<Asked> asked;
  int wakeup = -1;  // the wake-up's descriptor
};

// That of the test that runs.
extern SelectScript* select_script;

std::unique_ptr<Poller> NewScriptedSelectPoller();

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_POLLER_SCRIPTED_SELECT_H_
