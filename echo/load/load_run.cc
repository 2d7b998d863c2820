#include "echo/load/load_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "echo/load/datagram_flow.h"
#include "echo/load/stream_flow.h"

namespace isopoll::echo {
namespace {

// More than any datagram.
constexpr size_t kScratchBytes = 256 * 1024;

// How many connections are in the making at a time: fewer than what waits in
// the queue of any server.
constexpr uint64_t kMostConnecting = 100;

constexpr absl::Duration kShortestBackoff = absl::Milliseconds(10);
constexpr absl::Duration kLongestBackoff = absl::Seconds(1);

// How long what is under way has when the load is stopped.
constexpr absl::Duration kStopPatience = absl::Seconds(1);

size_t SlotsOf(const LoadOptions& options, const LoadShare& share) {
  return (options.connections - share.index + share.count - 1) / share.count;
}

// "connect of fd 7: refused" without the descriptor, whose number tells a user
// nothing.
std::string WithoutDescriptor(absl::string_view message) {
  for (const absl::string_view where : {" of fd ", " on fd "}) {
    const size_t begin = message.find(where);
    if (begin == absl::string_view::npos) continue;
    const size_t end = message.find(':', begin);
    if (end == absl::string_view::npos) continue;
    return absl::StrCat(message.substr(0, begin), message.substr(end));
  }
  return std::string(message);
}

}  // namespace

LoadRun::LoadRun(Poller& poller, std::vector<Endpoint> servers,
                 const LoadOptions& options, Source& source, LoadShare share)
    : reactor_(poller),
      servers_(std::move(servers)),
      options_(options),
      share_(share),
      scratch_(new char[kScratchBytes]),
      shared_{reactor_, options_,
              source,   absl::MakeSpan(scratch_.get(), kScratchBytes),
              report_,  *this},
      slots_(SlotsOf(options, share)),
      created_at_(SteadyNow()) {}

void LoadRun::Stop() {
  ++stops_;
  reactor_.poller().Wakeup();
}

void LoadRun::Advance() {
  for (const Slot& slot : slots_) {
    if (slot.flow != nullptr) slot.flow->Advance();
  }
}

absl::Duration LoadRun::elapsed() const {
  return phase_ == Phase::kConnecting ? absl::ZeroDuration()
                                      : SteadyNow() - begun_at_;
}

absl::Status LoadRun::Run() {
  OpenMore();
  absl::Status status;
  while (status.ok() && (open_ > 0 || !ended_.empty() || !reopen_.empty() ||
                         phase_ == Phase::kConnecting)) {
    status = Turn();
  }
  Conclude();
  return status;
}

absl::Status LoadRun::Turn() {
  const uint64_t answers = report_.requests;
  absl::Status status = reactor_.Turn(Until() - SteadyNow());
  if (!status.ok()) return status;
  const absl::Duration now = SteadyNow();
  if (report_.requests > answers) last_answer_at_ = now;
  ClearEnded();
  if (phase_ == Phase::kConnecting) OpenMore();
  const bool finishing = phase_ == Phase::kFinishing;
  if (finishing && (now >= give_up_at_ || stops_ > 1)) GiveUp();
  if (!finishing && stops_ > 0) {
    Finish(stops_ > 1 ? absl::ZeroDuration()
                      : std::min(options_.timeout, kStopPatience));
  } else if (phase_ == Phase::kRunning &&
             now >= begun_at_ + options_.duration) {
    Finish(options_.timeout);
  }
  ReopenDue();
  ClearEnded();
  return absl::OkStatus();
}

// When there is something to do that no event tells of.
absl::Duration LoadRun::Until() const {
  absl::Duration until = absl::InfiniteDuration();
  if (!ended_.empty()) until = absl::ZeroDuration();
  if (!reopen_.empty()) until = std::min(until, reopen_.begin()->first);
  switch (phase_) {
    case Phase::kConnecting:
      return std::min(until, NextOpening());
    case Phase::kRunning:
      return std::min(until, begun_at_ + options_.duration);
    case Phase::kFinishing:
      break;
  }
  return std::min(until, give_up_at_);
}

void LoadRun::OpenMore() {
  while (NextOpening() <= SteadyNow()) Open(next_slot_++);
  const bool opened = next_slot_ == slots_.size() && connecting_ == 0;
  if (opened && ended_.empty()) Begin();
}

// Infinite: when another has connected, or never.
absl::Duration LoadRun::NextOpening() const {
  if (next_slot_ == slots_.size() || connecting_ >= kMostConnecting) {
    return absl::InfiniteDuration();
  }
  if (options_.connect_rate == 0) return absl::ZeroDuration();
  return created_at_ + absl::Seconds(static_cast<double>(Global(next_slot_)) /
                                     options_.connect_rate);
}

void LoadRun::Open(size_t slot) {
  const uint64_t number = Global(next_number_++);
  const Endpoint& server = servers_[server_];
  std::unique_ptr<Flow>& flow = slots_[slot].flow;
  Pacer& pacer = slots_[slot].pacer;
  if (server.is_stream()) {
    flow = std::make_unique<StreamFlow>(shared_, server, number, slot, pacer);
  } else {
    flow = std::make_unique<DatagramFlow>(shared_, server, number, slot, pacer);
  }
  ++connecting_;
  ++open_;
  report_.most_open = std::max(report_.most_open, open_);
  flow->Connect();
}

void LoadRun::OnConnected(Flow& flow) {
  --connecting_;
  ++report_.connections;
  if (phase_ == Phase::kRunning) flow.Go(RequestsOfEach());
  if (phase_ == Phase::kFinishing) flow.Finish();
}

void LoadRun::OnOver(Flow& flow, const absl::Status& status, LoadError error) {
  --open_;
  if (!flow.connected()) --connecting_;
  const bool retries = !status.ok() && TriesNextAddress(flow, error);
  ended_.push_back({flow.slot(), status.ok(), retries});
  if (status.ok() || retries) return;
  report_.CountError(error, absl::StrCat("connection ", flow.number() + 1, ": ",
                                         WithoutDescriptor(status.message())));
}

// A name may have an address where nobody listens, and which of them is right
// is known once something has come back. Over UDP a refusal comes as a reset.
bool LoadRun::TriesNextAddress(const Flow& flow, LoadError error) {
  const bool refused =
      error == LoadError::kConnect ||
      (error == LoadError::kReset && !flow.server().is_stream());
  const bool is_taken =
      flow.server().ToString() == servers_[server_].ToString();
  if (!refused || report_.requests > 0) return false;
  if (!is_taken) return true;
  if (server_ + 1 == servers_.size()) return false;
  ++server_;
  return true;
}

// Flows end in the middle of their own methods; here none is running.
void LoadRun::ClearEnded() {
  for (const auto& [slot, well, retries] : std::exchange(ended_, {})) {
    const bool answered = slots_[slot].flow->answered();
    slots_[slot].flow.reset();
    if (phase_ == Phase::kFinishing) continue;
    if (retries || (well && options_.reconnect_after > 0)) {
      Open(slot);
    } else if (!well && phase_ == Phase::kRunning && !options_.messages &&
               options_.duration < absl::InfiniteDuration()) {
      ReopenLater(slot, answered);
    }
  }
}

void LoadRun::ReopenLater(size_t slot, bool answered) {
  absl::Duration& backoff = slots_[slot].backoff;
  backoff = answered
                ? kShortestBackoff
                : std::clamp(backoff * 2, kShortestBackoff, kLongestBackoff);
  reopen_.emplace(SteadyNow() + backoff, slot);
}

void LoadRun::ReopenDue() {
  while (!reopen_.empty() && reopen_.begin()->first <= SteadyNow()) {
    const size_t slot = reopen_.begin()->second;
    reopen_.erase(reopen_.begin());
    ++report_.reopened;
    Open(slot);
  }
}

void LoadRun::Begin() {
  phase_ = Phase::kRunning;
  begun_at_ = last_answer_at_ = SteadyNow();
  for (size_t slot = 0; slot < slots_.size(); ++slot) {
    if (options_.rate > 0) {
      slots_[slot].pacer =
          Pacer(begun_at_, begun_at_ + options_.duration, options_.rate,
                static_cast<int>(Global(slot)), options_.connections);
    }
    if (slots_[slot].flow != nullptr) slots_[slot].flow->Go(RequestsOfEach());
  }
}

void LoadRun::Finish(absl::Duration patience) {
  finish_at_ = SteadyNow();
  if (phase_ == Phase::kConnecting) begun_at_ = last_answer_at_ = finish_at_;
  phase_ = Phase::kFinishing;
  give_up_at_ = finish_at_ + patience;
  reopen_.clear();
  for (const Slot& slot : slots_) {
    if (slot.flow != nullptr) slot.flow->Finish();
  }
}

void LoadRun::GiveUp() {
  for (const Slot& slot : slots_) {
    if (slot.flow != nullptr) slot.flow->GiveUp();
  }
}

// A server that dies early must not look the faster for it.
void LoadRun::Conclude() {
  if (phase_ == Phase::kConnecting) return;
  const bool finished = phase_ == Phase::kFinishing;
  absl::Duration end = begun_at_ + options_.duration;
  if (finished) end = finish_at_;
  if (end == absl::InfiniteDuration()) {
    end = report_.all_errors() > 0 ? SteadyNow() : last_answer_at_;
  }
  report_.elapsed = std::max(end, last_answer_at_) - begun_at_;
  if (!finished) finish_at_ = end;
  const uint64_t due = RequestsDue();
  report_.not_sent = due - std::min(due, report_.started);
}

uint64_t LoadRun::RequestsDue() const {
  if (options_.messages) return *options_.messages * slots_.size();
  uint64_t due = 0;
  for (const Slot& slot : slots_) due += slot.pacer.DueBefore(finish_at_);
  return due;
}

std::optional<uint64_t> LoadRun::RequestsOfEach() const {
  if (options_.messages) return options_.messages;
  if (options_.reconnect_after > 0) return options_.reconnect_after;
  return std::nullopt;
}

}  // namespace isopoll::echo
