// The programs as a user runs them.

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/version.h"
#include "tests/echo/support/bad_server.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"
#include "tests/echo/support/subprocess.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr char kServer[] = "echo/server";
constexpr char kClient[] = "echo/client";
constexpr char kDemo[] = "tests/echo/demo";

// The server program on a port of its own.
class ServerProgram {
 public:
  explicit ServerProgram(std::vector<std::string> args)
      : process_(kServer, With("--listen=127.0.0.1:0", std::move(args))),
        first_line_(process_.ReadLine()) {}

  // "listening on tcp:127.0.0.1:40000 (epoll)"
  const std::string& first_line() const { return first_line_; }
  std::string address() const {
    const std::vector<std::string> words = absl::StrSplit(first_line_, ' ');
    return words.size() < 3 ? "" : words[2].substr(strlen("tcp:"));
  }
  Subprocess& process() { return process_; }

 private:
  static std::vector<std::string> With(std::string first,
                                       std::vector<std::string> rest) {
    rest.insert(rest.begin(), std::move(first));
    return rest;
  }

  Subprocess process_;
  std::string first_line_;
};

// Without leaving a connection behind.
bool CanConnect(const SocketAddress& address) {
  const UniqueFd fd(::socket(address.family(), SOCK_STREAM, 0));
  return ::connect(fd.get(), address.data(), address.length()) == 0;
}

std::string BackendFlag(Backend backend) {
  return absl::StrCat("--backend=", BackendName(backend));
}

class ProgramsTest : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(, ProgramsTest, AllBackends(), NameOfBackend);

TEST_P(ProgramsTest, ServerServesAnOrdinaryClientAndStopsCleanly) {
  ServerProgram server({BackendFlag(GetParam())});
  EXPECT_THAT(server.first_line(), MatchesRegex(absl::StrCat(
                                       "listening on tcp:127.0.0.1:[1-9][0-9]* "
                                       "\\(",
                                       BackendName(GetParam()), "\\)")));
  Peer peer(*SocketAddress::Parse(server.address()));
  peer.Send("hello");
  EXPECT_EQ(peer.Receive(5), "hello");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
  Peer stays(*SocketAddress::Parse(server.address()));
  stays.Send("x");
  EXPECT_EQ(stays.Receive(1), "x");
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Join(), 0);
  EXPECT_EQ(server.process().out(),
            "served 2 connections (1 finished, 0 reset, 0 failed, 1 stopped): "
            "6 bytes received, 6 sent\n");
  EXPECT_EQ(server.process().err(), "");
}

TEST_P(ProgramsTest, ServerStopsOnInterrupt) {
  ServerProgram server({BackendFlag(GetParam())});
  server.process().Signal(SIGINT);
  EXPECT_EQ(server.process().Join(), 0);
  EXPECT_THAT(server.process().out(), StartsWith("served 0 connections"));
}

TEST_P(ProgramsTest, VerboseServerTellsWhatItDoes) {
  ServerProgram server({BackendFlag(GetParam()), "--verbose"});
  Peer peer(*SocketAddress::Parse(server.address()));
  peer.Send("hello");
  EXPECT_EQ(peer.Receive(5), "hello");
  peer.FinishSending();
  EXPECT_EQ(peer.ReceiveAll(), "");
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Join(), 0);
  EXPECT_THAT(server.process().out(), StartsWith("waiting\n"));
  for (const std::string& line :
       {absl::StrCat("connection 1 from ", peer.local().ToString(), "\n"),
        std::string("connection 1: received 5 bytes \"hello\"\n"),
        std::string("connection 1: closing (finished)\n")}) {
    EXPECT_THAT(server.process().out(), HasSubstr(line));
  }
}

TEST_P(ProgramsTest, ClientAndServerAgree) {
  ServerProgram server({BackendFlag(GetParam()), "--buffer_bytes=5"});
  Subprocess client(kClient, {BackendFlag(GetParam()), "--connections=7",
                              absl::StrCat("--connect=", server.address()),
                              "--message=This is a message"});
  EXPECT_EQ(client.Join(), 0) << client.err();
  EXPECT_EQ(client.out(),
            "119 bytes came back on 7 connections, all as they were sent\n");
}

