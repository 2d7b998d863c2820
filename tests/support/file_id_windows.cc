#include "tests/support/file_id.h"

namespace isopoll::tests {

// Windows has nothing that tells the sockets behind a number apart.
FileId FileOf(int /*fd*/) { return {}; }

}  // namespace isopoll::tests
