// FdBitmap: an fd_set without a limit.

#ifndef ISOPOLL_POLLER_SYSTEM_FD_BITMAP_H_
#define ISOPOLL_POLLER_SYSTEM_FD_BITMAP_H_

#include <cstddef>
#include <vector>

#include "absl/numeric/bits.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// The bits of an fd_set, as the kernels of Unix systems read them: words, of
// which they touch only as many as nfds needs (select(2), "the fixed size of
// fd_set is a glibc limit"). FD_SET itself aborts beyond FD_SETSIZE under
// _FORTIFY_SOURCE, and writes out of bounds without.
class FdBitmap {
 public:
  using Word = FdSetWord;
  static constexpr size_t kWordBits = sizeof(Word) * 8;

  // `fd` is within the size.
  bool Has(int fd) const { return (words_[Index(fd)] & Bit(fd)) != 0; }
  void Put(int fd, bool value) {
    if (Has(fd) == value) return;
    words_[Index(fd)] ^= Bit(fd);
    count_ += value ? 1 : -1;
  }

  // Whether no bit was Put. What the kernel does to them is not seen.
  bool empty() const { return count_ == 0; }

  // Makes room for the bits of descriptors 0 to `fd`.
  void Cover(int fd) {
    if (Index(fd) >= words_.size()) words_.resize(Index(fd) + 1);
  }

  // Whether no bit of the last word was Put.
  bool EndsEmpty() const { return words_.back() == 0; }
  void DropLastWord() { words_.pop_back(); }

  // How many bits are set, the kernel's included.
  int CountBits() const {
    int count = 0;
    for (const Word word : words_) count += absl::popcount(word);
    return count;
  }

  size_t words() const { return words_.size(); }
  Word word(size_t index) const { return words_[index]; }

  Word* data() { return words_.data(); }

 private:
  static size_t Index(int fd) { return static_cast<size_t>(fd) / kWordBits; }
  static Word Bit(int fd) {
    return Word{1} << (static_cast<size_t>(fd) % kWordBits);
  }

  std::vector<Word> words_;
  int count_ = 0;  // how many bits are set
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_FD_BITMAP_H_
