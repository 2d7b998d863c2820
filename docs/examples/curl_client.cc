#include "docs/examples/curl_client.h"

#include <curl/curl.h>

#include <chrono>
#include <utility>

#include "docs/examples/loop.h"
#include "isopoll/poller.h"

namespace isopoll::examples {
namespace {

Interest ToInterest(int what) {
  switch (what) {
    case CURL_POLL_IN:
      return kReadable;
    case CURL_POLL_OUT:
      return kWritable;
    case CURL_POLL_INOUT:
      return kReadable | kWritable;
    default:  // CURL_POLL_REMOVE
      return kNone;
  }
}

}  // namespace

CurlClient::CurlClient(Poller& poller, Ended ended)
    : Client(poller), ended_(std::move(ended)) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlClient::~CurlClient() { curl_multi_cleanup(multi_); }

CURLMcode CurlClient::Start(CURL* easy) {
  // Does no more than to call OnTimer: the transfer begins at that deadline.
  const CURLMcode result = curl_multi_add_handle(multi_, easy);
  if (result == CURLM_OK) ++transfers_;
  return result;
}

// A socket with an error is readable and writable, so that curl, which asked
// for one of them at least, finds the error there.
void CurlClient::OnReady(int fd, Interest ready) {
  Act(fd, (ready.readable() ? CURL_CSELECT_IN : 0) |
              (ready.writable() ? CURL_CSELECT_OUT : 0));
}

void CurlClient::OnDeadline() { Act(CURL_SOCKET_TIMEOUT, 0); }

// curl says so, too, of a socket that it is about to close, and when it uses a
// number again.
int CurlClient::OnSocket(CURL* /*easy*/, curl_socket_t fd, int what, void* self,
                         void* /*of_socket*/) {
  static_cast<CurlClient*>(self)->Watch(fd, ToInterest(what));
  return 0;
}

// May not call curl_multi_socket_action, not even for a timeout of 0.
int CurlClient::OnTimer(CURLM* /*multi*/,
                        long milliseconds,  // NOLINT(google-runtime-int)
                        void* self) {
  auto& client = *static_cast<CurlClient*>(self);
  if (milliseconds < 0) {
    client.ClearDeadline();
  } else {
    client.SetDeadline(Clock::now() + std::chrono::milliseconds(milliseconds));
  }
  return 0;
}

void CurlClient::Act(curl_socket_t fd, int ready) {
  int running;
  curl_multi_socket_action(multi_, fd, ready, &running);
  int left;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode result = message->data.result;
    curl_multi_remove_handle(multi_, easy);  // `message` is gone with it
    --transfers_;
    ended_(easy, result);
  }
}

}  // namespace isopoll::examples
