// What a client tells anyone who wants to watch it.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_OBSERVER_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_OBSERVER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "echo/load/source.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// Connections are numbered from 1 in the order in which they were begun.
class ClientObserver {
 public:
  virtual ~ClientObserver() = default;

  virtual void OnConnected(int connection, const SocketAddress& local) = 0;
  virtual void OnSending(int connection, absl::string_view message) = 0;
  virtual void OnEchoed(int connection, absl::string_view data) = 0;
  virtual void OnFinished(int connection) = 0;
};

// Texts that are sent while somebody watches.
class ObservedTexts : public Texts {
 public:
  // `observer` must outlive this object.
  ObservedTexts(const std::vector<std::string>& texts, ClientObserver& observer)
      : Texts(texts), observer_(observer) {}

  void OnConnected(uint64_t connection, const SocketAddress& local) override {
    observer_.OnConnected(NameOf(connection), local);
  }
  void OnSending(uint64_t connection, absl::string_view request) override {
    observer_.OnSending(NameOf(connection), request);
  }
  absl::Status OnEchoed(uint64_t connection, absl::string_view data) override {
    observer_.OnEchoed(NameOf(connection), data);
    return absl::OkStatus();
  }
  void OnFinished(uint64_t connection) override {
    observer_.OnFinished(NameOf(connection));
  }

 private:
  static int NameOf(uint64_t connection) {
    return static_cast<int>(connection) + 1;
  }

  ClientObserver& observer_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_CLIENT_OBSERVER_H_
