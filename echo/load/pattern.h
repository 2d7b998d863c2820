// Pattern: what each connection of a load sends.

#ifndef ISOPOLL_ECHO_LOAD_PATTERN_H_
#define ISOPOLL_ECHO_LOAD_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace isopoll::echo {

// An endless stream of bytes for each connection, of which any part can be had
// at any time without being written down: all are views of one random block,
// from a place of their own. So a stream that is crossed with another, repeats
// itself or has a gap is seen as wrong at once. Thread-safe once made.
class Pattern {
 public:
  // No slice will be longer than `longest`.
  explicit Pattern(size_t longest);

  // `size` bytes of the stream of `connection`, from `position` on; valid as
  // long as the pattern.
  absl::string_view Slice(uint64_t connection, uint64_t position,
                          size_t size) const;

 private:
  // A prime, so that every connection below it has a place of its own.
  static constexpr uint64_t kPeriod = 1048573;

  std::string block_;  // one period, and its beginning once more
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_PATTERN_H_
