#include "net/internal/winsock.h"

#include <cerrno>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace isopoll {
namespace internal {
namespace {

struct Error {
  int code;
  int error;
  const char* name;
};

// Of several codes with one errno, the first is the one to describe.
constexpr Error kErrors[] = {
    {WSAEINTR, EINTR, "WSAEINTR"},
    // A number that is no socket is not open: nothing else is a descriptor.
    {WSAENOTSOCK, EBADF, "WSAENOTSOCK"},
    {WSAEBADF, EBADF, "WSAEBADF"},
    {WSANOTINITIALISED, EBADF, "WSANOTINITIALISED"},
    {WSA_INVALID_HANDLE, EBADF, "WSA_INVALID_HANDLE"},
    {WSAEACCES, EACCES, "WSAEACCES"},
    {WSAEFAULT, EFAULT, "WSAEFAULT"},
    {WSAEINVAL, EINVAL, "WSAEINVAL"},
    {WSA_INVALID_PARAMETER, EINVAL, "WSA_INVALID_PARAMETER"},
    {WSAEMFILE, EMFILE, "WSAEMFILE"},
    {WSAEWOULDBLOCK, EAGAIN, "WSAEWOULDBLOCK"},
    {WSAEINPROGRESS, EINPROGRESS, "WSAEINPROGRESS"},
    {WSAEALREADY, EALREADY, "WSAEALREADY"},
    {WSAEDESTADDRREQ, EDESTADDRREQ, "WSAEDESTADDRREQ"},
    {WSAEMSGSIZE, EMSGSIZE, "WSAEMSGSIZE"},
    {WSAEPROTOTYPE, EPROTOTYPE, "WSAEPROTOTYPE"},
    {WSAENOPROTOOPT, ENOPROTOOPT, "WSAENOPROTOOPT"},
    {WSAEPROTONOSUPPORT, EPROTONOSUPPORT, "WSAEPROTONOSUPPORT"},
    {WSAESOCKTNOSUPPORT, EPROTONOSUPPORT, "WSAESOCKTNOSUPPORT"},
    {WSAEOPNOTSUPP, EOPNOTSUPP, "WSAEOPNOTSUPP"},
    {WSAEAFNOSUPPORT, EAFNOSUPPORT, "WSAEAFNOSUPPORT"},
    {WSAEPFNOSUPPORT, EAFNOSUPPORT, "WSAEPFNOSUPPORT"},
    {WSAEADDRINUSE, EADDRINUSE, "WSAEADDRINUSE"},
    {WSAEADDRNOTAVAIL, EADDRNOTAVAIL, "WSAEADDRNOTAVAIL"},
    {WSAENETDOWN, ENETDOWN, "WSAENETDOWN"},
    {WSAENETUNREACH, ENETUNREACH, "WSAENETUNREACH"},
    {WSAENETRESET, ENETRESET, "WSAENETRESET"},
    {WSAECONNABORTED, ECONNABORTED, "WSAECONNABORTED"},
    {WSAECONNRESET, ECONNRESET, "WSAECONNRESET"},
    {WSAENOBUFS, ENOBUFS, "WSAENOBUFS"},
    {WSAEISCONN, EISCONN, "WSAEISCONN"},
    {WSAENOTCONN, ENOTCONN, "WSAENOTCONN"},
    {WSAESHUTDOWN, EPIPE, "WSAESHUTDOWN"},
    {WSAETIMEDOUT, ETIMEDOUT, "WSAETIMEDOUT"},
    {WSAECONNREFUSED, ECONNREFUSED, "WSAECONNREFUSED"},
    {WSAEHOSTUNREACH, EHOSTUNREACH, "WSAEHOSTUNREACH"},
    {WSAEHOSTDOWN, EHOSTUNREACH, "WSAEHOSTDOWN"},
    {WSA_NOT_ENOUGH_MEMORY, ENOMEM, "WSA_NOT_ENOUGH_MEMORY"},
    {WSA_OPERATION_ABORTED, ECANCELED, "WSA_OPERATION_ABORTED"},
    // Of files.
    {ERROR_FILE_NOT_FOUND, ENOENT, "ERROR_FILE_NOT_FOUND"},
    {ERROR_PATH_NOT_FOUND, ENOENT, "ERROR_PATH_NOT_FOUND"},
    {ERROR_ACCESS_DENIED, EPERM, "ERROR_ACCESS_DENIED"},
    // POSIX has no word for these.
    {WSASYSNOTREADY, WSASYSNOTREADY, "WSASYSNOTREADY"},
    {WSATYPE_NOT_FOUND, WSATYPE_NOT_FOUND, "WSATYPE_NOT_FOUND"},
    {WSAHOST_NOT_FOUND, WSAHOST_NOT_FOUND, "WSAHOST_NOT_FOUND"},
    {WSATRY_AGAIN, WSATRY_AGAIN, "WSATRY_AGAIN"},
    {WSANO_RECOVERY, WSANO_RECOVERY, "WSANO_RECOVERY"},
    {WSANO_DATA, WSANO_DATA, "WSANO_DATA"},
};

// The first of which `member` is `value`; null if none.
const Error* Find(int Error::*member, int value) {
  for (const Error& each : kErrors) {
    if (each.*member == value) return &each;
  }
  return nullptr;
}

std::string ToUtf8(const wchar_t* text, int length) {
  std::string utf8(static_cast<size_t>(3 * length), '\0');  // at most
  utf8.resize(static_cast<size_t>(
      ::WideCharToMultiByte(CP_UTF8, 0, text, length, utf8.data(),
                            static_cast<int>(utf8.size()), nullptr, nullptr)));
  return utf8;
}

// In the user's language; empty if Windows has none.
std::string SystemMessage(int code) {
  wchar_t text[512];
  const DWORD length = ::FormatMessageW(
      FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
      static_cast<DWORD>(code), 0, text, sizeof(text) / sizeof(*text), nullptr);
  std::string message = ToUtf8(text, static_cast<int>(length));
  absl::StripTrailingAsciiWhitespace(&message);
  return message;
}

}  // namespace

int StartWinsock() {
  static const int code = [] {
    WSADATA data;
    return ::WSAStartup(MAKEWORD(2, 2), &data);
  }();
  return code;
}

int ToErrno(int code) {
  const Error* known = Find(&Error::code, code);
  if (known != nullptr) return known->error;
  return code >= WSABASEERR ? code : EIO;
}

int FromErrno(int error) {
  const Error* known = Find(&Error::error, error);
  if (known != nullptr) return known->code;
  return error >= WSABASEERR ? error : 0;
}

int FailWith(int code) {
  errno = ToErrno(code);
  return -1;
}

int FailWithLastError() { return FailWith(::WSAGetLastError()); }

std::string Describe(int code) {
  const Error* known = Find(&Error::code, code);
  const std::string name =
      known != nullptr ? known->name : absl::StrCat("error ", code);
  const std::string message = SystemMessage(code);
  return message.empty() ? name : absl::StrCat(name, ": ", message);
}

}  // namespace internal
}  // namespace isopoll
