#include "echo/load/typed_input.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace isopoll::echo {
namespace {

// How much may be on its way, and is kept to be compared.
constexpr size_t kMostKept = 256 * 1024;

// For an output that somebody has made non-blocking, as those can who share a
// terminal.
void AwaitRoom(int out) {
  pollfd entry = {out, POLLOUT, 0};
  ::poll(&entry, 1, -1);
}

}  // namespace

absl::Status TypedInput::Start(LoadRun& run) {
  run_ = &run;
  return watch_.Start(run.reactor(), in_, kReadable, *this);
}

std::optional<size_t> TypedInput::SizeOf(uint64_t index) const {
  if (index - first_ >= sizes_.size()) return std::nullopt;
  return sizes_[index - first_];
}

absl::string_view TypedInput::Slice(uint64_t /*connection*/, uint64_t position,
                                    size_t size) const {
  return absl::string_view(bytes_).substr(position - forgotten_, size);
}

// Blocks as long as there is no room: whoever reads it decides how fast we go.
absl::Status TypedInput::OnEchoed(uint64_t /*connection*/,
                                  absl::string_view data) {
  while (!data.empty()) {
    const ssize_t count = ::write(out_, data.data(), data.size());
    if (count >= 0) {
      data.remove_prefix(static_cast<size_t>(count));
    } else if (errno == EAGAIN) {
      AwaitRoom(out_);
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "writing the output");
    }
  }
  return absl::OkStatus();
}

void TypedInput::Forget(uint64_t position) {
  bytes_.erase(0, position - forgotten_);
  forgotten_ = position;
  while (!sizes_.empty() && first_begins_ + sizes_.front() <= position) {
    first_begins_ += sizes_.front();
    sizes_.pop_front();
    ++first_;
  }
  // Fails only for what is not registered.
  if (!ended_ && bytes_.size() < kMostKept)
    watch_.Change(kReadable).IgnoreError();
}

absl::Status TypedInput::OnReady(Interest /*ready*/) {
  std::string piece(most_at_once_, '\0');
  const ssize_t count = ::read(in_, &piece[0], piece.size());
  if (count < 0) {
    if (errno == EINTR || errno == EAGAIN) return absl::OkStatus();
    return absl::ErrnoToStatus(errno, "reading the input");
  }
  if (count == 0) {
    ended_ = true;
    watch_.Stop();
  } else {
    bytes_.append(piece, 0, static_cast<size_t>(count));
    sizes_.push_back(static_cast<size_t>(count));
    if (bytes_.size() >= kMostKept) {
      absl::Status status = watch_.Change(kNone);
      if (!status.ok()) return status;
    }
  }
  run_->Advance();
  return absl::OkStatus();
}

}  // namespace isopoll::echo
