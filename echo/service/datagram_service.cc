#include "echo/service/datagram_service.h"

#include <sys/socket.h>

#include <optional>
#include <string>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"

namespace isopoll::echo {
namespace {

// More than UDP can carry. Unix-domain datagrams may be longer.
constexpr size_t kBufferBytes = size_t{128} * 1024;

// How many are answered before everybody else has a turn again.
constexpr int kDatagramsPerTurn = 64;

constexpr int kFirstUnprivilegedPort = 1024;

}  // namespace

DatagramService::DatagramService(const Shared& shared, UniqueFd socket)
    : shared_(shared),
      socket_(std::move(socket)),
      buffer_(new char[kBufferBytes]) {}

absl::Status DatagramService::Start() {
  return watch_.Start(shared_.reactor, socket_.get(), kReadable, *this);
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
  shared_.counters.datagrams_received.Add();
  const absl::string_view dropped = TryAnswer(datagram);
  shared_.observer.OnDatagram(datagram.from, {buffer_.get(), datagram.bytes},
                              dropped);
}

bool DatagramService::CanBeAnswered(const SocketAddress& from) const {
  if (shared_.options.silent || shared_.state.IsDatagramAddress(from)) {
    return false;
  }
  if (from.family() != AF_UNIX) return from.port() >= kFirstUnprivilegedPort;
  const std::string name = from.ToString();
  return absl::StartsWith(name, "unix:/") || absl::StartsWith(name, "unix:@");
}

bool DatagramService::IsWithinRate(const SocketAddress& from) {
  const uint64_t rate = shared_.options.datagram_rate;
  if (rate == 0) return true;
  const absl::Duration now = shared_.reactor.now();
  if (now - second_ >= absl::Seconds(1)) {
    second_ = now;
    answers_.fill(0);
  }
  const absl::string_view bytes(reinterpret_cast<const char*>(from.data()),
                                from.length());
  return ++answers_[absl::HashOf(bytes) % kSenders] <= rate;
}

absl::string_view DatagramService::TryAnswer(const Datagram& datagram) {
  Counters& counters = shared_.counters;
  const auto drop = [](Counter& counter, absl::string_view why) {
    counter.Add();
    return why;
  };
  if (datagram.truncated) return drop(counters.datagrams_too_long, "too long");
  if (!CanBeAnswered(datagram.from)) {
    return drop(counters.datagrams_unanswerable, "unanswerable");
  }
  if (!IsWithinRate(datagram.from)) {
    return drop(counters.datagrams_limited, "beyond the rate");
  }
  const absl::StatusOr<Sent> sent = SendDatagram(
      socket_.get(), {buffer_.get(), datagram.bytes}, &datagram.from);
  // Any error concerns this one sender: it may have gone, or forbid it.
  if (!sent.ok()) return drop(counters.datagrams_unanswerable, "unanswerable");
  if (*sent == Sent::kNoRoom)
    return drop(counters.datagrams_no_room, "no room");
  if (*sent == Sent::kTooLong) {
    return drop(counters.datagrams_too_long, "too long");
  }
  return drop(counters.datagrams_sent, "");
}

}  // namespace isopoll::echo
