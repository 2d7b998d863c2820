// Eight threads change their own descriptors in every way while one waits, and
// each event is checked: R4, R6, R7, R9 and R11 to R13.
//
// STRESS_OPERATIONS in the environment is how many changes each thread makes,
// STRESS_SEED what they are.

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/poller.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/conformance/signals.h"
#include "tests/stress/mover.h"
#include "tests/stress/witness.h"
#include "tests/support/poller_kind.h"

namespace isopoll::tests {
namespace {

constexpr int kThreads = 8;
constexpr int kNumbersEach = Witness::kNumbers / kThreads;

enum class Variant { kPlain, kExactAndChecked, kSignals };

std::string NameOf(Variant variant) {
  switch (variant) {
    case Variant::kPlain:
      return "Plain";
    case Variant::kExactAndChecked:
      return "ExactAndChecked";
    case Variant::kSignals:
      return "Signals";
  }
  return "";
}

void PrintTo(Variant variant, std::ostream* out) { *out << NameOf(variant); }

// The number that `name` has in the environment, or else `otherwise`.
int FromEnvironment(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  int value;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

std::atomic<Witness*> to_wake = nullptr;
static_assert(std::atomic<Witness*>::is_always_lock_free);
void WakeOnSignal(int) {
  if (Witness* const witness = to_wake) witness->Wake();
}

// A signal each millisecond, in whatever thread, whose handler calls Wakeup.
class WakingSignals {
 public:
  explicit WakingSignals(Witness* witness) { to_wake = witness; }
  ~WakingSignals() { to_wake = nullptr; }

 private:
  ScopedSignalHandler handler_{SIGALRM, WakeOnSignal};
  ScopedAlarms alarms_{absl::Milliseconds(1)};
};

// A thread that waits, until told to stop.
class Waiter {
 public:
  Waiter(Witness* witness, uint32_t seed)
      : witness_(*witness), thread_([this, seed] {
          std::mt19937 random(seed);
          while (!stop_) witness_.WaitOnce(random);
        }) {}
  ~Waiter() {
    stop_ = true;
    witness_.Wake();
    thread_.join();
  }

 private:
  Witness& witness_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class StressTest
    : public testing::TestWithParam<std::tuple<PollerKind, Variant>> {};

TEST_P(StressTest, EachEventIsRight) {
  const auto& [kind, variant] = GetParam();
  const int operations = FromEnvironment("STRESS_OPERATIONS", 30000);
  const auto seed = static_cast<uint32_t>(FromEnvironment("STRESS_SEED", 1));
  std::cout << "STRESS_OPERATIONS=" << operations << " STRESS_SEED=" << seed
            << std::endl;

  PollerOptions options;
  options.exact_hints = options.check_closed =
      variant == Variant::kExactAndChecked;
  const std::unique_ptr<Poller> poller = NewPoller(kind, options);
  Witness witness(poller.get(), options.check_closed);
  {
    std::optional<WakingSignals> signals;
    if (variant == Variant::kSignals) signals.emplace(&witness);
    Waiter waiter(&witness, seed);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        Mover mover(poller.get(), &witness, options.check_closed,
                    Witness::kFirstNumber + i * kNumbersEach, kNumbersEach,
                    seed + static_cast<uint32_t>(i) + 1);
        mover.Run(operations);
        mover.CleanUp();
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(poller->size(), 0u);
  EXPECT_GT(witness.events(), 0);
  EXPECT_LE(witness.woken(), witness.wakeups());
  WaitOn(*poller, absl::ZeroDuration());  // takes a wake-up that is left over
  ExpectQuiet(*poller, absl::Milliseconds(50));
}

std::string TestName(
    const testing::TestParamInfo<std::tuple<PollerKind, Variant>>& info) {
  const auto& [kind, variant] = info.param;
  return absl::StrCat(TestNameOf(kind), "_", NameOf(variant));
}

INSTANTIATE_TEST_SUITE_P(
    Stress, StressTest,
    testing::Combine(testing::ValuesIn(AllKinds()),
                     testing::Values(Variant::kPlain, Variant::kExactAndChecked,
                                     Variant::kSignals)),
    TestName);

}  // namespace
}  // namespace isopoll::tests
