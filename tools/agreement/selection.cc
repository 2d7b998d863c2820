#include "tools/agreement/selection.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace isopoll::agreement {
namespace {

// In `pattern`, * is any text and ? any letter.
bool Matches(absl::string_view name, absl::string_view pattern) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*' && Matches(name, pattern.substr(1))) return true;
  if (name.empty()) return false;
  if (pattern[0] == '*') return Matches(name.substr(1), pattern);
  return (pattern[0] == '?' || pattern[0] == name[0]) &&
         Matches(name.substr(1), pattern.substr(1));
}

}  // namespace

absl::StatusOr<std::vector<tests::State>> Select(
    absl::Span<const tests::State> states, absl::string_view filter) {
  const bool is_pattern = filter.find_first_of("*?") != filter.npos;
  std::vector<tests::State> selected;
  for (const tests::State& state : states) {
    const bool fits = is_pattern ? Matches(state.name, filter)
                                 : absl::StrContains(state.name, filter);
    if (fits) selected.push_back(state);
  }
  if (!selected.empty()) return selected;
  return absl::InvalidArgumentError(absl::StrCat(
      "--filter: no state is called '", filter,
      "'; names are like T12PeerFin, and Peer, T* and T1?Peer* find it"));
}

}  // namespace isopoll::agreement
