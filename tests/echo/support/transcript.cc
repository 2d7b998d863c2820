#include "tests/echo/support/transcript.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "echo/service/counters.h"
#include "echo/service/log.h"

namespace isopoll::echo {
namespace {

// FNV-1a, so that two long strings that begin alike are told apart.
uint64_t Fingerprint(absl::string_view data) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : data) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace

void Transcript::Name(const SocketAddress& local, absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  parties_[local.ToString()].name = std::string(name);
}

std::string Transcript::EchoedTo(absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  for (const auto& [address, party] : parties_) {
    if (party.name == name) return party.echoed;
  }
  return "";
}

std::string Transcript::ToString() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> pages;
  for (const auto& [address, party] : parties_) {
    pages.push_back(absl::StrCat(party.name, "\n", ToString(party.client),
                                 ToString(party.server)));
  }
  absl::c_sort(pages);
  return absl::StrJoin(pages, "");
}

void Transcript::OnWaiting() {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnWaiting();
}

void Transcript::OnConnection(uint64_t connection, const SocketAddress& peer) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnConnection(connection, peer);
  accepted_[connection] = peer.ToString();
  Tell(Accepted(connection).server, "connection");
}

void Transcript::OnReceived(uint64_t connection, absl::string_view data) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnReceived(connection, data);
  absl::StrAppend(&Accepted(connection).server.bytes, data);
}

void Transcript::OnClosing(uint64_t connection, Ending ending,
                           const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnClosing(connection, ending, status);
  Tell(Accepted(connection).server,
       absl::StrCat("closing (", StatisticOf(ending).name, ")"));
}

void Transcript::OnAcceptPaused(const absl::Status& because) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnAcceptPaused(because);
}

void Transcript::OnAcceptResumed() {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnAcceptResumed();
}

void Transcript::OnRefused(const SocketAddress& peer) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnRefused(peer);
  Tell(parties_[peer.ToString()].server, "refused");
}

void Transcript::OnDatagram(const SocketAddress& peer, absl::string_view data,
                            absl::string_view dropped) {
  absl::MutexLock lock(&mutex_);
  if (server_ != nullptr) server_->OnDatagram(peer, data, dropped);
  Tell(parties_[peer.ToString()].server,
       absl::StrFormat("datagram of %d bytes, fingerprint %016x, %s",
                       data.size(), Fingerprint(data),
                       dropped.empty() ? "sent back" : dropped));
}

void Transcript::OnConnected(int connection, const SocketAddress& local) {
  absl::MutexLock lock(&mutex_);
  if (client_ != nullptr) client_->OnConnected(connection, local);
  connected_[connection] = local.ToString();
  Party& party = Connected(connection);
  party.name = absl::StrCat("client ", connection);
  Tell(party.client, "connected");
}

void Transcript::OnSending(int connection, absl::string_view message) {
  absl::MutexLock lock(&mutex_);
  if (client_ != nullptr) client_->OnSending(connection, message);
  Tell(Connected(connection).client,
       absl::StrCat("sends ", DescribeBytes(message)));
}

void Transcript::OnEchoed(int connection, absl::string_view data) {
  absl::MutexLock lock(&mutex_);
  if (client_ != nullptr) client_->OnEchoed(connection, data);
  Party& party = Connected(connection);
  absl::StrAppend(&party.client.bytes, data);
  absl::StrAppend(&party.echoed, data);
}

void Transcript::OnFinished(int connection) {
  absl::MutexLock lock(&mutex_);
  if (client_ != nullptr) client_->OnFinished(connection);
  Tell(Connected(connection).client, "finished");
}

std::string Transcript::ToString(const Story& story) {
  if (story.bytes.empty()) return story.lines;
  return absl::StrFormat("%s  %s: received %s, fingerprint %016x\n",
                         story.lines, story.side, DescribeBytes(story.bytes),
                         Fingerprint(story.bytes));
}

void Transcript::Tell(Story& story, absl::string_view what) {
  story.lines =
      absl::StrCat(ToString(story), "  ", story.side, ": ", what, "\n");
  story.bytes.clear();
}

Transcript::Party& Transcript::Accepted(uint64_t connection) {
  return parties_[accepted_[connection]];
}

Transcript::Party& Transcript::Connected(int connection) {
  return parties_[connected_[connection]];
}

absl::Status CompareTranscripts(absl::string_view reference_name,
                                absl::string_view reference,
                                absl::string_view other_name,
                                absl::string_view other) {
  if (reference == other) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the transcript of ", other_name, " differs from that of ",
                   reference_name, "\n--- ", reference_name, "\n", reference,
                   "--- ", other_name, "\n", other));
}

}  // namespace isopoll::echo
