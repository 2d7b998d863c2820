// The system's headers of sockets, and POSIX's names that they lack. No other
// file of net/ asks which system it is compiled for: BUILD chooses files.

#ifndef ISOPOLL_NET_INTERNAL_SOCKET_HEADERS_H_
#define ISOPOLL_NET_INTERNAL_SOCKET_HEADERS_H_

#ifdef _WIN32

#include <winsock2.h>
#include <ws2tcpip.h>

using sa_family_t = ADDRESS_FAMILY;

// After the declarations above, which they need.
#include <afunix.h>
#include <iphlpapi.h>

#define SHUT_RD SD_RECEIVE
#define SHUT_WR SD_SEND
#define SHUT_RDWR SD_BOTH
// No call returns this: there is always an error of its own.
#define EAI_SYSTEM (-1)

#else

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#endif

#endif  // ISOPOLL_NET_INTERNAL_SOCKET_HEADERS_H_
