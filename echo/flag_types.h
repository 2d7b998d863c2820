// Kinds of flags whose values have a unit.

#ifndef ISOPOLL_ECHO_FLAG_TYPES_H_
#define ISOPOLL_ECHO_FLAG_TYPES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace isopoll::echo {

// A number of bytes: 16384, 16KiB, 1MiB, 1GiB.
struct Bytes {
  uint64_t count = 0;
};
bool AbslParseFlag(absl::string_view text, Bytes* bytes, std::string* error);
std::string AbslUnparseFlag(Bytes bytes);

// A time: 500ms, 10s, 5m, 1h30m, inf.
struct Time {
  absl::Duration duration;
};
bool AbslParseFlag(absl::string_view text, Time* time, std::string* error);
std::string AbslUnparseFlag(Time time);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_FLAG_TYPES_H_
