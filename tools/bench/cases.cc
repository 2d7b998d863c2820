#include "tools/bench/cases.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/bench/scene.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {
namespace {

bool IsEcho(const Case& c) {
  return c.workload == Workload::kEcho || c.workload == Workload::kEchoCpu;
}

}  // namespace

const char* WorkloadName(Workload workload) {
  // In the order of Workload.
  static constexpr const char* kNames[kWorkloads] = {
      "active",      "churn",        "churn+look", "toggle",
      "toggle+look", "wake pending", "wake busy",  "wake latency",
      "idle",        "echo",         "echo cpu",   "memory"};
  return kNames[static_cast<size_t>(workload)];
}

std::string CaseName(const Case& c) {
  std::string name = WorkloadName(c.workload);
  switch (c.workload) {
    case Workload::kActive:
    case Workload::kIdle:
      absl::StrAppend(&name, " N=", c.watched, " A=", c.active);
      break;
    case Workload::kEcho:
    case Workload::kEchoCpu:
      absl::StrAppend(&name, " C=", c.watched, " B=", c.bytes);
      break;
    case Workload::kMemory:
      absl::StrAppend(&name, " N=", c.watched);
      break;
    default:
      break;
  }
  return name;
}

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const size_t watched : {10, 100, 1000, 10000}) {
    for (const size_t active : {1, 100, 1000}) {
      if (active <= watched) {
        cases.push_back({Workload::kActive, watched, active});
      }
    }
  }
  for (const Workload workload : {Workload::kChurn, Workload::kChurnLook,
                                  Workload::kToggle, Workload::kToggleLook}) {
    cases.push_back({workload, 100, 0});
  }
  for (const Workload workload :
       {Workload::kWakePending, Workload::kWakeBusy, Workload::kWakeLatency}) {
    cases.push_back({workload, 1, 0});
  }
  for (const size_t active : {0, 1}) {
    for (const size_t watched : {1, 3, 10, 100, 1000, 10000}) {
      cases.push_back({Workload::kIdle, watched, active});
    }
  }
  for (const Workload workload : {Workload::kEcho, Workload::kEchoCpu}) {
    for (const size_t connections : {1, 50, 500}) {
      cases.push_back({workload, connections, connections, 64});
    }
    cases.push_back({workload, 4, 4, 65536});
  }
  cases.push_back({Workload::kMemory, 10000, 0});
  return cases;
}

Scene SceneOf(const Case& c) {
  if (IsEcho(c)) return Scene(1, c.watched);
  if (c.workload == Workload::kMemory) return Scene(1, 0);
  return Scene(c.watched, 0);
}

}  // namespace isopoll::bench
