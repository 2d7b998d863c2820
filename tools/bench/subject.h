// Subject: one way of waiting, with every workload run on it.

#ifndef ISOPOLL_TOOLS_BENCH_SUBJECT_H_
#define ISOPOLL_TOOLS_BENCH_SUBJECT_H_

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "tools/bench/scene.h"

namespace isopoll::bench {

enum class Workload {
  kActive,       // tokens travel over many channels
  kChurn,        // Add and Remove
  kChurnLook,    // Add, a zero Wait, Remove
  kToggle,       // read, read and write, read
  kToggleLook,   // the same with a zero Wait after each change
  kWakePending,  // Wake while one is pending
  kWakeBusy,     // the first Wake while the poller does something else
  kWakeLatency,  // from Wake in one thread to its effect in another
  kIdle,         // a zero Wait over many descriptors, most or all idle
  kEcho,         // a client and an echo server: time
  kEchoCpu,      // the same: the server's CPU time
  kMemory,       // bytes of heap for one registered descriptor
};
inline constexpr size_t kWorkloads = 12;

// One configuration of a workload.
struct Case {
  Workload workload;
  size_t watched;    // how many descriptors
  size_t active;     // how many of them have something to say
  size_t bytes = 0;  // of an echo request
};

// Does `count` operations of a case and returns what they cost together: in
// nanoseconds, but for kMemory, where it is bytes and `count` is not heeded.
using Slice = double (*)(const Case&, Scene&, size_t count);

struct Subject {
  std::string name;      // "isopoll epoll"
  std::string library;   // "isopoll"
  std::string baseline;  // the name of the subject it is compared with
  std::array<Slice, kWorkloads> slices;

  Slice slice(Workload workload) const {
    return slices[static_cast<size_t>(workload)];
  }
};

using Subjects = std::vector<Subject>;

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_SUBJECT_H_
