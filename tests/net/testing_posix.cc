#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>

#include "gtest/gtest.h"
#include "tests/net/testing.h"

namespace isopoll {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool HasFlags(int fd) {
  return (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 &&
         (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

std::string ErrorText(int error) { return std::strerror(error); }

bool HasSocketPairs() { return true; }

bool OnWine() { return false; }

void TakeBrokenPipesAsFatal() {
  EXPECT_NE(std::signal(SIGPIPE, SIG_DFL), SIG_ERR);
}

ScratchDirectory::ScratchDirectory() : path_("/tmp/isopoll.XXXXXX") {
  EXPECT_NE(::mkdtemp(path_.data()), nullptr);
}

}  // namespace isopoll
