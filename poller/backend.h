// The kernel facilities a Poller can stand on, their names, and which of them
// this program can use.

#ifndef ISOPOLL_POLLER_BACKEND_H_
#define ISOPOLL_POLLER_BACKEND_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace isopoll {

enum class Backend {
  kSelect,  // select(2): every system. The reference the others are held to.
  kPoll,    // poll(2): every Unix. WSAPoll: Windows 10 2004 and later.
  kEpoll,   // epoll(7): Linux.
  kKqueue,  // kqueue(2): macOS and the BSDs.
  kAfd,     // the driver of sockets, by a completion port: Windows.
};

// "select", "poll", "epoll", "kqueue" or "afd".
absl::string_view BackendName(Backend backend);

// The backends that this operating system has and this program was linked
// with, best first. Never empty; the same for the whole life of the process.
absl::Span<const Backend> SupportedBackends();

// The first of SupportedBackends().
Backend DefaultBackend();

// "epoll, poll, select": SupportedBackends() for an error message.
std::string SupportedBackendNames();

// Makes `ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(), ...)`
// work in any program. A name that SupportedBackends() does not have is
// refused with an error that lists those it has.
bool AbslParseFlag(absl::string_view text, Backend* backend,
                   std::string* error);
std::string AbslUnparseFlag(Backend backend);

}  // namespace isopoll

#endif  // ISOPOLL_POLLER_BACKEND_H_
