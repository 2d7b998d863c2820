// Measures what waiting costs with isopoll, with raw loops and, if the program
// is linked with them, with other libraries. See kUsage.

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/bench/cases.h"
#include "tools/bench/compare.h"
#include "tools/bench/drivers/own.h"
#include "tools/bench/figure.h"
#include "tools/bench/must.h"
#include "tools/bench/peers/peers.h"
#include "tools/bench/scene.h"
#include "tools/bench/subject.h"

ABSL_FLAG(std::vector<std::string>, only, {},
          "only lines that have all of these in them, as in --only=isopoll,idle"
          " (a line: active N=100 A=1 isopoll epoll)");
ABSL_FLAG(size_t, rounds, 15, "measurements of each line, four slices in each");
ABSL_FLAG(absl::Duration, slice, absl::Milliseconds(3),
          "about how long a slice takes");
ABSL_FLAG(std::string, json, "", "write the figures to this file too");

namespace isopoll::bench {
namespace {

constexpr char kUsage[] =
    "measures the cost of waiting: isopoll's backends, raw loops, and other "
    "libraries if linked with them (bench_with_peers). A ratio is the cost "
    "over that of the raw loop of the same system call; A/A is that loop over "
    "itself, which is noise.";

struct Job {
  Case c;
  const Subject* baseline;
  const Subject* subject;

  std::string name() const {
    return absl::StrCat(CaseName(c), " ", subject->name);
  }
};

Subjects AllSubjects() {
  Subjects all;
  for (Subjects (*subjects)() : {RawSubjects, IsopollSubjects, PeerSubjects}) {
    for (Subject& subject : subjects()) all.push_back(std::move(subject));
  }
  return all;
}

const Subject& BaselineOf(const Subject& subject, const Subjects& subjects) {
  for (const Subject& other : subjects) {
    if (other.name == subject.baseline) return other;
  }
  Fail(absl::StrCat("no subject is called ", subject.baseline).c_str());
}

bool Wanted(const std::string& name) {
  for (const std::string& part : absl::GetFlag(FLAGS_only)) {
    if (!absl::StrContains(name, part)) return false;
  }
  return true;
}

std::vector<Job> JobsFor(const Subjects& subjects) {
  std::vector<Job> jobs;
  for (const Case& c : AllCases()) {
    for (const Subject& subject : subjects) {
      Job job = {c, &BaselineOf(subject, subjects), &subject};
      if (Wanted(job.name())) jobs.push_back(job);
    }
  }
  return jobs;
}

std::vector<Figure> Measure(const std::vector<Job>& jobs,
                            const Effort& effort) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  std::vector<Figure> figures;
  for (const Job& job : jobs) {
    if (terminal) {
      std::cerr << "\r\033[K" << figures.size() + 1 << " of " << jobs.size()
                << ": " << job.name() << std::flush;
    }
    Scene scene = SceneOf(job.c);
    figures.push_back(
        {job.c, job.subject->name, job.subject->library, job.baseline->name,
         Compare(job.c, scene, *job.baseline, *job.subject, effort)});
  }
  if (terminal) std::cerr << "\r\033[K" << std::flush;
  return figures;
}

// Must, of a flag: that one is wrong is not an error of a system call.
void Require(bool sound, const char* what) {
  errno = 0;
  Must(sound, what);
}

// Ends the program if the flags ask for what cannot be measured.
Effort EffortFromFlags() {
  const Effort effort = {absl::GetFlag(FLAGS_rounds),
                         absl::GetFlag(FLAGS_slice)};
  Require(effort.rounds > 0, "--rounds must be 1 or more");
  Require(
      effort.slice > absl::ZeroDuration() && effort.slice <= absl::Minutes(1),
      "--slice must be longer than 0, and a minute at most");
  return effort;
}

int Main() {
  const Effort effort = EffortFromFlags();
  const std::string path = absl::GetFlag(FLAGS_json);
  // Opened before minutes are spent on measuring.
  std::ofstream file;
  if (!path.empty()) file.open(path);
  Must(file.good(), "the file of --json cannot be written");
  const Subjects subjects = AllSubjects();
  const std::vector<Job> jobs = JobsFor(subjects);
  Require(!jobs.empty(), "--only leaves nothing to measure");
#ifndef NDEBUG
  std::cerr << "bench: not an optimised build: add -c opt to Bazel's flags\n";
#endif
  const std::vector<Figure> figures = Measure(jobs, effort);
  std::cout << TableOf(figures);
  if (path.empty()) return 0;
  file << JsonOf(figures, effort) << std::flush;
  Must(file.good(), "the file of --json cannot be written");
  return 0;
}

}  // namespace
}  // namespace isopoll::bench

int main(int argc, char** argv) {
  absl::FlagsUsageConfig config;
  config.contains_help_flags = [](absl::string_view file) {
    return absl::StrContains(file, "tools/bench/");
  };
  absl::SetFlagsUsageConfig(config);
  absl::SetProgramUsageMessage(isopoll::bench::kUsage);
  isopoll::bench::Require(absl::ParseCommandLine(argc, argv).size() == 1,
                          "every argument is a flag: see --help");
  return isopoll::bench::Main();
}
