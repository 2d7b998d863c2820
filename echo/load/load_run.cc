#include "echo/load/load_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "echo/load/datagram_flow.h"
#include "echo/load/stream_flow.h"
#include "echo/loop/clock.h"
#include "echo/loop/timers.h"

namespace isopoll::echo {
namespace {

// More than any datagram.
constexpr size_t kScratchBytes = 256 * 1024;

// How many connections are in the making at a time: fewer than what waits in
// the queue of any server.
constexpr uint64_t kMostConnecting = 100;

absl::Span<char> Span(const std::unique_ptr<char[]>& scratch) {
  return absl::MakeSpan(scratch.get(), kScratchBytes);
}

}  // namespace

class LoadRun::Ticker : public Timer {
 public:
  Ticker(Reactor& reactor, absl::Duration interval, std::function<void()> call)
      : reactor_(reactor), interval_(interval), call_(std::move(call)) {
    reactor_.timers().Set(*this, SteadyNow() + interval_);
  }

 private:
  absl::Status OnTimer() override {
    call_();
    reactor_.timers().Set(*this, SteadyNow() + interval_);
    return absl::OkStatus();
  }

  Reactor& reactor_;
  const absl::Duration interval_;
  const std::function<void()> call_;
};

LoadRun::LoadRun(Poller& poller, const Endpoint& server,
                 const LoadOptions& options)
    : reactor_(poller),
      server_(server),
      options_(options),
      pattern_(std::max(kScratchBytes, options.size)),
      scratch_(new char[kScratchBytes]),
      shared_{reactor_,       options_, pattern_, server_,
              Span(scratch_), report_,  *this},
      pacers_(options.connections),
      flows_(options.connections) {}

LoadRun::~LoadRun() = default;

void LoadRun::ShowProgress(absl::Duration interval,
                           std::function<void()> progress) {
  ticker_ = std::make_unique<Ticker>(reactor_, interval, std::move(progress));
}

void LoadRun::Stop() {
  stopping_ = true;
  reactor_.poller().Wakeup();
}

absl::Duration LoadRun::elapsed() const {
  return phase_ == Phase::kConnecting ? absl::ZeroDuration()
                                      : SteadyNow() - begun_at_;
}

absl::Status LoadRun::Run() {
  OpenMore();
  absl::Status status;
  while (status.ok() && (open_ > 0 || phase_ == Phase::kConnecting)) {
    status = Turn();
  }
  report_.elapsed = last_answer_at_ - begun_at_;
  return status;
}

absl::Status LoadRun::Turn() {
  absl::Duration until = absl::InfiniteDuration();
  if (phase_ == Phase::kRunning) {
    until = begun_at_ + options_.duration;
  } else if (phase_ == Phase::kFinishing) {
    until = give_up_at_;
  }
  const uint64_t answers = report_.requests;
  const bool idle = open_ == 0 && phase_ == Phase::kConnecting;
  if (!idle) {
    absl::Status status =
        reactor_.Turn(std::max(until - SteadyNow(), absl::ZeroDuration()));
    if (!status.ok()) return status;
  }
  if (report_.requests > answers) last_answer_at_ = SteadyNow();
  Reopen();
  if (phase_ == Phase::kConnecting) OpenMore();
  const bool time_is_up = SteadyNow() >= until;
  if (phase_ == Phase::kFinishing && time_is_up) GiveUp();
  if (phase_ != Phase::kFinishing && (time_is_up || stopping_)) Finish();
  Reopen();
  return absl::OkStatus();
}

void LoadRun::OpenMore() {
  while (next_number_ < flows_.size() && connecting_ < kMostConnecting) {
    Open(next_number_);
  }
  if (next_number_ >= flows_.size() && connecting_ == 0) Begin();
}

void LoadRun::Open(size_t slot) {
  const uint64_t number = next_number_++;
  if (server_.is_stream()) {
    flows_[slot] =
        std::make_unique<StreamFlow>(shared_, number, slot, pacers_[slot]);
  } else {
    flows_[slot] =
        std::make_unique<DatagramFlow>(shared_, number, slot, pacers_[slot]);
  }
  ++connecting_;
  ++open_;
  report_.most_open = std::max(report_.most_open, open_);
  flows_[slot]->Connect();
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
  ended_.push_back({flow.slot(), status.ok()});
  if (status.ok()) return;
  ++report_.errors[static_cast<int>(error)];
  if (report_.first_error.empty()) {
    report_.first_error =
        absl::StrCat("connection ", flow.number() + 1, ": ", status.message());
  }
}

// Flows end in the middle of their own methods; here none is running.
void LoadRun::Reopen() {
  for (const auto& [slot, well] : std::exchange(ended_, {})) {
    flows_[slot].reset();
    if (phase_ != Phase::kRunning || options_.reconnect_after == 0) continue;
    // Where it went wrong it would go wrong again, and again at once.
    if (well) Open(slot);
  }
}

void LoadRun::Begin() {
  phase_ = Phase::kRunning;
  begun_at_ = last_answer_at_ = SteadyNow();
  for (size_t slot = 0; slot < flows_.size(); ++slot) {
    if (options_.rate > 0) {
      pacers_[slot] =
          Pacer(begun_at_, begun_at_ + options_.duration, options_.rate,
                static_cast<int>(slot), options_.connections);
    }
    if (flows_[slot] != nullptr) flows_[slot]->Go(RequestsOfEach());
  }
}

void LoadRun::Finish() {
  phase_ = Phase::kFinishing;
  give_up_at_ = SteadyNow() + options_.timeout;
  for (const std::unique_ptr<Flow>& flow : flows_) {
    if (flow != nullptr) flow->Finish();
  }
}

void LoadRun::GiveUp() {
  for (const std::unique_ptr<Flow>& flow : flows_) {
    if (flow != nullptr) flow->GiveUp();
  }
}

uint64_t LoadRun::RequestsOfEach() const {
  return options_.messages > 0 ? options_.messages : options_.reconnect_after;
}

}  // namespace isopoll::echo
