// What a client may send to the page of statistics.

#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "echo/service/http_page.h"
#include "tests/fuzz/fuzz_target.h"

namespace isopoll::tests {
namespace {

constexpr absl::string_view kEnd = "\r\n\r\n";

// A head, and a body as long as it says, or none.
void CheckAnswer(absl::string_view answer) {
  Require(absl::StartsWith(answer, "HTTP/1.0 "), "no HTTP");
  const size_t end = answer.find(kEnd);
  Require(end != absl::string_view::npos, "the head does not end");
  const absl::string_view head = answer.substr(0, end);
  const absl::string_view body = answer.substr(end + kEnd.size());
  Require(
      body.empty() ||
          absl::StrContains(
              head, absl::StrCat("\r\nContent-Length: ", body.size(), "\r\n")),
      absl::StrCat("a body of ", body.size(), " bytes after ", head));
  // Nothing that a client sends comes back: it could be taken for a head.
  Require(answer.size() < 300, "a long answer");
}

}  // namespace
}  // namespace isopoll::tests

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view request(reinterpret_cast<const char*>(data), size);
  isopoll::tests::CheckAnswer(isopoll::echo::AnswerHttp(
      request, [] { return std::string("a page\n"); }));
  return 0;
}
