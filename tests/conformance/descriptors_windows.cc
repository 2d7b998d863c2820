#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "net/internal/winsock.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/support/numbers.h"

namespace isopoll {
namespace {

using internal::ToSocket;

// What poll(2) would say of `fd`, as WSAPoll says it in other words, of which
// it may be asked for two.
int PollEvents(int fd) {
  WSAPOLLFD entry = {ToSocket(fd), POLLRDNORM | POLLWRNORM, 0};
  ::WSAPoll(&entry, 1, /*timeout=*/0);
  const int said = entry.revents;
  return (said & (POLLHUP | POLLERR)) |
         ((said & (POLLRDNORM | POLLHUP | POLLERR)) != 0 ? POLLIN : 0) |
         ((said & (POLLWRNORM | POLLERR)) != 0 ? POLLOUT : 0);
}

struct CloseHandleOf {
  void operator()(HANDLE handle) const { ::CloseHandle(handle); }
};
using UniqueHandle = std::unique_ptr<void, CloseHandleOf>;

int ToNumber(const UniqueHandle& handle) {
  return internal::FromSocket(reinterpret_cast<SOCKET>(handle.get()));
}

// More than any test has open.
constexpr int kManyHandles = 1 << 13;

// Another name of `fd` under a number that is `wanted`. Descriptors are
// handles, and the next one that is free is the next one's: events take those
// before.
UniqueFd DuplicateWhere(int fd, absl::FunctionRef<bool(int)> wanted) {
  std::vector<UniqueHandle> before;
  for (int i = 0; i < kManyHandles; ++i) {
    UniqueHandle event(::CreateEventW(nullptr, FALSE, FALSE, nullptr));
    if (wanted(ToNumber(event))) break;
    before.push_back(std::move(event));
  }
  // WSADuplicateSocket has a number of its own for a while, the first.
  if (!before.empty()) before.pop_back();
  UniqueFd copy(tests::Duplicate(fd));
  EXPECT_TRUE(wanted(copy.get())) << copy.get();
  return copy;
}

UniqueFd NoFile() {
  ADD_FAILURE() << "only sockets can be watched here";
  return UniqueFd();
}

}  // namespace

extern const int kNumberStep = 4;
// Beyond what the process has open by itself.
extern const int kFreeNumber = 1200;

Ends NewSocketPair(int type) {
  return type == SOCK_DGRAM ? NewUdp() : NewTcp();
}

Ends NewPipe() { return NewTcp(); }

Ends NewPipeWriter() { return NewTcp(); }

UniqueFd Open(const char* /*path*/, int /*flags*/) { return NoFile(); }

UniqueFd NewRegularFile() { return NoFile(); }

std::vector<UniqueFd> NewAlwaysReadyFiles() { return {}; }

ptrdiff_t ReadSome(int fd, void* data, size_t size) {
  return sys::Recv(fd, data, size);
}

ptrdiff_t WriteSome(int fd, const void* data, size_t size) {
  return sys::Send(fd, data, size);
}

void AwaitUrgent(int fd) {
  EXPECT_TRUE(Eventually([fd] {
    fd_set priority;
    FD_ZERO(&priority);
    FD_SET(ToSocket(fd), &priority);
    timeval at_once = {};
    return ::select(0, nullptr, nullptr, &priority, &at_once) == 1;
  })) << "fd "
      << fd << " never got out-of-band data";
}

void Await(int fd, int events) {
  EXPECT_TRUE(Eventually([&] { return (PollEvents(fd) & events) == events; }))
      << "fd " << fd << " never got the poll events " << events;
}

bool PeerIsClosed(int fd) {
  return Eventually([fd] { return (PollEvents(fd) & POLLHUP) != 0; });
}

UniqueFd DuplicateTo(int fd, int number) {
  return DuplicateWhere(fd, [number](int free) { return free == number; });
}

UniqueFd DuplicateFrom(int fd, int least) {
  return DuplicateWhere(fd, [least](int free) { return free >= least; });
}

void AllowDescriptors(int /*count*/) {}

}  // namespace isopoll
