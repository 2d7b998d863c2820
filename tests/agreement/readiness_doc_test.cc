// The readiness document of this system holds what is measured now.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tools/agreement/agreement.h"
#include "tools/agreement/document.h"
#include "tools/agreement/kernel_observers.h"
#include "tools/agreement/subject.h"

namespace isopoll::agreement {
namespace {

TEST(ReadinessDocument, HoldsTheMatrixAsMeasured) {
  std::ostringstream document, measured, complaint;
  document << std::ifstream(kReadinessDocument).rdbuf();
  const auto published = BlockOf(document.str());
  ASSERT_TRUE(published.ok()) << published.status();

  Options options;
  options.format = Format::kMarkdown;
  ASSERT_EQ(PrintAgreement(options, WholeSubject(), measured, complaint),
            kAgree)
      << measured.str() << complaint.str();

  // Line by line, so that a failure shows those that differ.
  const std::vector<std::string> is = absl::StrSplit(measured.str(), '\n');
  const std::vector<std::string> was = absl::StrSplit(*published, '\n');
  const std::string remedy = absl::StrCat(
      "If it is the document that is out of date, write it again: see the end "
      "of ",
      kReadinessDocument);
  for (size_t i = 0; i < is.size() && i < was.size(); ++i) {
    ASSERT_EQ(is[i], was[i]) << remedy;
  }
  EXPECT_EQ(is.size(), was.size()) << remedy;
}

}  // namespace
}  // namespace isopoll::agreement
