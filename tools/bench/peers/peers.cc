#include "tools/bench/peers/peers.h"

#include "tools/bench/peers/asio.h"
#include "tools/bench/peers/libev.h"
#include "tools/bench/peers/libevent.h"
#include "tools/bench/peers/libuv.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

Subjects PeerSubjects() {
  return {LibevSubject(), LibeventSubject(), LibuvSubject(), AsioSubject()};
}

}  // namespace isopoll::bench
