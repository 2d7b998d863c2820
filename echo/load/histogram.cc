#include "echo/load/histogram.h"

#include <algorithm>
#include <cmath>

#include "absl/numeric/bits.h"

namespace isopoll::echo {

void Histogram::Record(uint64_t value) {
  ++counts_[IndexOf(value)];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

uint64_t Histogram::Percentile(double percent) const {
  const double wanted = std::ceil(percent / 100 * static_cast<double>(count_));
  const uint64_t rank =
      std::clamp<uint64_t>(static_cast<uint64_t>(wanted), 1, count_ + 1);
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::min(HighestOf(i), max_);
  }
  return max_;
}

std::vector<Histogram::Bucket> Histogram::Buckets() const {
  std::vector<Bucket> buckets;
  uint64_t cumulative = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    if (counts_[i] == 0) continue;
    cumulative += counts_[i];
    buckets.push_back({std::min(HighestOf(i), max_), counts_[i], cumulative});
  }
  return buckets;
}

size_t Histogram::IndexOf(uint64_t value) {
  if (value >> kBits == 0) return static_cast<size_t>(value);
  const int shift = absl::bit_width(value) - kBits;
  return static_cast<size_t>(value >> shift) + kHalf * shift;
}

uint64_t Histogram::HighestOf(size_t index) {
  if (index < 2 * kHalf) return index;
  const size_t shift = index / kHalf - 1;
  const uint64_t lowest = (index - kHalf * shift) << shift;
  return lowest + ((uint64_t{1} << shift) - 1);
}

}  // namespace isopoll::echo
