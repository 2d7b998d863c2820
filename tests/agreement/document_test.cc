// The block between a document's markers.

#include "tools/agreement/document.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isopoll::agreement {
namespace {

using ::testing::HasSubstr;
using ::testing::TempDir;

std::string Sample(const std::string& block) {
  return absl::StrCat("before\n", kBeginMarker, block, kEndMarker, "after\n");
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Document, BlockIsReadAndReplaced) {
  EXPECT_EQ(BlockOf(Sample("old\nlines\n")).value(), "old\nlines\n");
  EXPECT_EQ(BlockOf(Sample("")).value(), "");
  EXPECT_EQ(WithBlock(Sample("old\n"), "new\n").value(), Sample("new\n"));
}

TEST(Document, MarkersMustBeThereOnceAndInOrder) {
  EXPECT_THAT(BlockOf("nothing").status().message(),
              HasSubstr("<!-- agreement: begin -->"));
  EXPECT_THAT(BlockOf(kBeginMarker).status().message(),
              HasSubstr("<!-- agreement: end -->"));
  EXPECT_TRUE(
      absl::IsInvalidArgument(BlockOf(Sample("") + Sample("")).status()));
  EXPECT_THAT(
      BlockOf(absl::StrCat(kEndMarker, kBeginMarker)).status().message(),
      HasSubstr("order"));
}

TEST(Document, FileIsUpdated) {
  const std::string path = absl::StrCat(TempDir(), "/updated.md");
  std::ofstream(path, std::ios::binary) << Sample("old\n");
  ASSERT_TRUE(UpdateFile(path, "new\n").ok());
  EXPECT_EQ(ReadAll(path), Sample("new\n"));
}

TEST(Document, FileWithoutMarkersStaysAsItIs) {
  const std::string path = absl::StrCat(TempDir(), "/unmarked.md");
  std::ofstream(path, std::ios::binary) << "text\n";
  EXPECT_THAT(UpdateFile(path, "new\n").message(), HasSubstr(path));
  EXPECT_EQ(ReadAll(path), "text\n");
}

TEST(Document, FileThatIsNotThereIsNamed) {
  const std::string path = absl::StrCat(TempDir(), "/missing.md");
  EXPECT_THAT(UpdateFile(path, "new\n").message(),
              HasSubstr("cannot read " + path));
}

}  // namespace
}  // namespace isopoll::agreement
