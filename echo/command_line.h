// What the main functions of the echo programs have in common.

#ifndef ISOPOLL_ECHO_COMMAND_LINE_H_
#define ISOPOLL_ECHO_COMMAND_LINE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace isopoll::echo {

// Parses the flags, after OpenStandardDescriptors (echo/system.h).
//
// `usage` is what --help says first; after --help and
// --version the process ends with 0. With a bad flag, or with an argument that
// is not a flag, it ends with a line on stderr and 2, as by Fail.
void ParseFlags(absl::string_view usage, int argc, char** argv);

// Prints what went wrong to stderr and returns the exit code for it: 2 if the
// command line asked for what makes no sense (InvalidArgument), otherwise 1.
int Fail(const absl::Status& status);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_COMMAND_LINE_H_
