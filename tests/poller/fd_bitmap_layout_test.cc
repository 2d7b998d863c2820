// FdBitmap's bits are where the C library's own macros have them.

#include <sys/select.h>

#include <cstring>

#include "gtest/gtest.h"
#include "poller/system/fd_bitmap.h"

namespace isopoll::internal {
namespace {

// What FD_SET writes for `fd`, byte for byte. On a big-endian machine that
// tells how long a word is.
TEST(FdBitmapTest, IsAnFdSet) {
  for (int fd = 0; fd < FD_SETSIZE; ++fd) {
    fd_set expected;
    FD_ZERO(&expected);
    FD_SET(fd, &expected);
    FdBitmap bitmap;
    bitmap.Cover(FD_SETSIZE - 1);
    bitmap.Put(fd, true);
    ASSERT_EQ(bitmap.words() * sizeof(FdBitmap::Word), sizeof(expected));
    ASSERT_EQ(std::memcmp(bitmap.data(), &expected, sizeof(expected)), 0)
        << "fd " << fd;
    EXPECT_EQ(bitmap.CountBits(), 1);
  }
}

}  // namespace
}  // namespace isopoll::internal
