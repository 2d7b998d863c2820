// Step: one step of a scenario, as written.

#ifndef ISOPOLL_TESTS_SUPPORT_STEP_H_
#define ISOPOLL_TESTS_SUPPORT_STEP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "isopoll/interest.h"

namespace isopoll::tests {

// A command and its arguments. The typed accessors may be used where the
// command's usage says that a word is there and of that kind.
struct Step {
  // words[0] is the command.
  std::vector<std::string> words;
  // Preceded by `try`: failure is allowed.
  bool tolerant = false;

  const std::string& verb() const { return words[0]; }
  const std::string& word(size_t index) const { return words[index]; }
  bool has_word(size_t index) const { return index < words.size(); }
  uint64_t number(size_t index) const;
  Interest interest(size_t index) const;

  std::string ToString() const;
  friend bool operator==(const Step& a, const Step& b) {
    return a.words == b.words && a.tolerant == b.tolerant;
  }
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_STEP_H_
