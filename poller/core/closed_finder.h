// ClosedFinder: tells which descriptors were closed without Remove, for
// PollerOptions::check_closed.

#ifndef ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_
#define ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <vector>

#include "poller/unix/descriptor_calls.h"

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
  bool Closed(int fd) const;

 private:
  struct File {
    bool known = false;  // fstat(2) told
    dev_t device = 0;
    ino_t inode = 0;
  };

  File Ask(int fd) const;

  const DescriptorCalls& calls_;
  std::vector<File> noted_;  // by fd
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_CLOSED_FINDER_H_
