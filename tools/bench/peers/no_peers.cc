#include "tools/bench/peers/peers.h"
#include "tools/bench/subject.h"

namespace isopoll::bench {

Subjects PeerSubjects() { return {}; }

}  // namespace isopoll::bench
