// SystemCalls: what a piece of code asks of the kernel. Linux.

#ifndef ISOPOLL_TESTS_COST_SYSTEM_CALLS_H_
#define ISOPOLL_TESTS_COST_SYSTEM_CALLS_H_

#include <functional>
#include <string>
#include <vector>

namespace isopoll::tests {

// Runs `prepare` and then `measured` in a child process that is traced, and
// returns the names of the system calls that the latter made, in order. One
// that no test expects goes by its number. If the child does not get to the
// end, that is the last name.
//
// The functions share what they capture, but nothing of it comes back.
std::vector<std::string> SystemCalls(const std::function<void()>& prepare,
                                     const std::function<void()>& measured);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_COST_SYSTEM_CALLS_H_
