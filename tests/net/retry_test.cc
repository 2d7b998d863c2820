#include "net/internal/retry.h"

#include <cerrno>
#include <cstddef>
#include <deque>
#include <utility>

#include "gtest/gtest.h"

namespace isopoll::internal {
namespace {

// A system call that comes to each of `results` in turn: what it returns, or
// its errno as a negative number.
class Scripted {
 public:
  explicit Scripted(std::deque<int> results) : results_(std::move(results)) {}

  int Call() {
    if (results_.empty()) {
      ADD_FAILURE() << "one call too many";
      return 0;
    }
    const int result = results_.front();
    results_.pop_front();
    if (result >= 0) return result;
    errno = -result;
    return -1;
  }

  // What is left of the results.
  size_t left() const { return results_.size(); }

 private:
  std::deque<int> results_;
};

int Retry(Scripted* script) {
  return RetryOnInterrupt([script] { return script->Call(); });
}

TEST(RetryOnInterrupt, IsForInterruptedCallsOnly) {
  Scripted script({-EINTR, -EINTR, -EAGAIN, 7});
  EXPECT_EQ(Retry(&script), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(script.left(), 1u);
}

// After a success errno says nothing.
TEST(RetryOnInterrupt, EndsWithSuccess) {
  for (const int result : {0, 1, 7}) {
    Scripted script({-EINTR, result});
    EXPECT_EQ(Retry(&script), result);
    EXPECT_EQ(errno, EINTR);
  }
}

}  // namespace
}  // namespace isopoll::internal
