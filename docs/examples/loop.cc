#include "docs/examples/loop.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"

namespace isopoll::examples {
namespace {

Token ToToken(Client* client) { return reinterpret_cast<uintptr_t>(client); }

Client* ToClient(Token token) {
  return reinterpret_cast<Client*>(static_cast<uintptr_t>(token));
}

// Until the first deadline. Infinite if there is none, zero if one has passed.
absl::Duration TimeLeft(absl::Span<Client* const> clients) {
  Clock::time_point first = Clock::time_point::max();
  for (const Client* client : clients) {
    first = std::min(first, client->deadline());
  }
  if (first == Clock::time_point::max()) return absl::InfiniteDuration();
  return std::max(absl::FromChrono(first - Clock::now()), absl::ZeroDuration());
}

// With PollerOptions::check_closed. A client ends its interest in a descriptor
// in time, so there is none that was closed before.
absl::Status ClosedTooEarly(int fd) {
  return absl::InternalError(
      absl::StrCat("fd ", fd, " was closed while it was watched"));
}

void CallIfDue(Client& client) {
  if (client.deadline() > Clock::now()) return;
  client.ClearDeadline();
  client.OnDeadline();
}

absl::Status Turn(Poller& poller, absl::Span<Client* const> clients) {
  Event events[64];
  const absl::StatusOr<WaitResult> result =
      poller.Wait(absl::MakeSpan(events), TimeLeft(clients));
  if (!result.ok()) return result.status();
  for (size_t i = 0; i < result->count; ++i) {
    if (events[i].closed()) return ClosedTooEarly(events[i].fd());
    ToClient(events[i].token())->OnReady(events[i].fd(), events[i].ready());
  }
  absl::Status status;
  for (Client* client : clients) {
    CallIfDue(*client);
    status.Update(client->status());
  }
  return status;
}

}  // namespace

void Client::Watch(int fd, Interest interest) {
  status_.Update(poller_.Set(fd, interest, ToToken(this)));
}

absl::Status Run(Poller& poller, absl::Span<Client* const> clients) {
  absl::Status status;
  while (status.ok() && !std::all_of(clients.begin(), clients.end(),
                                     [](Client* c) { return c->done(); })) {
    status = Turn(poller, clients);
  }
  return status;
}

}  // namespace isopoll::examples
