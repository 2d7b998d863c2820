// R12: what check_closed cannot tell apart. Linux.

#include <sys/eventfd.h>

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::Each;
using testing::ElementsAre;

class AnonymousInodeTest : public PollerTest {};

UniqueFd NewEventFd(unsigned count) {
  UniqueFd fd(::eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK));
  EXPECT_TRUE(fd);
  return fd;
}

// Eventfds share one inode, as do timerfds, signalfds and epoll's own. Modify
// is the cure.
TEST_P(AnonymousInodeTest, EventFdsAreNotToldApart) {
  PollerOptions options;
  options.check_closed = true;
  const std::unique_ptr<Poller> poller = New(options);
  const UniqueFd old = NewEventFd(0);
  const UniqueFd now = NewEventFd(1);
  UniqueFd fd = DuplicateTo(old.get());
  ASSERT_THAT(poller->Add(fd.get(), kReadable, 1), IsOk());
  fd.reset();
  fd = DuplicateTo(now.get());
  EXPECT_THAT(Look(*poller), Each(EventIs(fd.get(), 1, kReadable)));
  EXPECT_EQ(poller->size(), 1u);
  ASSERT_THAT(poller->Modify(fd.get(), kReadable, 2), IsOk());
  EXPECT_THAT(Look(*poller), ElementsAre(EventIs(fd.get(), 2, kReadable)));
}

ISOPOLL_ON_EVERY_KIND(AnonymousInodeTest);

}  // namespace
}  // namespace isopoll
