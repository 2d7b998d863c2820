// ByteQueue: bytes on their way through, first in first out, within a bound.

#ifndef ISOPOLL_ECHO_LOOP_BYTE_QUEUE_H_
#define ISOPOLL_ECHO_LOOP_BYTE_QUEUE_H_

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll::echo {

// Holds at most `capacity` bytes, and no memory at all while it is empty: an
// idle connection costs nothing. Movable; used from one thread at a time.
//
//   absl::Span<char> room = queue.room();
//   queue.Commit(Fill(room));       // the first so many bytes of room() count
//   queue.Consume(Use(queue.front()));
class ByteQueue {
 public:
  // REQUIRES: capacity > 0.
  explicit ByteQueue(size_t capacity) : capacity_(capacity) {}

  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == capacity_; }
  size_t size() const { return size_; }

  // Where the next bytes go: all the room there is, in one piece. Valid until
  // the next call of any other non-const method.
  absl::Span<char> room();

  // Takes the first `count` bytes of room() in; zero gives the room back.
  // Returns the new bytes, valid until the next call of a non-const method.
  // REQUIRES: room() was called last, and count <= room().size().
  absl::string_view Commit(size_t count);

  // All the bytes, the oldest first.
  absl::string_view front() const { return {data_.get() + begin_, size_}; }

  // Drops the oldest `count` bytes. REQUIRES: count <= size().
  void Consume(size_t count);

 private:
  void ReleaseIfEmpty();

  size_t capacity_;
  std::unique_ptr<char[]> data_;
  size_t begin_ = 0;
  size_t size_ = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_BYTE_QUEUE_H_
