// Makes each condition of select(2), and prints what select and a Poller say.

#include <sys/socket.h>

#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "docs/tutorial/witness.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "what to wait with");

using isopoll::kPriority;
using isopoll::kReadable;
using isopoll::kWritable;
using isopoll::TcpPair;
using isopoll::UniqueFd;
using tutorial::Check;
using tutorial::Fill;
using tutorial::ListenAnywhere;
using tutorial::Receive;
using tutorial::Send;
using tutorial::Witness;

namespace {

void ReadableByData(Witness& witness) {
  const auto [a, b] = TcpPair().value();
  witness.Show("readable a: nothing sent", a.get());
  Send(b.get(), "nine byte");
  witness.Await(a.get(), kReadable);
  witness.Show("readable a: 9 bytes, the mark at 1", a.get());
  const int mark = 10;
  setsockopt(a.get(), SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark));
  witness.Show("readable a: 9 bytes, the mark at 10", a.get());
  Send(b.get(), "s");
  witness.Await(a.get(), kReadable);
  witness.Show("readable a: 10 bytes, the mark at 10", a.get());
  witness.Print("recv", Receive(a.get()));
}

void ReadableByFin(Witness& witness) {
  const auto [a, b] = TcpPair().value();
  Check(isopoll::ShutdownWrite(b.get()));
  witness.Await(a.get(), kReadable);
  witness.Show("readable b: the peer's FIN", a.get());
  witness.Print("recv", Receive(a.get()));
  witness.Print("send", Send(a.get(), "still heard"));
}

void ReadableByConnection(Witness& witness) {
  const UniqueFd listener = ListenAnywhere();
  witness.Show("readable c: a listener", listener.get());
  const auto address = isopoll::LocalAddress(listener.get()).value();
  const UniqueFd client = isopoll::Connect(address).value();
  witness.Await(listener.get(), kReadable);
  witness.Show("readable c: a completed connection", listener.get());
  const auto accepted = isopoll::Accept(listener.get()).value();
  witness.Print("accept", accepted.has_value() ? "a client" : "nobody");
}

void ReadableByError(Witness& witness) {
  auto [a, b] = TcpPair().value();
  tutorial::Reset(b);
  witness.Await(a.get(), kReadable);
  witness.Show("readable d: a reset", a.get());
  witness.Print("recv", Receive(a.get()));
}

void WritableByRoom(Witness& witness) {
  const auto [a, b] = isopoll::SocketPair(SOCK_STREAM).value();
  Fill(a.get());
  witness.Show("writable a: no room", a.get());
  while (Receive(b.get()) != "would block") continue;
  witness.Show("writable a: room again", a.get());
  witness.Print("send", Send(a.get(), "room"));
}

void WritableByOwnFin(Witness& witness) {
  const auto [a, b] = TcpPair().value();
  Fill(a.get());
  Check(isopoll::ShutdownWrite(a.get()));
  witness.Show("writable b: full, write half closed", a.get());
  witness.Print("send", Send(a.get(), "too late"));
}

void WritableByConnect(Witness& witness) {
  UniqueFd listener = ListenAnywhere();
  const auto address = isopoll::LocalAddress(listener.get()).value();
  const UniqueFd connected = isopoll::Connect(address).value();
  witness.Await(connected.get(), kWritable);
  witness.Show("writable c: connected", connected.get());
  const absl::Status good = isopoll::FinishConnect(connected.get());
  witness.Print("SO_ERROR", absl::StatusCodeToString(good.code()));

  listener.reset();
  const UniqueFd refused = isopoll::Connect(address).value();
  witness.Await(refused.get(), kWritable);
  witness.Show("writable c: refused", refused.get());
  const absl::Status bad = isopoll::FinishConnect(refused.get());
  witness.Print("SO_ERROR", absl::StatusCodeToString(bad.code()));
}

void WritableByError(Witness& witness) {
  auto [a, b] = TcpPair().value();
  Fill(a.get());
  tutorial::Reset(b);
  witness.Await(a.get(), kReadable);
  witness.Show("writable d: full, then reset", a.get());
  witness.Print("send", Send(a.get(), "to nobody"));
}

void ExceptionalByUrgentData(Witness& witness) {
  const auto [a, b] = TcpPair().value();
  send(b.get(), "!", 1, MSG_OOB);
  witness.Await(a.get(), kPriority);
  witness.Show("exceptional: out-of-band data", a.get());
  char urgent = '?';
  recv(a.get(), &urgent, 1, MSG_OOB);
  witness.Print("recv MSG_OOB", std::string(1, urgent));
}

void HangupMakesNoRoom(Witness& witness) {
  auto [reader, writer] = isopoll::Pipe().value();
  witness.Show("a pipe to read from", reader.get());
  writer.reset();
  witness.Await(reader.get(), kReadable);
  witness.Show("a pipe whose writer is gone", reader.get());
}

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  isopoll::PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  const auto poller = isopoll::Poller::Create(options);
  Check(poller.status());
  Witness witness(**poller);
  ReadableByData(witness);
  ReadableByFin(witness);
  ReadableByConnection(witness);
  ReadableByError(witness);
  WritableByRoom(witness);
  WritableByOwnFin(witness);
  WritableByConnect(witness);
  WritableByError(witness);
  ExceptionalByUrgentData(witness);
  HangupMakesNoRoom(witness);
}
