#include "tests/kqueue_standin/look.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>

#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/file_kind.h"
#include "tests/kqueue_standin/tcp_bytes_received.h"

namespace isopoll::kqueue_standin {
namespace {

// A BSD's numbers. The second has the bit of NOTE_OOB.
constexpr uint32_t kBsdConnectionRefused = 61;
constexpr uint32_t kBsdConnectionReset = 54;

// What poll(2) says; all is asked for, so that Linux remembers to wake us.
short MaskOf(int fd) {
  pollfd entry = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
  while (::poll(&entry, 1, 0) == -1 && errno == EINTR) {
  }
  return entry.revents;
}

bool IsPipe(const Subject& subject) {
  return subject.kind == FileKind::kPipe || subject.kind == FileKind::kFifo;
}

int64_t BytesToRead(int fd) {
  int bytes = 0;
  return ::ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : 0;
}

bool TcpInfo(int fd, tcp_info* info) {
  socklen_t size = sizeof(*info);
  return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) == 0;
}

// Whether this side has shut down writing.
bool HasShutDownWriting(const Subject& subject) {
  if (subject.kind == FileKind::kTcp) {
    tcp_info info = {};
    if (!TcpInfo(subject.fd, &info)) return false;
    switch (info.tcpi_state) {
      case TCP_FIN_WAIT1:
      case TCP_FIN_WAIT2:
      case TCP_CLOSING:
      case TCP_LAST_ACK:
      case TCP_TIME_WAIT:
        return true;
      default:
        return false;
    }
  }
  // To send nothing changes nothing on a stream of the Unix domain.
  return subject.kind == FileKind::kUnixStream &&
         ::send(subject.fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL) == -1 &&
         errno == EPIPE;
}

// The errno in fflags. Linux clears the true one when it tells it.
uint32_t ErrorOf(const Subject& subject, short mask) {
  if ((mask & POLLERR) == 0 || !IsSocket(subject.kind)) return 0;
  tcp_info info = {};
  const bool never_connected = subject.kind == FileKind::kTcp &&
                               TcpInfo(subject.fd, &info) && info.tcpi_rtt == 0;
  return never_connected ? kBsdConnectionRefused : kBsdConnectionReset;
}

// How many connections wait to be accepted; at least one does.
int64_t PendingConnections(int fd) {
  tcp_info info = {};
  if (!TcpInfo(fd, &info)) return 1;
  return std::max<int64_t>(info.tcpi_unacked, 1);
}

int64_t ReadData(const Facts& facts, const Subject& subject, short mask) {
  if (subject.kind == FileKind::kTcpListener) {
    return PendingConnections(subject.fd);
  }
  int64_t data = BytesToRead(subject.fd);
  if (facts.data_counts_address && subject.kind == FileKind::kUdp &&
      (mask & POLLIN) != 0) {
    data += sizeof(sockaddr_in);
  }
  return data;
}

int64_t WriteData(const Subject& subject) {
  int taken = 0;
  int64_t room = 0;
  if (IsPipe(subject)) {
    room = ::fcntl(subject.fd, F_GETPIPE_SZ) - BytesToRead(subject.fd);
  } else if (IsSocket(subject.kind)) {
    int size = 0;
    socklen_t length = sizeof(size);
    ::getsockopt(subject.fd, SOL_SOCKET, SO_SNDBUF, &size, &length);
    ::ioctl(subject.fd, SIOCOUTQ, &taken);
    room = size - taken;
  }
  return std::max<int64_t>(room, 1);
}

// Ready while the offset is not the size: past the end too, then negative.
Verdict LookAtFile(const Subject& subject) {
  struct stat status;
  Verdict verdict;
  if (::fstat(subject.fd, &status) != 0) return verdict;
  verdict.data = status.st_size - ::lseek(subject.fd, 0, SEEK_CUR);
  verdict.fires = verdict.data != 0;
  return verdict;
}

// The bits of poll(2) that select(2) calls readable.
short ReadableBits(const Facts& facts, const Subject& subject) {
  if (subject.kind == FileKind::kTcpListener &&
      facts.listener_shut_down_is_silent) {
    return POLLIN;
  }
  return POLLIN | POLLHUP | POLLERR;
}

// The other end is gone.
bool IsBroken(const Subject& subject, short mask) {
  return IsPipe(subject) && (mask & (POLLHUP | POLLERR)) != 0;
}

// Nobody can write to it, but where a pipe goes both ways.
bool IsReadEnd(const Subject& subject) {
  return subject.kind == FileKind::kPipe && IsReadOnly(subject.fd);
}

bool HangsUpSilently(const Facts& facts, const Subject& subject, short mask) {
  return facts.terminal_hangs_up_silently &&
         subject.kind == FileKind::kTerminal && (mask & POLLHUP) != 0;
}

}  // namespace

