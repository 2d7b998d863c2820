// ServerLog: a readable line for each thing that happens.

#ifndef ISOPOLL_ECHO_SERVICE_LOG_H_
#define ISOPOLL_ECHO_SERVICE_LOG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "echo/service/observer.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// Is given one line, without its end.
using PrintLine = std::function<void(absl::string_view line)>;

// Lines such as `connection 1: received 11 bytes "hello world"`, one at a time
// from however many threads.
class ServerLog : public ServerObserver {
 public:
  explicit ServerLog(PrintLine print) : print_(std::move(print)) {}

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

 private:
  void Print(absl::string_view line);

  PrintLine print_;
  absl::Mutex mutex_;
  bool waiting_ ABSL_GUARDED_BY(mutex_) =
      false;  // was said last and need not be said again
};

// `44 bytes "This is the message 0It..."`: how many, and the first of them
// with everything unprintable escaped.
std::string DescribeBytes(absl::string_view data);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_LOG_H_
