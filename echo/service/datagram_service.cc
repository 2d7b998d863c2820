#include "echo/service/datagram_service.h"

#include <optional>
#include <string>
#include <utility>

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

// Whether a datagram from there may be an answer of the one who serves `own`,
// or forged to be taken for one. Of IP addresses the port decides: which
// addresses are this machine's is not known, and those of other echo services
// are the same.
bool MayBeOwn(const SocketAddress& own, const SocketAddress& from) {
  const bool both_unix = own.family() == AF_UNIX && from.family() == AF_UNIX;
  return both_unix ? own.ToString() == from.ToString()
                   : own.port() != 0 && own.port() == from.port();
}

}  // namespace

DatagramService::DatagramService(const ServerContext& context, UniqueFd socket)
    : context_(context),
      socket_(std::move(socket)),
      buffer_(new char[kBufferBytes]) {}

absl::Status DatagramService::Start() {
  return watch_.Start(context_.reactor, socket_.get(), kReadable, *this);
}

absl::Status DatagramService::OnReady(Interest /*ready*/) {
  for (int i = 0; i < kDatagramsPerTurn; ++i) {
    const absl::StatusOr<std::optional<Datagram>> datagram = ReceiveDatagram(
        socket_.get(), absl::MakeSpan(buffer_.get(), kBufferBytes));
    // What could not be delivered to one client is no error of the service.
    if (absl::IsUnavailable(datagram.status())) continue;
    if (!datagram.ok()) return datagram.status();
    if (!datagram->has_value()) break;
    const absl::string_view data(buffer_.get(), (*datagram)->bytes);
    ++context_.stats.datagrams_received;
    const absl::string_view dropped = Answer(**datagram, data);
    context_.observer.OnDatagram((*datagram)->from, data, dropped);
  }
  return absl::OkStatus();
}

bool DatagramService::CanBeAnswered(const SocketAddress& from) const {
  if (context_.options.silent) return false;
  for (const SocketAddress& own : context_.state.datagram_addresses) {
    if (MayBeOwn(own, from)) return false;
  }
  if (from.family() != AF_UNIX) return from.port() >= kFirstUnprivilegedPort;
  const std::string name = from.ToString();
  return absl::StartsWith(name, "unix:/") || absl::StartsWith(name, "unix:@");
}

bool DatagramService::IsWithinRate(const SocketAddress& from,
                                   absl::string_view data) {
  const uint64_t rate = context_.options.datagram_rate;
  if (rate == 0) return true;
  const absl::string_view sender(reinterpret_cast<const char*>(from.data()),
                                 from.length());
  const size_t datagram = absl::HashOf(sender, data);
  size_t& last = last_[datagram % kPlaces];
  if (last != datagram) {
    // Half of them take the place, as if by chance: if all did, those that come
    // there in turns would never be seen to repeat.
    if (absl::HashOf(context_.stats.datagrams_received) % 2 == 0) {
      last = datagram;
    }
    return true;
  }
  const absl::Duration now = context_.reactor.now();
  if (now - second_ >= absl::Seconds(1)) {
    second_ = now;
    repeated_.fill(0);
  }
  return ++repeated_[absl::HashOf(sender) % kPlaces] <= rate;
}

absl::string_view DatagramService::Answer(const Datagram& datagram,
                                          absl::string_view data) {
  const auto count = [](uint64_t& counter, absl::string_view why) {
    ++counter;
    return why;
  };
  ServerStats& stats = context_.stats;
  if (datagram.truncated) return count(stats.datagrams_too_long, "too long");
  if (!CanBeAnswered(datagram.from)) {
    return count(stats.datagrams_unanswerable, "unanswerable");
  }
  if (!IsWithinRate(datagram.from, data)) {
    return count(stats.datagrams_limited, "beyond the rate");
  }
  const absl::StatusOr<Sent> sent =
      SendDatagram(socket_.get(), data, &datagram.from);
  // Any error concerns this one sender: it may have gone, or forbid it.
  if (!sent.ok()) return count(stats.datagrams_unanswerable, "unanswerable");
  if (*sent == Sent::kNoRoom) return count(stats.datagrams_no_room, "no room");
  if (*sent == Sent::kTooLong) {
    return count(stats.datagrams_too_long, "too long");
  }
  return count(stats.datagrams_sent, "");
}

}  // namespace isopoll::echo
