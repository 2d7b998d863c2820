// PqClient: one connection of libpq, PostgreSQL's client library, on a Poller.

#ifndef ISOPOLL_DOCS_EXAMPLES_PQ_CLIENT_H_
#define ISOPOLL_DOCS_EXAMPLES_PQ_CLIENT_H_

#include <postgresql/libpq-fe.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {

struct PqQuestion {
  // Connection strings, tried one after the other. Each may name several hosts,
  // of which libpq goes on to the next when one refuses. One that says nothing
  // is for us to give up: then it is the next string's turn.
  std::vector<std::string> databases;
  std::string query;
  std::optional<std::string> parameter;  // $1
  absl::Duration connect_timeout;        // for each connection string
  absl::Duration query_timeout;
};

// Connects, asks one question, and disconnects.
class PqClient : public Client {
 public:
  // Each result, and in the end a null one, with why it is the end: nothing if
  // all went well. The result is gone when this returns.
  using Answer = std::function<void(const PGresult*, const std::string& error)>;

  PqClient(Poller& poller, PqQuestion question, Answer answer);
  ~PqClient() override;

  // To be called once.
  void Start() { ConnectToNext(); }

  void OnReady(int fd, Interest ready) override;
  void OnDeadline() override;
  bool done() const override { return state_ == State::kEnded; }

 private:
  enum class State { kConnecting, kAsking, kCanceling, kEnded };

  void ConnectToNext();
  void PollConnection();
  void Ask();
  void Exchange(Interest ready);
  void Cancel();
  void End(const std::string& error);
  void Disconnect();

  // Watches the socket that libpq has now, whichever it had before.
  void WatchSocket(Interest interest);
  void SetDeadlineIn(absl::Duration timeout);
  // Of the connection, on one line.
  std::string Error() const;

  const PqQuestion question_;
  const Answer answer_;
  State state_ = State::kConnecting;
  size_t next_database_ = 0;
  std::vector<std::string> connect_errors_;
  PGconn* connection_ = nullptr;
  int watched_ = -1;
  std::thread canceler_;
};

}  // namespace isopoll::examples

#endif  // ISOPOLL_DOCS_EXAMPLES_PQ_CLIENT_H_
