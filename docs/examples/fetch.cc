// Fetches URLs, all at the same time, by libcurl on a Poller.
//
//   fetch [--backend=poll] [--folder=DIR] [--upload=FILE] [--timeout=10s]
//   URL...
//
// Prints a line for each as it ends. The body of the first goes to DIR/0.

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/examples/curl_client.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "how to wait for descriptors");
ABSL_FLAG(bool, check_closed, false, "see PollerOptions::check_closed");
ABSL_FLAG(std::string, folder, "", "where the bodies go; nowhere if empty");
ABSL_FLAG(std::string, upload, "", "a file to put to each URL");
ABSL_FLAG(absl::Duration, timeout, absl::Minutes(1), "for each transfer");

namespace isopoll::examples {
namespace {

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

// One transfer, with what it reads and writes.
class Transfer {
 public:
  Transfer(std::string url, const std::string& body, const std::string& upload)
      : url_(std::move(url)), body_(std::fopen(body.c_str(), "wb"), fclose) {
    curl_easy_setopt(easy_, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, body_.get());
    // What curl would otherwise set SIGALRM and SIGPIPE for.
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    const int64_t milliseconds =
        absl::ToInt64Milliseconds(absl::GetFlag(FLAGS_timeout));
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, milliseconds);
    if (!upload.empty()) Upload(upload);
  }
  ~Transfer() { curl_easy_cleanup(easy_); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() { return easy_; }
  bool files_opened() const {
    return body_ != nullptr && (!uploads_ || upload_ != nullptr);
  }
  bool ok() const { return ok_; }

  static Transfer& Of(CURL* easy) {
    Transfer* transfer;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    return *transfer;
  }

  void Ended(CURLcode result) {
    long code = 0;  // NOLINT(google-runtime-int)
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &code);
    curl_off_t bytes = 0;
    curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    std::cout << url_ << ": " << code << ", " << bytes << " bytes, "
              << curl_easy_strerror(result) << std::endl;
    ok_ = result == CURLE_OK && code < 400;
  }

 private:
  void Upload(const std::string& name) {
    uploads_ = true;
    upload_.reset(std::fopen(name.c_str(), "rb"));
    if (upload_ == nullptr) return;
    std::fseek(upload_.get(), 0, SEEK_END);
    const curl_off_t size = std::ftell(upload_.get());
    std::rewind(upload_.get());
    curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy_, CURLOPT_READDATA, upload_.get());
    curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, size);
  }

  const std::string url_;
  CURL* const easy_ = curl_easy_init();
  File body_;
  File upload_{nullptr, fclose};
  bool uploads_ = false;
  bool ok_ = false;
};

absl::StatusOr<bool> Fetch(absl::Span<char* const> urls) {
  PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  options.check_closed = absl::GetFlag(FLAGS_check_closed);
  const auto poller = Poller::Create(options);
  if (!poller.ok()) return poller.status();
  CurlClient client(**poller, [](CURL* easy, CURLcode result) {
    Transfer::Of(easy).Ended(result);
  });
  const std::string folder = absl::GetFlag(FLAGS_folder);
  std::vector<std::unique_ptr<Transfer>> transfers;
  for (const char* url : urls) {
    const std::string body = folder.empty()
                                 ? "/dev/null"
                                 : absl::StrCat(folder, "/", transfers.size());
    transfers.push_back(
        std::make_unique<Transfer>(url, body, absl::GetFlag(FLAGS_upload)));
    if (!transfers.back()->files_opened()) {
      return absl::NotFoundError("a file that --folder or --upload names");
    }
    client.Start(transfers.back()->easy());
  }
  const absl::Status status = Run(**poller, {&client});
  if (!status.ok()) return status;
  return std::all_of(transfers.begin(), transfers.end(),
                     [](const auto& transfer) { return transfer->ok(); });
}

}  // namespace
}  // namespace isopoll::examples

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("fetches URLs: fetch [flag]... URL...");
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const auto all =
      isopoll::examples::Fetch(absl::MakeConstSpan(arguments).subspan(1));
  curl_global_cleanup();
  if (!all.ok()) std::cerr << all.status() << "\n";
  return all.ok() && *all ? 0 : 1;
}
