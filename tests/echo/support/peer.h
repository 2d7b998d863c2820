// Peer: an ordinary client of the echo service, driven step by step.

#ifndef ISOPOLL_TESTS_ECHO_SUPPORT_PEER_H_
#define ISOPOLL_TESTS_ECHO_SUPPORT_PEER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// A socket whose steps block, and that knows nothing of what it tests: plain
// system calls. A step that takes longer than 30 seconds, or fails, fails the
// test.
class Peer {
 public:
  // Connects. `receive_buffer`, if not 0, is what the kernel may keep for a
  // peer that does not read.
  explicit Peer(const SocketAddress& server, int receive_buffer = 0);

  // Only opens the socket; Connect does the rest.
  struct Unconnected {};
  Peer(const SocketAddress& server, Unconnected) : Peer(server, 0, false) {}
  void Connect(const SocketAddress& server);

  SocketAddress local() const;

  void Send(absl::string_view data);
  void SendOutOfBand(char byte);

  // Sends copies of `data` until the kernel takes no more and `enough` says
  // that this is for good; or until the connection breaks, or beyond `limit`
  // bytes. Returns how many have gone.
  size_t Flood(absl::string_view data, size_t limit,
               const std::function<bool()>& enough);

  // Exactly `count` bytes; fewer only if the server closes first.
  std::string Receive(size_t count);
  // Everything up to the server's end of file.
  std::string ReceiveAll();
  // Waits until something can be received, without receiving it.
  void AwaitReadable();
  // Everything until the connection ends, in whatever way.
  std::string ReceiveAllUntilClosed();
  // Whether the server has closed, and everything was received.
  bool AtEnd();
  // Sends a byte, and waits until it is back, or the server has closed.
  bool ServesOrCloses();
  // How many bytes have been sent and have not arrived.
  size_t OnTheirWay() const { return BytesUnsent(fd_.get()); }
  // Whether there is nothing to be received now.
  bool Silent();

  // Sends a FIN; reading goes on.
  void FinishSending();
  // Sends a RST, whatever is unread or unsent.
  void Reset();
  void Close() { fd_.reset(); }

 private:
  Peer(const SocketAddress& server, int receive_buffer, bool connect);

  UniqueFd fd_;
};

// Why what is counted of resets is not looked at there (OnWine).
constexpr char kWineTakesResets[] =
    "Wine may show a reset as the end of what was sent";

using Peers = std::vector<std::unique_ptr<Peer>>;
Peers ConnectPeers(const SocketAddress& server, int count);

// `size` bytes in which each position can be told from its neighbours.
std::string Pattern(size_t size);

}  // namespace isopoll::echo

#endif  // ISOPOLL_TESTS_ECHO_SUPPORT_PEER_H_
