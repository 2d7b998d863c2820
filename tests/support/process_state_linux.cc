#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {
namespace {

// The letter that proc(5) gives for the state of a thread: 'R', 'S', 'T', ...
char State(pid_t process, pid_t thread) {
  std::ifstream file(
      absl::StrCat("/proc/", process, "/task/", thread, "/stat"));
  std::string line;
  std::getline(file, line);
  // The name before it is in parentheses and may itself have some.
  const size_t name_end = line.rfind(") ");
  return name_end == std::string::npos ? '?' : line[name_end + 2];
}

// The flags come first, but second on s390 (clone(2)).
pid_t RawClone() {
#ifdef __s390__
  return static_cast<pid_t>(::syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0));
#else
  return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#endif
}

}  // namespace

extern const int kPathOnlyFlag = O_PATH;

ThreadUsage CurrentThreadUsage() {
  rusage usage = {};
  ::getrusage(RUSAGE_THREAD, &usage);
  return {absl::DurationFromTimeval(usage.ru_utime) +
              absl::DurationFromTimeval(usage.ru_stime),
          usage.ru_nvcsw};
}

pid_t CurrentThread() { return static_cast<pid_t>(::syscall(SYS_gettid)); }

bool IsAsleep(pid_t process, pid_t thread) {
  return State(process, thread) == 'S';
}

bool IsStopped(pid_t process) { return State(process, process) == 'T'; }

std::set<int> OpenDescriptors() {
  std::set<int> open;
  DIR* directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) return open;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') open.insert(std::atoi(entry->d_name));
  }
  open.erase(::dirfd(directory));
  ::closedir(directory);
  return open;
}

std::optional<int64_t> CurrentThreadWrites() {
  std::ifstream file("/proc/thread-self/io");
  std::string name;
  int64_t value;
  while (file >> name >> value) {
    if (name == "syscw:") return value;
  }
  return std::nullopt;
}

bool HasEpollPwait2() {
  constexpr long kEpollPwait2 = 441;
  return ::syscall(kEpollPwait2, -1, nullptr, 0, nullptr, nullptr, 0) != -1 ||
         (errno != ENOSYS && errno != EPERM);
}

std::vector<WayToFork> WaysToFork() {
  return {{"fork", ::fork}, {"_Fork", ::_Fork}, {"clone", RawClone}};
}

}  // namespace isopoll::tests