TEST_P(ProgramsTest, DemoEndsWithEqualTranscripts) {
  Subprocess demo(kDemo, {BackendFlag(GetParam())});
  EXPECT_EQ(demo.Join(), 0) << demo.err();
  const std::vector<std::string> lines = absl::StrSplit(demo.out(), '\n');
  ASSERT_GT(lines.size(), 2);
  EXPECT_EQ(lines.front(),
            absl::StrCat("=== ", BackendName(GetParam()), " ==="));
  EXPECT_EQ(lines[lines.size() - 2],
            absl::StrCat(BackendName(GetParam()),
                         ": each client received the 3 parts in order; "
                         "transcript equals select's"));
  for (const char* line :
       {"client 1 sends 21 bytes \"This is the message 0\"",
        "client 2 sends 17 bytes \"It will be sent 1\"",
        "client 1 received in all \"This is the message 0It will be sent 1in ",
        "client 2 received 10 bytes \"in parts 2\"\n",
        "connection 1: received 17 bytes \"It will be sent 1\"",
        "connection 2: closing (finished)"}) {
    EXPECT_THAT(demo.out(), HasSubstr(line));
  }
}

TEST(DemoTest, PlaysEveryBackendByDefault) {
  Subprocess demo(kDemo, {});
  EXPECT_EQ(demo.Join(), 0) << demo.err();
  for (const Backend backend : SupportedBackends()) {
    EXPECT_THAT(demo.out(),
                HasSubstr(absl::StrCat("\n", BackendName(backend),
                                       ": each client received the 3 parts")));
  }
}

TEST(ClientProgramTest, ExitsWithOneOnAWrongByte) {
  const BadServer server([](int fd) {
    ReceiveFrom(fd, 12);
    SendTo(fd, "hello, worl?");
  });
  const std::string address = server.address().ToString();
  Subprocess client(
      kClient, {absl::StrCat("--connect=", address), "--message=hello, world"});
  EXPECT_EQ(client.Join(), 1);
  EXPECT_EQ(client.out(), "");
  EXPECT_EQ(client.err(),
            absl::StrCat("ERROR: no good echo from tcp:", address,
                         ": connection 1: byte 11 came back as '?', not as "
                         "'d'\n"));
}

TEST(ClientProgramTest, ExitsWithOneWhenTheTimeIsUp) {
  // A listener that accepts nobody.
  const UniqueFd listener = *Listen(*SocketAddress::Parse("127.0.0.1:0"));
  const std::string address = LocalAddress(listener.get())->ToString();
  Subprocess client(kClient, {absl::StrCat("--connect=", address),
                              "--timeout=50ms", "--message=x"});
  EXPECT_EQ(client.Join(), 1);
  EXPECT_THAT(client.err(), HasSubstr("connection 1: nothing came back for"));
}

TEST(ServerProgramTest, SaysThatAPortIsTaken) {
  ServerProgram first({});
  Subprocess second(kServer, {absl::StrCat("--listen=", first.address())});
  EXPECT_EQ(second.Join(), 1);
  EXPECT_THAT(second.err(), StartsWith("ERROR: "));
  EXPECT_EQ(second.out(), "");
}

TEST(ServerProgramTest, ListensOnAUnixPath) {
  const ScratchDirectory scratch;
  const std::string path = scratch.Path("socket");
  const std::string address = absl::StrCat("unix:", path);
  Subprocess server(kServer, {absl::StrCat("--listen=", address)});
  EXPECT_THAT(server.ReadLine(), HasSubstr(address));
  Subprocess client(
      kClient, {absl::StrCat("--connect=", address), "--message=hello, world"});
  EXPECT_EQ(client.Join(), 0) << client.err();
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Join(), 0);
  EXPECT_NE(::access(path.c_str(), F_OK), 0) << "the path is left";
}

// A server on every transport, for the tests below.
class EveryTransport {
 public:
  explicit EveryTransport(std::vector<std::string> args = {})
      : server_(kServer, [&] {
          args.insert(
              args.end(),
              {"--listen=tcp:127.0.0.1:0", "--listen=udp:[::1]:0",
               absl::StrCat("--listen=unix:", scratch_.Path("s")),
               absl::StrCat("--listen=unix-dgram:", scratch_.Path("d"))});
          return args;
        }()) {
    for (int i = 0; i < 4; ++i) {
      const std::vector<std::string> words =
          absl::StrSplit(server_.ReadLine(), ' ');
      endpoints_.push_back(words.size() < 3 ? "" : words[2]);
    }
  }

  Subprocess& process() { return server_; }
  const std::vector<std::string>& endpoints() const { return endpoints_; }

 private:
  ScratchDirectory scratch_;
  Subprocess server_;
  std::vector<std::string> endpoints_;
};

