// EachBackend: a fixture for tests that run once for every backend.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_

#include <string>

#include "gtest/gtest.h"
#include "poller/backend.h"

namespace isopoll::echo {

class EachBackend : public testing::TestWithParam<Backend> {};

inline auto AllBackends() {
  const auto backends = SupportedBackends();
  return testing::ValuesIn(backends.begin(), backends.end());
}

inline std::string NameOfBackend(const testing::TestParamInfo<Backend>& info) {
  return std::string(BackendName(info.param));
}

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_EACH_BACKEND_H_
