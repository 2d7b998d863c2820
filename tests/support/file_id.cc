#include "tests/support/file_id.h"

#include <sys/stat.h>

namespace isopoll::tests {

FileId FileOf(int fd) {
  struct stat file = {};
  if (::fstat(fd, &file) != 0) return {};
  return {file.st_dev, file.st_ino};
}

}  // namespace isopoll::tests
