// The tables of all systems, which have one name in the library: on Linux,
// where the kernel's calls are the stand-in's for macOS.

#ifndef ISOPOLL_TESTS_KQUEUE_SYSTEMS_H_
#define ISOPOLL_TESTS_KQUEUE_SYSTEMS_H_

#include "poller/kqueue/kqueue_system.h"

namespace isopoll {
namespace internal {

const KqueueSystem& DragonflyKqueueSystem();
const KqueueSystem& FreebsdKqueueSystem();
const KqueueSystem& MacosKqueueSystem();
const KqueueSystem& NetbsdKqueueSystem();
const KqueueSystem& OpenbsdKqueueSystem();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_TESTS_KQUEUE_SYSTEMS_H_
