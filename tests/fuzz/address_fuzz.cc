// What users write as addresses, and what a kernel may call one.

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket_address.h"
#include "tests/fuzz/fuzz_target.h"

// In place of the C library's, which would ask the network.
int getaddrinfo(const char* /*host*/, const char* /*service*/,
                const addrinfo* /*hints*/, addrinfo** /*found*/) {
  return EAI_NONAME;
}

namespace isopoll::tests {
namespace {

// Errors are of the kinds that are documented; what is read comes back.
template <typename Parsed>
void Parse(absl::string_view text) {
  const absl::StatusOr<Parsed> parsed = Parsed::Parse(text);
  if (!parsed.ok()) {
    Require(absl::IsInvalidArgument(parsed.status()) ||
                absl::IsNotFound(parsed.status()),
            parsed.status().ToString());
    return;
  }
  const std::string written = parsed->ToString();
  const absl::StatusOr<Parsed> again = Parsed::Parse(written);
  Require(again.ok(), absl::StrCat(written, ": ", again.status().ToString()));
  Require(again->ToString() == written,
          absl::StrCat(written, " is read as ", again->ToString()));
}

// The first byte is the length, what follows the address.
void FromKernel(absl::string_view bytes) {
  if (bytes.empty()) return;
  const auto length =
      static_cast<socklen_t>(static_cast<unsigned char>(bytes.front()));
  bytes.remove_prefix(1);
  sockaddr_storage storage = {};
  std::memcpy(&storage, bytes.data(), std::min(bytes.size(), sizeof(storage)));
  const SocketAddress address = SocketAddress::FromKernel(storage, length);
  Require(address.length() <= sizeof(storage), "longer than its storage");
  Require(address.port() >= 0 && address.port() <= 65535, "a wrong port");
  Require(!address.ToString().empty(), "an address without a name");
}

}  // namespace
}  // namespace isopoll::tests

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  isopoll::tests::Parse<isopoll::SocketAddress>(text);
  isopoll::tests::Parse<isopoll::Endpoint>(text);
  isopoll::tests::FromKernel(text);
  return 0;
}
