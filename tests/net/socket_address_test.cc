#include "isopoll/net/socket_address.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "net/internal/dialect.h"
#include "net/internal/sys.h"

namespace isopoll {
namespace {

struct Good {
  std::string text;
  int family;
  int port;
  std::string printed;
};

std::ostream& operator<<(std::ostream& out, const Good& good) {
  return out << good.text;
}

class GoodAddressTest : public testing::TestWithParam<Good> {};

// An abstract name, on a system that has none.
bool IsForLinuxOnly(absl::string_view text) {
  return absl::StartsWith(text, "unix:@") && !internal::HasAbstractNames();
}

TEST_P(GoodAddressTest, ParsesPrintsAndParsesAgain) {
  if (IsForLinuxOnly(GetParam().text)) GTEST_SKIP() << "an abstract name";
  absl::StatusOr<SocketAddress> address = SocketAddress::Parse(GetParam().text);
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->family(), GetParam().family);
  EXPECT_EQ(address->port(), GetParam().port);
  EXPECT_EQ(address->ToString(), GetParam().printed);

  absl::StatusOr<SocketAddress> again =
      SocketAddress::Parse(address->ToString());
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->length(), address->length());
  EXPECT_EQ(std::memcmp(again->data(), address->data(), address->length()), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, GoodAddressTest,
    testing::ValuesIn(std::vector<Good>{
        {"127.0.0.1:8090", AF_INET, 8090, "127.0.0.1:8090"},
        {"0.0.0.0:0", AF_INET, 0, "0.0.0.0:0"},
        {"255.255.255.255:65535", AF_INET, 65535, "255.255.255.255:65535"},
        {"10.0.0.1:00080", AF_INET, 80, "10.0.0.1:80"},
        {"[::1]:8090", AF_INET6, 8090, "[::1]:8090"},
        {"[::]:0", AF_INET6, 0, "[::]:0"},
        {"[2001:DB8:0:0::1]:443", AF_INET6, 443, "[2001:db8::1]:443"},
        {"[::ffff:1.2.3.4]:5", AF_INET6, 5, "[::ffff:1.2.3.4]:5"},
        {"[fe80::1%1]:80", AF_INET6, 80, "[fe80::1%1]:80"},
        {"unix:/run/echo.sock", AF_UNIX, 0, "unix:/run/echo.sock"},
        {"unix:echo.sock", AF_UNIX, 0, "unix:echo.sock"},
        {"unix:/a b:80", AF_UNIX, 0, "unix:/a b:80"},
        {"unix:8090", AF_UNIX, 0, "unix:8090"},
        {absl::StrCat("unix:/", std::string(106, 'x')), AF_UNIX, 0,
         absl::StrCat("unix:/", std::string(106, 'x'))},
        {"unix:@echo", AF_UNIX, 0, "unix:@echo"},
        {"unix:@@", AF_UNIX, 0, "unix:@@"},
        {absl::StrCat("unix:@", std::string(107, 'x')), AF_UNIX, 0,
         absl::StrCat("unix:@", std::string(107, 'x'))},
        {std::string("unix:@a\0b", 9), AF_UNIX, 0,
         std::string("unix:@a\0b", 9)}}));

struct Bad {
  std::string text;
  absl::StatusCode code;
  std::string message;
};

std::ostream& operator<<(std::ostream& out, const Bad& bad) {
  return out << bad.text;
}

Bad Wrong(absl::string_view text, absl::string_view message) {
  return {std::string(text), absl::StatusCode::kInvalidArgument,
          std::string(message)};
}

class BadAddressTest : public testing::TestWithParam<Bad> {};

TEST_P(BadAddressTest, SaysWhatIsWrong) {
  if (IsForLinuxOnly(GetParam().text)) GTEST_SKIP() << "an abstract name";
  absl::StatusOr<SocketAddress> address = SocketAddress::Parse(GetParam().text);
  ASSERT_FALSE(address.ok()) << *address;
  EXPECT_EQ(address.status().code(), GetParam().code);
  EXPECT_EQ(address.status().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadAddressTest,
    testing::ValuesIn(std::vector<Bad>{
        Wrong("",
              "address \"\": no port; expected HOST:PORT, [IPV6]:PORT, "
              "unix:/path or unix:@name"),
        Wrong("127.0.0.1",
              "address \"127.0.0.1\": no port; expected HOST:PORT, "
              "[IPV6]:PORT, unix:/path or unix:@name"),
        Wrong("/run/echo.sock",
              "address \"/run/echo.sock\": no port; expected HOST:PORT, "
              "[IPV6]:PORT, unix:/path or unix:@name"),
        Wrong(":8090",
              "address \":8090\": no host before the port; 127.0.0.1 is this "
              "machine, 0.0.0.0 every interface"),
        Wrong("::1:8090",
              "address \"::1:8090\": more than one colon; an IPv6 address goes "
              "in brackets, [::1]:8090"),
        Wrong("127.0.0.1:",
              "address \"127.0.0.1:\": port \"\"; expected a number from 0 to "
              "65535"),
        Wrong("127.0.0.1:65536",
              "address \"127.0.0.1:65536\": port \"65536\"; expected a number "
              "from 0 to 65535"),
        Wrong("127.0.0.1:000080",
              "address \"127.0.0.1:000080\": port \"000080\"; expected a "
              "number from 0 to 65535"),
        Wrong("127.0.0.1:+80",
              "address \"127.0.0.1:+80\": port \"+80\"; expected a number from "
              "0 to 65535"),
        Wrong("127.0.0.1:-1",
              "address \"127.0.0.1:-1\": port \"-1\"; expected a number from 0 "
              "to 65535"),
        Wrong("127.0.0.1: 80",
              "address \"127.0.0.1: 80\": port \" 80\"; expected a number from "
              "0 to 65535"),
        Wrong("127.0.0.1:http",
              "address \"127.0.0.1:http\": port \"http\"; expected a number "
              "from 0 to 65535"),
        Wrong("256.0.0.1:80",
              "address \"256.0.0.1:80\": \"256.0.0.1\" is not an IPv4 address"),
        Wrong("127.1:80",
              "address \"127.1:80\": \"127.1\" is not an IPv4 address"),
        Wrong("my host:80",
              "address \"my host:80\": host \"my host\" is not a name or an "
              "address"),
        Wrong(absl::string_view("localhost\0x:80", 14),
              "address \"localhost\\x00x:80\": host \"localhost\\x00x\" is not "
              "a name or an address"),
        Wrong("[::1", "address \"[::1\": no ] after [; expected [IPV6]:PORT"),
        Wrong("[::1]",
              "address \"[::1]\": no port after ]; expected [IPV6]:PORT"),
        Wrong("[::1]8090",
              "address \"[::1]8090\": no port after ]; expected [IPV6]:PORT"),
        Wrong("[::1]:x",
              "address \"[::1]:x\": port \"x\"; expected a number from 0 to "
              "65535"),
        Wrong("[127.0.0.1]:80",
              "address \"[127.0.0.1]:80\": \"127.0.0.1\" is not an IPv6 "
              "address"),
        Wrong("[]:80", "address \"[]:80\": \"\" is not an IPv6 address"),
        Wrong(absl::string_view("[::1\0x]:80", 10),
              "address \"[::1\\x00x]:80\": \"::1\\x00x\" is not an IPv6 "
              "address"),
        Wrong("[fe80::1%nosuchif]:80",
              "address \"[fe80::1%nosuchif]:80\": no network interface "
              "\"nosuchif\""),
        Wrong("unix:",
              "address \"unix:\": no path after \"unix:\"; expected unix:/path "
              "or unix:@name"),
        Wrong("unix:@",
              "address \"unix:@\": no name after \"unix:@\"; expected "
              "unix:@name"),
        Wrong(absl::string_view("unix:/a\0z", 9),
              "address \"unix:/a\\x00z\": a path cannot contain a NUL byte"),
        Wrong(absl::StrCat("unix:/", std::string(107, 'x')),
              absl::StrCat("address \"unix:/", std::string(107, 'x'),
                           "\": a Unix-domain name of 108 bytes; at most 107 "
                           "fit")),
        Wrong(absl::StrCat("unix:@", std::string(108, 'x')),
              absl::StrCat("address \"unix:@", std::string(108, 'x'),
                           "\": a Unix-domain name of 109 bytes; at most 108 "
                           "fit"))}));

TEST(SocketAddressTest, ResolvesANameToTheFirstAddress) {
  absl::StatusOr<SocketAddress> address =
      SocketAddress::Parse("localhost:8090");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->port(), 8090);
  const std::string text = address->ToString();
  EXPECT_TRUE(text == "127.0.0.1:8090" || text == "[::1]:8090") << text;
}

TEST(SocketAddressTest, UnknownNameIsNotFound) {
  // An empty label is in no name, which the resolver sees without a network.
  absl::StatusOr<SocketAddress> address =
      SocketAddress::Parse("no..such-host_1:80");
  ASSERT_FALSE(address.ok()) << *address;
  EXPECT_EQ(address.status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StartsWith(
      address.status().message(),
      "address \"no..such-host_1:80\": cannot resolve \"no..such-host_1\": "))
      << address.status();
}

TEST(SocketAddressTest, InterfaceNameBecomesItsNumber) {
  char name[IF_NAMESIZE];
  ASSERT_NE(::if_indextoname(1, name), nullptr);
  EXPECT_NE(name, std::string("1"));
  absl::StatusOr<SocketAddress> address =
      SocketAddress::Parse(absl::StrCat("[fe80::1%", name, "]:80"));
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->ToString(), "[fe80::1%1]:80");
}

