#include "echo/load/interactive.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "echo/loop/byte_queue.h"
#include "echo/loop/clock.h"
#include "echo/loop/reactor.h"
#include "net/datagram.h"
#include "net/socket.h"
#include "net/transfer.h"
#include "net/unique_fd.h"

namespace isopoll::echo {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;
// Of a file, as much as goes in one datagram: any transport takes that.
constexpr size_t kDatagram = 8 * 1024;

// For an output that somebody has made non-blocking, as those can who share a
// terminal.
void AwaitRoom(int out) {
  pollfd entry = {out, POLLOUT, 0};
  ::poll(&entry, 1, -1);
}

// Blocks as long as there is no room: whoever reads it decides how fast we go.
absl::Status WriteAll(int out, absl::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(out, data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      AwaitRoom(out);
      continue;
    }
    if (count < 0) return absl::ErrnoToStatus(errno, "writing the output");
    data.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

// Calls a method of its owner.
class Side : public Reactor::Handler {
 public:
  explicit Side(std::function<absl::Status(Interest)> call)
      : call_(std::move(call)) {}
  absl::Status OnReady(Interest ready) override { return call_(ready); }

 private:
  const std::function<absl::Status(Interest)> call_;
};

class Conversation {
 public:
  Conversation(Poller& poller, const Endpoint& server, int in, int out)
      : reactor_(poller),
        server_(server),
        in_(in),
        out_(out),
        from_in_([this](Interest) { return ReadInput(); }),
        from_server_([this](Interest ready) { return OnServer(ready); }) {}

  absl::Status Run(absl::Duration patience) {
    if (absl::Status status = Start(); !status.ok()) return status;
    std::optional<absl::Duration> deadline;
    while (!over_) {
      const bool last_words = finished_ && !server_.is_stream();
      if (last_words && !deadline.has_value()) {
        deadline = SteadyNow() + patience;
      }
      if (last_words && outstanding_ == 0) break;
      absl::Duration left = absl::InfiniteDuration();
      if (deadline.has_value()) left = *deadline - SteadyNow();
      if (left <= absl::ZeroDuration()) break;
      absl::Status status = reactor_.Turn(left);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Start() {
    absl::StatusOr<UniqueFd> fd = server_.is_stream()
                                      ? Connect(server_.address)
                                      : ConnectDatagram(server_.address);
    if (!fd.ok()) return fd.status();
    fd_ = *std::move(fd);
    connected_ = !server_.is_stream();
    absl::Status status = to_server_.Start(
        reactor_, fd_.get(), connected_ ? kReadable : kWritable, from_server_);
    // It is not read from before there is somebody to send it to.
    if (status.ok()) {
      status =
          input_.Start(reactor_, in_, connected_ ? kReadable : kNone, from_in_);
    }
    return status;
  }

  absl::Status ReadInput() {
    // It was ready when the server's answer had not yet changed that.
    if (input_.interest() == kNone) return absl::OkStatus();
    const absl::Span<char> room = queue_.room();
    const size_t most =
        server_.is_stream() ? room.size() : std::min(room.size(), kDatagram);
    const ssize_t count = ::read(in_, room.data(), most);
    queue_.Commit(count > 0 ? static_cast<size_t>(count) : 0);
    if (count < 0) {
      if (errno == EINTR || errno == EAGAIN) return absl::OkStatus();
      return absl::ErrnoToStatus(errno, "reading the input");
    }
    if (count == 0) {
      finished_ = true;
      input_.Stop();
    }
    return SendSome();
  }

  absl::Status OnServer(Interest ready) {
    absl::Status status;
    if (!connected_) {
      status = FinishConnect(fd_.get());
      connected_ = status.ok();
    } else if (ready.readable()) {
      status = ReceiveSome();
    }
    return status.ok() && !over_ ? SendSome() : status;
  }

  absl::Status ReceiveSome() {
    std::array<char, kBufferBytes>& buffer = *buffer_;
    if (!server_.is_stream()) {
      const absl::StatusOr<std::optional<Datagram>> datagram =
          ReceiveDatagram(fd_.get(), absl::MakeSpan(buffer));
      if (!datagram.ok()) return datagram.status();
      if (!datagram->has_value()) return absl::OkStatus();
      if (outstanding_ > 0) --outstanding_;
      return WriteAll(out_, {buffer.data(), (*datagram)->bytes});
    }
    const absl::StatusOr<Transfer> transfer =
        Receive(fd_.get(), absl::MakeSpan(buffer));
    if (!transfer.ok()) return transfer.status();
    received_ += transfer->bytes();
    over_ = transfer->end_of_file();
    if (over_ && !(said_so_ && received_ == sent_)) {
      return absl::UnavailableError(
          "the server closed the connection before everything was back");
    }
    return WriteAll(out_, {buffer.data(), transfer->bytes()});
  }

  absl::Status SendSome() {
    absl::Status status = server_.is_stream() ? SendStream() : SendAsDatagram();
    if (status.ok() && finished_ && queue_.empty() && !said_so_) {
      said_so_ = true;
      if (server_.is_stream()) status = ShutdownWrite(fd_.get());
    }
    if (!status.ok()) return status;
    status =
        to_server_.Change(queue_.empty() ? kReadable : kReadable | kWritable);
    if (!status.ok() || finished_) return status;
    // A datagram goes before the next is read; a stream is read ahead.
    const bool room = server_.is_stream() ? !queue_.full() : queue_.empty();
    return input_.Change(room ? kReadable : kNone);
  }

  absl::Status SendStream() {
    if (queue_.empty()) return absl::OkStatus();
    const absl::StatusOr<Transfer> transfer = Send(fd_.get(), queue_.front());
    if (!transfer.ok()) return transfer.status();
    queue_.Consume(transfer->bytes());
    sent_ += transfer->bytes();
    return absl::OkStatus();
  }

  absl::Status SendAsDatagram() {
    if (queue_.empty()) return absl::OkStatus();
    const absl::StatusOr<Sent> sent = SendDatagram(fd_.get(), queue_.front());
    if (!sent.ok()) return sent.status();
    if (*sent == Sent::kNoRoom) return absl::OkStatus();
    const size_t size = queue_.size();
    queue_.Consume(size);
    ++outstanding_;
    if (*sent == Sent::kYes) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(size, " bytes are too long for a datagram"));
  }

  Reactor reactor_;
  const Endpoint& server_;
  const int in_;
  const int out_;
  Side from_in_;
  Side from_server_;
  UniqueFd fd_;
  Watch input_;
  Watch to_server_;
  ByteQueue queue_{kBufferBytes};
  const std::unique_ptr<std::array<char, kBufferBytes>> buffer_ =
      std::make_unique<std::array<char, kBufferBytes>>();
  bool connected_ = false;
  bool finished_ = false;  // the input is at its end
  bool said_so_ = false;
  bool over_ = false;
  uint64_t outstanding_ = 0;  // datagrams
  uint64_t sent_ = 0;         // of a stream
  uint64_t received_ = 0;
};

}  // namespace

absl::Status Converse(Poller& poller, const Endpoint& server, int in, int out,
                      absl::Duration patience) {
  return Conversation(poller, server, in, out).Run(patience);
}

}  // namespace isopoll::echo
