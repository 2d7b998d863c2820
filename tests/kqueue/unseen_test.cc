// Which files' filters are believed on which kernel. To poll a file that has no
// need of it changes no answer and costs a sleeper's calls, so that no suite
// shows it.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ostream>
#include <string>

#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"

namespace isopoll::internal {
namespace {

constexpr Interest kBoth = kReadable | kWritable;

// What the kernel says of the one socket.
int socket_type = 0;
int listens = 0;
sa_family_t family = AF_UNSPEC;
// With what it fails; 0: it does not.
int option_error = 0;
int name_error = 0;

int Getsockopt(int /*fd*/, int /*level*/, int option, void* value,
               socklen_t* size) {
  const int answer = option == SO_TYPE ? socket_type : listens;
  std::memcpy(value, &answer, sizeof(answer));
  *size = sizeof(answer);
  errno = option_error;
  return option_error == 0 ? 0 : -1;
}

int Getsockname(int /*fd*/, sockaddr* name, socklen_t* /*size*/) {
  name->sa_family = family;
  errno = name_error;
  return name_error == 0 ? 0 : -1;
}

KqueueSystem SystemWith(const KqueueTraits& traits) {
  KqueueSystem system;
  system.traits = traits;
  system.getsockopt = &Getsockopt;
  system.getsockname = &Getsockname;
  return system;
}

// What is unseen of a file of this kind, on this device and opened so.
Interest Unseen(const KqueueSystem& system, mode_t kind, int flags = O_RDWR,
                dev_t device = 1) {
  struct stat file = {};
  file.st_mode = kind;
  file.st_dev = device;
  return UnseenByFilters(system, /*fd=*/3, file, flags);
}

struct Kernel {
  std::string name;
  KqueueTraits traits;
  bool is_blind_for_pipes, is_blind_for_fifos, is_blind_for_listeners,
      is_blind_for_terminals;

  friend std::ostream& operator<<(std::ostream& out, const Kernel& kernel) {
    return out << kernel.name;
  }
};

class UnseenTest : public testing::TestWithParam<Kernel> {
 protected:
  void SetUp() override {
    socket_type = SOCK_STREAM;
    listens = 0;
    family = AF_INET;
    option_error = 0;
    name_error = 0;
  }

  Interest OfSocket() const { return Unseen(system_, S_IFSOCK); }

  const KqueueSystem system_ = SystemWith(GetParam().traits);
};

TEST_P(UnseenTest, OfPipesAndFifosIsTheirWrongEndAtLeast) {
  const Kernel& kernel = GetParam();
  for (const dev_t device : {0, 1, 2}) {
    const bool is_blind =
        device == 0 ? kernel.is_blind_for_pipes : kernel.is_blind_for_fifos;
    EXPECT_EQ(Unseen(system_, S_IFIFO, O_RDONLY | O_NONBLOCK, device),
              is_blind ? kBoth : kWritable);
    EXPECT_EQ(Unseen(system_, S_IFIFO, O_WRONLY | O_NONBLOCK, device),
              is_blind ? kBoth : kReadable);
    EXPECT_EQ(Unseen(system_, S_IFIFO, O_RDWR, device),
              is_blind ? kBoth : kNone);
  }
}

TEST_P(UnseenTest, OfTerminalsIsWhatTheKernelIsBlindFor) {
  EXPECT_EQ(Unseen(system_, S_IFCHR),
            GetParam().is_blind_for_terminals ? kBoth : kNone);
}

TEST_P(UnseenTest, OfStreamsIsNothing) {
  EXPECT_EQ(OfSocket(), kNone);
  family = AF_UNIX;
  EXPECT_EQ(OfSocket(), kNone);
}

TEST_P(UnseenTest, OfListenersIsWhatTheKernelIsBlindFor) {
  for (listens = 1; listens < 3; ++listens) {
    EXPECT_EQ(OfSocket(), GetParam().is_blind_for_listeners ? kBoth : kNone);
  }
}

TEST_P(UnseenTest, OfUnixDatagramsIsTheirPeersEnd) {
  socket_type = SOCK_DGRAM;
  EXPECT_EQ(OfSocket(), kNone);
  family = AF_UNIX;
  EXPECT_EQ(OfSocket(), kReadable);
}

TEST_P(UnseenTest, IsAllThatTheKernelHasNoMemoryToTell) {
  for (const int error : {ENOBUFS, ENOMEM}) {
    option_error = error;
    EXPECT_EQ(OfSocket(), kBoth);
  }
  option_error = 0;
  socket_type = SOCK_DGRAM;
  for (const int error : {ENOBUFS, ENOMEM}) {
    name_error = error;
    EXPECT_EQ(OfSocket(), kReadable);
  }
}

// A socket has no such option, or no name, and so is none of those.
TEST_P(UnseenTest, IsNothingIfTheKernelKnowsNoSuch) {
  option_error = ENOPROTOOPT;
  socket_type = SOCK_DGRAM;
  listens = 1;
  family = AF_UNIX;
  EXPECT_EQ(OfSocket(), kNone);
  option_error = 0;
  listens = 0;
  name_error = EINVAL;
  EXPECT_EQ(OfSocket(), kNone);
}

TEST_P(UnseenTest, OfAllElseIsNothing) {
  option_error = ENOBUFS;  // nobody asks
  EXPECT_EQ(Unseen(system_, S_IFREG), kNone);
}

INSTANTIATE_TEST_SUITE_P(
    , UnseenTest,
    testing::Values(
        Kernel{"macos", kMacosTraits, false, true, false, true},
        Kernel{"freebsd", kFreebsdTraits, false, false, true, false},
        Kernel{"netbsd", kNetbsdTraits, true, true, true, true},
        Kernel{"openbsd", kOpenbsdTraits, false, false, false, false},
        Kernel{"dragonfly", kDragonflyTraits, false, false, false, false}),
    [](const auto& kernel) { return kernel.param.name; });

}  // namespace
}  // namespace isopoll::internal
