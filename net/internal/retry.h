// RetryOnInterrupt: a system call that no signal cuts short.

#ifndef ISOPOLL_NET_INTERNAL_RETRY_H_
#define ISOPOLL_NET_INTERNAL_RETRY_H_

#include <cerrno>

namespace isopoll {
namespace internal {

// Makes `call`, which returns -1 and sets errno on failure, until it is not
// interrupted. Returns its result.
template <typename Call>
auto RetryOnInterrupt(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_RETRY_H_
