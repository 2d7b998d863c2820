// Interactive: what is typed goes to the server, what comes back is shown.

#ifndef ISOPOLL_ECHO_LOAD_INTERACTIVE_H_
#define ISOPOLL_ECHO_LOAD_INTERACTIVE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "net/endpoint.h"
#include "poller/poller.h"

namespace isopoll::echo {

// Connects to `server` and copies `in` to it and what comes back to `out`,
// until `in` is at its end and everything is back.
// Over datagrams, each read of `in`, a line if it is a terminal, is one; and
// after the end of `in` the answers outstanding are awaited for `patience`.
// `in` may be of any kind and mode; no more is read ahead than 64 KiB.
// Unavailable: the connection could not be made, or broke, or the server closed
// it before that.
absl::Status Converse(Poller& poller, const Endpoint& server, int in, int out,
                      absl::Duration patience);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_INTERACTIVE_H_
