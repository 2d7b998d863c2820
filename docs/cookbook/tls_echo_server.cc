// An echo server over TLS, with OpenSSL.

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <csignal>
#include <cstddef>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/flags/parse.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/cookbook/program.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace {

using isopoll::kNone;
using isopoll::kReadable;
using isopoll::kWritable;

struct Client {
  isopoll::UniqueFd fd;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};
  std::string pending;  // decrypted, and not sent back yet
};

// Goes on as far as the socket allows. Returns what OpenSSL waits for; kNone:
// this is the end.
isopoll::Interest Advance(Client& client) {
  SSL* ssl = client.ssl.get();
  while (true) {
    int result;
    ERR_clear_error();
    if (client.pending.empty()) {
      char buffer[1000];
      result = SSL_read(ssl, buffer, sizeof(buffer));
      if (result > 0) client.pending.assign(buffer, result);
    } else {
      result = SSL_write(ssl, client.pending.data(),
                         static_cast<int>(client.pending.size()));
      if (result > 0) client.pending.erase(0, result);
      // One record a turn: then it is the others' turn.
      if (client.pending.empty() && SSL_pending(ssl) == 0) return kReadable;
    }
    switch (SSL_get_error(ssl, result)) {
      case SSL_ERROR_NONE:
        break;
      case SSL_ERROR_WANT_READ:
        return kReadable;
      case SSL_ERROR_WANT_WRITE:
        return kWritable;
      case SSL_ERROR_ZERO_RETURN:
        SSL_shutdown(ssl);
        return kNone;
      default:
        return kNone;
    }
  }
}

class Server {
 public:
  Server(isopoll::Poller& poller, int listener, SSL_CTX* context)
      : poller_(poller), listener_(listener), context_(context) {}

  absl::Status Run() {
    absl::Status status = poller_.Add(listener_, kReadable, kListener);
    isopoll::Event events[64];
    while (status.ok()) {
      const auto result =
          poller_.Wait(absl::MakeSpan(events), absl::InfiniteDuration());
      if (!result.ok()) return result.status();
      for (size_t i = 0; i < result->count && status.ok(); ++i) {
        const isopoll::Event& event = events[i];
        status = event.token() == kListener ? Accept() : Serve(event);
      }
    }
    return status;
  }

 private:
  static constexpr isopoll::Token kListener = 0;

  absl::Status Accept() {
    auto fd = cookbook::Accept(listener_);
    if (!fd.ok() || !*fd) return fd.status();
    Client& client = clients_[++last_token_];
    client.fd = *std::move(fd);
    client.ssl.reset(SSL_new(context_));
    SSL_set_fd(client.ssl.get(), client.fd.get());
    SSL_set_accept_state(client.ssl.get());
    return poller_.Add(client.fd.get(), kReadable, last_token_);
  }

  absl::Status Serve(const isopoll::Event& event) {
    Client& client = clients_[event.token()];
    const isopoll::Interest wanted = Advance(client);
    if (wanted != kNone) {
      return poller_.Modify(event.fd(), wanted, event.token());
    }
    absl::Status status = poller_.Remove(event.fd());
    clients_.erase(event.token());
    return status;
  }

  isopoll::Poller& poller_;
  const int listener_;
  SSL_CTX* const context_;
  std::map<isopoll::Token, Client> clients_;
  isopoll::Token last_token_ = kListener;
};

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = absl::ParseCommandLine(argc, argv);
  if (arguments.size() != 2) return std::cerr << "which PEM file?\n", 2;
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2)
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_chain_file(context, arguments[1]) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, arguments[1], SSL_FILETYPE_PEM) !=
          1) {
    return ERR_print_errors_fp(stderr), 1;
  }
  const auto poller = cookbook::MakePoller();
  const auto listener = cookbook::ListenAnywhere();
  return cookbook::ExitCode(Server(*poller, listener.get(), context).Run());
}
