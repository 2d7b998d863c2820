#include "tools/bench/drivers/own.h"
#include "tools/bench/drivers/raw_epoll.h"
#include "tools/bench/drivers/raw_poll.h"
#include "tools/bench/drivers/raw_select.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {

Subjects RawSubjects() {
  return {MakeSubject<RawEpoll>("raw", "epoll"),
          MakeSubject<RawPoll>("raw", "poll"),
          MakeSubject<RawSelect>("raw", "select")};
}

}  // namespace isopoll::bench
