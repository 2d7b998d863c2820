// HttpPages: the smallest HTTP server that is honest about it.

#ifndef ISOPOLL_ECHO_SERVICE_HTTP_PAGE_H_
#define ISOPOLL_ECHO_SERVICE_HTTP_PAGE_H_

#include <functional>
#include <list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "echo/loop/acceptor.h"
#include "echo/loop/reactor.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// The answer, with its head, to a request whose head is `request`.
std::string AnswerHttp(absl::string_view request,
                       const std::function<std::string()>& page);

// Serves one page, /metrics, to GET and HEAD over HTTP/1.0: one request for
// each connection, of at most 8 KiB, within 5 s, from at most 16 clients at a
// time. For a loopback address: anyone who can connect may read.
class HttpPages : private Acceptor::Owner {
 public:
  // `page` is called again for each request. `reactor` must outlive this
  // object.
  HttpPages(Reactor& reactor, UniqueFd listener,
            std::function<std::string()> page);
  ~HttpPages() override;

  absl::Status Start() { return acceptor_.Start(); }

 private:
  class Visitor;

  absl::Status OnAccepted(Accepted accepted) override;

  Reactor& reactor_;
  const std::function<std::string()> page_;
  Acceptor acceptor_;
  std::list<Visitor> visitors_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_HTTP_PAGE_H_