TEST_P(ProgramsTest, ServerServesEveryTransportOnSeveralThreads) {
  EveryTransport server({BackendFlag(GetParam()), "--threads=2"});
  for (const std::string& endpoint : server.endpoints()) {
    Subprocess client(
        kClient, {BackendFlag(GetParam()), "--messages=10", "--connections=5",
                  "--timeout=30s", "--datagram_timeout=30s",
                  absl::StrCat("--connect=", endpoint)});
    EXPECT_EQ(client.Join(), 0) << endpoint << ": " << client.err();
    EXPECT_THAT(client.out(), StartsWith("50 requests on 5 connections in "));
    EXPECT_THAT(client.out(), HasSubstr("\nerrors: none\n"));
  }
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Join(), 0);
  EXPECT_EQ(server.process().out(),
            "served 10 connections (10 finished, 0 reset, 0 failed, 0 "
            "stopped): 6400 bytes received, 6400 sent; 100 datagrams received, "
            "100 sent\n");
}

// None of them is like another, so however many come at once, each goes back.
TEST(ServerProgramTest, AFastLoadOfDatagramsLosesNothing) {
  EveryTransport server;
  for (const int transport : {1, 3}) {
    const std::string& endpoint = server.endpoints()[transport];
    Subprocess client(kClient, {"--messages=5000", "--datagram_timeout=30s",
                                absl::StrCat("--connect=", endpoint)});
    EXPECT_EQ(client.Join(), 0) << endpoint << ": " << client.out();
  }
}

TEST_P(ProgramsTest, WhatIsTypedComesBackOverEveryTransport) {
  EveryTransport server({BackendFlag(GetParam())});
  for (const std::string& endpoint : server.endpoints()) {
    Subprocess client(kClient,
                      {BackendFlag(GetParam()), "--datagram_timeout=30s",
                       absl::StrCat("--connect=", endpoint)});
    for (const char* line : {"hello", "and again"}) {
      client.Type(absl::StrCat(line, "\n"));
      EXPECT_EQ(client.ReadLine(), line);
    }
    client.FinishTyping();
    EXPECT_EQ(client.Join(), 0) << endpoint << ": " << client.err();
    EXPECT_EQ(client.out(), "");
  }
}

TEST(ServerProgramTest, AHangupOfTheTerminalEndsIt) {
  ServerProgram server({});
  server.process().Signal(SIGHUP);
  EXPECT_EQ(server.process().Join(), 0);
  EXPECT_THAT(server.process().out(), StartsWith("served 0 connections"));
}

TEST(ServerProgramTest, AHangupDoesNotEndWhatIgnoresIt) {
  Subprocess server("/bin/sh",
                    {"-c", absl::StrCat("trap '' HUP; exec ", kServer,
                                        " --listen=127.0.0.1:0")});
  const std::vector<std::string> words = absl::StrSplit(server.ReadLine(), ' ');
  ASSERT_GE(words.size(), 3);
  std::ifstream status(absl::StrCat("/proc/", server.pid(), "/status"));
  std::string line;
  while (!absl::StartsWith(line, "SigIgn:") && std::getline(status, line)) {
  }
  const std::string mask = line.substr(line.find('\t') + 1);
  EXPECT_EQ(std::stoull(mask, nullptr, 16) >> (SIGHUP - 1) & 1, 1u) << line;
}

// For the server alone, a name has two addresses.
TEST(ServerProgramTest, ServesEveryAddressOfAName) {
  const ScratchDirectory scratch;
  const std::string hosts = scratch.Path("hosts");
  std::ofstream(hosts) << "127.0.0.1 twice\n127.0.0.2 twice\n";
  const auto with_hosts = [&hosts](const std::string& command) {
    return std::vector<std::string>{
        "-rm", "/bin/sh", "-c",
        absl::StrCat("mount --bind ", hosts, " /etc/hosts && ", command)};
  };
  if (Subprocess("/usr/bin/unshare", with_hosts("true")).Join() != 0) {
    GTEST_SKIP() << "no right to a namespace";
  }
  Subprocess server(
      "/usr/bin/unshare",
      with_hosts(absl::StrCat("exec ", kServer, " --listen=twice:0")));
  for (const char* address : {"127.0.0.1:", "127.0.0.2:"}) {
    const std::string line = server.ReadLine();
    EXPECT_THAT(line, StartsWith(absl::StrCat("listening on tcp:", address)));
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    ASSERT_GE(words.size(), 3) << line;
    EXPECT_TRUE(CanConnect(Endpoint::Parse(words[2])->address));
  }
}

