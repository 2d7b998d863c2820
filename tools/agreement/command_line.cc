#include "tools/agreement/command_line.h"

#include "absl/flags/commandlineflag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace isopoll::agreement {
namespace {

absl::Status NotAFlag(absl::string_view argument) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", argument, "' is not a flag here; see --help"));
}

// `--name=value`, `--name` or `--noname`, the last two for true and false.
absl::Status ParseFlag(absl::string_view argument) {
  absl::string_view name = argument;
  if (!absl::ConsumePrefix(&name, "--")) return NotAFlag(argument);
  std::string value = "true";
  const size_t equals = name.find('=');
  if (equals != absl::string_view::npos) {
    value = std::string(name.substr(equals + 1));
    name = name.substr(0, equals);
  }
  if (absl::StartsWith(name, "help") || name == "version") {
    return absl::OkStatus();  // built into Abseil's parser
  }
  absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name);
  if (flag == nullptr && equals == absl::string_view::npos &&
      absl::ConsumePrefix(&name, "no")) {
    flag = absl::FindCommandLineFlag(name);
    value = "false";
  }
  if (flag == nullptr) return NotAFlag(argument);
  if (equals == absl::string_view::npos && !flag->IsOfType<bool>()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " needs a value: --", name, "=..."));
  }
  std::string error;
  if (flag->ParseFrom(value, &error)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", name, ": ", error));
}

}  // namespace

absl::Status ParseFlags(const std::string& usage, int argc, char** argv) {
  // Abseil would end the process with exit code 1: look first.
  for (int i = 1; i < argc; ++i) {
    if (absl::Status status = ParseFlag(argv[i]); !status.ok()) return status;
  }
  absl::FlagsUsageConfig config;
  config.contains_help_flags = [](absl::string_view file) {
    return absl::StrContains(file, "tools/agreement/");
  };
  absl::SetFlagsUsageConfig(config);
  absl::SetProgramUsageMessage(usage);
  absl::ParseCommandLine(argc, argv);
  return absl::OkStatus();
}

}  // namespace isopoll::agreement
