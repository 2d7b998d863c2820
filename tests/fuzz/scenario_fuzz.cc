// Bytes are the choices of a walk, which all pollers take under the judge.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/choices.h"
#include "tests/support/contender.h"
#include "tests/support/failure_report.h"
#include "tests/support/generator.h"
#include "tests/support/process_state.h"
#include "tests/support/runner.h"

namespace isopoll::tests {
namespace {

// Few, so that steps meet the same ones often.
constexpr size_t kMostOpen = 8;
// A walk that takes as long as this has hung.
constexpr absl::Duration kPatience = absl::Seconds(5);
// Within the time that tools/fuzz gives a walk.
constexpr absl::Duration kShrinkFor = absl::Seconds(30);

// What a run has done is printed at its end.
uint64_t walks = 0;
uint64_t steps = 0;
const int printed_at_exit = std::atexit(
    [] { std::cerr << walks << " walks, " << steps << " steps" << std::endl; });

RunOptions Options() {
  RunOptions options;
  options.patience = kPatience;
  return options;
}

void Walk(absl::Span<const uint8_t> bytes) {
  static const auto& contenders = *new std::vector<Contender>(AllContenders());
  absl::StatusOr<std::unique_ptr<Runner>> runner =
      Runner::Create(contenders, Options());
  Require(runner.ok(), runner.status().message());
  ByteChoices choices(bytes);
  Generator generator(choices, kMostOpen);
  ++walks;
  while (!choices.spent()) {
    const absl::Status done = (*runner)->Do(generator.Next((*runner)->world()));
    ++steps;
    if (done.ok()) continue;
    Require(false, FailureReport((*runner)->done(), done, contenders,
                                 kShrinkFor, Options()));
  }
}

}  // namespace
}  // namespace isopoll::tests

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using isopoll::tests::OpenDescriptors;
  const std::set<int> before = OpenDescriptors();
  isopoll::tests::Walk({data, size});
  const std::set<int> after = OpenDescriptors();
  isopoll::tests::Require(
      after == before,
      absl::StrCat(before.size(), " descriptors were open before, ",
                   after.size(), " after"));
  return 0;
}
