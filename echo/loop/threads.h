// RunInThreads: one piece of work for each thread, and one end for all.

#ifndef ISOPOLL_ECHO_LOOP_THREADS_H_
#define ISOPOLL_ECHO_LOOP_THREADS_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "echo/loop/stoppable.h"

namespace isopoll::echo {

// Calls run(0) in this thread, and run(1) to run(count - 1) in one of its own
// each. Returns when all have, with the first error of any; on an error, or for
// lack of threads (ResourceExhausted), `all` is stopped.
absl::Status RunInThreads(size_t count,
                          const std::function<absl::Status(size_t)>& run,
                          Stoppable& all);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_THREADS_H_
