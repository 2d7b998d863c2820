#include "tools/bench/scene.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "tools/bench/must.h"

namespace isopoll::bench {
namespace {

// The soft limit may be lower than the hard one, for the sake of select.
void AllowDescriptors() {
  rlimit limit;
  Must(::getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  Must(::setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

}  // namespace

Scene::Scene(size_t channels, size_t connections) {
  AllowDescriptors();
  channels_.reserve(channels);
  for (size_t i = 0; i < channels; ++i) {
    channels_.emplace_back(
        ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE));
    Must(bool{channels_.back()}, "eventfd (raise `ulimit -n`?)");
  }
  connections_.reserve(connections);
  for (size_t i = 0; i < connections; ++i) {
    connections_.push_back(Must(TcpPair()));
  }
}

void Scene::Send(size_t i) const {
  const uint64_t token = 1;
  Must(::write(fd(i), &token, sizeof(token)) == sizeof(token),
       "write to an eventfd");
}

void Scene::Receive(size_t i) const {
  uint64_t token;
  Must(::read(fd(i), &token, sizeof(token)) == sizeof(token),
       "read from an eventfd");
}

void Scene::Clear() const {
  uint64_t token;
  for (size_t i = 0; i < size(); ++i) {
    while (::read(fd(i), &token, sizeof(token)) == sizeof(token)) {
    }
  }
}

}  // namespace isopoll::bench
