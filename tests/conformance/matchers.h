// How the conformance suite states what it expects.

#ifndef ISOPOLL_TESTS_CONFORMANCE_MATCHERS_H_
#define ISOPOLL_TESTS_CONFORMANCE_MATCHERS_H_

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "isopoll/event.h"

namespace isopoll {

// An OK status.
MATCHER(IsOk, "is OK") { return arg.ok(); }

// A status with this code.
MATCHER_P(HasCode, code, "has the code " + absl::StatusCodeToString(code)) {
  return arg.code() == code;
}

// An event of an open descriptor, whatever its hints.
MATCHER_P3(EventIs, fd, token, ready, "") {
  return arg.fd() == fd && arg.token() == static_cast<Token>(token) &&
         arg.ready() == ready && !arg.closed();
}

// The one event of a descriptor that was closed without Remove.
MATCHER_P2(ClosedEventIs, fd, token, "") {
  return arg.fd() == fd && arg.token() == static_cast<Token>(token) &&
         arg.ready().empty() && arg.closed();
}

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_MATCHERS_H_
