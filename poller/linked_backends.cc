#include <array>
#include <cstddef>
#include <iterator>

#include "absl/types/span.h"
#include "isopoll/backend.h"
#include "poller/core/backends.h"

// BUILD defines ISOPOLL_LINK_... for each backend it links.
#ifdef ISOPOLL_LINK_KQUEUE
#include "poller/kqueue/kqueue_system.h"
#endif

namespace isopoll {
namespace internal {
namespace {

// Best first.
constexpr LinkedBackend kLinked[] = {
#ifdef ISOPOLL_LINK_AFD
    {Backend::kAfd, &MakeAfdPoller},
#endif
#ifdef ISOPOLL_LINK_EPOLL
    {Backend::kEpoll, &MakeEpollPoller},
#endif
#ifdef ISOPOLL_LINK_KQUEUE
    {Backend::kKqueue,
     [](const PollerOptions& options) {
       return MakeKqueuePoller(HostKqueueSystem(), options);
     }},
#endif
#ifdef ISOPOLL_LINK_POLL
    {Backend::kPoll, &MakePollPoller},
#endif
#ifdef ISOPOLL_LINK_SELECT
    {Backend::kSelect, &MakeSelectPoller},
#endif
};

constexpr std::array<Backend, std::size(kLinked)> Backends() {
  std::array<Backend, std::size(kLinked)> backends = {};
  for (size_t i = 0; i < backends.size(); ++i) backends[i] = kLinked[i].backend;
  return backends;
}

constexpr auto kBackends = Backends();

}  // namespace

const LinkedBackend* FindLinkedBackend(Backend backend) {
  for (const LinkedBackend& linked : kLinked) {
    if (linked.backend == backend) return &linked;
  }
  return nullptr;
}

}  // namespace internal

absl::Span<const Backend> SupportedBackends() { return internal::kBackends; }

}  // namespace isopoll