TEST_P(ProgramsTest, ASecondSignalEndsAtOnce) {
  ServerProgram server({BackendFlag(GetParam()), "--drain_timeout=1h"});
  Peer peer(*SocketAddress::Parse(server.address()),
            /*receive_buffer=*/4096);
  // So that something is pending for ever.
  int full = 0;
  peer.Flood(Pattern(10007), size_t{256} << 20, [&] { return ++full > 30; });
  server.process().Signal(SIGTERM);
  // The listener is closed when the first signal has had its effect.
  while (CanConnect(*SocketAddress::Parse(server.address()))) continue;
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Join(), -SIGTERM);
}

TEST_P(ProgramsTest, StatisticsArePrintedAndServed) {
  Subprocess server(
      kServer, {BackendFlag(GetParam()), "--stats=20ms", "--listen=127.0.0.1:0",
                "--stats_listen=127.0.0.1:0"});
  server.ReadLine();
  const std::vector<std::string> words = absl::StrSplit(server.ReadLine(), ' ');
  ASSERT_EQ(words.size(), 3);
  Peer scraper(Endpoint::Parse(words[2])->address);
  scraper.Send("GET /metrics HTTP/1.0\r\n\r\n");
  EXPECT_THAT(scraper.ReceiveAll(),
              HasSubstr("# TYPE echo_accepted_total counter\n"));
  EXPECT_THAT(server.ReadLine(), StartsWith("stats: 0 open, "));
  EXPECT_THAT(server.ReadLine(), StartsWith("stats: 0 open, "));
}

TEST(ServerProgramTest, ServesSocketsOfAServiceManager) {
  const UniqueFd tcp = *BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0"));
  const SocketAddress address = *LocalAddress(tcp.get());
  // The manager's part: descriptor 3, and a pid that only the child knows.
  Subprocess server(
      "/bin/sh",
      {"-c", absl::StrCat("exec 3<&", tcp.get(),
                          "; LISTEN_PID=$$ LISTEN_FDS=1 exec ", kServer)},
      {tcp.get()});
  EXPECT_THAT(server.ReadLine(), StartsWith(absl::StrCat("listening on tcp:",
                                                         address.ToString())));
  Peer peer(address);
  peer.Send("x");
  EXPECT_EQ(peer.Receive(1), "x");
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Join(), 0);
}

TEST(ClientProgramTest, WritesJsonAndAPicture) {
  ServerProgram server({});
  const ScratchDirectory scratch;
  Subprocess client(kClient, {absl::StrCat("--connect=", server.address()),
                              "--json", "--messages=5",
                              absl::StrCat("--plot=", scratch.Path("p.svg"))});
  EXPECT_EQ(client.Join(), 0) << client.err();
  EXPECT_THAT(client.out(), StartsWith("{\"server\":\"tcp:127.0.0.1:"));
  EXPECT_THAT(client.out(), HasSubstr("\"requests\":5,"));
  std::ifstream picture(scratch.Path("p.svg"));
  std::string start;
  std::getline(picture, start);
  EXPECT_THAT(start, StartsWith("<svg "));
}

TEST(ClientProgramTest, ALoadWithAWrongByteExitsWithOne) {
  BadServer server([](int fd) {
    std::string data = ReceiveFrom(fd, 64);
    data[0] ^= 1;
    SendTo(fd, data);
    ReceiveFrom(fd, 1);
  });
  Subprocess client(kClient,
                    {absl::StrCat("--connect=", server.address().ToString()),
                     "--messages=1"});
  EXPECT_EQ(client.Join(), 1);
  EXPECT_THAT(client.out(), HasSubstr("errors: 1 wrong_byte (connection 1: "
                                      "byte 0 came back as "));
  EXPECT_EQ(client.err(), "") << "told twice";
}

TEST_P(ProgramsTest, AMessageGoesOverEveryTransport) {
  EveryTransport server({BackendFlag(GetParam())});
  for (const std::string& endpoint : server.endpoints()) {
    Subprocess client(kClient, {BackendFlag(GetParam()), "--message=hello",
                                "--datagram_timeout=30s",
                                absl::StrCat("--connect=", endpoint)});
    EXPECT_EQ(client.Join(), 0) << endpoint << ": " << client.err();
    EXPECT_EQ(client.out(),
              "5 bytes came back on 1 connection, all as they were sent\n");
  }
}

