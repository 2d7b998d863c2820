#include "echo/loop/byte_queue.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace isopoll::echo {
namespace {

absl::string_view Put(ByteQueue& queue, absl::string_view data) {
  const absl::Span<char> room = queue.room();
  EXPECT_GE(room.size(), data.size());
  std::memcpy(room.data(), data.data(), data.size());
  return queue.Commit(data.size());
}

TEST(ByteQueueTest, NewQueueIsEmpty) {
  const ByteQueue queue(4);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.full());
  EXPECT_EQ(queue.front(), "");
}

TEST(ByteQueueTest, GivesBytesInTheOrderTheyCame) {
  ByteQueue queue(8);
  EXPECT_EQ(Put(queue, "abc"), "abc");
  EXPECT_EQ(Put(queue, "de"), "de");
  EXPECT_EQ(queue.front(), "abcde");
  queue.Consume(2);
  EXPECT_EQ(queue.front(), "cde");
  EXPECT_EQ(Put(queue, "f"), "f");
  EXPECT_EQ(queue.front(), "cdef");
}

TEST(ByteQueueTest, FullQueueHasNoRoom) {
  ByteQueue queue(3);
  Put(queue, "abc");
  EXPECT_TRUE(queue.full());
  EXPECT_TRUE(queue.room().empty());
}

TEST(ByteQueueTest, AllRoomIsInOnePieceAfterConsume) {
  ByteQueue queue(4);
  Put(queue, "abcd");
  queue.Consume(3);
  EXPECT_EQ(queue.room().size(), 3);
  Put(queue, "efg");
  EXPECT_EQ(queue.front(), "defg");
}

TEST(ByteQueueTest, CommitOfNothingKeepsWhatIsThere) {
  ByteQueue queue(4);
  queue.room();
  EXPECT_EQ(queue.Commit(0), "");
  EXPECT_TRUE(queue.empty());
  Put(queue, "ab");
  queue.room();
  queue.Commit(0);
  EXPECT_EQ(queue.front(), "ab");
}

TEST(ByteQueueTest, CanBeUsedAgainAfterItRanEmpty) {
  ByteQueue queue(2);
  for (int i = 0; i < 10; ++i) {
    Put(queue, "xy");
    queue.Consume(1);
    queue.Consume(1);
    EXPECT_TRUE(queue.empty());
  }
}

TEST(ByteQueueTest, MovesWithItsBytes) {
  ByteQueue queue(4);
  Put(queue, "abc");
  queue.Consume(1);
  ByteQueue other = std::move(queue);
  EXPECT_EQ(other.front(), "bc");
}

TEST(ByteQueueTest, MatchesAStringThroughManySteps) {
  const size_t capacity = 13;
  ByteQueue queue(capacity);
  std::string model;
  uint32_t random = 7;
  for (int step = 0; step < 10000; ++step) {
    random = random * 1664525 + 1013904223;
    const size_t amount = (random >> 16) % (capacity + 1);
    if (random >> 31) {
      const std::string data(std::min(amount, capacity - model.size()),
                             static_cast<char>('a' + step % 26));
      Put(queue, data);
      model += data;
    } else {
      const size_t count = std::min(amount, model.size());
      queue.Consume(count);
      model.erase(0, count);
    }
    ASSERT_EQ(queue.front(), model) << "after step " << step;
    ASSERT_EQ(queue.full(), model.size() == capacity);
  }
}

}  // namespace
}  // namespace isopoll::echo
