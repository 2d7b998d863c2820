// SelectSet: the select(2) backend, the reference. Every Unix.

#ifndef ISOPOLL_POLLER_INTERNAL_SELECT_SET_H_
#define ISOPOLL_POLLER_INTERNAL_SELECT_SET_H_

#include <memory>

#include "absl/status/statusor.h"
#include "poller/poller.h"

namespace isopoll {
namespace internal {

absl::StatusOr<std::unique_ptr<Poller>> MakeSelectPoller(
    const PollerOptions& options);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_SELECT_SET_H_
