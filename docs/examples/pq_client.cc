#include "docs/examples/pq_client.h"

#include <postgresql/libpq-fe.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {

PqClient::PqClient(Poller& poller, PqQuestion question, Answer answer)
    : Client(poller),
      question_(std::move(question)),
      answer_(std::move(answer)) {}

PqClient::~PqClient() {
  Disconnect();
  if (canceler_.joinable()) canceler_.join();
}

void PqClient::OnReady(int /*fd*/, Interest ready) {
  if (state_ == State::kConnecting) {
    PollConnection();
  } else if (state_ != State::kEnded) {
    Exchange(ready);
  }
}

void PqClient::OnDeadline() {
  switch (state_) {
    case State::kConnecting:
      connect_errors_.push_back("no connection in time");
      ConnectToNext();
      break;
    case State::kAsking:
      Cancel();
      break;
    case State::kCanceling:
      End("no answer in time, nor that it was canceled");
      break;
    case State::kEnded:
      break;
  }
}

void PqClient::ConnectToNext() {
  Disconnect();
  if (next_database_ == question_.databases.size()) {
    End(absl::StrJoin(connect_errors_, "; "));
    return;
  }
  const std::string& database = question_.databases[next_database_++];
  connection_ = PQconnectStart(database.c_str());
  SetDeadlineIn(question_.connect_timeout);
  if (PQstatus(connection_) == CONNECTION_BAD) {
    connect_errors_.push_back(Error());
    ConnectToNext();
    return;
  }
  // As if PQconnectPoll had asked for it.
  WatchSocket(kWritable);
}

// To be called only when the socket is ready for what was asked for last: an
// early call takes a connection that is still on its way for a good one.
void PqClient::PollConnection() {
  switch (PQconnectPoll(connection_)) {
    case PGRES_POLLING_READING:
      WatchSocket(kReadable);
      break;
    case PGRES_POLLING_WRITING:
      WatchSocket(kWritable);
      break;
    case PGRES_POLLING_OK:
      Ask();
      break;
    default:
      connect_errors_.push_back(Error());
      ConnectToNext();
  }
}

void PqClient::Ask() {
  state_ = State::kAsking;
  SetDeadlineIn(question_.query_timeout);
  PQsetnonblocking(connection_, 1);
  const bool with_parameter = question_.parameter.has_value();
  const char* value = with_parameter ? question_.parameter->c_str() : nullptr;
  if (!PQsendQueryParams(connection_, question_.query.c_str(),
                         with_parameter ? 1 : 0, /*paramTypes=*/nullptr, &value,
                         /*paramLengths=*/nullptr, /*paramFormats=*/nullptr,
                         /*resultFormat=*/0)) {
    End(Error());
    return;
  }
  Exchange(kNone);
}

// Reads although there is more to write: the server may not read on until its
// own messages are read.
void PqClient::Exchange(Interest ready) {
  if (ready.readable() && !PQconsumeInput(connection_)) {
    End(Error());
    return;
  }
  const int left = PQflush(connection_);
  if (left < 0) {
    End(Error());
    return;
  }
  while (!PQisBusy(connection_)) {
    PGresult* const result = PQgetResult(connection_);
    if (result == nullptr) {
      End("");
      return;
    }
    answer_(result, "");
    PQclear(result);
  }
  WatchSocket(left > 0 ? kReadable | kWritable : kReadable);
}

// Until libpq 17, PQcancel blocks: it connects to the server once more. So it
// has a thread. That the query was canceled comes as an error, on the socket.
void PqClient::Cancel() {
  state_ = State::kCanceling;
  SetDeadlineIn(question_.connect_timeout);
  canceler_ = std::thread([cancel = PQgetCancel(connection_)] {
    char error[256];
    PQcancel(cancel, error, sizeof(error));
    PQfreeCancel(cancel);
  });
}

void PqClient::End(const std::string& error) {
  Disconnect();
  state_ = State::kEnded;
  answer_(nullptr, error);
}

// The number may be another socket's as soon as libpq has closed it, so that we
// end our interest first.
void PqClient::Disconnect() {
  ClearDeadline();
  if (watched_ >= 0) Watch(watched_, kNone);
  watched_ = -1;
  PQfinish(connection_);
  connection_ = nullptr;
}

// libpq may have closed the socket and opened another since, of another number
// or of the same. Set takes the number for what it is now, so it is called even
// if nothing seems to have changed.
void PqClient::WatchSocket(Interest interest) {
  const int fd = PQsocket(connection_);
  if (watched_ >= 0 && watched_ != fd) Watch(watched_, kNone);
  watched_ = fd;
  if (fd >= 0) Watch(fd, interest);
}

void PqClient::SetDeadlineIn(absl::Duration timeout) {
  SetDeadline(Clock::now() + absl::ToChronoMicroseconds(timeout));
}

std::string PqClient::Error() const {
  const char* message = PQerrorMessage(connection_);
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(message),
                             {{"\n\t", " "}, {"\n", " "}});
}

}  // namespace isopoll::examples
