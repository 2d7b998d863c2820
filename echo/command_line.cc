#include "echo/command_line.h"

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "echo/system.h"
#include "isopoll/version.h"

namespace isopoll::echo {
namespace {

constexpr char kVersion[] = "isopoll " ISOPOLL_VERSION "\n";

// With what the process ends if Abseil ends it while it parses, which it does
// with 1 for a bad flag, and for --help.
std::optional<int> g_exit_code;

void EndWithOurCode() {
  if (!g_exit_code) return;
  std::cout << std::flush;
  std::_Exit(*g_exit_code);
}

bool AsksForHelp(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    absl::string_view name = argv[i];
    if (!absl::ConsumePrefix(&name, "-")) continue;
    absl::ConsumePrefix(&name, "-");
    if (absl::StartsWith(name, "help") || name == "version") return true;
  }
  return false;
}

}  // namespace

void ParseFlags(absl::string_view usage, int argc, char** argv) {
  OpenStandardDescriptors();
  absl::SetProgramUsageMessage(usage);
  absl::FlagsUsageConfig config;
  config.version_string = [] { return std::string(kVersion); };
  absl::SetFlagsUsageConfig(config);
  g_exit_code = AsksForHelp(argc, argv) ? 0 : 2;
  std::atexit(EndWithOurCode);
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  g_exit_code.reset();
  if (rest.size() == 1) return;
  std::exit(Fail(absl::InvalidArgumentError(absl::StrCat(
      "'", rest[1], "' is not a flag; every argument is (see --help)"))));
}

int Fail(const absl::Status& status) {
  std::cerr << absl::StrCat("ERROR: ", status.message(), "\n");
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

}  // namespace isopoll::echo
