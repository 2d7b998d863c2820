#include "echo/flag_types.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace isopoll::echo {
namespace {

struct Unit {
  absl::string_view name;
  int shift;
};
// The largest first, for Unparse.
constexpr Unit kUnits[] = {{"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"", 0}};

}  // namespace

bool AbslParseFlag(absl::string_view text, Bytes* bytes, std::string* error) {
  for (const Unit& unit : kUnits) {
    absl::string_view number = text;
    uint64_t count;
    if (absl::ConsumeSuffix(&number, unit.name) &&
        absl::SimpleAtoi(number, &count) && count <= UINT64_MAX >> unit.shift) {
      bytes->count = count << unit.shift;
      return true;
    }
  }
  *error = "expected a number of bytes, as in 500, 64KiB, 16MiB or 1GiB";
  return false;
}

std::string AbslUnparseFlag(Bytes bytes) {
  for (const Unit& unit : kUnits) {
    const uint64_t count = bytes.count >> unit.shift;
    if (count > 0 && count << unit.shift == bytes.count) {
      return absl::StrCat(count, unit.name);
    }
  }
  return "0";
}

bool AbslParseFlag(absl::string_view text, Time* time, std::string* error) {
  if (absl::ParseDuration(text, &time->duration)) return true;
  *error = "expected a time with its unit, as in 500ms, 10s, 5m or inf";
  return false;
}

std::string AbslUnparseFlag(Time time) {
  return absl::FormatDuration(time.duration);
}

}  // namespace isopoll::echo
