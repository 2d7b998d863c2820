#include "echo/descriptor_limit.h"

#include <sys/resource.h>

namespace isopoll::echo {

uint64_t RaiseDescriptorLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  // macOS refuses what it calls unlimited; then it stays as it was.
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return before;
  return limit.rlim_cur;
}

}  // namespace isopoll::echo
