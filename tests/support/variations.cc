#include "tests/support/variations.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace isopoll::tests {
namespace {

using NamedAnswers = std::vector<std::pair<std::string, Answer>>;

// Milliseconds: four looks at the pace of a poller that mutes by looking
// again, and thousands at the pace of one that spins.
constexpr int kDwell = 200;

std::string WatchStep(absl::string_view name, Interest interest) {
  return absl::StrCat("; watch ", name, " ", interest.ToString());
}

// Whether the pollers hear of this though they must not report it.
bool IsMuted(const Answer& answer, Interest interest) {
  const bool any = answer.hangup || answer.read_closed || answer.error;
  return any && !interest.empty() && (answer.ready & interest).empty();
}

}  // namespace

std::vector<Interest> AllInterests() {
  std::vector<Interest> all;
  for (uint8_t bits = 0; bits < 8; ++bits) {
    all.push_back(Interest::FromBits(bits));
  }
  return all;
}

absl::StatusOr<NamedAnswers> ParseAnswers(absl::string_view text) {
  NamedAnswers answers;
  for (absl::string_view part : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    absl::StatusOr<Answer> answer = ParseAnswer(halves.second);
    if (!answer.ok()) return answer.status();
    answers.emplace_back(halves.first, *answer);
  }
  return answers;
}

absl::StatusOr<Scenario> WatchAfterwards(const State& state,
                                         Interest interest) {
  absl::StatusOr<NamedAnswers> answers = ParseAnswers(state.answers);
  if (!answers.ok()) return answers.status();
  std::string text = state.scenario;
  for (const auto& [name, answer] : *answers) {
    text += WatchStep(name, interest);
  }
  return Scenario::Parse(text + "; wait; wait; wait");
}

absl::StatusOr<Scenario> WatchAllTheWay(const State& state, Interest interest) {
  absl::StatusOr<NamedAnswers> answers = ParseAnswers(state.answers);
  if (!answers.ok()) return answers.status();
  absl::StatusOr<Scenario> plain = Scenario::Parse(state.scenario);
  if (!plain.ok()) return plain.status();
  std::string text;
  std::vector<std::string> unwatched;
  for (const auto& [name, answer] : *answers) unwatched.push_back(name);
  for (const Step& step : plain->steps()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", step.ToString());
    for (const std::string& word : step.words) {
      const auto found = std::find(unwatched.begin(), unwatched.end(), word);
      if (found == unwatched.end()) continue;
      text += WatchStep(word, interest);
      unwatched.erase(found);
    }
    text += "; wait";
  }
  return Scenario::Parse(text + "; wait; wait");
}

absl::StatusOr<Scenario> SleepThrough(const Transition& transition,
                                      Interest interest) {
  absl::StatusOr<NamedAnswers> answers = ParseAnswers(transition.answer);
  if (!answers.ok()) return answers.status();
  const auto& [name, answer] = answers->front();
  const std::string dwell =
      IsMuted(answer, interest) ? absl::StrCat("; dwell ", kDwell) : "";
  return Scenario::Parse(
      absl::StrCat(transition.before, WatchStep(name, interest), "; sleep; ",
                   transition.change, dwell, "; rouse; wait"));
}

}  // namespace isopoll::tests
