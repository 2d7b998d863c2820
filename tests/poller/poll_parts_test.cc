// Entries of poll(2) in parts, and their answers put together.

#include "poller/system/poll_parts.h"

#include <poll.h>

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;

constexpr short kStale = POLLPRI;
constexpr nfds_t kCount = 4;

class PollPartsTest : public testing::Test {
 protected:
  // The answers of the entries, after how many have one.
  std::vector<int> PutTogether() {
    std::vector<int> answers = {parts_.PutTogether(
        entries_.data(), kCount, [](const pollfd& part) -> short {
          return part.revents == POLLHUP ? POLLHUP : part.events;
        })};
    for (const pollfd& entry : entries_) answers.push_back(entry.revents);
    return answers;
  }

  std::vector<pollfd> entries_ = {{7, POLLIN | POLLOUT, kStale},
                                  {-1, POLLIN, kStale},
                                  {0, POLLOUT, kStale},
                                  {9, POLLPRI, kStale},
                                  {8, POLLIN, kStale}};
  // Of the last it is not told.
  PollParts parts_{entries_.data(), kCount, {POLLIN, POLLOUT}};
};

TEST_F(PollPartsTest, EachDirectionThatIsAskedForIsAPart) {
  std::vector<int> parts;
  for (nfds_t i = 0; i < parts_.size(); ++i) {
    parts.push_back(parts_.data()[i].fd);
    parts.push_back(parts_.data()[i].events);
    EXPECT_EQ(parts_.data()[i].revents, 0);
  }
  EXPECT_THAT(parts, ElementsAre(7, POLLIN, 7, POLLOUT, 0, POLLOUT));
}

TEST_F(PollPartsTest, NothingIsLeftOfEarlierAnswers) {
  EXPECT_THAT(PutTogether(), ElementsAre(0, 0, 0, 0, 0, kStale));
}

TEST_F(PollPartsTest, AnswersAreMerged) {
  parts_.data()[0].revents = POLLIN;
  parts_.data()[1].revents = POLLHUP;
  EXPECT_THAT(PutTogether(), ElementsAre(1, POLLIN | POLLHUP, 0, 0, 0, kStale));
  parts_.data()[1].revents = 0;
  parts_.data()[2].revents = POLLOUT;
  EXPECT_THAT(PutTogether(), ElementsAre(2, POLLIN, 0, POLLOUT, 0, kStale));
}

TEST_F(PollPartsTest, AnInvalidOneIsNothingElse) {
  parts_.data()[0].revents = POLLIN;
  parts_.data()[1].revents = POLLNVAL;
  EXPECT_THAT(PutTogether(), ElementsAre(1, POLLNVAL, 0, 0, 0, kStale));
}

}  // namespace
}  // namespace isopoll::internal
