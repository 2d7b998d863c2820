#include "tools/agreement/selection.h"

#include <fnmatch.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace isopoll::agreement {

absl::StatusOr<std::vector<tests::State>> Select(
    absl::Span<const tests::State> states, absl::string_view filter) {
  const std::string pattern(filter);
  const bool is_glob = pattern.find_first_of("*?[") != std::string::npos;
  std::vector<tests::State> selected;
  for (const tests::State& state : states) {
    const bool fits = is_glob ? ::fnmatch(pattern.c_str(), state.name, 0) == 0
                              : absl::StrContains(state.name, pattern);
    if (fits) selected.push_back(state);
  }
  if (!selected.empty()) return selected;
  return absl::InvalidArgumentError(absl::StrCat(
      "--filter: no state is called '", filter,
      "'; names are like T12PeerFin, and Peer, T* and T1?Peer* find it"));
}

}  // namespace isopoll::agreement
