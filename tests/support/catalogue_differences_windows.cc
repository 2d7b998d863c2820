// As Wine 8.0 answers. None of it has been run on Windows; what is known of
// that is said where it differs.

#include "tests/support/catalogue_differences.h"

namespace isopoll::tests {
namespace {

constexpr const char* kOnlySockets = "only sockets can be watched";
constexpr const char* kNoUnix =
    "Windows has Unix-domain sockets by path alone, of streams, and Wine none";
constexpr const char* kNoSuchOption = "Winsock has no such option";

constexpr MissingCommand kMissing[] = {
    {"unix", kNoUnix},
    {"unix_socket", kNoUnix},
    {"unix_listener", kNoUnix},
    {"netlink", "a socket of Linux's"},
    {"pipe", kOnlySockets},
    {"fifo", kOnlySockets},
    {"eventfd", kOnlySockets},
    {"timerfd", kOnlySockets},
    {"signalfd", kOnlySockets},
    {"pidfd", kOnlySockets},
    {"pty", kOnlySockets},
    {"pty_master", kOnlySockets},
    {"epoll", kOnlySockets},
    {"inotify", kOnlySockets},
    {"mqueue", kOnlySockets},
    {"file", kOnlySockets},
    {"memfd", kOnlySockets},
    {"open", kOnlySockets},
    {"replace", "no call gives a socket the number of another"},
    {"rcvlowat", kNoSuchOption},
    {"notsent_lowat", kNoSuchOption},
    {"defer_accept", kNoSuchOption},
};

constexpr const char* kNotYetConnected =
    "a socket that was never connected is neither readable nor writable, as on "
    "BSD";
constexpr const char* kErrorStays =
    "what resets or refuses a connection stays an error when it has been read";
constexpr const char* kNotConnected =
    "shutdown refuses a socket that is not connected: WSAENOTCONN";
constexpr const char* kOwnShutdown =
    "one's own shutdown makes nothing readable";
constexpr const char* kNoUdpError =
    "Wine's server takes the error of a datagram and keeps it to itself; on "
    "Windows recv answers WSAECONNRESET";

constexpr Difference kDifferences[] = {
    {"T04ListenerShutDown", nullptr, kNotConnected},
    {"T06NeverConnected", "s=-", kNotYetConnected},
    {"T06BoundOnly", "s=-", kNotYetConnected},
    {"T10RefusedErrorTaken", "c=rw+hce", kErrorStays},
    {"T11ConnectAborted", nullptr, kNotConnected},
    {"T13PeerFinDataUnread", "a=rw b=w",
     "Wine has no hint of an end while there is data"},
    {"T14BothFins", "a=rw+c b=rw+c", "two ends are no hangup"},
    {"T14ShutDownBothWays", "a=w b=rw+c", kOwnShutdown},
    {"T16OwnReadShutDown", "a=w b=w", kOwnShutdown},
    {"T16DataAfterReadShutDown", nullptr,
     "recv after one's own shutdown answers WSAESHUTDOWN"},
    {"T17ResetErrorRead", "a=rw+hce", kErrorStays},
    {"T17ResetErrorTaken", nullptr, "SO_ERROR has nothing after a reset"},
    {"O05UrgentInline", "a=rw", "with SO_OOBINLINE it is no priority"},
    {"U03PortUnreachable", "a=w", kNoUdpError},
    {"U08ShutDown", "a=w b=w", kOwnShutdown},
    {"U08ReadShutDown", "a=w", kOwnShutdown},
    {"TcpListenerShutDown", nullptr, kNotConnected},
    {"TcpConnectAborted", nullptr, kNotConnected},
    {"B16ListenerShutDownThenModified", nullptr, kNotConnected},
    {"B16ListenerParkedAndShutDown", nullptr, kNotConnected},
    {"B16ListenerFirstASocket", nullptr, kNotConnected},
};

}  // namespace

absl::Span<const MissingCommand> MissingCommands() { return kMissing; }

absl::Span<const Difference> CatalogueDifferences() { return kDifferences; }

}  // namespace isopoll::tests
