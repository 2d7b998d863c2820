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

void LoadRun::ShowProgress(absl::Duration interval,
                           const std::function<void()>& progress) {
  ticker_.emplace(reactor_.timers(), interval, [this, progress] {
    if (phase_ != Phase::kConnecting) {
      report_.elapsed = SteadyNow() - begun_at_;
    }
    progress();
  });
}

void LoadRun::Stop() {
  ++stops_;
  reactor_.poller().Wakeup();
}

void LoadRun::ForEach(void (Flow::*call)()) {
  for (const Slot& slot : slots_) {
    if (slot.flow != nullptr) (slot.flow.get()->*call)();
  }
}

absl::Status LoadRun::Run() {
  absl::Status status;
  while (status.ok() && (report_.open > 0 || !reopen_.empty() ||
                         phase_ == Phase::kConnecting)) {
    status = Turn();
  }
  Conclude();
  return status;
}

absl::Status LoadRun::Turn() {
  absl::Duration next = phase_ == Phase::kConnecting ? NextOpening() : end_at_;
  if (!reopen_.empty()) next = std::min(next, reopen_.begin()->first);
  const uint64_t answers = report_.requests;
  absl::Status status = reactor_.Turn(next - SteadyNow());
  if (!status.ok()) return status;
  const absl::Duration now = SteadyNow();
  if (report_.requests > answers) last_answer_at_ = now;
  over_.clear();
  OpenDue(now);
  if (phase_ == Phase::kFinishing) {
    if (now >= end_at_ || stops_ > 1) ForEach(&Flow::GiveUp);
  } else if (stops_ > 0) {
    Finish(stops_ > 1 ? absl::ZeroDuration()
                      : std::min(options_.timeout, kStopPatience));
  } else if (phase_ == Phase::kRunning && now >= end_at_) {
    Finish(options_.timeout);
  }
  return absl::OkStatus();
}

void LoadRun::OpenDue(absl::Duration now) {
  while (phase_ == Phase::kConnecting && NextOpening() <= now) {
    Open(next_slot_++);
  }
  while (!reopen_.empty() && reopen_.begin()->first <= now) {
    const size_t slot = reopen_.begin()->second;
    reopen_.erase(reopen_.begin());
    if (slots_[slot].backoff > absl::ZeroDuration()) ++report_.reopened;
    Open(slot);
  }
  if (phase_ == Phase::kConnecting && next_slot_ == slots_.size() &&
      connecting_ == 0 && reopen_.empty()) {
    Begin();
  }
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
  ++report_.open;
  report_.most_open = std::max(report_.most_open, report_.open);
  flow->Connect();
}

void LoadRun::OnConnected(Flow& flow) {
  --connecting_;
  ++report_.connections;
  if (phase_ == Phase::kRunning) flow.Go(RequestsOfEach());
  if (phase_ == Phase::kFinishing) flow.Finish();
}

void LoadRun::OnOver(Flow& flow, const absl::Status& status, LoadError error) {
  --report_.open;
  if (!flow.connected()) --connecting_;
  const size_t index = flow.slot();
  Slot& slot = slots_[index];
  over_.push_back(std::move(slot.flow));
  const bool retries = !status.ok() && TriesNextAddress(flow, error);
  if (!status.ok() && !retries) {
    report_.CountError(error,
                       absl::StrCat("connection ", flow.number() + 1, ": ",
                                    WithoutDescriptor(status.message())));
  }
  if (phase_ == Phase::kFinishing) return;
  if (retries || (status.ok() && options_.reconnect_after > 0)) {
    slot.backoff = absl::ZeroDuration();
    reopen_.emplace(SteadyNow(), index);
  } else if (!status.ok() && phase_ == Phase::kRunning && !options_.messages &&
             options_.duration < absl::InfiniteDuration()) {
    slot.backoff =
        std::clamp(flow.answered() ? absl::ZeroDuration() : slot.backoff * 2,
                   kShortestBackoff, kLongestBackoff);
    reopen_.emplace(SteadyNow() + slot.backoff, index);
  }
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

void LoadRun::Begin() {
  phase_ = Phase::kRunning;
  begun_at_ = last_answer_at_ = SteadyNow();
  end_at_ = begun_at_ + options_.duration;
  for (size_t slot = 0; slot < slots_.size(); ++slot) {
    if (options_.rate > 0) {
      slots_[slot].pacer =
          Pacer(begun_at_, end_at_, options_.rate,
                static_cast<int>(Global(slot)), options_.connections);
    }
    if (slots_[slot].flow != nullptr) slots_[slot].flow->Go(RequestsOfEach());
  }
}

void LoadRun::Finish(absl::Duration patience) {
  finish_at_ = SteadyNow();
  if (phase_ == Phase::kConnecting) begun_at_ = last_answer_at_ = finish_at_;
  phase_ = Phase::kFinishing;
  end_at_ = finish_at_ + patience;
  reopen_.clear();
  ForEach(&Flow::Finish);
}

// A server that dies early must not look the faster for it.
void LoadRun::Conclude() {
  if (phase_ == Phase::kConnecting) return;
  const bool finished = phase_ == Phase::kFinishing;
  absl::Duration end = finished ? finish_at_ : end_at_;
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
