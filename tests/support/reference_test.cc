#include "tests/support/reference.h"

#include <signal.h>
#include <sys/time.h>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"

namespace isopoll::tests {
namespace {

// select(2) and poll(2) that find nothing tell of a signal, though they do not
// sleep.
TEST(ReferenceTest, LooksInSpiteOfSignals) {
  struct sigaction ignored = {};
  ignored.sa_handler = [](int) {};
  struct sigaction before;
  ASSERT_EQ(::sigaction(SIGALRM, &ignored, &before), 0);
  const itimerval often = {{0, 20}, {0, 20}};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &often, nullptr), 0);
  const PipeFds pipe = *Pipe();
  for (int i = 0; i < 5000; ++i) {
    const absl::StatusOr<Snapshot> snapshot = Look({pipe.read_end.get()});
    ASSERT_TRUE(snapshot.ok()) << i << ": " << snapshot.status();
  }
  const itimerval never = {};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &never, nullptr), 0);
  ASSERT_EQ(::sigaction(SIGALRM, &before, nullptr), 0);
}

}  // namespace
}  // namespace isopoll::tests
