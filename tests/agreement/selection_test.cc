// What --filter means.

#include "tools/agreement/selection.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isopoll::agreement {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr tests::State kStates[] = {{"T01Idle", "tcp a b", "a=w"},
                                    {"T12PeerFin", "tcp a b", "a=w"},
                                    {"X04PeerClosed", "unix a b", "a=w"}};

std::vector<std::string> NamesOf(const char* filter) {
  std::vector<std::string> names;
  const auto selected = Select(kStates, filter);
  for (const tests::State& state : selected.value()) {
    names.push_back(state.name);
  }
  return names;
}

TEST(Select, EmptyIsAll) {
  EXPECT_THAT(NamesOf(""),
              ElementsAre("T01Idle", "T12PeerFin", "X04PeerClosed"));
}

TEST(Select, PartOfTheName) {
  EXPECT_THAT(NamesOf("Peer"), ElementsAre("T12PeerFin", "X04PeerClosed"));
  EXPECT_THAT(NamesOf("T12PeerFin"), ElementsAre("T12PeerFin"));
}

TEST(Select, GlobIsForTheWholeName) {
  EXPECT_THAT(NamesOf("T*"), ElementsAre("T01Idle", "T12PeerFin"));
  EXPECT_THAT(NamesOf("?04*"), ElementsAre("X04PeerClosed"));
  EXPECT_THAT(NamesOf("*Peer*"), ElementsAre("T12PeerFin", "X04PeerClosed"));
  EXPECT_THAT(NamesOf("T1?PeerFin"), ElementsAre("T12PeerFin"));
  EXPECT_THAT(NamesOf("*e*e*"), ElementsAre("T12PeerFin", "X04PeerClosed"));
}

TEST(Select, NothingIsAnError) {
  for (const char* filter : {"Nope", "Peer*", "t01idle"}) {
    const auto selected = Select(kStates, filter);
    EXPECT_TRUE(absl::IsInvalidArgument(selected.status())) << filter;
    EXPECT_THAT(selected.status().message(), HasSubstr(filter));
  }
}

}  // namespace
}  // namespace isopoll::agreement
