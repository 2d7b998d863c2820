// FileId: what a file is to fstat(2).

#ifndef ISOPOLL_TESTS_SUPPORT_FILE_ID_H_
#define ISOPOLL_TESTS_SUPPORT_FILE_ID_H_

#include <sys/types.h>

namespace isopoll::tests {

// Anonymous inodes (eventfd, timerfd, epoll, ...) share one, and so do the two
// ends of a pipe.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator!=(const FileId& a, const FileId& b) {
    return a.device != b.device || a.inode != b.inode;
  }
};

// That of the file behind `fd`; of none if it is not open.
FileId FileOf(int fd);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_FILE_ID_H_
