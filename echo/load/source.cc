#include "echo/load/source.h"

#include <algorithm>

#include "absl/strings/str_join.h"

namespace isopoll::echo {
namespace {

constexpr size_t kLongestSlice = 256 * 1024;

// Coprime to the period, and far from any multiple that a message's size might
// be.
constexpr uint64_t kStride = 617363;

}  // namespace

Texts::Texts(const std::vector<std::string>& texts)
    : all_(absl::StrJoin(texts, "")) {
  for (const std::string& text : texts) sizes_.push_back(text.size());
}

std::optional<size_t> Texts::SizeOf(uint64_t index) const {
  if (index >= sizes_.size()) return std::nullopt;
  return sizes_[index];
}

absl::string_view Texts::Slice(uint64_t /*connection*/, uint64_t position,
                               size_t size) const {
  return absl::string_view(all_).substr(position, size);
}

Pattern::Pattern(size_t request_bytes)
    : request_bytes_(request_bytes),
      block_(kPeriod + std::max(kLongestSlice, request_bytes), '\0') {
  // Steele, Lea and Flood's SplitMix: a generator of the library's takes six
  // times as long where nothing is optimized.
  uint64_t state = 862;
  for (uint64_t i = 0; i < kPeriod; ++i) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    block_[i] = static_cast<char>(z ^ (z >> 31));
  }
  for (size_t i = kPeriod; i < block_.size(); ++i) {
    block_[i] = block_[i - kPeriod];
  }
}

absl::string_view Pattern::Slice(uint64_t connection, uint64_t position,
                                 size_t size) const {
  const uint64_t begin =
      (connection % kPeriod * kStride + position % kPeriod) % kPeriod;
  return absl::string_view(block_).substr(begin, size);
}

}  // namespace isopoll::echo
