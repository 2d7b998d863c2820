// The names of backends, the choice of one, and what is said of those missing.

#include "isopoll/backend.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/poller.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/poller_kind.h"

namespace isopoll {
namespace {

using testing::HasSubstr;

// Best first.
std::vector<Backend> EveryBackend() {
  return {Backend::kEpoll, Backend::kKqueue, Backend::kAfd, Backend::kPoll,
          Backend::kSelect};
}

bool IsSupported(Backend backend) {
  for (Backend supported : SupportedBackends()) {
    if (supported == backend) return true;
  }
  return false;
}

TEST(BackendTest, Names) {
  EXPECT_EQ(BackendName(Backend::kSelect), "select");
  EXPECT_EQ(BackendName(Backend::kPoll), "poll");
  EXPECT_EQ(BackendName(Backend::kEpoll), "epoll");
  EXPECT_EQ(BackendName(Backend::kKqueue), "kqueue");
  EXPECT_EQ(BackendName(Backend::kAfd), "afd");
  EXPECT_EQ(BackendName(static_cast<Backend>(17)), "unknown");
}

TEST(BackendTest, SupportedBestFirst) {
  std::vector<Backend> expected;
  std::string names;
  for (Backend backend : EveryBackend()) {
    if (!IsSupported(backend)) continue;
    expected.push_back(backend);
    names += (names.empty() ? "" : ", ") + std::string(BackendName(backend));
  }
  ASSERT_FALSE(expected.empty());
  EXPECT_THAT(SupportedBackends(), testing::ElementsAreArray(expected));
  EXPECT_EQ(DefaultBackend(), expected.front());
  EXPECT_EQ(SupportedBackendNames(), names);
}

TEST(BackendTest, CreateMakesTheDefault) {
  const std::unique_ptr<Poller> poller = Poller::Create().value();
  EXPECT_EQ(poller->backend(), DefaultBackend());
}

TEST(BackendTest, CreateMakesWhatIsAskedFor) {
  for (Backend backend : SupportedBackends()) {
    EXPECT_EQ(NewPoller(backend)->backend(), backend);
  }
}

// No system has two of epoll, kqueue and afd.
TEST(BackendTest, CreateNamesWhatThereIsInsteadOfWhatThereIsNot) {
  int missing = 0;
  for (Backend backend : EveryBackend()) {
    if (IsSupported(backend)) continue;
    ++missing;
    PollerOptions options;
    options.backend = backend;
    const absl::Status status = Poller::Create(options).status();
    EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(std::string(BackendName(backend))));
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(SupportedBackendNames()));
  }
  EXPECT_GE(missing, 2);
}

TEST(BackendTest, CreateRefusesWhatIsNoBackend) {
  PollerOptions options;
  options.backend = static_cast<Backend>(99);
  EXPECT_FALSE(Poller::Create(options).ok());
}

TEST(BackendTest, FlagIsParsedAndPrinted) {
  for (Backend backend : SupportedBackends()) {
    Backend parsed = static_cast<Backend>(99);
    std::string error;
    EXPECT_TRUE(AbslParseFlag(BackendName(backend), &parsed, &error));
    EXPECT_EQ(parsed, backend);
    EXPECT_EQ(error, "");
    EXPECT_EQ(AbslUnparseFlag(backend), BackendName(backend));
  }
}

TEST(BackendTest, FlagErrorListsWhatThereIs) {
  std::vector<std::string> wrong = {"", "Epoll", "epoll ", "epol", "iocp", "0"};
  for (Backend backend : EveryBackend()) {
    if (!IsSupported(backend)) wrong.emplace_back(BackendName(backend));
  }
  for (const std::string& text : wrong) {
    Backend parsed = DefaultBackend();
    std::string error;
    EXPECT_FALSE(AbslParseFlag(text, &parsed, &error)) << text;
    EXPECT_EQ(parsed, DefaultBackend());
    EXPECT_THAT(error, HasSubstr(SupportedBackendNames()));
  }
}

}  // namespace
}  // namespace isopoll
