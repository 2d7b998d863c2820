// Asks for the addresses of names, of all at the same time, by c-ares on a
// Poller.
//
//   resolve [--backend=select] [--servers=127.0.0.1:53] NAME...
//
// Prints a line for each name when its answer is there.

#include <ares.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/examples/ares_client.h"
#include "docs/examples/loop.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "how to wait for descriptors");
ABSL_FLAG(bool, check_closed, false, "see PollerOptions::check_closed");
ABSL_FLAG(std::string, servers, "",
          "whom to ask, as in 127.0.0.1:53,[::1]:53; if empty, those of the "
          "system");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(5), "for the first try");
ABSL_FLAG(int, tries, 4, "how often each server is asked");

namespace isopoll::examples {
namespace {

absl::StatusOr<bool> Resolve(absl::Span<char* const> names) {
  PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  options.check_closed = absl::GetFlag(FLAGS_check_closed);
  const auto poller = Poller::Create(options);
  if (!poller.ok()) return poller.status();
  bool all = true;
  AresClient client(**poller, absl::GetFlag(FLAGS_servers),
                    absl::GetFlag(FLAGS_timeout), absl::GetFlag(FLAGS_tries));
  if (client.init_status() != ARES_SUCCESS) {
    return absl::UnknownError(ares_strerror(client.init_status()));
  }
  for (const std::string name : names) {
    client.Resolve(
        name, [&all, name](int status, const std::vector<std::string>& found) {
          std::cout << name << ": "
                    << (status == ARES_SUCCESS ? absl::StrJoin(found, " ")
                                               : ares_strerror(status))
                    << std::endl;
          all = all && status == ARES_SUCCESS;
        });
  }
  const absl::Status status = Run(**poller, {&client});
  if (!status.ok()) return status;
  return all;
}

}  // namespace
}  // namespace isopoll::examples

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("asks for addresses: resolve [flag]... NAME...");
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  ares_library_init(ARES_LIB_INIT_ALL);
  const auto all =
      isopoll::examples::Resolve(absl::MakeConstSpan(arguments).subspan(1));
  ares_library_cleanup();
  if (!all.ok()) std::cerr << all.status() << "\n";
  return all.ok() && *all ? 0 : 1;
}
