// Binding a socket where nobody else is.

#ifndef ISOPOLL_TESTS_SUPPORT_BIND_ANYWHERE_H_
#define ISOPOLL_TESTS_SUPPORT_BIND_ANYWHERE_H_

#include "absl/status/status.h"

namespace isopoll::tests {

// Binds `fd`, of either family, to a free port of 127.0.0.1 or to a free
// abstract Unix-domain name.
absl::Status BindAnywhere(int fd);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_BIND_ANYWHERE_H_
