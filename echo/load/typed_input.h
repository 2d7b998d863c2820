// TypedInput: what is typed, or comes through a pipe, as a source.

#ifndef ISOPOLL_ECHO_LOAD_TYPED_INPUT_H_
#define ISOPOLL_ECHO_LOAD_TYPED_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "echo/load/load_run.h"
#include "echo/load/source.h"
#include "echo/loop/reactor.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// For one connection. Each read of standard input, a line if it is a terminal,
// is one request; what comes back is copied to standard output.
class TypedInput : public Source, private Reactor::Handler {
 public:
  // Reads no more than `most_at_once` for a request.
  explicit TypedInput(size_t most_at_once) : most_at_once_(most_at_once) {}

  // `run`, of which this is the source, is to be run next.
  absl::Status Start(LoadRun& run);
  // Before `run` is destroyed.
  void Stop() { watch_.Stop(); }

  std::optional<size_t> SizeOf(uint64_t index) const override;
  bool EndsBefore(uint64_t index) const override {
    return ended_ && index >= first_ + sizes_.size();
  }
  absl::string_view Slice(uint64_t connection, uint64_t position,
                          size_t size) const override;
  void Forget(uint64_t position) override;
  absl::Status OnEchoed(uint64_t connection, absl::string_view data) override;

 private:
  absl::Status OnReady(Interest ready) override;

  const size_t most_at_once_;
  LoadRun* run_ = nullptr;
  UniqueFd input_;
  Watch watch_;
  std::string bytes_;  // from position forgotten_ on
  uint64_t forgotten_ = 0;
  std::deque<size_t> sizes_;  // of the requests from first_ on
  uint64_t first_ = 0;
  uint64_t first_begins_ = 0;
  bool ended_ = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_TYPED_INPUT_H_
