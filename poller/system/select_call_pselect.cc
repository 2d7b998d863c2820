#include <sys/select.h>

#include <ctime>

#include "poller/system/fd_bitmap.h"
#include "poller/system/select_call.h"

namespace isopoll {
namespace internal {
namespace {

// None, if it is empty: the kernel has the less to do.
fd_set* Shown(FdBitmap* set) {
  return set->empty() ? nullptr : reinterpret_cast<fd_set*>(set->data());
}

}  // namespace

int SelectFor(FdSets* sets, const timespec* timeout) {
  return ::pselect(sets->end(), Shown(&sets->read), Shown(&sets->write),
                   Shown(&sets->except), timeout, nullptr);
}

}  // namespace internal
}  // namespace isopoll
