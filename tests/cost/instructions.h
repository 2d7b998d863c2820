// How many instructions a piece of code takes. Linux.

#ifndef ISOPOLL_TESTS_COST_INSTRUCTIONS_H_
#define ISOPOLL_TESTS_COST_INSTRUCTIONS_H_

#include <cstdint>
#include <functional>

namespace isopoll::tests {

// Calls `prepare` and then `operation`, several times, in a child process that
// is traced step by step. Returns what one call of `operation` takes in the
// process itself, in the mean of those after the first: a system call counts as
// one instruction. -1 if the child did not get to the end.
int64_t Instructions(const std::function<void()>& prepare,
                     const std::function<void()>& operation);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_COST_INSTRUCTIONS_H_
