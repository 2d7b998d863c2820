#include "echo/load/stream_flow.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/transfer.h"

namespace isopoll::echo {
namespace {

// The most that is sent at once.
constexpr uint64_t kPieceBytes = 256 * 1024;

// How soon a server whose queue was full is tried again.
constexpr absl::Duration kConnectRetry = absl::Milliseconds(10);

}  // namespace

void StreamFlow::Connect() {
  absl::StatusOr<UniqueFd> fd =
      isopoll::Connect(server().address, source_address());
  // Only of a Unix-domain server is it known that its queue is full.
  if (server().transport == Transport::kUnix &&
      absl::IsResourceExhausted(fd.status())) {
    return Wake(SteadyNow() + kConnectRetry);
  }
  if (!fd.ok()) return Fail(LoadError::kConnect, fd.status());
  fd_ = *std::move(fd);
  if (Watch(kWritable)) Wake(PatienceEnd());
}

absl::Duration StreamFlow::PatienceEnd() const {
  const bool awaits = !connected() || finished_ || !outstanding_.empty();
  return awaits ? progress_at_ + options().timeout : absl::InfiniteDuration();
}

void StreamFlow::OnImpatient(absl::Duration /*now*/) {
  Fail(connected() ? LoadError::kTimeout : LoadError::kConnect,
       absl::DeadlineExceededError(
           absl::StrCat(connected() ? "nothing came back for "
                                    : "no connection came about within ",
                        absl::FormatDuration(options().timeout))));
}

bool StreamFlow::SendSome(absl::Duration now) {
  if (outstanding_.empty()) progress_at_ = now;
  // A request of no bytes is back as soon as what was before it is.
  while (TakeRequests(now) > 0) CountAnswers(now);
  while (sent_ < asked_) {
    const absl::StatusOr<Transfer> transfer =
        Send(fd_.get(), Slice(sent_, std::min(asked_ - sent_, kPieceBytes)));
    if (!transfer.ok()) FailBroken(transfer.status());
    if (over() || transfer->would_block()) return false;
    sent_ += transfer->bytes();
  }
  return true;
}

void StreamFlow::ReceiveSome() {
  const absl::StatusOr<Transfer> transfer = Receive(fd_.get(), scratch());
  if (!transfer.ok()) return FailBroken(transfer.status());
  if (transfer->end_of_file()) return OnEndOfFile();
  if (!transfer->would_block()) Check({scratch().data(), transfer->bytes()});
}

void StreamFlow::Check(absl::string_view data) {
  if (data.size() > sent_ - received_) {
    return Fail(LoadError::kSurplus,
                absl::DataLossError(absl::StrCat(
                    data.size(), " bytes came back after the first ", received_,
                    ", where only ", sent_ - received_, " were expected")));
  }
  const absl::string_view expected = Slice(received_, data.size());
  if (data != expected) {
    const auto [wrong, right] =
        std::mismatch(data.begin(), data.end(), expected.begin());
    return Fail(LoadError::kWrongByte,
                absl::DataLossError(absl::StrCat(
                    "byte ", received_ + (wrong - data.begin()),
                    " came back as '", absl::CHexEscape({wrong, 1}),
                    "', not as '", absl::CHexEscape({right, 1}), "'")));
  }
  OnEchoed(data);
  received_ += data.size();
  progress_at_ = SteadyNow();
  CountAnswers(progress_at_);
  source().Forget(received_);
}

void StreamFlow::CountAnswers(absl::Duration now) {
  while (!outstanding_.empty() && outstanding_.front().end() <= received_) {
    CountAnswer(outstanding_.front(), now);
    outstanding_.pop_front();
  }
}

void StreamFlow::OnAllIsBack() {
  const absl::Status status = ShutdownWrite(fd_.get());
  if (!status.ok()) FailBroken(status);
}

void StreamFlow::OnEndOfFile() {
  if (finished_) {
    source().OnFinished(number());
    return End();
  }
  Fail(LoadError::kClosed,
       absl::DataLossError(absl::StrCat(
           "the server closed after ", received_, " bytes had come back, ",
           received_ < asked_ ? "which is not all" : "and did not wait")));
}

}  // namespace isopoll::echo
