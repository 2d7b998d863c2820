// Source: what the connections of a client send, and what becomes of it.

#ifndef ISOPOLL_ECHO_LOAD_SOURCE_H_
#define ISOPOLL_ECHO_LOAD_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// A stream of bytes for each connection, cut into requests. That it can be
// looked up again is what the client needs to check what comes back.
class Source {
 public:
  virtual ~Source() = default;

  // How long request `index`, from 0, of each connection is; none if it is not
  // there yet, or never will be.
  virtual std::optional<size_t> SizeOf(uint64_t index) const = 0;
  virtual bool EndsBefore(uint64_t /*index*/) const { return false; }

  // `size` bytes of the stream of `connection`, from `position` on.
  virtual absl::string_view Slice(uint64_t connection, uint64_t position,
                                  size_t size) const = 0;

  // What is before `position` will not be asked for again.
  virtual void Forget(uint64_t /*position*/) {}

  // What happens, for anyone who wants to know. Connections are numbered from 0
  // in the order in which they are begun.
  virtual void OnConnected(uint64_t /*connection*/,
                           const SocketAddress& /*local*/) {}
  virtual void OnSending(uint64_t /*connection*/,
                         absl::string_view /*request*/) {}
  // `data` has come back, as it was sent. An error ends the connection.
  virtual absl::Status OnEchoed(uint64_t /*connection*/,
                                absl::string_view /*data*/) {
    return absl::OkStatus();
  }
  // Everything has come back, and the server has closed its side.
  virtual void OnFinished(uint64_t /*connection*/) {}
};

// The same texts on each connection, one after the other.
class Texts : public Source {
 public:
  explicit Texts(const std::vector<std::string>& texts);

  std::optional<size_t> SizeOf(uint64_t index) const override;
  bool EndsBefore(uint64_t index) const override {
    return index >= sizes_.size();
  }
  absl::string_view Slice(uint64_t connection, uint64_t position,
                          size_t size) const override;

 private:
  std::string all_;
  std::vector<size_t> sizes_;
};

// Requests of one size, without end, and of other bytes on each connection:
// views of one random block, from a place of their own. So a stream that is
// crossed with another, repeats itself or has a gap is seen as wrong at once.
class Pattern : public Source {
 public:
  explicit Pattern(size_t request_bytes);

  std::optional<size_t> SizeOf(uint64_t /*index*/) const override {
    return request_bytes_;
  }
  // `size` is at most the larger of 256 KiB and a request.
  absl::string_view Slice(uint64_t connection, uint64_t position,
                          size_t size) const override;

 private:
  // A prime, so that every connection below it has a place of its own.
  static constexpr uint64_t kPeriod = 1048573;

  const size_t request_bytes_;
  std::string block_;  // one period, and its beginning once more
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_SOURCE_H_
