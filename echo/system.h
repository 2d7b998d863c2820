// What the programs ask of the system, which each does in its own way.

#ifndef ISOPOLL_ECHO_SYSTEM_H_
#define ISOPOLL_ECHO_SYSTEM_H_

#include <cstdint>
#include <string>
#include <utility>

namespace isopoll::echo {

// Opens /dev/null in place of each of standard input, output and error that is
// closed: the next descriptor would get its number, and be written to.
void OpenStandardDescriptors();

// Raises the soft limit on descriptors as far as the hard one allows, and
// returns what it is then.
uint64_t RaiseDescriptorLimit();

// Whether standard error is a terminal, one that obeys escape sequences.
bool HasTerminal();

// What tells the file that is now at `path` from any other; zeros if there is
// none. A link is a file of its own.
using FileNumber = std::pair<uint64_t, uint64_t>;
FileNumber FileNumberOf(const std::string& path);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SYSTEM_H_
