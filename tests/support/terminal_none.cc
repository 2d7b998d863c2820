// Where only sockets can be watched.

#include "tests/support/terminal.h"

namespace isopoll::tests {

bool IsTerminal(int /*fd*/) { return false; }

void AwaitTerminalWakeUps(int /*fd*/) {}

}  // namespace isopoll::tests
