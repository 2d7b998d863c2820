// The program as a whole, with true and with broken pollers.

#include "tools/agreement/agreement.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/poller.h"
#include "tests/support/catalogue.h"
#include "tests/support/contender.h"
#include "tools/agreement/document.h"
#include "tools/agreement/known_differences.h"
#include "tools/agreement/observer.h"
#include "tools/agreement/poller_observer.h"
#include "tools/agreement/progress.h"
#include "tools/agreement/subject.h"

namespace isopoll::agreement {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::TempDir;

constexpr tests::State kStates[] = {
    {"P01Idle", "pipe r w", "r=- w=w"},
    {"P02WriterGone", "pipe r w; close w", "r=r+hc"},
};

// A poller that takes a hangup for writable, as so many do.
class HangupIsWritable : public Poller {
 public:
  explicit HangupIsWritable(std::unique_ptr<Poller> poller)
      : poller_(std::move(poller)) {}

  absl::Status Add(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    return poller_->Add(fd, interest, token, trigger);
  }
  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger trigger) override {
    return poller_->Modify(fd, interest, token, trigger);
  }
  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    return poller_->Set(fd, interest, token, trigger);
  }
  absl::Status Remove(int fd) override { return poller_->Remove(fd); }
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration timeout) override {
    absl::StatusOr<WaitResult> result = poller_->Wait(events, timeout);
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      if (!events[i].hangup()) continue;
      const Event told = events[i];
      events[i] = Event(told.fd(), told.token(), told.ready() | kWritable);
      events[i].AddHint(Hint::kHangup);
      events[i].AddHint(Hint::kReadClosed);
    }
    return result;
  }
  void Wakeup() override { poller_->Wakeup(); }
  Backend backend() const override { return poller_->backend(); }
  size_t size() const override { return poller_->size(); }

 private:
  std::unique_ptr<Poller> poller_;
};

Observers Broken() {
  tests::Contender contender = tests::ExactContender(DefaultBackend());
  contender.name = "broken";
  contender.create =
      [create = contender.create]() -> absl::StatusOr<std::unique_ptr<Poller>> {
    absl::StatusOr<std::unique_ptr<Poller>> poller = create();
    if (!poller.ok()) return poller.status();
    return std::make_unique<HangupIsWritable>(*std::move(poller));
  };
  Observers observers;
  observers.push_back(PollerObserver(std::move(contender)));
  return observers;
}

class PrintTest : public ::testing::Test {
 protected:
  PrintTest() {
    subject_.states.assign(std::begin(kStates), std::end(kStates));
    subject_.observers = BackendObservers();
  }

  int Go() { return PrintAgreement(options_, subject_, out_, err_); }

  std::string Said() const { return out_.str(); }
  std::string Complaint() const { return err_.str(); }

