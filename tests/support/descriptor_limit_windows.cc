#include "gtest/gtest.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll::tests {

bool CanLimitDescriptors() { return false; }

ScopedDescriptorLimit::ScopedDescriptorLimit(int /*limit*/) : before_(0) {
  ADD_FAILURE() << "there is no limit";
}

ScopedDescriptorLimit::~ScopedDescriptorLimit() = default;

int LowestFreeFd() { return 0; }

}  // namespace isopoll::tests
