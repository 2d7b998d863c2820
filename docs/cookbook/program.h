// What the programs of the cookbook have in common.

#ifndef ISOPOLL_DOCS_COOKBOOK_PROGRAM_H_
#define ISOPOLL_DOCS_COOKBOOK_PROGRAM_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace cookbook {

// With the backend that the flag --backend names. Ends the program if there is
// none to be had.
std::unique_ptr<isopoll::Poller> MakePoller();

// Listens on a free port of 127.0.0.1 and prints the address. Ends the program
// if that fails.
isopoll::UniqueFd ListenAnywhere();

// The next client of `listener`. Holds nothing if there is none now.
absl::StatusOr<isopoll::UniqueFd> Accept(int listener);

// What main returns.
int ExitCode(const absl::Status& status);

}  // namespace cookbook

#endif  // ISOPOLL_DOCS_COOKBOOK_PROGRAM_H_
