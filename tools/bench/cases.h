// What is measured.

#ifndef ISOPOLL_TOOLS_BENCH_CASES_H_
#define ISOPOLL_TOOLS_BENCH_CASES_H_

#include <string>
#include <vector>

#include "tools/bench/scene.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

// "toggle+look".
const char* WorkloadName(Workload workload);

// "active N=1000 A=10".
std::string CaseName(const Case& c);

std::vector<Case> AllCases();

// The descriptors for a case.
Scene SceneOf(const Case& c);

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_CASES_H_
