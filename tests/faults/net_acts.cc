#include "tests/faults/net_acts.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "tests/net/testing.h"

namespace isopoll::tests {
namespace {

constexpr char kText[] = "abc";

// What a stage has made.
struct Props {
  UniqueFd ours, theirs, other;
  SocketPairFds pair;
  PipeFds pipe;
  // For a stage with a path of its own.
  std::optional<ScratchDirectory> scratch;
  std::optional<SocketAddress> address;

  std::string Path() const { return scratch->Path("socket"); }
};

std::shared_ptr<Props> NewProps(absl::string_view address = "127.0.0.1:0") {
  auto props = std::make_shared<Props>();
  props->address = SocketAddress::Parse(address).value();
  return props;
}

std::shared_ptr<Props> NewPropsWithPath() {
  auto props = std::make_shared<Props>();
  props->scratch.emplace();
  props->address =
      SocketAddress::Parse(absl::StrCat("unix:", props->Path())).value();
  return props;
}

absl::Status Expect(bool what, absl::string_view text) {
  return what ? absl::OkStatus() : absl::InternalError(text);
}

template <typename Value>
absl::Status Take(absl::StatusOr<Value> from, Value* to) {
  if (from.ok()) *to = *std::move(from);
  return from.status();
}

bool Await(int fd, short events) {
  pollfd entry = {fd, events, 0};
  return ::poll(&entry, 1, /*timeout=*/10000) == 1;
}

std::string TextFrom(int fd) {
  if (!Await(fd, POLLIN)) return "nothing";
  char text[16];
  const absl::StatusOr<Transfer> got = Receive(fd, absl::MakeSpan(text));
  return got.ok() ? std::string(text, got->bytes()) : got.status().ToString();
}

bool IsSilent(int fd) {
  char byte;
  return Receive(fd, absl::MakeSpan(&byte, 1)).value().would_block();
}

NetStage Listens(std::shared_ptr<Props> props, PortUse use = PortUse::kAlone) {
  return {[=] {
            return Take(Listen(*props->address, /*backlog=*/5, use),
                        &props->ours);
          },
          [=] {
            props->theirs = Connect(*LocalAddress(props->ours.get())).value();
            return Expect(Await(props->ours.get(), POLLIN), "no listener");
          }};
}

// What a server has left that was killed.
std::shared_ptr<Props> LeftOver(bool stream) {
  auto props = NewPropsWithPath();
  const UniqueFd dead = stream ? Listen(*props->address).value()
                               : BindDatagram(*props->address).value();
  return props;
}

NetStage BindsDatagram(std::shared_ptr<Props> props) {
  return {[=] { return Take(BindDatagram(*props->address), &props->ours); },
          [=] {
            props->theirs =
                ConnectDatagram(*LocalAddress(props->ours.get())).value();
            return Expect(
                *SendDatagram(props->theirs.get(), kText) == Sent::kYes &&
                    TextFrom(props->ours.get()) == kText,
                "it receives nothing");
          }};
}

NetStage Connects(std::shared_ptr<Props> props) {
  props->theirs = Listen(*props->address).value();
  const SocketAddress server = *LocalAddress(props->theirs.get());
  return {[=] { return Take(Connect(server), &props->ours); },
          [=] {
            if (!Await(props->ours.get(), POLLOUT)) {
              return absl::InternalError("it does not connect");
            }
            return FinishConnect(props->ours.get());
          }};
}

NetStage ConnectsDatagram(std::shared_ptr<Props> props) {
  props->theirs = BindDatagram(*props->address).value();
  const SocketAddress server = *LocalAddress(props->theirs.get());
  return {[=] { return Take(ConnectDatagram(server), &props->ours); },
          [=] {
            return Expect(
                *SendDatagram(props->ours.get(), kText) == Sent::kYes &&
                    TextFrom(props->theirs.get()) == kText,
                "what it sends does not arrive");
          }};
}

NetStage Accepts() {
  auto props = NewProps();
  props->ours = Listen(*props->address).value();
  props->theirs = Connect(*LocalAddress(props->ours.get())).value();
  Await(props->ours.get(), POLLIN);
  const std::string client = LocalAddress(props->theirs.get())->ToString();
  return {[=] {
            absl::StatusOr<std::optional<Accepted>> accepted =
                Accept(props->ours.get());
            if (!accepted.ok()) return accepted.status();
            if (!accepted->has_value()) {
              return absl::InternalError("the connection was lost");
            }
            props->other = std::move((*accepted)->fd);
            return Expect((*accepted)->peer.ToString() == client,
                          "another's connection");
          },
          [=] {
            return Expect(!Accept(props->ours.get()).value().has_value(),
                          "one connection was accepted twice");
          }};
}

NetStage OnPair(absl::Status (*act)(int fd), absl::Status (*check)(Props*)) {
  auto props = NewProps();
  props->pair = TcpPair().value();
  return {[=] { return act(props->pair.first.get()); },
          [=] { return check(props.get()); }};
}

NetStage Sends() {
  return OnPair([](int fd) { return Send(fd, kText).status(); },
                [](Props* props) {
                  const int peer = props->pair.second.get();
                  return Expect(
                      TextFrom(peer) == kText && IsSilent(peer),
                      "what it sent does not arrive, or does so twice");
                });
}

NetStage Receives() {
  auto props = NewProps();
  props->pair = TcpPair().value();
  Send(props->pair.second.get(), kText).value();
  Await(props->pair.first.get(), POLLIN);
  return {[=] {
            char text[16];
            absl::StatusOr<Transfer> got =
                Receive(props->pair.first.get(), absl::MakeSpan(text));
            if (!got.ok()) return got.status();
            return Expect(std::string(text, got->bytes()) == kText,
                          "what was sent is not received");
          },
          [=] {
            return Expect(IsSilent(props->pair.first.get()), "received twice");
          }};
}

NetStage ShutsDown() {
  return OnPair(&ShutdownWrite, [](Props* props) {
    return Expect(TextFrom(props->pair.second.get()).empty(),
                  "the peer sees no end");
  });
}

NetStage FinishesConnect() {
  return OnPair(&FinishConnect, [](Props*) { return absl::OkStatus(); });
}

NetStage TellsLocalAddress() {
  return OnPair([](int fd) { return LocalAddress(fd).status(); },
                [](Props*) { return absl::OkStatus(); });
}

NetStage TellsEndpoint() {
  return OnPair([](int fd) { return Endpoint::OfSocket(fd).status(); },
                [](Props*) { return absl::OkStatus(); });
}

std::shared_ptr<Props> UdpPair() {
  auto props = NewProps();
  props->theirs = BindDatagram(*props->address).value();
  props->ours = ConnectDatagram(*LocalAddress(props->theirs.get())).value();
  return props;
}

NetStage SendsDatagram() {
  auto props = UdpPair();
  return {[=] {
            const absl::StatusOr<Sent> sent =
                SendDatagram(props->ours.get(), kText);
            if (!sent.ok()) return sent.status();
            return *sent == Sent::kYes
                       ? absl::OkStatus()
                       : absl::ResourceExhaustedError("no room");
          },
          [=] {
            return Expect(TextFrom(props->theirs.get()) == kText &&
                              IsSilent(props->theirs.get()),
                          "what it sent does not arrive, or does so twice");
          }};
}

NetStage ReceivesDatagram() {
  auto props = UdpPair();
  SendDatagram(props->ours.get(), kText).value();
  Await(props->theirs.get(), POLLIN);
  return {
      [=] {
        char text[16];
        const auto got =
            ReceiveDatagram(props->theirs.get(), absl::MakeSpan(text));
        if (!got.ok()) return got.status();
        return Expect(
            got->has_value() && std::string(text, (*got)->bytes) == kText,
            "what was sent is not received");
      },
      [=] { return Expect(IsSilent(props->theirs.get()), "received twice"); }};
}

NetStage MakesTcpPair() {
  auto props = NewProps();
  return {[=] { return Take(TcpPair(), &props->pair); },
          [=] {
            Send(props->pair.first.get(), kText).value();
            return Expect(TextFrom(props->pair.second.get()) == kText,
                          "no pair");
          }};
}

NetStage MakesSocketPair() {
  auto props = NewProps();
  return {[=] { return Take(SocketPair(SOCK_STREAM), &props->pair); },
          [=] {
            Send(props->pair.first.get(), kText).value();
            return Expect(TextFrom(props->pair.second.get()) == kText,
                          "no pair");
          }};
}

NetStage MakesPipe() {
  auto props = NewProps();
  return {[=] { return Take(Pipe(), &props->pipe); },
          [=] {
            return Expect(::write(props->pipe.write_end.get(), kText, 1) == 1,
                          "no pipe");
          }};
}

NetStage Parses(const char* text) {
  return {[=] { return SocketAddress::Parse(text).status(); },
          [] { return absl::OkStatus(); }};
}

}  // namespace

const std::vector<NetScenario>& NetScenarios() {
  static const auto& scenarios = *new std::vector<NetScenario>{
      {"ListensTcp", [] { return Listens(NewProps()); }},
      {"ListensTcpShared",
       [] { return Listens(NewProps(), PortUse::kShared); }},
      {"ListensTcp6", [] { return Listens(NewProps("[::1]:0")); }},
      {"ListensUnix", [] { return Listens(NewPropsWithPath()); }},
      {"ListensUnixLeftOver", [] { return Listens(LeftOver(true)); }},
      {"BindsUdp", [] { return BindsDatagram(NewProps()); }},
      {"BindsUnixDatagram", [] { return BindsDatagram(NewPropsWithPath()); }},
      {"BindsUnixDatagramLeftOver",
       [] { return BindsDatagram(LeftOver(false)); }},
      {"ConnectsTcp", [] { return Connects(NewProps()); }},
      {"ConnectsUnix", [] { return Connects(NewPropsWithPath()); }},
      {"ConnectsUdp", [] { return ConnectsDatagram(NewProps()); }},
      {"ConnectsUnixDatagram",
       [] { return ConnectsDatagram(NewPropsWithPath()); }},
      {"FinishesConnect", &FinishesConnect},
      {"Accepts", &Accepts},
      {"Sends", &Sends},
      {"Receives", &Receives},
      {"ShutsDown", &ShutsDown},
      {"SendsDatagram", &SendsDatagram},
      {"ReceivesDatagram", &ReceivesDatagram},
      {"TellsLocalAddress", &TellsLocalAddress},
      {"TellsEndpoint", &TellsEndpoint},
      {"MakesTcpPair", &MakesTcpPair},
      {"MakesSocketPair", &MakesSocketPair},
      {"MakesPipe", &MakesPipe},
      {"ParsesAName", [] { return Parses("localhost:80"); }},
      {"ParsesAZone", [] { return Parses("[fe80::1%lo]:80"); }},
  };
  return scenarios;
}

}  // namespace isopoll::tests
