// All systems but Windows.

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"

namespace isopoll {

extern const int kNumberStep = 1;
extern const int kFreeNumber = 300;

Ends NewSocketPair(int type) {
  SocketPairFds pair = SocketPair(type).value();
  return {std::move(pair.first), std::move(pair.second)};
}

Ends NewPipe() {
  PipeFds pipe = Pipe().value();
  return {std::move(pipe.read_end), std::move(pipe.write_end)};
}

Ends NewPipeWriter() {
  PipeFds pipe = Pipe().value();
  return {std::move(pipe.write_end), std::move(pipe.read_end)};
}

UniqueFd Open(const char* path, int flags) {
  UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC | flags));
  EXPECT_TRUE(fd) << path << ": " << std::strerror(errno);
  return fd;
}

UniqueFd NewRegularFile() {
  std::string path = testing::TempDir() + "isopoll_XXXXXX";
  UniqueFd fd(::mkstemp(path.data()));
  EXPECT_TRUE(fd) << path << ": " << std::strerror(errno);
  ::unlink(path.c_str());
  return fd;
}

std::vector<UniqueFd> NewAlwaysReadyFiles() {
  std::vector<UniqueFd> files;
  files.push_back(NewRegularFile());
  files.push_back(Open("/"));
  files.push_back(Open("/dev/null"));
  files.push_back(Open("/dev/zero"));
  return files;
}

ptrdiff_t ReadSome(int fd, void* data, size_t size) {
  return ::read(fd, data, size);
}

ptrdiff_t WriteSome(int fd, const void* data, size_t size) {
  return ::write(fd, data, size);
}

void AwaitUrgent(int fd) {
  EXPECT_TRUE(Eventually([fd] {
    fd_set priority;
    FD_ZERO(&priority);
    FD_SET(fd, &priority);
    timeval at_once = {};
    return ::select(fd + 1, nullptr, nullptr, &priority, &at_once) == 1;
  })) << "fd "
      << fd << " never got out-of-band data";
}

void Await(int fd, int events) {
  EXPECT_TRUE(Eventually([&] {
    pollfd entry = {fd, static_cast<short>(events), 0};
    ::poll(&entry, 1, /*timeout=*/0);
    return (entry.revents & events) == events;
  })) << "fd "
      << fd << " never got the poll events " << events;
}

bool PeerIsClosed(int fd) {
  pollfd entry = {fd, POLLIN, 0};
  ::poll(&entry, 1, /*timeout=*/0);
  return (entry.revents & POLLHUP) != 0;
}

UniqueFd DuplicateTo(int fd, int number) {
  UniqueFd copy(::dup2(fd, number));
  EXPECT_TRUE(copy) << std::strerror(errno);
  return copy;
}

UniqueFd DuplicateFrom(int fd, int least) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, least));
  EXPECT_TRUE(copy) << std::strerror(errno);
  return copy;
}

void AllowDescriptors(int count) {
  rlimit limit;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto wanted = static_cast<rlim_t>(count);
  ASSERT_GE(limit.rlim_max, wanted) << "raise it: ulimit -Hn";
  limit.rlim_cur = std::max(limit.rlim_cur, wanted);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

}  // namespace isopoll
