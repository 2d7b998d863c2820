#include "tests/support/file_id.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace isopoll::tests {

FileId FileOf(int fd) {
  struct stat file = {};
  if (::fstat(fd, &file) != 0) return {};
  // A terminal whose other end was closed: NetBSD's fstat(2) fails of it, and
  // so does the stand-in's.
  if (S_ISCHR(file.st_mode) && ::isatty(fd) == 0 && errno == EIO) return {};
  return {true, file.st_dev, file.st_ino};
}

}  // namespace isopoll::tests
