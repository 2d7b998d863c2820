// CurlClient: libcurl's multi interface on a Poller.

#ifndef ISOPOLL_DOCS_EXAMPLES_CURL_CLIENT_H_
#define ISOPOLL_DOCS_EXAMPLES_CURL_CLIENT_H_

#include <curl/curl.h>

#include <functional>
#include <utility>

#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {

// Any number of transfers at the same time.
class CurlClient : public Client {
 public:
  // What became of one transfer. `easy` is the caller's again.
  using Ended = std::function<void(CURL* easy, CURLcode result)>;

  CurlClient(Poller& poller, Ended ended);
  // All transfers must have ended.
  ~CurlClient() override;

  // Starts a transfer, or returns why not.
  CURLMcode Start(CURL* easy);

  void OnReady(int fd, Interest ready) override;
  void OnDeadline() override;
  bool done() const override { return transfers_ == 0; }

 private:
  // What curl calls, with `self` as it was given.
  static int OnSocket(CURL* easy, curl_socket_t fd, int what, void* self,
                      void* of_socket);
  static int OnTimer(CURLM* multi, long milliseconds,  // NOLINT(*-runtime-int)
                     void* self);

  void Act(curl_socket_t fd, int ready);

  CURLM* const multi_ = curl_multi_init();
  const Ended ended_;
  int transfers_ = 0;
};

}  // namespace isopoll::examples

#endif  // ISOPOLL_DOCS_EXAMPLES_CURL_CLIENT_H_
