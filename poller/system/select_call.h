// select(2) as the backends need it, on sets without a limit.

#ifndef ISOPOLL_POLLER_SYSTEM_SELECT_CALL_H_
#define ISOPOLL_POLLER_SYSTEM_SELECT_CALL_H_

#include <cstddef>
#include <ctime>

#include "isopoll/interest.h"
#include "poller/system/fd_bitmap.h"

namespace isopoll {
namespace internal {

// select's three sets: what is asked, and then what was found.
struct FdSets {
  FdBitmap read, write, except;

  void Cover(int fd) {
    read.Cover(fd);
    write.Cover(fd);
    except.Cover(fd);
  }
  void Put(int fd, Interest interest) {
    read.Put(fd, interest.readable());
    write.Put(fd, interest.writable());
    except.Put(fd, interest.priority());
  }
  Interest Get(int fd) const {
    return (read.Has(fd) ? kReadable : kNone) |
           (write.Has(fd) ? kWritable : kNone) |
           (except.Has(fd) ? kPriority : kNone);
  }
  // Gives up room that nothing needs: the kernel goes through all of it.
  // REQUIRES: something was Put.
  void Trim() {
    while (read.EndsEmpty() && write.EndsEmpty() && except.EndsEmpty()) {
      read.DropLastWord();
      write.DropLastWord();
      except.DropLastWord();
    }
  }
  // Behind the last descriptor that there is room for.
  int end() const {
    return static_cast<int>(read.words() * FdBitmap::kWordBits);
  }
  FdBitmap::Word AnyOf(size_t index) const {
    return read.word(index) | write.word(index) | except.word(index);
  }
  // How many bits are set in all: what select returns, unless some are of
  // descriptors that are closed. Linux passes over those beyond its table, and
  // leaves their bits set (fs/select.c, core_sys_select).
  int CountBits() const {
    return read.CountBits() + write.CountBits() + except.CountBits();
  }
};

// select(2), with a timeout in nanoseconds; null is for ever. A set in which
// nothing was Put is not touched. Implemented by select_call_....cc.
int SelectFor(FdSets* sets, const timespec* timeout);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_SELECT_CALL_H_
