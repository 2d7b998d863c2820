// FdBitmap covers what it must, and counts what it has.

#include "poller/system/fd_bitmap.h"

#include "gtest/gtest.h"

namespace isopoll::internal {
namespace {

TEST(FdBitmapTest, GivesUpWhatIsEmptyAtItsEnd) {
  constexpr int kBits = static_cast<int>(FdBitmap::kWordBits);
  FdBitmap bitmap;
  bitmap.Cover(2 * kBits);
  ASSERT_EQ(bitmap.words(), 3u);
  bitmap.Put(kBits, true);
  EXPECT_TRUE(bitmap.EndsEmpty());
  bitmap.DropLastWord();
  EXPECT_FALSE(bitmap.EndsEmpty());
  EXPECT_TRUE(bitmap.Has(kBits));
}

TEST(FdBitmapTest, IsEmptyWhenAllThatWasPutIsGone) {
  FdBitmap bitmap;
  bitmap.Cover(70);
  EXPECT_TRUE(bitmap.empty());
  for (int i = 0; i < 2; ++i) bitmap.Put(70, true);
  bitmap.Put(1, true);
  EXPECT_EQ(bitmap.CountBits(), 2);
  EXPECT_EQ(bitmap.word(0), 2u);
  bitmap.Put(70, false);
  EXPECT_FALSE(bitmap.empty());
  for (int i = 0; i < 2; ++i) bitmap.Put(1, false);
  EXPECT_TRUE(bitmap.empty());
  EXPECT_EQ(bitmap.CountBits(), 0);
}

TEST(FdBitmapTest, NeverCoversLess) {
  constexpr int kBits = static_cast<int>(FdBitmap::kWordBits);
  FdBitmap bitmap;
  bitmap.Cover(kBits);
  EXPECT_EQ(bitmap.words(), 2u);
  bitmap.Cover(0);
  EXPECT_EQ(bitmap.words(), 2u);
  bitmap.Cover(2 * kBits);
  EXPECT_EQ(bitmap.words(), 3u);
}

}  // namespace
}  // namespace isopoll::internal
