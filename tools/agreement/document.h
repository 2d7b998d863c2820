// Document: a text that holds the matrix between two markers.

#ifndef ISOPOLL_TOOLS_AGREEMENT_DOCUMENT_H_
#define ISOPOLL_TOOLS_AGREEMENT_DOCUMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isopoll::agreement {

inline constexpr char kBeginMarker[] = "<!-- agreement: begin -->\n";
inline constexpr char kEndMarker[] = "<!-- agreement: end -->\n";

// What stands between the markers, and `text` with `block` there instead.
// InvalidArgument unless `text` has both markers, once each and in order.
absl::StatusOr<std::string> BlockOf(absl::string_view text);
absl::StatusOr<std::string> WithBlock(absl::string_view text,
                                      absl::string_view block);

// Does this to the file at `path`. What went wrong names it; the file is then
// as it was.
absl::Status UpdateFile(const std::string& path, absl::string_view block);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_DOCUMENT_H_
