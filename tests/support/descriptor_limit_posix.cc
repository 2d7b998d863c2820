#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll::tests {
namespace {

// Sets the soft limit, and returns the one there was.
rlim_t Exchange(rlim_t limit) {
  rlimit limits = {};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limits), 0);
  const rlim_t before = std::exchange(limits.rlim_cur, limit);
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limits), 0);
  return before;
}

}  // namespace

bool CanLimitDescriptors() { return true; }

ScopedDescriptorLimit::ScopedDescriptorLimit(int limit)
    : before_(Exchange(static_cast<rlim_t>(limit))) {}

ScopedDescriptorLimit::~ScopedDescriptorLimit() {
  Exchange(static_cast<rlim_t>(before_));
}

int LowestFreeFd() {
  const UniqueFd fd(::dup(STDERR_FILENO));
  EXPECT_TRUE(fd);
  return fd.get();
}

}  // namespace isopoll::tests
