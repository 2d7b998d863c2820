// What a main function does to its process.

#ifndef ISOPOLL_ECHO_PROCESS_H_
#define ISOPOLL_ECHO_PROCESS_H_

#include <cstdint>

namespace isopoll::echo {

// Raises the soft limit on descriptors as far as the hard one allows, and
// returns what it is then.
uint64_t RaiseDescriptorLimit();

// Opens /dev/null in place of each of standard input, output and error that is
// closed: the next descriptor would get its number, and be written to.
void OpenStandardDescriptors();

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_PROCESS_H_