// Not every system's if_nametoindex sets errno.
TEST(SocketAddressTest, NoSuchInterfaceHasAnErrorOfItsOwn) {
  errno = EMFILE;
  EXPECT_TRUE(absl::IsInvalidArgument(
      SocketAddress::Parse("[fe80::1%nosuchif]:80").status()));
}

TEST(SocketAddressTest, StreamsAsItPrints) {
  std::ostringstream out;
  out << *SocketAddress::Parse("[::1]:8090");
  EXPECT_EQ(out.str(), "[::1]:8090");
}

// What the kernel writes for a Unix-domain address whose sun_path is `path`.
SocketAddress FromKernelUnix(absl::string_view path) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof(name.sun_path));
  sockaddr_storage storage = {};
  std::memcpy(&storage, &name, sizeof(name));
  return SocketAddress::FromKernel(
      storage,
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
}

TEST(SocketAddressTest, UnnamedPrintsAsUnix) {
  EXPECT_EQ(FromKernelUnix("").ToString(), "unix:");
}

TEST(SocketAddressTest, PathThatBeginsWithAtIsNotPrintedAsAbstract) {
  EXPECT_EQ(FromKernelUnix(absl::string_view("@x\0", 3)).ToString(),
            "unix:./@x");
}

TEST(SocketAddressTest, PathWithoutNulIsPrintedToItsEnd) {
  const std::string path(sizeof(sockaddr_un::sun_path), 'x');
  EXPECT_EQ(FromKernelUnix(path).ToString(), absl::StrCat("unix:", path));
}

TEST(SocketAddressTest, LengthBeyondTheStorageIsCut) {
  sockaddr_storage storage = {};
  storage.ss_family = AF_UNIX;
  EXPECT_EQ(SocketAddress::FromKernel(storage, 4096).length(),
            sizeof(sockaddr_storage));
}

}  // namespace
}  // namespace isopoll
