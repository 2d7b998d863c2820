#include "tests/support/sleeper.h"

#include "absl/types/span.h"

namespace isopoll::tests {

Sleeper::Sleeper(Poller& poller, size_t capacity)
    : poller_(poller), call_([this, capacity] {
        waited_.capacity = capacity;
        waited_.slept = true;
        waited_.events.resize(capacity);
        waited_.result = poller_.Wait(absl::MakeSpan(waited_.events),
                                      absl::InfiniteDuration());
        waited_.events.resize(waited_.result.ok() ? waited_.result->count : 0);
      }) {}

Sleeper::~Sleeper() {
  if (!HasReturned()) poller_.Wakeup();
}

}  // namespace isopoll::tests
