// R2: the hangup of a FIFO, which comes and goes.

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

using testing::Contains;

constexpr absl::Duration kAWhile = absl::Milliseconds(80);

class FifoTest : public PollerTest {};

// A FIFO, to open again and again.
class Fifo {
 public:
  Fifo() { EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0) << path_; }
  UniqueFd NewReader() const { return Open(path_.c_str(), O_NONBLOCK); }
  UniqueFd NewWriter() const { return Open(path_.c_str(), O_WRONLY); }

 private:
  const ScratchDirectory scratch_;
  const std::string path_ = scratch_.Path("fifo");
};

// A FIFO's hangup goes when a writer comes, and returns when it goes.
TEST_P(FifoTest, HangupThatComesAndGoes) {
  Fifo fifo;
  UniqueFd reader = fifo.NewReader();
  ASSERT_THAT(poller().Add(reader.get(), kPriority, 1), IsOk());
  for (int i = 0; i < 3; ++i) {
    UniqueFd writer = fifo.NewWriter();
    ExpectQuiet(poller(), kAWhile);
    writer.reset();
    ExpectQuiet(poller(), kAWhile);
  }
  ASSERT_THAT(poller().Modify(reader.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(), Contains(EventIs(reader.get(), 2, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(FifoTest);

}  // namespace
}  // namespace isopoll
