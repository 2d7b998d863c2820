// Prints what everyone says of every state of the catalogue. See kUsage.

#include <stdlib.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/agreement/agreement.h"
#include "tools/agreement/command_line.h"
#include "tools/agreement/observer.h"
#include "tools/agreement/peers/peers.h"
#include "tools/agreement/subject.h"

ABSL_FLAG(std::string, format, "text", "text, markdown, html or csv");
ABSL_FLAG(std::string, filter, "",
          "only states whose name has this in it, or matches it: T1*");
ABSL_FLAG(bool, peers, isopoll::agreement::PeersAreLinked(),
          "columns for libev, libevent and libuv too; takes "
          "//tools/agreement:agreement_with_peers");
ABSL_FLAG(bool, progress, true,
          "on a terminal, show how far a run is that lasts over a second");
ABSL_FLAG(std::string, update, "",
          "write into this document, between its markers; markdown only");

namespace isopoll::agreement {
namespace {

constexpr char kUsage[] =
    "prints the agreement matrix: what select(2), poll(2), epoll(7) and "
    "isopoll's backends say of descriptors in every state of the catalogue.\n"
    "Exit status: 0 isopoll agrees with select(2), 1 it does not, 2 bad flags.";

// `bazel run` starts a program elsewhere than where the user is.
std::string FromWhereTheUserIs(const std::string& path) {
  const char* folder = ::getenv("BUILD_WORKING_DIRECTORY");
  if (path.empty() || absl::StartsWith(path, "/") || folder == nullptr) {
    return path;
  }
  return absl::StrCat(folder, "/", path);
}

int Main(int argc, char** argv) {
  const absl::Status parsed = ParseFlags(kUsage, argc, argv);
  if (!parsed.ok()) return Fail(parsed, std::cerr);
  const absl::StatusOr<Format> format =
      ParseFormat(absl::GetFlag(FLAGS_format));
  if (!format.ok()) return Fail(format.status(), std::cerr);

  Options options;
  options.format = *format;
  options.filter = absl::GetFlag(FLAGS_filter);
  options.update = FromWhereTheUserIs(absl::GetFlag(FLAGS_update));
  options.color = ::isatty(STDOUT_FILENO) && ::getenv("NO_COLOR") == nullptr;
  if (absl::GetFlag(FLAGS_progress) && ::isatty(STDERR_FILENO)) {
    options.progress = &std::cerr;
  }

  Subject subject = WholeSubject();
  if (absl::GetFlag(FLAGS_peers)) {
    absl::StatusOr<Observers> peers = PeerObservers();
    if (!peers.ok()) return Fail(peers.status(), std::cerr);
    for (auto& peer : *peers) subject.observers.push_back(std::move(peer));
  }
  return PrintAgreement(options, subject, std::cout, std::cerr);
}

}  // namespace
}  // namespace isopoll::agreement

int main(int argc, char** argv) { return isopoll::agreement::Main(argc, argv); }