  Options options_;
  Subject subject_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(PrintTest, BackendsAgree) {
  EXPECT_EQ(Go(), kAgree);
  EXPECT_THAT(Said(), HasSubstr("\n2 states, 3 descriptors, "));
  EXPECT_THAT(Said(), EndsWith(": all agree with select(2)\n"));
  EXPECT_THAT(Complaint(), IsEmpty());
}

TEST_F(PrintTest, DisagreementIsExitCode1InEveryFormat) {
  subject_.observers = Broken();
  for (Format format :
       {Format::kText, Format::kMarkdown, Format::kHtml, Format::kCsv}) {
    options_.format = format;
    out_.str("");
    EXPECT_EQ(Go(), kDisagree);
    EXPECT_THAT(Said(), HasSubstr("rw+hc"));
    EXPECT_THAT(Said(), HasSubstr("P02WriterGone"));
  }
}

TEST_F(PrintTest, DisagreementIsNamed) {
  subject_.observers = Broken();
  EXPECT_EQ(Go(), kDisagree);
  EXPECT_THAT(
      Said(),
      HasSubstr("P02WriterGone r: isopoll broken says rw+hc, right is r+hc\n"));
  EXPECT_THAT(Said(), EndsWith("not in agreement on P02WriterGone r\n"));
}

TEST_F(PrintTest, KnownDifferenceIsExcused) {
  const KnownDifference known[] = {
      {"P02WriterGone r", "isopoll broken", "made so for this test"}};
  subject_.observers = Broken();
  subject_.known = known;
  EXPECT_EQ(Go(), kAgree);
  EXPECT_THAT(Said(), HasSubstr("made so for this test"));
}

TEST_F(PrintTest, WrongCatalogueIsExitCode1) {
  constexpr tests::State kWrong[] = {{"P01Idle", "pipe r w", "w=rw"}};
  subject_.states.assign(std::begin(kWrong), std::end(kWrong));
  EXPECT_EQ(Go(), kDisagree);
  EXPECT_THAT(Said(), HasSubstr("catalogued is rw"));
}

TEST_F(PrintTest, StateThatCannotBeMadeIsExitCode1AndTheRestIsMeasured) {
  constexpr tests::State kImpossible[] = {
      {"D01Missing", "open /dev/isopoll-has-no-such f r", "f=rw"},
      {"P01Idle", "pipe r w", "w=w"},
  };
  subject_.states.assign(std::begin(kImpossible), std::end(kImpossible));
  EXPECT_EQ(Go(), kDisagree);
  EXPECT_THAT(Said(), HasSubstr("/dev/isopoll-has-no-such"));
  EXPECT_THAT(Said(), HasSubstr("P01Idle w"));
}

TEST_F(PrintTest, FilterThatFindsNothingIsExitCode2) {
  options_.filter = "Nope";
  EXPECT_EQ(Go(), kCannotRun);
  EXPECT_THAT(Complaint(), HasSubstr("Nope"));
  EXPECT_THAT(Said(), IsEmpty());
}

TEST_F(PrintTest, UpdateWritesTheBlock) {
  options_.format = Format::kMarkdown;
  options_.update = absl::StrCat(TempDir(), "/doc.md");
  std::ofstream(options_.update) << kBeginMarker << "old\n" << kEndMarker;
  EXPECT_EQ(Go(), kAgree);
  std::ostringstream text;
  text << std::ifstream(options_.update).rdbuf();
  EXPECT_THAT(BlockOf(text.str()).value(), HasSubstr("P02WriterGone"));
  EXPECT_THAT(Said(), IsEmpty());
}

TEST_F(PrintTest, UpdateIsForTheWholeMatrixInMarkdown) {
  options_.update = absl::StrCat(TempDir(), "/doc.md");
  EXPECT_EQ(Go(), kCannotRun);
  EXPECT_THAT(Complaint(), HasSubstr("--format=markdown"));
  options_.format = Format::kMarkdown;
  options_.filter = "P01";
  EXPECT_EQ(Go(), kCannotRun);
  EXPECT_THAT(Complaint(), HasSubstr("--filter"));
}

TEST_F(PrintTest, OutputThatFailsIsExitCode2) {
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(Go(), kCannotRun);
  EXPECT_THAT(Complaint(), HasSubstr("cannot write"));
}

TEST(ParseFormat, KnowsFour) {
  EXPECT_EQ(ParseFormat("text").value(), Format::kText);
  EXPECT_EQ(ParseFormat("markdown").value(), Format::kMarkdown);
  EXPECT_EQ(ParseFormat("html").value(), Format::kHtml);
  EXPECT_EQ(ParseFormat("csv").value(), Format::kCsv);
  EXPECT_THAT(ParseFormat("pdf").status().message(),
              HasSubstr("there is no 'pdf'"));
}

TEST(Progress, WritesOverOneLineAndLeavesNothing) {
  std::ostringstream out;
  {
    Progress progress(&out, 2, absl::ZeroDuration());
    progress.Show(0, "first");
    progress.Show(1, "second");
  }
  EXPECT_EQ(out.str(), "\r\033[K0 of 2: first\r\033[K1 of 2: second\r\033[K");
}

TEST(Progress, IsSilentInAShortRun) {
  std::ostringstream out;
  {
    Progress progress(&out, 2, absl::Hours(1));
    progress.Show(0, "first");
  }
  EXPECT_THAT(out.str(), IsEmpty());
}

}  // namespace
}  // namespace isopoll::agreement