// Nobody listens, and what was lost is told.
TEST(ClientProgramTest, ATypedDatagramThatIsLostIsAnError) {
  const UniqueFd deaf = *BindEndpoint(*Endpoint::Parse("udp:127.0.0.1:0"));
  Subprocess client(
      kClient,
      {absl::StrCat("--connect=", Endpoint::OfSocket(deaf.get())->ToString()),
       "--datagram_timeout=50ms"});
  client.Type("hello");
  EXPECT_EQ(client.Join(), 1);
  EXPECT_THAT(client.err(), HasSubstr("1 of 1 datagram lost"));
}

TEST(ClientProgramTest, SaysAtOnceThatThereAreTooFewDescriptors) {
  Subprocess client("/bin/sh",
                    {"-c", absl::StrCat("ulimit -n 50; exec ", kClient,
                                        " --connections=100 "
                                        "--messages=1")});
  EXPECT_EQ(client.Join(), 1);
  EXPECT_THAT(client.err(), HasSubstr("100 connections need 120 descriptors"));
}

TEST(ClientProgramTest, NamesTheAddressAndNoDescriptor) {
  UniqueFd socket = *BindEndpoint(*Endpoint::Parse("tcp:127.0.0.1:0"));
  const std::string server = Endpoint::OfSocket(socket.get())->ToString();
  socket.reset();
  Subprocess client(kClient,
                    {absl::StrCat("--connect=", server), "--message=x"});
  EXPECT_EQ(client.Join(), 1);
  EXPECT_THAT(client.err(), HasSubstr(server));
  EXPECT_THAT(client.err(), testing::Not(HasSubstr("fd ")));
}

TEST(ClientProgramTest, SaysHowItGoesWhereThereIsNoTerminal) {
  ServerProgram server({});
  Subprocess client(kClient, {absl::StrCat("--connect=", server.address()),
                              "--duration=300ms", "--interval=50ms"});
  EXPECT_EQ(client.Join(), 0) << client.out();
  EXPECT_THAT(client.err(), HasSubstr(" requests/s, p50 "));
}

// The first time what is under way has a second; a second signal is no need.
TEST(ClientProgramTest, ReportsWhenItIsInterrupted) {
  for (const int signals : {1, 2}) {
    BadServer server([](int fd) {
      SendTo(fd, ReceiveFrom(fd, 64));
      ReceiveFrom(fd, 1000000);
    });
    Subprocess client(kClient,
                      {absl::StrCat("--connect=", server.address().ToString()),
                       "--duration=1h", "--interval=20ms"});
    // Until the one request that is answered is.
    std::string line = "p50 0 ns";
    while (absl::StrContains(line, "p50 0 ns") ||
           !absl::StrContains(line, "p50")) {
      line = client.ReadErrorLine();
    }
    for (int i = 0; i < signals; ++i) client.Signal(i == 0 ? SIGINT : SIGTERM);
    EXPECT_EQ(client.Join(), 1);
    EXPECT_THAT(client.out(), HasSubstr("1 request on 1 connection in "));
  }
}

TEST(HelpTest, SaysTheVersion) {
  for (const char* program : {kServer, kClient, kDemo}) {
    Subprocess version(program, {"--version"});
    EXPECT_EQ(version.Join(), 0);
    EXPECT_EQ(version.out(), "isopoll " ISOPOLL_VERSION "\n");
  }
}

TEST(HelpTest, NamesEveryFlag) {
  Subprocess help(kServer, {"--help"});
  EXPECT_EQ(help.Join(), 0);
  for (const char* flag :
       {"--backend", "--listen", "--verbose", "--buffer_bytes"}) {
    EXPECT_THAT(help.out(), HasSubstr(flag));
  }
}

// A command line that makes no sense, or asks for what cannot be: one line on
// stderr that contains `error`, no crash, no success.
struct BadCase {
  const char* program;
  std::vector<std::string> args;
  const char* error;
};

void ExpectRefused(int exit_code, const std::vector<BadCase>& cases) {
  for (const BadCase& bad : cases) {
    SCOPED_TRACE(absl::StrCat(bad.program, " ", absl::StrJoin(bad.args, " ")));
    Subprocess process(bad.program, bad.args);
    EXPECT_EQ(process.Join(), exit_code);
    EXPECT_EQ(process.out(), "");
    EXPECT_THAT(process.err(), StartsWith("ERROR: "));
    EXPECT_THAT(process.err(), HasSubstr(bad.error));
    EXPECT_EQ(std::count(process.err().begin(), process.err().end(), '\n'), 1)
        << process.err();
  }
}

