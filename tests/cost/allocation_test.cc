// That a poller that is warm takes nothing from the heap, and reads no clock
// for a timeout that needs none.

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>
#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"

namespace {

std::atomic<int> allocations{0};
std::atomic<int> clock_reads{0};

void* Allocate(size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}

void* AllocateAligned(size_t size, std::align_val_t alignment) {
  ++allocations;
  const size_t unit = static_cast<size_t>(alignment);
  void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

// In place of the library's, for this program.
void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void* operator new(size_t size, std::align_val_t alignment) {
  return AllocateAligned(size, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}

// In place of glibc's, by which std::chrono reads the clock.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  ++clock_reads;
  return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
}

namespace isopoll::tests {
namespace {

class WarmTest : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    PollerOptions options;
    options.backend = GetParam();
    poller_ = *Poller::Create(options);
    for (SocketPairFds& pair : sockets_) {
      pair = *SocketPair(SOCK_STREAM);
      ::send(pair.second.get(), "x", 1, 0);
      ASSERT_TRUE(poller_->Add(pair.first.get(), kReadable, 0).ok());
    }
    Turn(kReadable | kWritable);
    Turn(kReadable);
  }

  // Changes the interest in all, and waits.
  void Turn(Interest interest) {
    for (const SocketPairFds& pair : sockets_) {
      poller_->Modify(pair.first.get(), interest, 0).IgnoreError();
    }
    Wait(absl::InfiniteDuration());
  }

  size_t Wait(absl::Duration time) {
    return poller_->Wait(absl::MakeSpan(events_), time)->count;
  }

  std::unique_ptr<Poller> poller_;
  std::array<SocketPairFds, 20> sockets_;
  std::array<Event, 32> events_;
};

TEST_P(WarmTest, WaitAllocatesNothing) {
  const int before = allocations;
  const size_t looked = Wait(absl::ZeroDuration());
  const size_t waited = Wait(absl::InfiniteDuration());
  const size_t until = Wait(absl::Minutes(1));
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(looked, sockets_.size());
  EXPECT_EQ(waited, sockets_.size());
  EXPECT_EQ(until, sockets_.size());
}

TEST_P(WarmTest, ModifyAllocatesNothing) {
  const int before = allocations;
  Turn(kReadable | kWritable);
  Turn(kNone | kReadable);
  EXPECT_EQ(allocations, before);
}

TEST_P(WarmTest, WakeupAllocatesNothing) {
  const int before = allocations;
  poller_->Wakeup();
  Wait(absl::InfiniteDuration());
  EXPECT_EQ(allocations, before);
}

TEST_P(WarmTest, AddOfAKnownNumberAllocatesNothing) {
  const int fd = sockets_[0].first.get();
  const int before = allocations;
  poller_->Remove(fd).IgnoreError();
  poller_->Add(fd, kReadable, 0).IgnoreError();
  EXPECT_EQ(allocations, before);
}

TEST_P(WarmTest, ZeroAndInfiniteTimeoutsReadNoClock) {
  const int before = clock_reads;
  Wait(absl::ZeroDuration());
  Wait(absl::InfiniteDuration());
  EXPECT_EQ(clock_reads, before);
}

TEST_P(WarmTest, OtherTimeoutsReadTheClock) {
  // Or else the test above would see none either.
  const int before = clock_reads;
  Wait(absl::Minutes(1));
  EXPECT_GT(clock_reads, before);
}

INSTANTIATE_TEST_SUITE_P(Backends, WarmTest,
                         testing::ValuesIn(SupportedBackends()),
                         [](const testing::TestParamInfo<Backend>& backend) {
                           return std::string(BackendName(backend.param));
                         });

}  // namespace
}  // namespace isopoll::tests
