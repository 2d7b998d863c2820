// Every scenario of a length over a small alphabet of steps, with a look after
// each step; shorter ones are the beginnings of these.
//
//   exhaustive_test --length=4     longer than by default, in minutes

#include <ostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/support/catalogue_differences.h"
#include "tests/support/contender.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/under_test.h"

ABSL_FLAG(int, length, 3, "how many steps follow the beginning");

namespace isopoll::tests {
namespace {

struct Alphabet {
  const char* name;
  // What each scenario begins with.
  const char* beginning;
  std::vector<const char*> steps;
};

std::ostream& operator<<(std::ostream& out, const Alphabet& alphabet) {
  return out << '"' << alphabet.beginning << "\" and " << alphabet.steps.size()
             << " steps";
}

const std::vector<Alphabet>& Alphabets() {
  static const auto& alphabets = *new std::vector<Alphabet>{
      {"PipeReadEnd",
       "pipe r w; watch r r",
       {"try send w 1", "try recv r 1", "try close w", "modify r w",
        "modify r rwp", "modify r -", "modify r r oneshot", "remove r",
        "watch r rw"}},
      {"PipeWriteEnd",
       "pipe r w; pipe_size w 4096; watch w w",
       {"try send w 1", "try drain r", "try close r", "modify w r",
        "modify w rwp", "modify w -", "modify w rw oneshot", "remove w"}},
      {"Tcp",
       "tcp a b; watch a rwp",
       {"try send b 1", "try recv a 1", "try urgent b", "try shutdown b w",
        "try reset b", "try shutdown a w", "modify a p", "modify a r",
        "modify a w oneshot"}},
      {"UnixStream",
       "unix a b; watch a rw; watch b r",
       {"try send a 1", "try send b 1", "try recv a 1", "try shutdown a r",
        "try shutdown a w", "remove b; try close b", "modify a p",
        "modify a r oneshot"}},
      {"TwoNumbersOfOneFile",
       "eventfd e; dup e d; watch e r; watch d w",
       {"try add e 1", "try recv d 8", "remove e", "try close e", "watch e rw",
        "modify d rw oneshot", "remove d", "wakeup"}},
      {"OneSpanForThree",
       "pipe r w; eventfd e; file f; watch w w; watch e w; watch f r",
       {"wait 1", "wait 2", "modify w w oneshot", "modify e rw", "modify f - ",
        "try fill w", "try add e 1", "wakeup", "remove f"}},
      // Where there are only sockets.
      {"TcpFull",
       "tcp a b; fill a; watch a rw; watch b r",
       {"try send b 1", "try drain b", "try recv a 1", "try shutdown a w",
        "remove b; try close b", "modify a p", "modify a r oneshot"}},
      {"TwoNumbersOfOneSocket",
       "tcp e f; dup e d; watch e r; watch d w",
       {"try send f 1", "try recv d 1", "remove e", "try close e", "watch e rw",
        "modify d rw oneshot", "remove d", "wakeup"}},
      {"OneSpanForThreeSockets",
       "tcp w x; udp e f; tcp g h; watch w w; watch e w; watch g w",
       {"wait 1", "wait 2", "modify w w oneshot", "modify e rw", "modify g -",
        "try fill w", "try send f 1", "wakeup", "remove g"}},
      {"Connecting",
       "tcp_listener l; tcp_socket n; bind n; tcp_socket c; watch c rwp",
       {"try connect c l", "try connect c n", "try recv c 1", "modify c p",
        "modify c rw oneshot", "try close l", "try send c 1"}},
  };
  return alphabets;
}

class ExhaustiveTest : public ::testing::TestWithParam<Alphabet> {
 protected:
  void SetUp() override {
    const std::string why = WhyNotHere(absl::StrCat(
        GetParam().beginning, "; ", absl::StrJoin(GetParam().steps, "; ")));
    if (!why.empty()) GTEST_SKIP() << why;
  }

  // Runs every scenario that begins with `text` and has `more` steps yet.
  // False after a failure: one is enough.
  bool RunAll(const std::string& text, int more) {
    if (more == 0) return Run(text);
    for (const char* step : GetParam().steps) {
      if (!RunAll(absl::StrCat(text, "; ", step, "; wait"), more - 1)) {
        return false;
      }
    }
    return true;
  }

 private:
  bool Run(const std::string& text) {
    const absl::StatusOr<Scenario> scenario = Scenario::Parse(text);
    EXPECT_TRUE(scenario.ok()) << scenario.status();
    if (!scenario.ok()) return false;
    const absl::Status run = RunScenario(*scenario, contenders_);
    EXPECT_TRUE(run.ok()) << run.message();
    return run.ok();
  }

  const std::vector<Contender> contenders_ = ContendersUnderTest();
};

TEST_P(ExhaustiveTest, PollersAgreeOnAll) {
  RunAll(absl::StrCat(GetParam().beginning, "; wait"),
         absl::GetFlag(FLAGS_length));
}

INSTANTIATE_TEST_SUITE_P(Alphabets, ExhaustiveTest,
                         ::testing::ValuesIn(Alphabets()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace isopoll::tests
