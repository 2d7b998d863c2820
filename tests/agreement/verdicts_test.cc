// Who differs, from what, and what is said of it.

#include "tools/agreement/verdicts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agreement/sample.h"
#include "tests/support/answer.h"

namespace isopoll::agreement {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The verdicts on one row: a letter each, in the order of the columns.
std::string VerdictsOn(const Row& row) {
  Matrix matrix;
  matrix.columns = SampleColumns();
  matrix.rows = {row};
  PassVerdicts({}, matrix);
  std::string letters;
  for (const Cell& cell : matrix.rows[0].cells) {
    letters += "nakd"[static_cast<int>(cell.verdict)];
  }
  return letters;
}

TEST(PassVerdicts, AllAgree) {
  EXPECT_EQ(VerdictsOn(SampleRow("T", "rw+hc", {"IN", "rw+hc", "rw", "rw"})),
            "anaaa");
}

TEST(PassVerdicts, IsopollMustHaveTheHintsRight) {
  EXPECT_EQ(VerdictsOn(SampleRow("T", "rw+hc", {"IN", "rw+c", "rw", "rw"})),
            "andaa");
}

TEST(PassVerdicts, HintsAloneAreNotToBeReported) {
  EXPECT_EQ(VerdictsOn(SampleRow("T", "-+hc", {"HUP", "-", "-", "-"})),
            "anaaa");
  EXPECT_EQ(VerdictsOn(SampleRow("T", "-+hc", {"HUP", "-+hc", "-", "-"})),
            "andaa");
}

TEST(PassVerdicts, PeersAreHeldToWhatTheyHaveWordsFor) {
  EXPECT_EQ(VerdictsOn(SampleRow("O", "rp", {"IN PRI", "rp", "r", "rp"})),
            "anaad");
}

TEST(PassVerdicts, AnErrorIsADifference) {
  EXPECT_EQ(VerdictsOn(SampleRow("D", "rw", {"EPERM", "rw", "rw", "EPERM"})),
            "anaad");
  EXPECT_EQ(VerdictsOn(SampleRow("D", "rw", {"EPERM", "refused", "rw", "rw"})),
            "andaa");
}

TEST(PassVerdicts, WhatCannotBeWatchedIsRefused) {
  Row row = SampleRow("D", "rwp", {"NVAL", "refused", "not asked", "rw"});
  row.watchable = false;
  EXPECT_EQ(VerdictsOn(row), "anann");
  row.cells[2].text = "rwp";
  EXPECT_EQ(VerdictsOn(row), "andnn");
}

TEST(PassVerdicts, TheReferenceIsHeldToTheCatalogue) {
  Row row = SampleRow("T", "r", {"IN", "r", "r", "r"});
  row.catalogued = tests::ParseAnswer("r+c").value();
  EXPECT_EQ(VerdictsOn(row), "dnaaa");
}

TEST(Summarize, NamesTheRowTheColumnAndBothAnswers) {
  Matrix matrix = SampleMatrix();
  PassVerdicts({}, matrix);
  const Summary summary = Summarize({}, matrix);
  EXPECT_FALSE(summary.agrees());
  EXPECT_THAT(summary.differences,
              ElementsAre("P02Gone a: isopoll poll says rw+hc, right is r+hc"));
  EXPECT_EQ(summary.LastLine(),
            "2 states, 2 descriptors, 1 backend: not in agreement on "
            "P02Gone a");
}

TEST(Summarize, KnownDifferencesAreNoFailure) {
  const KnownDifference known[] = {
      {"P02Gone a", "isopoll poll", "this kernel is like that"}};
  Matrix matrix = SampleMatrix();
  PassVerdicts(known, matrix);
  const Summary summary = Summarize(known, matrix);
  EXPECT_TRUE(summary.agrees());
  EXPECT_THAT(summary.known,
              ElementsAre("P02Gone a: isopoll poll says rw+hc, right is r+hc: "
                          "this kernel is like that"));
  EXPECT_EQ(summary.LastLine(),
            "2 states, 2 descriptors, 1 backend: all agree with select(2)");
}

TEST(Summarize, AKnownDifferenceExcusesNoOtherCell) {
  const KnownDifference known[] = {{"T01Idle a", "isopoll poll", "-"},
                                   {"P02Gone a", "isopoll epoll", "-"}};
  Matrix matrix = SampleMatrix();
  PassVerdicts(known, matrix);
  EXPECT_FALSE(Summarize(known, matrix).agrees());
}

TEST(Summarize, SaysWhatTheCatalogueHas) {
  Matrix matrix = SampleMatrix();
  matrix.rows.pop_back();
  matrix.rows[0].catalogued = tests::ParseAnswer("r").value();
  PassVerdicts({}, matrix);
  const Summary summary = Summarize({}, matrix);
  EXPECT_FALSE(summary.agrees());
  EXPECT_THAT(
      summary.differences,
      ElementsAre("T01Idle a: select(2) with poll(2) says -, catalogued is r"));
}

TEST(Summarize, CountsWherePeersDiffer) {
  Matrix matrix = SampleMatrix();
  PassVerdicts({}, matrix);
  EXPECT_THAT(
      Summarize({}, matrix).peers,
      ElementsAre("peer: rows that differ from select(2): 1 with poll, 0 "
                  "with epoll; rows that its backends differ on: 1"));
}

TEST(Summarize, PeersMayDiffer) {
  Matrix matrix = SampleMatrix();
  matrix.rows[1].cells[2].text = "r+hc";
  PassVerdicts({}, matrix);
  const Summary summary = Summarize({}, matrix);
  EXPECT_TRUE(summary.agrees());
  EXPECT_THAT(summary.differences, IsEmpty());
}

TEST(Summarize, AStateThatCannotBeMadeIsAFailure) {
  Matrix matrix = SampleMatrix();
  matrix.rows.resize(1);
  matrix.rows[0].cells.clear();
  matrix.rows[0].problem = "no such device";
  PassVerdicts({}, matrix);
  const Summary summary = Summarize({}, matrix);
  EXPECT_FALSE(summary.agrees());
  EXPECT_THAT(summary.problems, ElementsAre("T01Idle a: no such device"));
  EXPECT_EQ(summary.LastLine(),
            "1 state, 0 descriptors, 1 backend: not in agreement on T01Idle a");
}

}  // namespace
}  // namespace isopoll::agreement
