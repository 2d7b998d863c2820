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

// Whether both are known, and not the same.
inline bool AreToldApart(const FileId& a, const FileId& b) {
  return a.known && b.known && (a.device != b.device || a.inode != b.inode);
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_FILE_ID_H_
