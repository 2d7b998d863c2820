#include "tests/interposed/helper_threads.h"

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "tests/conformance/eventually.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {
namespace {

struct Progress {
  std::atomic<pid_t> thread = 0;
  std::atomic<bool> ended = false;
};

}  // namespace

void HelperThreads::Start(std::function<void()> action) {
  auto progress = std::make_shared<Progress>();
  threads_.emplace_back([progress, action = std::move(action)] {
    progress->thread = tests::CurrentThread();
    action();
    progress->ended = true;
  });
  EXPECT_TRUE(Eventually([&] {
    const pid_t thread = progress->thread;
    return progress->ended ||
           (thread != 0 && tests::IsAsleep(::getpid(), thread));
  }));
}

void HelperThreads::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace isopoll::tests
