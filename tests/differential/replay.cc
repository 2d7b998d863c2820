// Runs one scenario, step by step, and prints what each poller saw.
//
//   replay --scenario='pipe r w; watch r rw; close w; wait'
//
// Exit status: 0 all agree, 1 they do not, 2 the scenario cannot be run.

#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/contender.h"
#include "tests/support/judge.h"
#include "tests/support/poller_kind.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/vocabulary.h"

ABSL_FLAG(std::string, scenario, "",
          "what to run: steps divided by semicolons");
ABSL_FLAG(std::string, backend, "all",
          "whom to run it on: all, or the name of one backend");
ABSL_FLAG(bool, vocabulary, false, "print what a scenario is made of, and end");

namespace isopoll::tests {
namespace {

constexpr int kAgree = 0;
constexpr int kDisagree = 1;
constexpr int kCannotRun = 2;

void AppendName(std::string* out, const PollerKind& kind) {
  absl::StrAppend(out, kind.name);
}

// Empty, with `error` set, if there is no such backend.
std::vector<Contender> Contenders(const std::string& name, std::string* error) {
  if (name == "all") return AllContenders();
  for (const PollerKind& kind : AllKinds()) {
    if (kind.name != name) continue;
    return {PlainContender(kind), ExactContender(kind)};
  }
  *error = absl::StrCat("no '", name, "' here: choose all or one of ",
                        absl::StrJoin(AllKinds(), ", ", AppendName));
  return {};
}

int Replay(const std::string& text, const std::string& backend) {
  absl::StatusOr<Scenario> scenario = Scenario::Parse(text);
  if (!scenario.ok()) {
    std::cerr << "--scenario: " << scenario.status().message() << '\n';
    return kCannotRun;
  }
  std::string error;
  const std::vector<Contender> contenders = Contenders(backend, &error);
  if (contenders.empty()) {
    std::cerr << "--backend: " << error << '\n';
    return kCannotRun;
  }
  RunOptions options;
  options.trace = &std::cout;
  const absl::Status status = RunScenario(*scenario, contenders, options);
  if (status.ok()) {
    std::cout << "all agree\n";
    return kAgree;
  }
  std::cerr << status.message() << '\n';
  return IsDisagreement(status) ? kDisagree : kCannotRun;
}

}  // namespace
}  // namespace isopoll::tests

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "runs one scenario and prints what each poller saw; --vocabulary says "
      "what a scenario is made of");
  absl::ParseCommandLine(argc, argv);
  if (absl::GetFlag(FLAGS_vocabulary)) {
    std::cout << isopoll::tests::DescribeVocabulary();
    return 0;
  }
  return isopoll::tests::Replay(absl::GetFlag(FLAGS_scenario),
                                absl::GetFlag(FLAGS_backend));
}
