#include "tests/support/step.h"

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/answer.h"

namespace isopoll::tests {

uint64_t Step::number(size_t index) const {
  uint64_t value = 0;
  return absl::SimpleAtoi(words[index], &value) ? value : 0;
}

Interest Step::interest(size_t index) const {
  return ParseInterest(words[index]).value_or(kNone);
}

std::string Step::ToString() const {
  return absl::StrCat(tolerant ? "try " : "", absl::StrJoin(words, " "));
}

}  // namespace isopoll::tests
