#include "tests/kqueue_standin/testing.h"

#include <sys/event.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/standin.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::kqueue_standin {
namespace {

std::vector<struct kevent> Events(int kq, size_t room, time_t seconds) {
  std::vector<struct kevent> events(room);
  const timespec timeout = {seconds, 0};
  const int count =
      ::kevent(kq, nullptr, 0, events.data(), static_cast<int>(room), &timeout);
  EXPECT_GE(count, 0) << "errno " << errno;
  events.resize(static_cast<size_t>(std::max(count, 0)));
  return events;
}

std::string Word(const struct kevent& event) {
  std::string word = "?";
  if (event.filter == EVFILT_READ) word = "R";
  if (event.filter == EVFILT_WRITE) word = "W";
  if (event.filter == EVFILT_EXCEPT) word = "X";
  if (event.filter == EVFILT_USER) word = "U";
  if ((event.flags & EV_EOF) != 0) absl::StrAppend(&word, "+E");
  return word;
}

}  // namespace

std::string NameOf(Personality personality) {
  switch (personality) {
    case Personality::kMacos:
      return "macos";
    case Personality::kFreebsd:
      return "freebsd";
    case Personality::kNetbsd:
      break;
  }
  return "netbsd";
}

UniqueFd NewQueue(Personality personality) {
  switch (personality) {
    case Personality::kMacos:
      return UniqueFd(KqueueMacos());
    case Personality::kFreebsd:
      return UniqueFd(KqueueFreebsd());
    case Personality::kNetbsd:
      break;
  }
  return UniqueFd(KqueueNetbsd());
}

void Scene::Do(absl::string_view steps) {
  if (runner_ == nullptr) runner_ = std::move(*tests::Runner::Create({}));
  if (steps.empty()) return;
  // Names must be declared before they are used, so all is read again.
  const std::string all =
      done_.empty() ? std::string(steps) : absl::StrCat(done_, "; ", steps);
  const absl::StatusOr<tests::Scenario> scenario = tests::Scenario::Parse(all);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  done_ = all;
  for (size_t i = runner_->done().size(); i < scenario->steps().size(); ++i) {
    const absl::Status status = runner_->Do(scenario->steps()[i]);
    ASSERT_TRUE(status.ok()) << status;
  }
}

int Scene::Fd(absl::string_view name) const {
  const absl::StatusOr<int> fd = runner_->world().Number(name);
  EXPECT_TRUE(fd.ok()) << fd.status();
  return fd.value_or(-1);
}

struct kevent Change(int fd, int filter, int flags, unsigned fflags) {
  struct kevent change = {};
  change.ident = static_cast<uintptr_t>(fd);
  change.filter = static_cast<int16_t>(filter);
  change.flags = static_cast<uint16_t>(flags);
  change.fflags = fflags;
  return change;
}

int Apply(int kq, const struct kevent& change) {
  return ::kevent(kq, &change, 1, nullptr, 0, nullptr) == 0 ? 0 : errno;
}

std::vector<struct kevent> Take(int kq, size_t room) {
  return Events(kq, room, 0);
}

std::vector<struct kevent> Await(int kq) { return Events(kq, 16, 60); }

std::string Words(std::vector<struct kevent> events) {
  if (events.empty()) return "-";
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.filter > b.filter; });
  return absl::StrJoin(events, " ", [](std::string* out, const auto& event) {
    out->append(Word(event));
  });
}

}  // namespace isopoll::kqueue_standin
