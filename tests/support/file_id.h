// FileId: what a file is to fstat(2).

#ifndef ISOPOLL_TESTS_SUPPORT_FILE_ID_H_
#define ISOPOLL_TESTS_SUPPORT_FILE_ID_H_

#include <sys/types.h>

namespace isopoll::tests {

// Anonymous inodes (eventfd, timerfd, epoll, ...) share one, and so do the two
// ends of a pipe.
struct FileId {
  // No: there is no file, or some kernel's fstat(2) fails of it.
  bool known = false;
  dev_t device = 0;
  ino_t inode = 0;
};

// That of the file behind `fd`.
FileId FileOf(int fd);

// Whether `now` is known and is not `before`. What has become unknown may be
// the same terminal, hung up since.
inline bool AreToldApart(const FileId& before, const FileId& now) {
  return now.known && (!before.known || before.device != now.device ||
                       before.inode != now.inode);
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_FILE_ID_H_
