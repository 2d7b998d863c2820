// What a load came to, for people and for programs.

#ifndef ISOPOLL_ECHO_LOAD_LOAD_TEXT_H_
#define ISOPOLL_ECHO_LOAD_LOAD_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/load_options.h"

namespace isopoll::echo {

// "41.2 us", with three digits that count.
std::string FormatNanoseconds(uint64_t nanoseconds);

// Several lines, each with its end.
std::string LoadText(const LoadReport& report);

// One line of JSON, with its end. Latencies are in nanoseconds.
std::string LoadJson(const LoadReport& report, const LoadOptions& options,
                     absl::string_view server, absl::string_view backend);

// How it is going, without an end of the line.
std::string ProgressLine(const LoadReport& report);

// "1 request", "2 requests".
std::string Count(uint64_t count, absl::string_view what);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_LOAD_TEXT_H_
