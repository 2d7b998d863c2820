#include "echo/service/datagram_service.h"

#include <sys/socket.h>

#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace isopoll::echo {
namespace {

// More than UDP can carry. Unix-domain datagrams may be longer.
constexpr size_t kBufferBytes = size_t{128} * 1024;

// How many are answered before everybody else has a turn again.
constexpr int kDatagramsPerTurn = 64;

constexpr int kFirstUnprivilegedPort = 1024;

bool CanBeAnswered(const SocketAddress& from) {
  if (from.family() == AF_UNIX) return from.length() > sizeof(sa_family_t);
  return from.port() >= kFirstUnprivilegedPort;
}

}  // namespace

DatagramService::DatagramService(Reactor& reactor, UniqueFd socket,
                                 Counters& counters, ServerObserver& observer)
    : reactor_(reactor),
      socket_(std::move(socket)),
      counters_(counters),
      observer_(observer),
      buffer_(new char[kBufferBytes]) {}

absl::Status DatagramService::Start() {
  return watch_.Start(reactor_, socket_.get(), kReadable, *this);
}

void DatagramService::Stop() {
  watch_.Stop();
  socket_.reset();
}

absl::Status DatagramService::OnReady(Interest /*ready*/) {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const absl::StatusOr<std::optional<Datagram>> datagram = ReceiveDatagram(
        socket_.get(), absl::MakeSpan(buffer_.get(), kBufferBytes));
    // What could not be delivered to one client is no error of the service.
    if (absl::IsUnavailable(datagram.status())) continue;
    if (!datagram.ok()) return datagram.status();
    if (!datagram->has_value()) break;
    Answer(**datagram);
  }
  return absl::OkStatus();
}

void DatagramService::Answer(const Datagram& datagram) {
  counters_.datagrams_received.Add();
  const absl::string_view dropped = TryAnswer(datagram);
  observer_.OnDatagram(datagram.from, {buffer_.get(), datagram.bytes}, dropped);
}

absl::string_view DatagramService::TryAnswer(const Datagram& datagram) {
  if (datagram.truncated) {
    counters_.datagrams_too_long.Add();
    return "too long";
  }
  absl::StatusOr<Sent> sent = absl::UnavailableError("nobody to answer");
  if (CanBeAnswered(datagram.from)) {
    sent = SendDatagram(socket_.get(), {buffer_.get(), datagram.bytes},
                        &datagram.from);
  }
  // Any error concerns this one sender: it may have gone, or forbid it.
  if (!sent.ok()) {
    counters_.datagrams_unanswerable.Add();
    return "unanswerable";
  }
  switch (*sent) {
    case Sent::kYes:
      counters_.datagrams_sent.Add();
      return "";
    case Sent::kNoRoom:
      counters_.datagrams_no_room.Add();
      return "no room";
    case Sent::kTooLong:
      counters_.datagrams_too_long.Add();
      return "too long";
  }
  return "";
}

}  // namespace isopoll::echo
