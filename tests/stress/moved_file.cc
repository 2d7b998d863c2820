#include "tests/stress/moved_file.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <random>
#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::tests {
namespace {

struct Opened {
  UniqueFd fd;
  UniqueFd peer;
};

Opened OpenPipe() {
  int fds[2] = {-1, -1};
  EXPECT_EQ(::pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Opened OpenSockets(int type) {
  int fds[2] = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
            0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace

void MovedFile::Open(std::mt19937& random) {
  keeper_.reset();
  kind_ = static_cast<Kind>(random() % 5);
  Opened opened;
  switch (kind_) {
    case Kind::kPipe:
      opened = OpenPipe();
      break;
    case Kind::kStream:
      opened = OpenSockets(SOCK_STREAM);
      break;
    case Kind::kDatagram:
      opened = OpenSockets(SOCK_DGRAM);
      break;
    case Kind::kNull:
      opened.fd = UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
      break;
    case Kind::kCounter:
      opened.fd = UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
      break;
  }
  EXPECT_EQ(::dup3(opened.fd.get(), number_, O_CLOEXEC), number_);
  fd_ = UniqueFd(number_);
  peer_ = std::move(opened.peer);
  readable_ = kind_ == Kind::kNull;
  if (random() % 5 == 0) keeper_ = std::move(opened.fd);
}

void MovedFile::Write() {
  if (!open()) return;
  if (kind_ == Kind::kCounter) {
    const uint64_t one = 1;
    if (::write(number_, &one, sizeof(one)) > 0) readable_ = true;
  } else if (peer_ && ::write(peer_.get(), "x", 1) == 1) {
    readable_ = true;
  }
}

void MovedFile::Drain() {
  if (!open() || kind_ == Kind::kNull) return;
  char buffer[4096];
  while (::read(number_, buffer, sizeof(buffer)) > 0) {
  }
  const bool at_its_end = !peer_ && kind_ != Kind::kCounter;
  readable_ = at_its_end && kind_ != Kind::kDatagram;
}

void MovedFile::HangUp() {
  if (!peer_) return;
  peer_.reset();
  if (kind_ != Kind::kDatagram) readable_ = true;
}

}  // namespace isopoll::tests