Verdict LookForRead(const Facts& facts, const Subject& subject) {
  if (subject.kind == FileKind::kRegular) return LookAtFile(subject);
  Verdict verdict;
  if (subject.kind == FileKind::kDirectory) return verdict;
  if (subject.kind == FileKind::kFifo && facts.fifo_is_blind) {
    verdict.data = BytesToRead(subject.fd);
    verdict.fires = verdict.data > 0;
    return verdict;
  }
  const short mask = MaskOf(subject.fd);
  if (HangsUpSilently(facts, subject, mask)) return verdict;
  verdict.fires = (mask & ReadableBits(facts, subject)) != 0;
  if (!verdict.fires) return verdict;
  verdict.eof = (mask & (POLLHUP | POLLRDHUP)) != 0 || IsBroken(subject, mask);
  if (verdict.eof) verdict.fflags = ErrorOf(subject, mask);
  verdict.data = ReadData(facts, subject, mask);
  return verdict;
}

Verdict LookForWrite(const Facts& facts, const Subject& subject) {
  Verdict verdict;
  if (subject.kind == FileKind::kRegular) {
    verdict.fires = true;
    return verdict;
  }
  if (subject.kind == FileKind::kTcpListener &&
      facts.listener_is_never_writable) {
    return verdict;
  }
  const short mask = MaskOf(subject.fd);
  if (subject.kind == FileKind::kFifo && facts.fifo_is_blind) {
    verdict.fires = (mask & POLLOUT) != 0;
    if (verdict.fires) verdict.data = WriteData(subject);
    return verdict;
  }
  if (subject.kind == FileKind::kFifo && facts.fifo_is_always_writable) {
    verdict.fires = verdict.eof = true;
    return verdict;
  }
  if (HangsUpSilently(facts, subject, mask)) return verdict;
  verdict.fires = (mask & (POLLOUT | POLLERR)) != 0 ||
                  (IsReadEnd(subject) && facts.pipe_goes_both_ways);
  if (!verdict.fires) return verdict;
  verdict.eof = (mask & POLLHUP) != 0 || IsBroken(subject, mask) ||
                HasShutDownWriting(subject);
  verdict.is_last = IsBroken(subject, mask) && facts.pipe_goes_both_ways;
  if (verdict.eof) {
    verdict.fflags = ErrorOf(subject, mask);
  } else {
    verdict.data = WriteData(subject);
  }
  return verdict;
}

// XNU's filt_soread_common(): the filter for reading, and out-of-band data
// comes before the end of file.
Verdict LookForExcept(const Facts& facts, const Subject& subject) {
  if ((MaskOf(subject.fd) & POLLPRI) == 0) return LookForRead(facts, subject);
  Verdict verdict;
  verdict.fires = true;
  verdict.fflags = NOTE_OOB;
  verdict.data = BytesToRead(subject.fd);
  return verdict;
}

bool IsUnheard(const Facts& facts, const Subject& subject, int filter) {
  switch (subject.kind) {
    case FileKind::kPipe:
      // It wakes the waiting before the reader has gone, and nobody after.
      return facts.reader_goes_unheard && filter == EVFILT_WRITE &&
             (MaskOf(subject.fd) & POLLERR) != 0;
    case FileKind::kUnixDatagram:
      // The error is stored, and nobody woken (unp_drop).
      return filter == EVFILT_READ &&
             (MaskOf(subject.fd) & (POLLIN | POLLERR)) == POLLERR;
    default:
      return false;
  }
}

std::optional<uint64_t> BytesReceived(const Subject& subject) {
  constexpr short kEnded = POLLHUP | POLLRDHUP | POLLERR;
  if (subject.kind != FileKind::kTcp || (MaskOf(subject.fd) & kEnded) != 0) {
    return std::nullopt;
  }
  return TcpBytesReceived(subject.fd);
}

int RefusalOf(const Facts& facts, const Subject& subject, int filter) {
  if (filter == EVFILT_EXCEPT && !IsSocket(subject.kind)) return EINVAL;
  const bool writes = filter == EVFILT_WRITE;
  switch (subject.kind) {
    case FileKind::kControllingTerminal:
      return facts.controlling_terminal_errno;
    case FileKind::kDirectory:
      return writes ? facts.directory_write_errno : facts.directory_read_errno;
    case FileKind::kRegular:
      return writes ? facts.file_write_errno : 0;
    case FileKind::kDevice:
      return facts.device_errno;
    case FileKind::kPipe:
      return writes && IsWriteOnly(subject.fd) &&
                     (MaskOf(subject.fd) & POLLERR) != 0
                 ? facts.no_reader_errno
                 : 0;
    default:
      return 0;
  }
}

}  // namespace isopoll::kqueue_standin
