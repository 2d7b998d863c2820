#include "net/internal/file_kind.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll::internal {
namespace {

class FileKindTest : public testing::Test {
 protected:
  const ScratchDirectory scratch_;
  // With letters that Windows has in no narrow code page at once.
  const std::string path_ = scratch_.Path("\u0434\u00e9\u6587");
};

TEST_F(FileKindTest, NothingIsThere) {
  EXPECT_EQ(*KindOfFile(path_), FileKind::kNone);
  EXPECT_EQ(*KindOfFile(absl::StrCat(path_, "/x")), FileKind::kNone);
  EXPECT_EQ(*KindOfFile(""), FileKind::kNone);
  EXPECT_TRUE(RemoveFile(path_).ok());
}

TEST_F(FileKindTest, ADirectoryIsNotRemoved) {
  ASSERT_TRUE(
      std::filesystem::create_directory(std::filesystem::u8path(path_)));
  EXPECT_EQ(*KindOfFile(path_), FileKind::kDirectory);
  const absl::Status removed = RemoveFile(path_);
  EXPECT_FALSE(removed.ok());
  EXPECT_TRUE(absl::StrContains(removed.message(), path_)) << removed;
  EXPECT_EQ(*KindOfFile(path_), FileKind::kDirectory);
}

TEST_F(FileKindTest, AFileIsRemoved) {
  std::ofstream(std::filesystem::u8path(path_)) << "x";
  EXPECT_EQ(*KindOfFile(path_), FileKind::kOther);
  EXPECT_TRUE(RemoveFile(path_).ok());
  EXPECT_EQ(*KindOfFile(path_), FileKind::kNone);
}

TEST_F(FileKindTest, ASocketIsRemoved) {
  if (!HasUnixSockets(SOCK_STREAM)) GTEST_SKIP() << "Wine 8 has none";
  const UniqueFd socket = *Listen(Address(absl::StrCat("unix:", path_)));
  EXPECT_EQ(*KindOfFile(path_), FileKind::kSocket);
  EXPECT_TRUE(RemoveFile(path_).ok());
  EXPECT_EQ(*KindOfFile(path_), FileKind::kNone);
}

}  // namespace
}  // namespace isopoll::internal
