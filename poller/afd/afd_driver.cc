#include "poller/afd/afd_driver.h"

#include <mswsock.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "net/internal/winsock.h"
#include "poller/core/errors.h"
#include "poller/system/descriptor_calls.h"

// Of ntdll.dll; winternl.h does not have them.
extern "C" {
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE, IO_STATUS_BLOCK*, IO_STATUS_BLOCK*);
NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE, void*, ULONG, ULONG*,
                                      LARGE_INTEGER*, BOOLEAN);
}

namespace isopoll {
namespace internal {
namespace {

constexpr ULONG kIoctlAfdPoll = 0x00012024;

constexpr NTSTATUS kSuccess = 0;
constexpr NTSTATUS kTimeout = 0x102;
constexpr NTSTATUS kPending = 0x103;
constexpr NTSTATUS kInvalidHandle = static_cast<NTSTATUS>(0xC0000008);
constexpr NTSTATUS kNoMemory = static_cast<NTSTATUS>(0xC0000017);
constexpr NTSTATUS kObjectTypeMismatch = static_cast<NTSTATUS>(0xC0000024);
constexpr NTSTATUS kInsufficientResources = static_cast<NTSTATUS>(0xC000009A);

absl::Status NtError(NTSTATUS status, absl::string_view call) {
  const std::string message = absl::StrCat(
      call, ": ",
      std::system_category().message(
          static_cast<int>(::RtlNtStatusToDosError(status))),
      " (NTSTATUS ", absl::Hex(static_cast<uint32_t>(status)), ")");
  if (status == kNoMemory || status == kInsufficientResources) {
    return absl::ResourceExhaustedError(message);
  }
  return absl::UnknownError(message);
}

absl::Status LastError(absl::string_view call) {
  return absl::ResourceExhaustedError(absl::StrCat(
      call, ": ",
      std::system_category().message(static_cast<int>(::GetLastError()))));
}

absl::Status PollError(NTSTATUS status, int fd) {
  if (status == kInvalidHandle || status == kObjectTypeMismatch) {
    return NotOpen(fd);
  }
  return NtError(status, "IOCTL_AFD_POLL");
}

absl::StatusOr<UniqueHandle> OpenDevice() {
  wchar_t path[] = L"\\Device\\Afd\\isopoll";
  UNICODE_STRING name;
  name.Buffer = path;
  name.Length = sizeof(path) - sizeof(wchar_t);
  name.MaximumLength = sizeof(path);
  OBJECT_ATTRIBUTES attributes = {};
  attributes.Length = sizeof(attributes);
  attributes.ObjectName = &name;
  HANDLE device = nullptr;
  IO_STATUS_BLOCK result = {};
  const NTSTATUS status = ::NtCreateFile(
      &device, SYNCHRONIZE, &attributes, &result, nullptr, 0,
      FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, nullptr, 0);
  if (status != kSuccess) return NtError(status, "NtCreateFile of AFD");
  return UniqueHandle(device);
}

NTSTATUS Poll(HANDLE device, HANDLE event, AfdRequest* request,
              IO_STATUS_BLOCK* result, AfdPollInfo* info, size_t size) {
  result->Status = kPending;
  return ::NtDeviceIoControlFile(device, event, nullptr, request, result,
                                 kIoctlAfdPoll, info, static_cast<ULONG>(size),
                                 info, static_cast<ULONG>(size));
}

}  // namespace

absl::StatusOr<AfdDriver> AfdDriver::Open() {
  StartWinsock();
  AfdDriver driver;
  driver.port_ = UniqueHandle(
      ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0));
  if (!driver.port_) return LastError("CreateIoCompletionPort");
  driver.look_event_ =
      UniqueHandle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (!driver.look_event_) return LastError("CreateEvent");
  for (UniqueHandle* device : {&driver.device_, &driver.look_device_}) {
    absl::StatusOr<UniqueHandle> opened = OpenDevice();
    if (!opened.ok()) return opened.status();
    *device = *std::move(opened);
  }
  if (::CreateIoCompletionPort(driver.device_.get(), driver.port_.get(), 0,
                               0) == nullptr) {
    return LastError("CreateIoCompletionPort of AFD");
  }
  return driver;
}

absl::StatusOr<HANDLE> AfdDriver::SocketOf(int fd) const {
  // Wine finds a base for everything.
  if (!HostDescriptorCalls().IsOpen(fd)) return NotOpen(fd);
  // A layered service provider may have wrapped the driver's own socket.
  SOCKET base = INVALID_SOCKET;
  DWORD size = 0;
  if (::WSAIoctl(ToSocket(fd), SIO_BASE_HANDLE, nullptr, 0, &base, sizeof(base),
                 &size, nullptr, nullptr) == SOCKET_ERROR) {
    FailWithLastError();
    return CallError(errno, "SIO_BASE_HANDLE", fd);
  }
  return reinterpret_cast<HANDLE>(base);
}

absl::Status AfdDriver::Ask(AfdRequest* request, HANDLE socket,
                            uint32_t events) const {
  request->info = {INT64_MAX, 1, 0, {{socket, events | kAfdLocalClose, 0}}};
  const NTSTATUS status =
      Poll(device_.get(), nullptr, request, &request->result, &request->info,
           sizeof(request->info));
  if (status == kSuccess || status == kPending) return absl::OkStatus();
  return PollError(status, request->fd);
}

void AfdDriver::Cancel(AfdRequest* request) const {
  // Fails if the packet is there.
  IO_STATUS_BLOCK ignored = {};
  ::NtCancelIoFileEx(device_.get(), &request->result, &ignored);
}

absl::StatusOr<size_t> AfdDriver::Take(absl::Span<AfdPacket> packets,
                                       const timespec* timeout) const {
  LARGE_INTEGER time;
  if (timeout != nullptr) {
    // In 100 ns, rounded up; negative: from now.
    time.QuadPart = -(int64_t{timeout->tv_sec} * 10'000'000 +
                      (timeout->tv_nsec + 99) / 100);
  }
  ULONG count = 0;
  const NTSTATUS status = ::NtRemoveIoCompletionEx(
      port_.get(), packets.data(), static_cast<ULONG>(packets.size()), &count,
      timeout == nullptr ? nullptr : &time, /*alertable=*/FALSE);
  if (status == kSuccess) return count;
  if (status == kTimeout) return 0;
  return NtError(status, "NtRemoveIoCompletionEx");
}

void AfdDriver::Post() const {
  ::PostQueuedCompletionStatus(port_.get(), 0, 0, nullptr);
}

absl::Status AfdDriver::Look(std::vector<AfdSocket>* sockets, int fd) {
  const size_t head = offsetof(AfdPollInfo, sockets);
  const size_t size = head + sockets->size() * sizeof(AfdSocket);
  look_info_.resize(std::max(size, sizeof(AfdPollInfo)));
  auto* const info = reinterpret_cast<AfdPollInfo*>(look_info_.data());
  *info = {/*timeout=*/0, static_cast<uint32_t>(sockets->size()), 0, {}};
  std::memcpy(look_info_.data() + head, sockets->data(), size - head);
  IO_STATUS_BLOCK result = {};
  NTSTATUS status = Poll(look_device_.get(), look_event_.get(), nullptr,
                         &result, info, look_info_.size());
  if (status == kPending) {
    ::WaitForSingleObject(look_event_.get(), INFINITE);
    status = result.Status;
  }
  if (status != kSuccess && status != kTimeout) return PollError(status, fd);
  // It answers of those of which anything holds, in the order of the question.
  const uint32_t count = status == kSuccess ? info->count : 0;
  uint32_t next = 0;
  for (AfdSocket& socket : *sockets) {
    const bool holds =
        next < count && info->sockets[next].socket == socket.socket;
    socket.events = holds ? info->sockets[next++].events : 0;
  }
  return absl::OkStatus();
}

}  // namespace internal
}  // namespace isopoll
