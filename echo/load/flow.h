// Flow: one connection of a client, whatever the transport.

#ifndef ISOPOLL_ECHO_LOAD_FLOW_H_
#define ISOPOLL_ECHO_LOAD_FLOW_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/load/load_options.h"
#include "echo/load/pacer.h"
#include "echo/load/source.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// Connects; when told to go, sends requests as its source, its pacer and the
// pipeline allow, and checks what comes back; when told to finish, awaits the
// rest. Used from one thread at a time.
class Flow : protected Reactor::Handler, protected Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnConnected(Flow& flow) = 0;
    // It is over: everything is back, or `error` happened, of which `status`
    // tells. The owner destroys the flow, but not within this call.
    virtual void OnOver(Flow& flow, const absl::Status& status,
                        LoadError error) = 0;
  };

  // What the flows of a load share; all of it outlives them.
  struct Shared {
    Reactor& reactor;
    const LoadOptions& options;
    Source& source;
    absl::Span<char> scratch;  // for what is received
    LoadReport& report;
    Owner& owner;
  };

  // `number` picks the stream of the source, `slot` is the owner's to know it
  // by, `pacer` says when requests are to start.
  Flow(const Shared& shared, const Endpoint& server, uint64_t number,
       size_t slot, Pacer& pacer)
      : shared_(shared),
        server_(server),
        number_(number),
        slot_(slot),
        pacer_(pacer) {}

  const Endpoint& server() const { return server_; }
  uint64_t number() const { return number_; }
  size_t slot() const { return slot_; }
  bool connected() const { return connected_; }
  bool answered() const { return answered_; }

  virtual void Connect() = 0;
  // Once connected: send, up to `requests` (none: until Finish).
  void Go(std::optional<uint64_t> requests);
  // Starts no further request; it is over when all are back.
  void Finish();
  // It is over now, whatever is still to come back.
  void GiveUp();
  // Does what can be done now: sends, then sets interest and timer. To be
  // called when the source has more.
  void Advance();

 protected:
  struct Request {
    uint64_t end() const { return position + size; }

    uint64_t position;  // in the flow's stream
    size_t size;
    absl::Duration start;
    absl::Duration sent_at;
  };

  // Takes requests and sends them. False: there is no room now for all.
  virtual bool SendSome(absl::Duration now) = 0;
  virtual void ReceiveSome() = 0;
  // The last request is back.
  virtual void OnAllIsBack() = 0;
  // When to give up the oldest of what is awaited, and that it is time.
  virtual absl::Duration PatienceEnd() const = 0;
  virtual void OnImpatient(absl::Duration now) = 0;

  const LoadOptions& options() const { return shared_.options; }
  Source& source() const { return shared_.source; }
  absl::Span<char> scratch() const { return shared_.scratch; }
  LoadReport& report() const { return shared_.report; }
  const SocketAddress* source_address() const;
  bool over() const { return over_; }
  absl::string_view Slice(uint64_t position, size_t size) const {
    return source().Slice(number_, position, size);
  }
  absl::string_view DataOf(const Request& request) const {
    return Slice(request.position, request.size);
  }

  // Adds the requests that are to start now, and returns how many those are.
  size_t TakeRequests(absl::Duration now);
  bool Watch(Interest interest);
  void OnConnected();
  void OnEchoed(absl::string_view data);
  void CountAnswer(const Request& request, absl::Duration now);
  void RecordLatency(const Request& request, absl::Duration now);
  // Has Advance called then, or before.
  void Wake(absl::Duration at);
  void End() { Fail(LoadError::kOther, absl::OkStatus()); }
  void Fail(LoadError error, const absl::Status& status);
  // Of a socket, which tells what is wrong with the connection.
  void FailBroken(const absl::Status& status);

  UniqueFd fd_;
  isopoll::echo::Watch watch_;
  uint64_t asked_ = 0;               // bytes, in all
  std::deque<Request> outstanding_;  // not back, the oldest first
  bool finished_ = false;            // all is back

 private:
  enum class Phase { kWaiting, kIssuing, kDone };

  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;
  bool CanStart();
  bool HasRoom() const {
    return outstanding_.size() < static_cast<size_t>(options().pipeline);
  }

  const Shared& shared_;
  const Endpoint server_;
  const uint64_t number_;
  const size_t slot_;
  Pacer& pacer_;
  std::optional<uint64_t> left_;  // requests to start
  uint64_t index_ = 0;            // of the next request
  Phase phase_ = Phase::kWaiting;
  bool connected_ = false;
  bool over_ = false;
  bool answered_ = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_FLOW_H_
