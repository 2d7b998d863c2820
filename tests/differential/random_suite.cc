// Long random walks through a world of many descriptors of all kinds, compared
// all the way. A disagreement is shrunk before it is shown.
//
//   random_test --seed=7 --steps=1000000     so many steps
//   random_test --seconds=600                or for so long

#include <cstdint>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/choices.h"
#include "tests/support/contender.h"
#include "tests/support/failure_report.h"
#include "tests/support/generator.h"
#include "tests/support/runner.h"
#include "tests/support/under_test.h"

ABSL_FLAG(uint64_t, seed, 1, "where the randomness starts");
ABSL_FLAG(int64_t, steps, 20000, "how many steps to take");
ABSL_FLAG(int64_t, seconds, 0, "if not 0, how long to go on instead");
ABSL_FLAG(int64_t, open, 0,
          "about how many descriptors are open; 0 is 10, 60 and 300 in turn");

namespace isopoll::tests {
namespace {

// Then another seed and another world, so that a failure can be shrunk soon.
constexpr int kStepsOfAWalk = 2000;
constexpr absl::Duration kShrinkFor = absl::Minutes(2);

// Those that claim everything, which a walk needs.
std::vector<Contender> Walkers() {
  std::vector<Contender> walkers;
  for (Contender& contender : ContendersUnderTest()) {
    if (contender.lacks.empty()) walkers.push_back(std::move(contender));
  }
  return walkers;
}

// Small worlds meet rare orders of steps often, large ones fill the spans.
size_t MostOpen(uint64_t seed) {
  static constexpr size_t kInTurn[] = {60, 10, 300};
  const int64_t asked = absl::GetFlag(FLAGS_open);
  return asked != 0 ? static_cast<size_t>(asked) : kInTurn[seed % 3];
}

// One walk; the number of steps taken, or 0 after a failure.
int Walk(uint64_t seed, int steps) {
  absl::StatusOr<std::unique_ptr<Runner>> runner = Runner::Create(Walkers());
  if (!runner.ok()) {
    ADD_FAILURE() << runner.status();
    return 0;
  }
  RandomChoices choices(seed);
  Generator generator(choices, MostOpen(seed));
  for (int i = 0; i < steps; ++i) {
    const absl::Status done = (*runner)->Do(generator.Next((*runner)->world()));
    if (done.ok()) continue;
    ADD_FAILURE() << "seed " << seed << ": "
                  << FailureReport((*runner)->done(), done, Walkers(),
                                   kShrinkFor);
    return 0;
  }
  return steps;
}

TEST(RandomTest, PollersAgreeAllTheWay) {
  if (Walkers().empty()) GTEST_SKIP() << "no poller claims everything";
  const absl::Time start = absl::Now();
  const absl::Duration at_most = absl::Seconds(absl::GetFlag(FLAGS_seconds));
  const bool timed = at_most > absl::ZeroDuration();
  absl::Time next_line = start + absl::Seconds(5);
  int64_t taken = 0;
  for (uint64_t seed = absl::GetFlag(FLAGS_seed);; ++seed) {
    const int walked = Walk(seed, kStepsOfAWalk);
    if (walked == 0) return;
    taken += walked;
    if (timed ? absl::Now() - start >= at_most
              : taken >= absl::GetFlag(FLAGS_steps)) {
      break;
    }
    if (absl::Now() < next_line) continue;
    next_line = absl::Now() + absl::Seconds(5);
    std::cerr << taken << " steps, seed " << seed << '\n';
  }
  std::cout << taken << " steps without a disagreement, from seed "
            << absl::GetFlag(FLAGS_seed) << " on\n";
}

}  // namespace
}  // namespace isopoll::tests
