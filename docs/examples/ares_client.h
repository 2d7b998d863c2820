// AresClient: c-ares, an asynchronous resolver, on a Poller.

#ifndef ISOPOLL_DOCS_EXAMPLES_ARES_CLIENT_H_
#define ISOPOLL_DOCS_EXAMPLES_ARES_CLIENT_H_

#include <ares.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {

// Any number of names at the same time. ares_library_init must have been
// called.
class AresClient : public Client {
 public:
  // ARES_SUCCESS and the addresses as text, or another status and none.
  using Answer = std::function<void(int status, std::vector<std::string>)>;

  // Asks `servers`, "127.0.0.1:53,[::1]:53", each `tries` times. The first time
  // it waits for `timeout`, later for longer.
  AresClient(Poller& poller, const std::string& servers, absl::Duration timeout,
             int tries);
  // Names that are still asked for get their answer: ARES_EDESTRUCTION.
  ~AresClient() override;

  // What went wrong in the constructor.
  int init_status() const { return init_status_; }

  // `answer` may be called before this returns.
  void Resolve(const std::string& name, Answer answer);

  void OnReady(int fd, Interest ready) override;
  void OnDeadline() override;
  bool done() const override { return questions_ == 0; }

 private:
  struct Question {
    AresClient& client;
    Answer answer;
  };

  // What c-ares calls.
  static void OnSocket(void* self, ares_socket_t fd, int readable,
                       int writable);
  static void OnAnswer(void* question, int status, int timeouts,
                       ares_addrinfo* result);

  void UpdateDeadline();

  ares_channel channel_ = nullptr;
  int init_status_ = ARES_SUCCESS;
  int questions_ = 0;
};

}  // namespace isopoll::examples

#endif  // ISOPOLL_DOCS_EXAMPLES_ARES_CLIENT_H_
