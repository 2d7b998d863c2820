// EachBackend: a fixture for tests that run once for every backend. EachKind:
// once for every kind of poller, those on stand-ins for a kernel too.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_

#include <string>

#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "tests/support/poller_kind.h"

namespace isopoll::echo {

class EachBackend : public testing::TestWithParam<Backend> {};

inline auto AllBackends() {
  const auto backends = SupportedBackends();
  return testing::ValuesIn(backends.begin(), backends.end());
}

inline std::string NameOfBackend(const testing::TestParamInfo<Backend>& info) {
  return std::string(BackendName(info.param));
}

class EachKind : public testing::TestWithParam<tests::PollerKind> {};

inline auto AllKinds() { return testing::ValuesIn(tests::AllKinds()); }

inline std::string NameOfKind(
    const testing::TestParamInfo<tests::PollerKind>& info) {
  return tests::TestNameOf(info.param);
}

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_
