// AfdDriver: the driver of Windows' sockets, as far as polling goes, and a
// completion port for its answers.
//
// Microsoft describes none of the driver. What is known of it comes from those
// who use it: wepoll, libuv, mio, and Wine with its tests.

#ifndef ISOPOLL_POLLER_AFD_AFD_DRIVER_H_
#define ISOPOLL_POLLER_AFD_AFD_DRIVER_H_

#include <windows.h>
#include <winsock2.h>
#include <winternl.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "poller/afd/unique_handle.h"
#include "poller/system/mask_dialect.h"

namespace isopoll {
namespace internal {

// AFD_POLL_...
inline constexpr uint32_t kAfdReceive = 0x1;
inline constexpr uint32_t kAfdReceiveUrgent = 0x2;
inline constexpr uint32_t kAfdSend = 0x4;
inline constexpr uint32_t kAfdDisconnect = 0x8;
inline constexpr uint32_t kAfdAbort = 0x10;
inline constexpr uint32_t kAfdLocalClose = 0x20;
inline constexpr uint32_t kAfdAccept = 0x80;
inline constexpr uint32_t kAfdConnectFail = 0x100;

// A reset, and a connect that failed, are pending errors.
inline constexpr uint32_t kAfdError = kAfdAbort | kAfdConnectFail;

inline constexpr MaskDialect kAfdDialect = {
    /*ask_readable=*/kAfdReceive | kAfdAccept | kAfdDisconnect | kAfdError,
    /*ask_writable=*/kAfdSend | kAfdError,
    /*ask_priority=*/kAfdReceiveUrgent,
    /*readable=*/kAfdReceive | kAfdAccept | kAfdDisconnect | kAfdError,
    /*writable=*/kAfdSend | kAfdError,
    /*priority=*/kAfdReceiveUrgent,
    /*hangup=*/kAfdError,
    /*read_closed=*/kAfdDisconnect | kAfdError,
    /*error=*/kAfdError,
};

// AFD_POLL_HANDLE_INFO: what is asked of one socket, and answered.
struct AfdSocket {
  HANDLE socket;
  uint32_t events;
  NTSTATUS status;
};

// AFD_POLL_INFO.
struct AfdPollInfo {
  int64_t timeout;  // in 100 ns; negative: from now
  uint32_t count;
  uint32_t exclusive;
  AfdSocket sockets[1];
};

// A question about the socket `fd`. Stays where it is while it is with the
// driver, which writes to it.
struct AfdRequest {
  int fd;
  IO_STATUS_BLOCK result;
  AfdPollInfo info;
};

// FILE_IO_COMPLETION_INFORMATION: what comes out of a completion port.
struct AfdPacket {
  void* key;
  AfdRequest* request;  // null: see Post
  IO_STATUS_BLOCK result;
};

// Thread-safe, but for Look.
class AfdDriver {
 public:
  static absl::StatusOr<AfdDriver> Open();

  // The socket by which the driver knows `fd`. NotOpen(fd) if it is no socket.
  absl::StatusOr<HANDLE> SocketOf(int fd) const;

  // Has the driver say, in a packet, when one of `events` holds of `socket`, or
  // when it is closed. NotOpen(request->fd).
  absl::Status Ask(AfdRequest* request, HANDLE socket, uint32_t events) const;
  // Has the packet of a request come at once.
  void Cancel(AfdRequest* request) const;

  // Takes packets, of which there may be none before `timeout` has passed; null
  // is for ever. Returns how many.
  absl::StatusOr<size_t> Take(absl::Span<AfdPacket> packets,
                              const timespec* timeout) const;
  // Has a packet come that is of no request. From any thread.
  void Post() const;

  // Puts in the `events` of each which of them hold now. NotOpen(fd) if one is
  // not open, whichever it is; `fd` is for the message.
  absl::Status Look(std::vector<AfdSocket>* sockets, int fd);

 private:
  AfdDriver() = default;

  UniqueHandle port_;
  UniqueHandle device_;       // whose answers are packets at port_
  UniqueHandle look_device_;  // whose answers are not
  UniqueHandle look_event_;
  std::vector<char> look_info_;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_AFD_AFD_DRIVER_H_