TEST(BadFlagsTest, ABackendIsOneThatIsThere) {
  const char* choice = "epoll, poll, select";
  ExpectRefused(2, {{kServer, {"--backend=carrier-pigeon"}, choice},
                    {kServer, {"--backend=kqueue"}, choice},
                    {kClient, {"--backend=kqueue"}, choice},
                    {kDemo, {"--backend=kqueue"}, choice},
                    {kDemo, {"--backend="}, choice},
                    {kDemo, {"--backend=ALL"}, choice}});
}

// Where nobody can serve: a flag that is checked after that would not be told.
constexpr char kNowhere[] = "--listen=192.0.2.1:0";

TEST(BadFlagsTest, AnAddressCanBeRead) {
  ExpectRefused(
      2, {{kServer, {"--listen=nowhere"}, "nowhere"},
          {kServer, {"--listen=127.0.0.1:99999"}, "99999"},
          {kServer, {"--listen="}, "address"},
          {kServer, {"--listen=udp:unix:/x"}, "two transports"},
          {kServer, {kNowhere, "--listen=nowhere"}, "nowhere"},
          {kServer, {kNowhere, "--stats_listen=udp:127.0.0.1:0"}, "HTTP needs"},
          {kClient, {"--connect=:"}, "address"},
          {kClient, {"--messages=1", "--source=1.2.3"}, "1.2.3"}});
}

TEST(BadFlagsTest, ATimeAndASizeHaveAUnitThatIsKnown) {
  ExpectRefused(2, {{kServer, {"--idle_timeout=10"}, "with its unit, as in"},
                    {kServer, {"--buffer_bytes=1MB"}, "64KiB"},
                    {kServer, {"--buffer_bytes=-1"}, "buffer_bytes"},
                    {kClient, {"--timeout=soon"}, "soon"},
                    {kClient, {"--messages=1", "--size=1k"}, "64KiB"}});
}

TEST(BadFlagsTest, AValueIsInItsRange) {
  ExpectRefused(2,
                {{kServer, {kNowhere, "--buffer_bytes=0"}, "buffer"},
                 {kServer, {kNowhere, "--buffer_bytes=65MiB"}, "not 68157440"},
                 {kServer, {kNowhere, "--buffer_bytes=1GiB"}, "not 1073741824"},
                 {kServer, {kNowhere, "--threads=0"}, "1 to 1024 threads"},
                 {kServer, {kNowhere, "--idle_timeout=0"}, "idle"},
                 {kServer, {kNowhere, "--delay=-1s"}, "delay"},
                 {kServer, {kNowhere, "--drain_timeout=-1s"}, "drain"},
                 {kClient, {"--messages=1", "--threads=2"}, "2 threads for 1"},
                 {kClient, {"--messages=5", "--size=0"}, "1 to"},
                 {kClient, {"--connections=0"}, "at least 1"},
                 {kClient, {"--connections=-1"}, "at least 1"},
                 {kClient, {"--timeout=0"}, "positive"},
                 {kClient, {"--timeout=-1s"}, "positive"}});
}

TEST(BadFlagsTest, FlagsFitTogether) {
  ExpectRefused(2, {{kClient, {"--size=64"}, "are of a load"},
                    {kClient, {"--json"}, "are of a load"},
                    {kClient, {"--message=x", "--size=100"}, "are of a load"},
                    {kClient, {"--connections=2"}, "something to say"},
                    {kClient, {"--rate=5"}, "load without end"},
                    {kClient, {"--messages=5", "--message=x"}, "leave out"}});
}

TEST(BadFlagsTest, TheRestIsRefusedToo) {
  ExpectRefused(2, {{kServer, {"--verbose=perhaps"}, "verbose"},
                    {kServer, {"--no-such-flag"}, "no-such-flag"},
                    {kServer, {"8090"}, "8090"},
                    {kClient, {"--connections=many"}, "many"},
                    {kClient, {"--message"}, "message"},
                    {kDemo, {"select"}, "select"}});
}

// The command line is right, and the world is not.
TEST(BadFlagsTest, WhatCannotBeDoneIsAnotherStatus) {
  ExpectRefused(
      1,
      {{kServer, {"--listen=192.0.2.1:0"}, "192.0.2.1"},
       {kServer, {"--listen=127.0.0.1:0", "--listen=192.0.2.1:0"}, ""},
       {kClient, {"--messages=1", "--plot=/no/folder/p.svg"}, "/no/folder"}});
}

}  // namespace
}  // namespace isopoll::echo
