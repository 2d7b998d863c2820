// What ends a knote, and a queue.

#include <fcntl.h>
#include <sys/event.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/conformance/child_process.h"
#include "tests/kqueue_standin/standin.h"
#include "tests/kqueue_standin/testing.h"
#include "tests/support/descriptor_limit.h"

namespace isopoll::kqueue_standin {
namespace {

class LifetimeTest : public testing::TestWithParam<Personality> {
 protected:
  void Watch(int fd) {
    for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
      ASSERT_EQ(Apply(kq_.get(), Change(fd, filter, EV_ADD)), 0);
    }
  }
  std::string Taken() { return Words(Take(kq_.get())); }

  UniqueFd kq_ = NewQueue(GetParam());
};

TEST_P(LifetimeTest, ClosingDropsKnotesThoughADupLivesOn) {
  Scene scene("tcp a b; dup a c");
  Watch(scene.Fd("a"));
  EXPECT_EQ(Taken(), "W");
  scene.Do("close a; send b 1");
  EXPECT_EQ(Taken(), "-");
  Watch(scene.Fd("c"));
  EXPECT_EQ(Taken(), "R W");
}

TEST_P(LifetimeTest, ANewFileOfTheNumberHasNoKnotes) {
  Scene scene("tcp a b");
  const int number = scene.Fd("a");
  Watch(number);
  scene.Do("close a; eventfd e");
  ASSERT_EQ(scene.Fd("e"), number);
  EXPECT_EQ(Taken(), "-");
  EXPECT_EQ(Apply(kq_.get(), Change(number, EVFILT_READ, EV_DELETE)), ENOENT);
  Watch(number);
  EXPECT_EQ(Taken(), "W");
}

TEST_P(LifetimeTest, DupOverANumberDropsItsKnotes) {
  Scene scene("tcp a b; pipe r w");
  Watch(scene.Fd("a"));
  EXPECT_EQ(::dup2(scene.Fd("a"), scene.Fd("a")), scene.Fd("a"));
  EXPECT_EQ(::dup2(-1, scene.Fd("a")), -1);
  EXPECT_EQ(Taken(), "W");
  scene.Do("replace a w");
  EXPECT_EQ(Taken(), "-");
  Watch(scene.Fd("a"));
  EXPECT_EQ(Taken(), "W");
  ASSERT_EQ(::dup2(scene.Fd("b"), scene.Fd("a")), scene.Fd("a"));
  EXPECT_EQ(Taken(), "-");
}

TEST_P(LifetimeTest, ARangeIsClosed) {
  Scene scene("tcp a b");
  const int high = ::fcntl(scene.Fd("a"), F_DUPFD_CLOEXEC, 900);
  Watch(high);
  Watch(scene.Fd("b"));
  EXPECT_EQ(Taken(), "W W");
  ASSERT_EQ(::close_range(900, ~0u, 0), 0);
  EXPECT_EQ(Taken(), "W");
  const UniqueFd again(::fcntl(scene.Fd("b"), F_DUPFD_CLOEXEC, 900));
  ASSERT_EQ(again.get(), high);
  EXPECT_EQ(Apply(kq_.get(), Change(high, EVFILT_WRITE, EV_DELETE)), ENOENT);
}

TEST_P(LifetimeTest, AClosedQueueIsNone) {
  const int number = kq_.get();
  kq_.reset();
  EXPECT_EQ(::kevent(number, nullptr, 0, nullptr, 0, nullptr), -1);
  EXPECT_EQ(errno, EBADF);
  Scene scene("tcp a b");
  EXPECT_EQ(::kevent(scene.Fd("a"), nullptr, 0, nullptr, 0, nullptr), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST_P(LifetimeTest, QueuesOfOneDescriptorAreApart) {
  Scene scene("tcp a b");
  const UniqueFd other = NewQueue(GetParam());
  Watch(scene.Fd("a"));
  EXPECT_EQ(Words(Take(other.get())), "-");
  ASSERT_EQ(Apply(other.get(), Change(scene.Fd("a"), EVFILT_WRITE, EV_ADD)), 0);
  ASSERT_EQ(Apply(kq_.get(), Change(scene.Fd("a"), EVFILT_WRITE, EV_DELETE)),
            0);
  EXPECT_EQ(Words(Take(other.get())), "W");
  EXPECT_EQ(Taken(), "-");
}

TEST_P(LifetimeTest, AChildHasNotItsParentsQueues) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  Watch(a);
  const std::string complaints = RunInChild([&]() -> std::string {
    if (::kevent(kq_.get(), nullptr, 0, nullptr, 0, nullptr) != -1 ||
        errno != EBADF) {
      return "the child has the parent's queue";
    }
    const UniqueFd own = NewQueue(GetParam());
    if (Apply(own.get(), Change(a, EVFILT_WRITE, EV_ADD)) != 0) {
      return "the child's own queue takes no filter";
    }
    if (Words(Take(own.get())) != "W") return "the child's own has no event";
    ::close(a);
    if (Words(Take(own.get())) != "-") return "the child's close is not seen";
    ::close(kq_.get());
    return "";
  });
  EXPECT_EQ(complaints, "");
  EXPECT_EQ(Taken(), "W");
}

// A question that opened a descriptor could take the number of one that the
// test has closed.
TEST(FstatTest, OpensNothing) {
  Scene scene("file g");
  struct stat status = {};
  const tests::ScopedDescriptorLimit none(0);
  EXPECT_EQ(Fstat(scene.Fd("g"), &status), 0);
  EXPECT_TRUE(S_ISREG(status.st_mode));
}

TEST(FstatTest, TellsWhatABsdWould) {
  Scene scene("pipe r w; fifo f; mqueue q; file g; tcp a b");
  const auto status_of = [&](const char* name) {
    struct stat status = {};
    EXPECT_EQ(Fstat(scene.Fd(name), &status), 0);
    return status;
  };
  EXPECT_EQ(status_of("r").st_dev, 0u);
  EXPECT_TRUE(S_ISFIFO(status_of("r").st_mode));
  EXPECT_NE(status_of("f").st_dev, 0u);
  EXPECT_TRUE(S_ISFIFO(status_of("f").st_mode));
  EXPECT_FALSE(S_ISREG(status_of("q").st_mode));
  EXPECT_TRUE(S_ISREG(status_of("g").st_mode));
  EXPECT_TRUE(S_ISSOCK(status_of("a").st_mode));
  struct stat status;
  EXPECT_EQ(Fstat(-1, &status), -1);
  EXPECT_EQ(errno, EBADF);
}

INSTANTIATE_TEST_SUITE_P(All, LifetimeTest, testing::ValuesIn(kPersonalities),
                         [](const auto& p) { return NameOf(p.param); });

}  // namespace
}  // namespace isopoll::kqueue_standin
