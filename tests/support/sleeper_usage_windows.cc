#include "tests/support/sleeper.h"
#include "tests/support/thread_handle.h"

namespace isopoll::tests {

ThreadUsage Sleeper::usage() {
  const ThreadHandle thread(call_.thread_id(),
                            THREAD_QUERY_LIMITED_INFORMATION);
  return UsageOf(thread.get());
}

}  // namespace isopoll::tests
