#include "echo/loop/byte_queue.h"

#include <cstring>

namespace isopoll::echo {

absl::Span<char> ByteQueue::room() {
  // Not make_unique, which would write zeros over every byte first.
  if (data_ == nullptr) data_.reset(new char[capacity_]);
  if (begin_ > 0) {
    // Rare: only a peer that reads slowly leaves something behind.
    std::memmove(data_.get(), data_.get() + begin_, size_);
    begin_ = 0;
  }
  return {data_.get() + size_, capacity_ - size_};
}

absl::string_view ByteQueue::Commit(size_t count) {
  const absl::string_view added(data_.get() + begin_ + size_, count);
  size_ += count;
  ReleaseIfEmpty();
  return count == 0 ? absl::string_view() : added;
}

void ByteQueue::Consume(size_t count) {
  begin_ += count;
  size_ -= count;
  ReleaseIfEmpty();
}

void ByteQueue::ReleaseIfEmpty() {
  if (size_ > 0) return;
  data_.reset();
  begin_ = 0;
}

}  // namespace isopoll::echo
