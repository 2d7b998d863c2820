#include <dirent.h>
#include <libproc.h>
#include <mach/mach.h>
#include <pthread.h>
#include <sys/proc.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>

#include "absl/time/time.h"
#include "tests/support/process_state.h"

namespace isopoll::tests {
namespace {

absl::Duration ToDuration(const time_value_t& time) {
  return absl::Seconds(time.seconds) + absl::Microseconds(time.microseconds);
}

// The one thread of another process, or the one that is called `thread` here.
// False: there is none.
bool FindThread(pid_t process, pid_t thread, proc_threadinfo* found) {
  if (process != thread) {
    return ::proc_pidinfo(process, PROC_PIDTHREADID64INFO,
                          static_cast<uint64_t>(thread), found,
                          sizeof(*found)) > 0;
  }
  uint64_t first;
  return ::proc_pidinfo(process, PROC_PIDLISTTHREADS, 0, &first,
                        sizeof(first)) > 0 &&
         ::proc_pidinfo(process, PROC_PIDTHREADINFO, first, found,
                        sizeof(*found)) > 0;
}

}  // namespace

extern const int kPathOnlyFlag = 0;

// Sleeps are counted for the whole process only.
ThreadUsage CurrentThreadUsage() {
  thread_basic_info info = {};
  mach_msg_type_number_t size = THREAD_BASIC_INFO_COUNT;
  const mach_port_t thread = ::mach_thread_self();
  ::thread_info(thread, THREAD_BASIC_INFO,
                reinterpret_cast<thread_info_t>(&info), &size);
  ::mach_port_deallocate(::mach_task_self(), thread);
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return {ToDuration(info.user_time) + ToDuration(info.system_time),
          usage.ru_nvcsw};
}

pid_t CurrentThread() {
  uint64_t id = 0;
  ::pthread_threadid_np(nullptr, &id);
  return static_cast<pid_t>(id);
}

bool IsAsleep(pid_t process, pid_t thread) {
  proc_threadinfo info = {};
  return FindThread(process, thread, &info) &&
         info.pth_run_state == TH_STATE_WAITING;
}

bool IsStopped(pid_t process) {
  proc_bsdinfo info = {};
  return ::proc_pidinfo(process, PROC_PIDTBSDINFO, 0, &info, sizeof(info)) >
             0 &&
         info.pbi_status == SSTOP;
}

std::set<int> OpenDescriptors() {
  std::set<int> open;
  DIR* directory = ::opendir("/dev/fd");
  if (directory == nullptr) return open;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') open.insert(std::atoi(entry->d_name));
  }
  open.erase(::dirfd(directory));
  ::closedir(directory);
  return open;
}

std::optional<int64_t> CurrentThreadWrites() { return std::nullopt; }

bool HasEpollPwait2() { return false; }

std::vector<WayToFork> WaysToFork() { return {{"fork", ::fork}}; }

}  // namespace isopoll::tests
