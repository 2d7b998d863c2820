#include "tests/support/usage.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/support/answer.h"

namespace isopoll::tests {
namespace {

bool IsName(absl::string_view word) {
  return absl::ascii_islower(word[0]) &&
         std::all_of(word.begin(), word.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_';
         });
}

absl::Status Declare(const std::string& word, std::set<std::string>& names) {
  if (!IsName(word)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", word,
                     "\" is not a name; expected a lower-case letter, then "
                     "letters, digits and _"));
  }
  if (!names.insert(word).second) {
    return absl::InvalidArgumentError(
        absl::StrCat("the name \"", word, "\" is taken; expected a new one"));
  }
  return absl::OkStatus();
}

absl::Status CheckDeclared(const std::string& word,
                           const std::set<std::string>& names) {
  if (names.count(word) != 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "nothing is named \"", word, "\"; expected ",
      names.empty() ? "a channel to be declared first"
                    : absl::StrCat("one of ", absl::StrJoin(names, " "))));
}

// As many bytes or events can be had at once.
constexpr uint64_t kMostCounted = uint64_t{1} << 30;

absl::Status CheckNumber(const std::string& word, uint64_t most) {
  uint64_t value = 0;
  if (absl::SimpleAtoi(word, &value)) {
    if (value <= most) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", word, "\" is too much; expected ", most, " at most"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", word, "\" is not a number; expected zero or more"));
}

absl::Status CheckChoice(absl::string_view choices, const std::string& word) {
  for (absl::string_view choice : absl::StrSplit(choices, '|')) {
    if (choice == word) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", word, "\" does not belong here; expected ", choices));
}

absl::Status CheckWord(absl::string_view expected, const std::string& word,
                       std::set<std::string>& names) {
  if (expected == "NEW") return Declare(word, names);
  if (expected == "NAME") return CheckDeclared(word, names);
  if (expected == "COUNT") return CheckNumber(word, kMostCounted);
  if (expected == "VALUE") return CheckNumber(word, UINT64_MAX);
  if (expected == "INTEREST") return ParseInterest(word).status();
  if (expected == "PATH") return absl::OkStatus();
  return CheckChoice(expected, word);
}

}  // namespace

absl::string_view CommandName(absl::string_view usage) {
  return usage.substr(0, usage.find(' '));
}

absl::Status CheckUsage(absl::string_view usage, const Step& step,
                        std::set<std::string>& names) {
  const std::vector<absl::string_view> expected = absl::StrSplit(usage, ' ');
  std::set<std::string> known = names;
  for (size_t i = 1; i < expected.size(); ++i) {
    absl::string_view slot = expected[i];
    const bool optional = absl::ConsumePrefix(&slot, "[");
    absl::ConsumeSuffix(&slot, "]");
    if (!step.has_word(i)) {
      if (optional) break;
      return absl::InvalidArgumentError(
          absl::StrCat("a word is missing; expected ", slot, " after \"",
                       step.word(i - 1), "\""));
    }
    if (absl::Status wrong = CheckWord(slot, step.word(i), known);
        !wrong.ok()) {
      return wrong;
    }
  }
  if (step.words.size() > expected.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", step.word(expected.size()),
                     "\" is too much; expected the step to end before it"));
  }
  names = std::move(known);
  return absl::OkStatus();
}

}  // namespace isopoll::tests
