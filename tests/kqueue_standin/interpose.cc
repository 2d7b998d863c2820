// A kernel drops the knotes of a number that is closed, and knows whether its
// filters fire for what has come or for a mark that has moved. Linux does not
// say, so the functions that close and that set options are ours in a program
// that links this; they tell the table, and go on to libc's (or a sanitizer's)
// function of the same name.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "tests/kqueue_standin/process_table.h"

namespace {

using isopoll::kqueue_standin::ProcessTable;

template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void Closing(unsigned first, unsigned last) {
  const int saved_errno = errno;
  ProcessTable* const table = ProcessTable::Find();
  if (table != nullptr) table->Closing(first, last);
  errno = saved_errno;
}

void LowWaterMarkMoves(int fd) {
  const int saved_errno = errno;
  ProcessTable* const table = ProcessTable::Find();
  if (table != nullptr) table->LowWaterMarkMoves(fd);
  errno = saved_errno;
}

void ClosingNumber(int fd) {
  if (fd >= 0) Closing(static_cast<unsigned>(fd), static_cast<unsigned>(fd));
}

// dup2(2) closes `to` only if it succeeds.
void Replacing(int from, int to) {
  const int saved_errno = errno;
  if (from != to && ::fcntl(from, F_GETFD) != -1) ClosingNumber(to);
  errno = saved_errno;
}

}  // namespace

extern "C" {

int close(int fd) {
  static auto* const next = Next<int(int)>("close");
  ClosingNumber(fd);
  return next(fd);
}

int dup2(int from, int to) {
  static auto* const next = Next<int(int, int)>("dup2");
  Replacing(from, to);
  return next(from, to);
}

int dup3(int from, int to, int flags) {
  static auto* const next = Next<int(int, int, int)>("dup3");
  Replacing(from, to);
  return next(from, to, flags);
}

int close_range(unsigned first, unsigned last, int flags) {
  static auto* const next = Next<int(unsigned, unsigned, int)>("close_range");
  // With flags, it closes nothing now, or closes for this thread alone.
  if (flags == 0 && first <= last) Closing(first, last);
  return next(first, last, flags);
}

int setsockopt(int fd, int level, int option, const void* value,
               socklen_t size) {
  static auto* const next =
      Next<int(int, int, int, const void*, socklen_t)>("setsockopt");
  if (level == SOL_SOCKET && option == SO_RCVLOWAT) LowWaterMarkMoves(fd);
  return next(fd, level, option, value, size);
}

}  // extern "C"
