#include "tests/support/fairness.h"

namespace isopoll::tests {

std::vector<int> Fairness::Note(const std::map<int, Interest>& ready,
                                const std::set<int>& reported,
                                size_t capacity) {
  if (ready != ready_ || capacity != capacity_) {
    Forget();
    ready_ = ready;
    capacity_ = capacity;
  }
  const size_t turn = (ready.size() + capacity - 1) / capacity;
  std::vector<int> starved;
  for (const auto& [fd, interest] : ready) {
    if (reported.count(fd) != 0) {
      passed_over_[fd] = 0;
    } else if (++passed_over_[fd] >= turn) {
      starved.push_back(fd);
    }
  }
  return starved;
}

}  // namespace isopoll::tests
