// DatagramService: sends back each datagram to whom it came from.

#ifndef ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_
#define ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/loop/reactor.h"
#include "echo/service/context.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// Nothing is kept: a datagram that cannot go back at once is dropped and
// counted, as RFC 862 over UDP allows. To wait for room would let one
// Unix-domain client that does not read hold up all others.
//
// Two echo services that a forged sender has made talk to each other would
// never end. So neither a port below 1024 is answered nor one that this process
// serves, nor its own names, nor a relative name, which may be one of them from
// here. And as what goes round is always the same, nobody gets the same
// datagrams back more often than options.datagram_rate.
//
// Used from one thread at a time.
class DatagramService : private Reactor::Handler {
 public:
  // `socket` is from BindDatagram. `context` must outlive this object.
  DatagramService(const ServerContext& context, UniqueFd socket);

  absl::Status Start();

 private:
  absl::Status OnReady(Interest ready) override;
  bool CanBeAnswered(const SocketAddress& from) const;
  bool IsWithinRate(const SocketAddress& from, absl::string_view data);
  // Why the datagram was not sent back; empty if it was.
  absl::string_view Answer(const Datagram& datagram, absl::string_view data);

  // Datagrams, and senders, that fall on the same place share it.
  static constexpr size_t kPlaces = 4096;

  const ServerContext& context_;
  UniqueFd socket_;
  const std::unique_ptr<char[]> buffer_;
  std::array<size_t, kPlaces> last_ = {};        // hashes of datagrams
  std::array<uint64_t, kPlaces> repeated_ = {};  // for a sender, in this second
  absl::Duration second_;                        // when it began
  Watch watch_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_
