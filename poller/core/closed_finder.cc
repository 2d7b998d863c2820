#include "poller/core/closed_finder.h"

#include <cstddef>

#include "poller/system/descriptor_calls.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

void ClosedFinder::Note(int fd) {
  const size_t index = TableIndex(fd);
  if (index >= noted_.size()) noted_.resize(index + 1);
  noted_[index] = Ask(fd);
}

bool ClosedFinder::Closed(int fd) {
  const File now = Ask(fd);
  // fstat(2) fails of a terminal that was revoked, which is open and stays so.
  if (now.error != 0) return !calls_.IsOpen(fd);
  File& noted = noted_[TableIndex(fd)];
  if (noted.untold()) noted = now;  // as soon as it can be told
  return noted.error != 0 || now.id.device != noted.id.device ||
         now.id.inode != noted.id.inode;
}

ClosedFinder::File ClosedFinder::Ask(int fd) const {
  File file = {};
  file.error = calls_.Identify(fd, &file.id);
  return file;
}

}  // namespace internal
}  // namespace isopoll
