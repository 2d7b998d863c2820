// MovedFile: an open file of some kind at a certain number.

#ifndef ISOPOLL_TESTS_STRESS_MOVED_FILE_H_
#define ISOPOLL_TESTS_STRESS_MOVED_FILE_H_

#include <random>

#include "isopoll/net/unique_fd.h"

namespace isopoll::tests {

class MovedFile {
 public:
  explicit MovedFile(int number) : number_(number) {}

  // Opens a new file of any kind. Its number must be closed. Now and then
  // another number keeps the file open, as a dup or a forked child would.
  void Open(std::mt19937& random);
  // Closes the number.
  void Close() { fd_.reset(); }

  bool open() const { return static_cast<bool>(fd_); }
  // Whether it is readable for sure.
  bool readable() const { return open() && readable_; }

  // Changes its state, if it is open and of a kind that can.
  void Write();
  void Drain();
  void HangUp();

 private:
  enum class Kind { kPipe, kStream, kDatagram, kNull, kCounter };

  const int number_;
  Kind kind_ = Kind::kPipe;
  bool readable_ = false;
  UniqueFd fd_;      // at number_
  UniqueFd peer_;    // of a pipe or socket
  UniqueFd keeper_;  // a dup
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_STRESS_MOVED_FILE_H_
