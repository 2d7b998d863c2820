// The classic echo server: one process, many clients, select(2).

#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>

namespace {

// Listens on a free port of 127.0.0.1 and prints it. -1: it failed.
int ListenAnywhere() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof(address);
  if (bind(listener, generic, length) != 0 || listen(listener, 128) != 0 ||
      getsockname(listener, generic, &length) != 0) {
    return -1;
  }
  std::printf("127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

// Reads once and writes the same bytes back. False: the client is gone.
bool Echo(int client) {
  char buffer[4096];
  const ssize_t received = read(client, buffer, sizeof(buffer));
  for (ssize_t sent = 0; sent < received;) {
    const ssize_t n =
        write(client, buffer + sent, static_cast<size_t>(received - sent));
    if (n < 0) return false;
    sent += n;
  }
  return received > 0;
}

}  // namespace

int main() {
  std::signal(SIGPIPE, SIG_IGN);
  const int listener = ListenAnywhere();
  if (listener < 0) return std::perror("listen"), 1;
  fd_set watched;
  FD_ZERO(&watched);
  FD_SET(listener, &watched);
  int highest = listener;

  while (true) {
    fd_set ready = watched;  // select writes its answer over the question
    if (select(highest + 1, &ready, nullptr, nullptr, nullptr) < 0) {
      if (errno == EINTR) continue;
      return std::perror("select"), 1;
    }

    if (FD_ISSET(listener, &ready)) {
      const int client = accept(listener, nullptr, nullptr);
      if (client >= FD_SETSIZE) {
        close(client);
      } else if (client >= 0) {
        FD_SET(client, &watched);
        highest = std::max(highest, client);
      }
    }

    for (int fd = 0; fd <= highest; ++fd) {
      if (fd == listener || !FD_ISSET(fd, &ready) || Echo(fd)) continue;
      FD_CLR(fd, &watched);
      close(fd);
    }
  }
}
