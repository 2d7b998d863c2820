// Other text that comes from outside: the name of a backend, and a scenario.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "isopoll/backend.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/scenario.h"

namespace isopoll::tests {
namespace {

void ParseBackend(absl::string_view text) {
  Backend backend = Backend::kSelect;
  std::string error;
  if (AbslParseFlag(text, &backend, &error)) {
    Require(AbslUnparseFlag(backend) == text, "another backend");
  } else {
    Require(!error.empty(), "refused without a word");
  }
}

void ParseScenario(absl::string_view text) {
  const absl::StatusOr<Scenario> scenario = Scenario::Parse(text);
  if (!scenario.ok()) {
    Require(absl::IsInvalidArgument(scenario.status()),
            scenario.status().ToString());
    return;
  }
  const absl::StatusOr<Scenario> again = Scenario::Parse(scenario->ToString());
  Require(
      again.ok() && *again == *scenario,
      absl::StrCat(scenario->ToString(), " is read as ",
                   again.ok() ? again->ToString() : again.status().ToString()));
}

}  // namespace
}  // namespace isopoll::tests

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  isopoll::tests::ParseBackend(text);
  isopoll::tests::ParseScenario(text);
  return 0;
}
