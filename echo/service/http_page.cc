#include "echo/service/http_page.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/loop/timers.h"
#include "isopoll/net/transfer.h"

namespace isopoll::echo {
namespace {

constexpr size_t kMostVisitors = 16;
constexpr size_t kMostRequestBytes = 8192;
constexpr absl::Duration kPatience = absl::Seconds(5);
constexpr absl::Duration kAcceptRetry = absl::Seconds(1);

std::string Answer(absl::string_view status, absl::string_view body,
                   bool with_body = true) {
  return absl::StrCat("HTTP/1.0 ", status,
                      "\r\nContent-Type: text/plain; version=0.0.4; "
                      "charset=utf-8\r\nContent-Length: ",
                      body.size(), "\r\nConnection: close\r\n\r\n",
                      with_body ? body : "");
}

}  // namespace

std::string AnswerHttp(absl::string_view request,
                       const std::function<std::string()>& page) {
  const absl::string_view line = request.substr(0, request.find("\r\n"));
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() != 3 || !absl::StartsWith(words[2], "HTTP/1.")) {
    return Answer("400 Bad Request", "This is an HTTP/1.0 server.\n");
  }
  const bool head = words[0] == "HEAD";
  if (!head && words[0] != "GET") {
    return Answer("405 Method Not Allowed\r\nAllow: GET, HEAD",
                  "Only GET and HEAD are served.\n");
  }
  const absl::string_view path = words[1].substr(0, words[1].find('?'));
  if (path != "/metrics") {
    return Answer("404 Not Found", "There is only /metrics.\n", !head);
  }
  return Answer("200 OK", page(), !head);
}

// One client: reads its request, writes the answer, and is gone.
class HttpPages::Visitor : private Reactor::Handler, private Timer {
 public:
  Visitor(HttpPages& pages, UniqueFd fd) : pages_(pages), fd_(std::move(fd)) {}

  absl::Status Start() {
    pages_.reactor_.timers().Set(*this, pages_.reactor_.now() + kPatience);
    return watch_.Start(pages_.reactor_, fd_.get(), kReadable, *this);
  }

 private:
  absl::Status OnReady(Interest ready) override {
    const bool goes_on = ready.readable() ? Read() : Write();
    return goes_on ? absl::OkStatus() : OnTimer();
  }

  absl::Status OnTimer() override {
    pages_.visitors_.remove_if(
        [this](const Visitor& each) { return &each == this; });
    return absl::OkStatus();
  }

  bool Read() {
    char buffer[1024];
    const absl::StatusOr<Transfer> transfer =
        Receive(fd_.get(), absl::MakeSpan(buffer));
    if (!transfer.ok() || transfer->end_of_file()) return false;
    request_.append(buffer, transfer->bytes());
    if (!absl::StrContains(request_, "\r\n\r\n")) {
      return request_.size() < kMostRequestBytes;
    }
    answer_ = AnswerHttp(request_, pages_.page_);
    return watch_.Change(kWritable).ok() && Write();
  }

  bool Write() {
    const absl::StatusOr<Transfer> transfer =
        Send(fd_.get(), absl::string_view(answer_).substr(sent_));
    if (!transfer.ok()) return false;
    sent_ += transfer->bytes();
    return sent_ < answer_.size();
  }

  HttpPages& pages_;
  UniqueFd fd_;
  Watch watch_;
  std::string request_;
  std::string answer_;
  size_t sent_ = 0;
};

HttpPages::HttpPages(Reactor& reactor, UniqueFd listener,
                     std::function<std::string()> page)
    : reactor_(reactor),
      page_(std::move(page)),
      acceptor_(reactor, *this, std::move(listener), kAcceptRetry) {}

HttpPages::~HttpPages() = default;

absl::Status HttpPages::OnAccepted(Accepted accepted) {
  if (visitors_.size() >= kMostVisitors) return absl::OkStatus();
  visitors_.emplace_back(*this, std::move(accepted.fd));
  // A visitor who cannot be watched is turned away.
  if (!visitors_.back().Start().ok()) visitors_.pop_back();
  return absl::OkStatus();
}

}  // namespace isopoll::echo
