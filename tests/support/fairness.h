// Fairness: rule R5. When more descriptors are ready than the span holds, each
// must have its turn.

#ifndef ISOPOLL_TESTS_SUPPORT_FAIRNESS_H_
#define ISOPOLL_TESTS_SUPPORT_FAIRNESS_H_

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "isopoll/interest.h"

namespace isopoll::tests {

class Fairness {
 public:
  // Takes note of one Wait with room for `capacity` events: `ready` had to be
  // reported, `reported` were. Returns those that have now been passed over in
  // ceil(ready / capacity) Waits in a row, among which nothing changed.
  std::vector<int> Note(const std::map<int, Interest>& ready,
                        const std::set<int>& reported, size_t capacity);

  // Something changed that may bring a new order.
  void Forget() { passed_over_.clear(); }

 private:
  std::map<int, Interest> ready_;
  size_t capacity_ = 0;
  std::map<int, size_t> passed_over_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_FAIRNESS_H_
