// Running out of descriptors, for the conformance suite.

#ifndef ISOPOLL_TESTS_CONFORMANCE_DESCRIPTOR_LIMIT_H_
#define ISOPOLL_TESTS_CONFORMANCE_DESCRIPTOR_LIMIT_H_

#include <sys/resource.h>

namespace isopoll {

// Sets the soft limit of descriptors while it lives. UndefinedBehaviorSanitizer
// needs descriptors to look at a type that is new to it: do little meanwhile.
class ScopedDescriptorLimit {
 public:
  explicit ScopedDescriptorLimit(rlim_t limit);
  ~ScopedDescriptorLimit();

  ScopedDescriptorLimit(const ScopedDescriptorLimit&) = delete;
  ScopedDescriptorLimit& operator=(const ScopedDescriptorLimit&) = delete;

 private:
  rlimit before_;
};

// The first number that no descriptor has.
int LowestFree();

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_DESCRIPTOR_LIMIT_H_
