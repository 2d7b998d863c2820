// Command: one word of the scenario language.

#ifndef ISOPOLL_TESTS_SUPPORT_COMMAND_H_
#define ISOPOLL_TESTS_SUPPORT_COMMAND_H_

#include <initializer_list>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/support/step.h"

namespace isopoll::tests {

class World;

// An entry of one of the tables that make up the vocabulary.
struct Command {
  // The command, then one word for each argument:
  //   NEW       a name that the step declares
  //   NAME      a name declared before
  //   COUNT     a number, zero or more, of what there can be at once
  //   VALUE     any number that 64 bits hold, zero or more
  //   INTEREST  letters of rwp, or -
  //   PATH      the path of a file
  //   r|w|rw    one of these words
  //   [X]       as X, and may be left out; only at the end
  absl::string_view usage;

  // One line for people.
  absl::string_view meaning;

  // Does it. Null for what is done to pollers, which the Runner does. An error
  // says what failed, but need not repeat the step.
  absl::Status (*run)(World& world, const Step& step);
};

// One table made of several.
inline std::vector<Command> Joined(
    std::initializer_list<absl::Span<const Command>> tables) {
  std::vector<Command> all;
  for (absl::Span<const Command> table : tables) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_COMMAND_H_
