// The four formats.

#include "tools/agreement/render.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agreement/sample.h"

namespace isopoll::agreement {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Matrix Judged() {
  Matrix matrix = SampleMatrix();
  PassVerdicts({}, matrix);
  return matrix;
}

Matrix WithProblem() {
  Matrix matrix = Judged();
  matrix.rows[0].cells.clear();
  matrix.rows[0].problem = "no <device>, | or \"queue\"";
  return matrix;
}

TEST(RenderText, AlignsAndMarksAndSumsUp) {
  const Matrix matrix = Judged();
  EXPECT_EQ(
      RenderText(matrix, Summarize({}, matrix), /*color=*/false),
      absl::StrCat(
          "TCP        select(2)  poll(2)  isopoll poll  peer poll  peer epoll\n"
          "T01Idle a  -          -        -             -          -\n"
          "\n"
          "Pipes      select(2)  poll(2)  isopoll poll  peer poll  peer epoll\n"
          "P02Gone a  r          HUP      rw+hc!        rw!        r\n"
          "\n",
          kLegend,
          "\n\n"
          "peer: rows that differ from select(2): 1 with poll, 0 with epoll; "
          "rows that its backends differ on: 1\n"
          "\n"
          "P02Gone a: isopoll poll says rw+hc, right is r+hc\n"
          "\n"
          "2 states, 2 descriptors, 1 backend: not in agreement on "
          "P02Gone a\n"));
}

TEST(RenderText, ColoursDoNotMoveColumns) {
  const Matrix matrix = Judged();
  std::string colored = RenderText(matrix, Summarize({}, matrix), true);
  EXPECT_THAT(colored, HasSubstr("\033[1;31mrw+hc!\033[0m        "));
  std::string plain;
  bool in_code = false;
  for (char c : colored) {
    if (c == '\033') in_code = true;
    if (!in_code) plain += c;
    if (c == 'm') in_code = false;
  }
  EXPECT_EQ(plain, RenderText(matrix, Summarize({}, matrix), false));
}

TEST(RenderText, ShowsWhyAStateCouldNotBeMade) {
  const Matrix matrix = WithProblem();
  EXPECT_THAT(RenderText(matrix, Summarize({}, matrix), false),
              HasSubstr("T01Idle a  no <device>, | or \"queue\"\n"));
}

TEST(RenderMarkdown, HasATableForEachFamily) {
  const Matrix matrix = Judged();
  EXPECT_EQ(
      RenderMarkdown(matrix, Summarize({}, matrix)),
      "### TCP\n"
      "\n"
      "| state | steps | of | select(2) | poll(2) | isopoll poll | peer poll | "
      "peer epoll |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
      "| T01Idle | `make a; be \"T01Idle\"` | a | - | - | - | - | - |\n"
      "\n"
      "### Pipes\n"
      "\n"
      "| state | steps | of | select(2) | poll(2) | isopoll poll | peer poll | "
      "peer epoll |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
      "| P02Gone | `make a; be \"P02Gone\"` | a | r | HUP | **rw+hc** | **rw** "
      "| r |\n"
      "\n"
      "* peer: rows that differ from select(2): 1 with poll, 0 with epoll; "
      "rows that its backends differ on: 1\n"
      "\n"
      "* P02Gone a: isopoll poll says rw+hc, right is r+hc\n"
      "\n"
      "2 states, 2 descriptors, 1 backend: not in agreement on P02Gone a\n");
}

TEST(RenderMarkdown, SaysTheStateOnce) {
  Matrix matrix;
  matrix.columns = SampleColumns();
  matrix.rows = {SampleRow("T01Idle", "-", {"-", "-", "-", "-"}),
                 SampleRow("T01Idle", "w", {"OUT", "w", "w", "w"})};
  matrix.rows[1].descriptor = "b";
  EXPECT_THAT(RenderMarkdown(matrix, Summarize({}, matrix)),
              HasSubstr("|  |  | b | w | OUT | w | w | w |\n"));
}

TEST(RenderMarkdown, EscapesWhatWouldEndACell) {
  const Matrix matrix = WithProblem();
  EXPECT_THAT(RenderMarkdown(matrix, Summarize({}, matrix)),
              HasSubstr("| a | no <device>, \\| or \"queue\" |\n"));
}

TEST(RenderCsv, QuotesAndNamesWhatDiffers) {
  EXPECT_EQ(RenderCsv(Judged()),
            "state,steps,descriptor,select(2),poll(2),isopoll poll,peer poll,"
            "peer epoll,differs\r\n"
            "T01Idle,\"make a; be \"\"T01Idle\"\"\",a,-,-,-,-,-,\r\n"
            "P02Gone,\"make a; be \"\"P02Gone\"\"\",a,r,HUP,rw+hc,rw,r,"
            "isopoll poll; peer poll\r\n");
}

TEST(RenderCsv, KeepsTheNumberOfFields) {
  EXPECT_THAT(RenderCsv(WithProblem()),
              HasSubstr("a,,,,,,\"no <device>, | or \"\"queue\"\"\"\r\n"));
}

TEST(RenderHtml, IsOnePageThatMarksDifferences) {
  const Matrix matrix = Judged();
  const std::string page = RenderHtml(matrix, Summarize({}, matrix));
  EXPECT_TRUE(absl::StartsWith(page, "<!DOCTYPE html>"));
  EXPECT_TRUE(absl::EndsWith(page, "</html>\n"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("<td class=\"differs\" title=\"right is r+hc\">"
                              "&ne; rw+hc</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"odd\" title=\"right is r\">"
                              "&ne; rw</td>"));
  EXPECT_THAT(page, HasSubstr("not in agreement on P02Gone a</p>"));
  // It needs nothing from anywhere.
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
}

TEST(RenderHtml, Escapes) {
  const Matrix matrix = WithProblem();
  EXPECT_THAT(RenderHtml(matrix, Summarize({}, matrix)),
              HasSubstr("colspan=\"5\">no &lt;device&gt;, | or "
                        "&quot;queue&quot;</td>"));
}

}  // namespace
}  // namespace isopoll::agreement
