#include <cerrno>

#include "absl/status/status.h"
#include "net/internal/sys.h"
#include "poller/core/errors.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/platform.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {
namespace {

struct WindowsDescriptorCalls : DescriptorCalls {
  // Only sockets can be watched, so no other handle matters.
  bool IsOpen(int fd) const override {
    int type;
    socklen_t length = sizeof(type);
    return CanBeDescriptor(fd) &&
           sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
  }
  absl::Status CheckOpen(int fd) const override {
    return IsOpen(fd) ? absl::OkStatus() : NotOpen(fd);
  }
  // No call tells one socket from another.
  int Identify(int /*fd*/, FileId* /*file*/) const override { return ENOTSUP; }
};

}  // namespace

const DescriptorCalls& HostDescriptorCalls() {
  static const WindowsDescriptorCalls calls = [] {
    WindowsDescriptorCalls host;
    host.poll = &PollFor;
    host.poll_dialect = &kPollDialect;
    return host;
  }();
  return calls;
}

}  // namespace internal
}  // namespace isopoll
