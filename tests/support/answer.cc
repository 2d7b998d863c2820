#include "tests/support/answer.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace isopoll::tests {
namespace {

// Whether `text` is made of letters of `alphabet`, each at most once and in
// its order.
bool IsPartOf(absl::string_view text, absl::string_view alphabet) {
  for (char letter : text) {
    const size_t at = alphabet.find(letter);
    if (at == absl::string_view::npos) return false;
    alphabet.remove_prefix(at + 1);
  }
  return true;
}

bool Has(absl::string_view text, char letter) {
  return text.find(letter) != absl::string_view::npos;
}

}  // namespace

std::string Answer::ToString() const {
  if (closed) return "closed";
  std::string text = ready.ToString();
  if (hangup || read_closed || error) text += '+';
  if (hangup) text += 'h';
  if (read_closed) text += 'c';
  if (error) text += 'e';
  return text;
}

absl::StatusOr<Interest> ParseInterest(absl::string_view text) {
  if (text == "-") return kNone;
  if (text.empty() || !IsPartOf(text, "rwp")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is not an interest; expected letters of rwp, or -"));
  }
  Interest interest;
  if (Has(text, 'r')) interest |= kReadable;
  if (Has(text, 'w')) interest |= kWritable;
  if (Has(text, 'p')) interest |= kPriority;
  return interest;
}

absl::StatusOr<Answer> ParseAnswer(absl::string_view text) {
  Answer answer;
  if (text == "closed") {
    answer.closed = true;
    return answer;
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('+', 1));
  absl::StatusOr<Interest> ready = ParseInterest(parts.first);
  if (!ready.ok()) return ready.status();
  if (Has(text, '+') &&
      (parts.second.empty() || !IsPartOf(parts.second, "hce"))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", parts.second, "\" are not hints; expected letters of hce"));
  }
  answer.ready = *ready;
  answer.hangup = Has(parts.second, 'h');
  answer.read_closed = Has(parts.second, 'c');
  answer.error = Has(parts.second, 'e');
  return answer;
}

Answer AnswerFromEvent(const Event& event) {
  Answer answer;
  answer.ready = event.ready();
  answer.hangup = event.hangup();
  answer.read_closed = event.read_closed();
  answer.error = event.error();
  answer.closed = event.closed();
  return answer;
}

Answer Within(const Answer& answer, Interest interest) {
  if (answer.closed) return answer;
  Answer told = answer;
  told.ready &= interest;
  return told.ready.empty() ? Answer() : told;
}

bool HintsAreEqual(const Answer& a, const Answer& b) {
  return HintsAreTrue(a, b) && HintsAreTrue(b, a);
}

bool HintsAreTrue(const Answer& claimed, const Answer& actual) {
  return (!claimed.hangup || actual.hangup) &&
         (!claimed.read_closed || actual.read_closed) &&
         (!claimed.error || actual.error);
}

}  // namespace isopoll::tests
