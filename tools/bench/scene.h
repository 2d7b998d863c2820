// Scene: the descriptors of a case, the same for all who are compared on it.

#ifndef ISOPOLL_TOOLS_BENCH_SCENE_H_
#define ISOPOLL_TOOLS_BENCH_SCENE_H_

#include <cstddef>
#include <vector>

#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::bench {

class Scene {
 public:
  // `channels` eventfds, which let 10,000 be watched under the common limit of
  // 20,000 descriptors, and `connections` TCP connections over loopback.
  Scene(size_t channels, size_t connections);

  // Of the channels.
  size_t size() const { return channels_.size(); }
  int fd(size_t i) const { return channels_[i].get(); }

  // Puts a token into channel i, which makes it readable, and takes one out.
  void Send(size_t i) const;
  void Receive(size_t i) const;

  // Takes all tokens out.
  void Clear() const;

  // Both ends of each connection, non-blocking.
  const std::vector<SocketPairFds>& connections() const { return connections_; }

 private:
  std::vector<UniqueFd> channels_;
  std::vector<SocketPairFds> connections_;
};

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_SCENE_H_
