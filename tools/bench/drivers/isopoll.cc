#include "tools/bench/drivers/isopoll.h"

#include "tools/bench/drivers/own.h"
#include "tools/bench/subject.h"
#include "tools/bench/workloads/all.h"

namespace isopoll::bench {

Subjects IsopollSubjects() {
  return {MakeSubject<IsopollEpoll>("isopoll", "epoll"),
          MakeSubject<IsopollPoll>("isopoll", "poll"),
          MakeSubject<IsopollSelect>("isopoll", "select")};
}

}  // namespace isopoll::bench
