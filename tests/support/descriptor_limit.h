// Running out of descriptors.

#ifndef ISOPOLL_TESTS_SUPPORT_DESCRIPTOR_LIMIT_H_
#define ISOPOLL_TESTS_SUPPORT_DESCRIPTOR_LIMIT_H_

#include <cstdint>

namespace isopoll::tests {

// Whether this system has such a limit: Windows has none.
bool CanLimitDescriptors();

// While it lives, only numbers below `limit` can be opened.
// UndefinedBehaviorSanitizer needs descriptors to look at a type that is new to
// it: do little meanwhile.
class ScopedDescriptorLimit {
 public:
  explicit ScopedDescriptorLimit(int limit);
  ~ScopedDescriptorLimit();

  ScopedDescriptorLimit(const ScopedDescriptorLimit&) = delete;
  ScopedDescriptorLimit& operator=(const ScopedDescriptorLimit&) = delete;

 private:
  uint64_t before_;
};

// The number that the next descriptor gets.
int LowestFreeFd();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_DESCRIPTOR_LIMIT_H_
