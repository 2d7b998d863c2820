// Every system call that net/ makes fails once, with each error that its manual
// lists. It says so, as its header promises, nothing is left behind, and the
// same call made again does what it was to do, once.
//
//   bazel run //tests/faults:net_faults_test --
//       --gtest_filter='*/Accepts' --only='accept4 EMFILE 1'

#include <cerrno>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/faults/call_log.h"
#include "tests/faults/failure.h"
#include "tests/faults/net_acts.h"
#include "tests/support/process_state.h"

ABSL_FLAG(std::string, only, "", "the fault: 'accept4 EMFILE 1'");

namespace isopoll::tests {
namespace {

int injected = 0;

absl::Status CheckSaid(const Failure& failure, const absl::Status& said) {
  if (failure.MayBeTold(said.code())) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("it answered \"", said.ToString(), "\""));
}

// Whether it may be kept from the caller: a path is looked at once more that
// seems to be in use, and taken over if nobody answers there.
bool MayBeMended(const NetScenario& scenario, const Failure& failure) {
  if (failure.told == absl::StatusCode::kOk) return true;
  return absl::StrContains(scenario.name, "Unix") &&
         (failure.error == EADDRINUSE || failure.error == EADDRNOTAVAIL ||
          failure.error == ECONNREFUSED);
}

// Acts, with the fault, and again without it if that failed.
absl::Status Act(const NetScenario& scenario, const NetStage& stage,
                 CallLog* log) {
  const std::set<int> descriptors = OpenDescriptors();
  absl::Status said;
  const Failure* hit;
  {
    Scope scope(*log);
    said = stage.act();
    hit = scope.hit();
  }
  if (hit != nullptr) ++injected;
  if (hit == nullptr) return said;
  if (said.ok() && !MayBeMended(scenario, *hit)) {
    return absl::InternalError("it said nothing of the failure");
  }
  if (said.ok()) return said;
  if (absl::Status fault = CheckSaid(*hit, said); !fault.ok()) return fault;
  if (OpenDescriptors() != descriptors) {
    return absl::InternalError("it failed and left descriptors");
  }
  return stage.act();
}

absl::Status RunOnce(const NetScenario& scenario, CallLog* log) {
  const std::set<int> descriptors = OpenDescriptors();
  {
    const NetStage stage = scenario.set_up();
    absl::Status done = Act(scenario, stage, log);
    if (done.ok()) done = stage.check();
    if (!done.ok()) return done;
  }
  if (OpenDescriptors() == descriptors) return absl::OkStatus();
  return absl::InternalError("it leaves descriptors behind");
}

class NetFaultsTest : public ::testing::TestWithParam<NetScenario> {
 protected:
  static void TearDownTestSuite() { std::cout << injected << " faults\n"; }
};

TEST_P(NetFaultsTest, NothingIsLost) {
  CallLog without(std::nullopt);
  {
    const Watchdog watchdog(GetParam().name);
    const absl::Status run = RunOnce(GetParam(), &without);
    ASSERT_TRUE(run.ok()) << run;
  }
  const std::map<std::string, int> counts = without.counts();
  std::set<std::string> listed;
  for (const Failure& failure : NetFailures()) {
    listed.insert(std::string(failure.call));
    const auto count = counts.find(std::string(failure.call));
    if (count == counts.end()) continue;
    for (int nth = 1; nth <= count->second; ++nth) {
      const Fault fault = {&failure, nth};
      const std::string only = absl::GetFlag(FLAGS_only);
      if (!only.empty() && only != fault.ToString()) continue;
      const Watchdog watchdog(
          absl::StrCat(GetParam().name, ", ", fault.ToString()));
      CallLog log(fault);
      const absl::Status run = RunOnce(GetParam(), &log);
      EXPECT_TRUE(run.ok()) << fault.ToString() << ": " << run.message();
    }
  }
  for (const absl::string_view call : CallsOfNetThatDoNotFail()) {
    listed.insert(std::string(call));
  }
  for (const auto& [call, count] : counts) {
    EXPECT_EQ(listed.count(call), 1u) << call << " is in no table";
  }
}

INSTANTIATE_TEST_SUITE_P(Net, NetFaultsTest,
                         ::testing::ValuesIn(NetScenarios()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace isopoll::tests

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  absl::ParseCommandLine(argc, argv);
  return RUN_ALL_TESTS();
}
