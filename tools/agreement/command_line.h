// The command line of a program whose exit code 1 says something else than
// that a flag is wrong.

#ifndef ISOPOLL_TOOLS_AGREEMENT_COMMAND_LINE_H_
#define ISOPOLL_TOOLS_AGREEMENT_COMMAND_LINE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace isopoll::agreement {

// Parses Abseil flags. --help and its like print `usage` and end the process.
// InvalidArgument says which argument is no flag of the program or has a value
// that the flag does not take, and what is expected.
absl::Status ParseFlags(const std::string& usage, int argc, char** argv);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_COMMAND_LINE_H_
