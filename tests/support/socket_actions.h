// What a scenario can do to sockets.

#ifndef ISOPOLL_TESTS_SUPPORT_SOCKET_ACTIONS_H_
#define ISOPOLL_TESTS_SUPPORT_SOCKET_ACTIONS_H_

#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

absl::Span<const Command> SocketActions();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SOCKET_ACTIONS_H_
