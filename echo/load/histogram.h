// Histogram: how often each value occurred, in constant memory.

#ifndef ISOPOLL_ECHO_LOAD_HISTOGRAM_H_
#define ISOPOLL_ECHO_LOAD_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace isopoll::echo {

// As HdrHistogram (http://hdrhistogram.org): buckets are as wide as 1/128 of
// the value or less, so that any percentile is at most 0.8 % too high. Takes
// every uint64_t, in 58 KiB. Used from one thread at a time.
class Histogram {
 public:
  void Record(uint64_t value);
  void Merge(const Histogram& other);

  uint64_t count() const { return count_; }
  // Exact; zero if nothing was recorded.
  uint64_t min() const { return count_ == 0 ? 0 : min_; }
  uint64_t max() const { return max_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / count_; }

  // The least value that `percent` of all do not exceed, to within the width of
  // a bucket, and never above max(). Zero if nothing was recorded.
  uint64_t Percentile(double percent) const;

  // Each bucket that is not empty: the highest value in it, how many there are
  // in it, and how many up to it.
  struct Bucket {
    uint64_t highest;
    uint64_t count;
    uint64_t cumulative;
  };
  std::vector<Bucket> Buckets() const;

 private:
  // Values below 2^kBits have a bucket each; above, each power of two has
  // 2^(kBits-1).
  static constexpr int kBits = 8;
  static constexpr size_t kHalf = size_t{1} << (kBits - 1);
  static constexpr size_t kBuckets = (64 - kBits + 2) * kHalf;

  static size_t IndexOf(uint64_t value);
  static uint64_t HighestOf(size_t index);

  std::array<uint64_t, kBuckets> counts_ = {};
  uint64_t count_ = 0;
  uint64_t min_ = UINT64_MAX;
  uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_HISTOGRAM_H_
