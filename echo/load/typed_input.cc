#include "echo/load/typed_input.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "echo/load/typed_io.h"
#include "isopoll/net/transfer.h"

namespace isopoll::echo {
namespace {

// How much may be on its way, and is kept to be compared.
constexpr size_t kMostKept = 256 * 1024;

}  // namespace

absl::Status TypedInput::Start(LoadRun& run) {
  run_ = &run;
  absl::StatusOr<UniqueFd> input = TakeTypedInput();
  if (!input.ok()) return input.status();
  input_ = *std::move(input);
  return watch_.Start(run.reactor(), input_.get(), kReadable, *this);
}

std::optional<size_t> TypedInput::SizeOf(uint64_t index) const {
  if (index - first_ >= sizes_.size()) return std::nullopt;
  return sizes_[index - first_];
}

absl::string_view TypedInput::Slice(uint64_t /*connection*/, uint64_t position,
                                    size_t size) const {
  return absl::string_view(bytes_).substr(position - forgotten_, size);
}

absl::Status TypedInput::OnEchoed(uint64_t /*connection*/,
                                  absl::string_view data) {
  return WriteTyped(data);
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
  const absl::StatusOr<Transfer> read =
      ReadTyped(input_.get(), absl::MakeSpan(&piece[0], piece.size()));
  if (!read.ok()) return read.status();
  if (read->would_block()) return absl::OkStatus();
  if (read->end_of_file()) {
    ended_ = true;
    watch_.Stop();
  } else {
    bytes_.append(piece, 0, read->bytes());
    sizes_.push_back(read->bytes());
    if (bytes_.size() >= kMostKept) {
      absl::Status status = watch_.Change(kNone);
      if (!status.ok()) return status;
    }
  }
  run_->Advance();
  return absl::OkStatus();
}

}  // namespace isopoll::echo
