// Transcript: what happened on each connection, in an order that scheduling
// cannot change.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_TRANSCRIPT_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_TRANSCRIPT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "echo/service/observer.h"
#include "isopoll/net/socket_address.h"
#include "tests/echo/support/client_observer.h"

namespace isopoll::echo {

// Records a server and its clients. Two runs of one script give the same
// transcript: connections appear by their clients' names, each client by
// itself, and bytes that came in several pieces as one. Thread-safe.
class Transcript : public ServerObserver, public ClientObserver {
 public:
  // Everything is passed on to `server` and `client`, if not null, one call at
  // a time.
  explicit Transcript(ServerObserver* server = nullptr,
                      ClientObserver* client = nullptr)
      : server_(server), client_(client) {}

  // Names the client whose own address is `local`. Those that tell of
  // themselves are named without it: "client 1" and so on.
  void Name(const SocketAddress& local, absl::string_view name);

  // What the client of that name has received.
  std::string EchoedTo(absl::string_view name) const;

  std::string ToString() const;

  void OnWaiting() override;
  void OnConnection(uint64_t connection, const SocketAddress& peer) override;
  void OnReceived(uint64_t connection, absl::string_view data) override;
  void OnClosing(uint64_t connection, Ending ending,
                 const absl::Status& status) override;
  void OnAcceptPaused(const absl::Status& because) override;
  void OnAcceptResumed() override;
  void OnRefused(const SocketAddress& peer) override;
  void OnDatagram(const SocketAddress& peer, absl::string_view data,
                  absl::string_view dropped) override;

  void OnConnected(int connection, const SocketAddress& local) override;
  void OnSending(int connection, absl::string_view message) override;
  void OnEchoed(int connection, absl::string_view data) override;
  void OnFinished(int connection) override;

 private:
  // What one side says of one connection. Bytes are held back until something
  // else happens.
  struct Story {
    absl::string_view side;
    std::string lines;
    std::string bytes;
  };
  struct Party {
    std::string name = "a client without a name";
    std::string echoed;
    Story client{"client", "", ""};
    Story server{"server", "", ""};
  };

  static std::string ToString(const Story& story);
  static void Tell(Story& story, absl::string_view what);
  Party& Accepted(uint64_t connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Party& Connected(int connection) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  ServerObserver* const server_ ABSL_PT_GUARDED_BY(mutex_);
  ClientObserver* const client_ ABSL_PT_GUARDED_BY(mutex_);
  // By the client's address, the one thing that both sides know.
  std::map<std::string, Party> parties_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, std::string> accepted_ ABSL_GUARDED_BY(mutex_);
  std::map<int, std::string> connected_ ABSL_GUARDED_BY(mutex_);
};

// OK if the transcripts are equal; else Internal, with both in the message.
absl::Status CompareTranscripts(absl::string_view reference_name,
                                absl::string_view reference,
                                absl::string_view other_name,
                                absl::string_view other);

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_TRANSCRIPT_H_
