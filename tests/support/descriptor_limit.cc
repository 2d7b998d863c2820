#include "tests/support/descriptor_limit.h"

#include <sys/resource.h>
#include <unistd.h>

#include "gtest/gtest.h"
#include "net/unique_fd.h"

namespace isopoll::tests {

ScopedDescriptorLimit::ScopedDescriptorLimit(rlim_t limit) {
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
  const rlimit lower = {limit, before_.rlim_max};
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
}

ScopedDescriptorLimit::~ScopedDescriptorLimit() {
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0);
}

int LowestFreeFd() {
  const UniqueFd fd(::dup(STDERR_FILENO));
  EXPECT_TRUE(fd);
  return fd.get();
}

}  // namespace isopoll::tests
