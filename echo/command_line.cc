#include "echo/command_line.h"

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"

namespace isopoll::echo {

void ParseFlags(absl::string_view usage, int argc, char** argv) {
  absl::SetProgramUsageMessage(usage);
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() == 1) return;
  std::exit(Fail(absl::InvalidArgumentError(absl::StrCat(
      "'", rest[1], "' is not a flag; every argument is (see --help)"))));
}

int Fail(const absl::Status& status) {
  std::cerr << absl::StrCat("ERROR: ", status.message(), "\n");
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

}  // namespace isopoll::echo
