// The kinds of descriptors that a scenario can make.
//
// To add one: write in channel_kinds.cc, or in special_kinds.cc if only some
// systems have it, a function that makes it and hands it to World::Own under
// the names in the step's words, and give it one line in the table below it. If
// it can be brought into states that the actions there are cannot reach, add
// the missing one to special_actions.cc in the same way. The parser, the
// printer and the replay's help know it from the table; give the catalogue a
// row for each state worth holding the backends to.

#ifndef ISOPOLL_TESTS_SUPPORT_CHANNEL_KINDS_H_
#define ISOPOLL_TESTS_SUPPORT_CHANNEL_KINDS_H_

#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

absl::Span<const Command> ChannelKinds();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_CHANNEL_KINDS_H_
