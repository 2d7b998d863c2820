// The vocabulary of scenarios: every command there is.

#ifndef ISOPOLL_TESTS_SUPPORT_VOCABULARY_H_
#define ISOPOLL_TESTS_SUPPORT_VOCABULARY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/support/command.h"

namespace isopoll::tests {

// What is done to the pollers: watch, modify, set, remove, wait, wakeup, ...
absl::Span<const Command> PollerCommands();

// The command named `name`, or null.
const Command* FindCommand(absl::string_view name);

// The usage and the meaning of every command, a line each, for people.
std::string DescribeVocabulary();

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_VOCABULARY_H_
