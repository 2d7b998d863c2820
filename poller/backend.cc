#include "isopoll/backend.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll {

absl::string_view BackendName(Backend backend) {
  switch (backend) {
    case Backend::kSelect:
      return "select";
    case Backend::kPoll:
      return "poll";
    case Backend::kEpoll:
      return "epoll";
    case Backend::kKqueue:
      return "kqueue";
    case Backend::kAfd:
      return "afd";
  }
  return "unknown";
}

Backend DefaultBackend() { return SupportedBackends().front(); }

std::string SupportedBackendNames() {
  return absl::StrJoin(SupportedBackends(), ", ",
                       [](std::string* out, Backend backend) {
                         absl::StrAppend(out, BackendName(backend));
                       });
}

bool AbslParseFlag(absl::string_view text, Backend* backend,
                   std::string* error) {
  const absl::Span<const Backend> supported = SupportedBackends();
  const auto found =
      std::find_if(supported.begin(), supported.end(),
                   [text](Backend each) { return BackendName(each) == text; });
  if (found == supported.end()) {
    *error = absl::StrCat("'", text,
                          "' is not a backend of this program here: "
                          "choose one of ",
                          SupportedBackendNames());
    return false;
  }
  *backend = *found;
  return true;
}

std::string AbslUnparseFlag(Backend backend) {
  return std::string(BackendName(backend));
}

}  // namespace isopoll
