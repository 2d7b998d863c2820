// Choices: where a Generator's decisions come from.

#ifndef ISOPOLL_TESTS_SUPPORT_CHOICES_H_
#define ISOPOLL_TESTS_SUPPORT_CHOICES_H_

#include <cstddef>
#include <cstdint>
#include <random>

#include "absl/types/span.h"

namespace isopoll::tests {

class Choices {
 public:
  virtual ~Choices() = default;

  // A number below `bound`, which is 1 to 65536.
  virtual size_t Below(size_t bound) = 0;
};

// By chance: the same seed gives the same choices.
class RandomChoices : public Choices {
 public:
  explicit RandomChoices(uint64_t seed) : random_(seed) {}

  size_t Below(size_t bound) override { return random_() % bound; }

 private:
  std::mt19937_64 random_;
};

// As bytes say, one for each choice, or two if one cannot tell them all apart.
// When they are spent it is always the first choice.
class ByteChoices : public Choices {
 public:
  // The bytes must outlive this object.
  explicit ByteChoices(absl::Span<const uint8_t> bytes) : left_(bytes) {}

  size_t Below(size_t bound) override {
    const size_t high = bound > 256 ? Next() : 0;
    return (high * 256 + Next()) % bound;
  }

  bool spent() const { return left_.empty(); }

 private:
  size_t Next() {
    if (left_.empty()) return 0;
    const size_t next = left_.front();
    left_.remove_prefix(1);
    return next;
  }

  absl::Span<const uint8_t> left_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CHOICES_H_
