// ClosedFinder: tells which descriptors were closed without Remove, for
// PollerOptions::check_closed.

#ifndef ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_
#define ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_

#include <cerrno>
#include <vector>

#include "poller/system/descriptor_calls.h"

namespace isopoll {
namespace internal {

class ClosedFinder {
 public:
  // `calls` outlive it.
  explicit ClosedFinder(const DescriptorCalls& calls) : calls_(calls) {}

  // Takes note of the file that `fd` names now.
  void Note(int fd);

  // Whether `fd`, of which a file was noted, is closed or names another file.
  // A file is known by its device and inode: what shares these is one file here
  // (see PollerOptions::check_closed).
  bool Closed(int fd);

 private:
  struct File {
    int error = EBADF;  // of Identify, or 0
    FileId id = {};

    // Whether fstat(2) could not tell for once. (Of a terminal that was revoked
    // it never can, for another reason.)
    bool untold() const { return error == ENOMEM || error == EIO; }
  };

  File Ask(int fd) const;

  const DescriptorCalls& calls_;
  std::vector<File> noted_;  // by fd
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_
