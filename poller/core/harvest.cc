#include "poller/core/harvest.h"

#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/core/registry.h"

namespace isopoll {
namespace internal {

bool Harvest::TakeCheck(int fd) {
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr ||
      registration->unchecked_reports < kReportsBetweenChecks) {
    return false;
  }
  registration->unchecked_reports = 0;
  return true;
}

void Harvest::Renew(int fd) {
  Registration& registration = registry_.At(fd);
  registration.renewed = true;
  registry_.Queue(fd, registration);
}

bool Harvest::OfferClosed(int fd) {
  Registration* registration = registry_.Find(fd);
  if (registration == nullptr || registry_.ChangedSince(fd, snapshot_)) {
    return false;
  }
  registration->applied = kNone;
  if (closed_finder_ == nullptr || full() || Reported(*registration)) {
    return true;
  }
  Event& event = events_[count_++];
  event = Event(fd, registration->token, kNone);
  event.MarkClosed();
  registry_.Erase(*registration);
  return true;
}

}  // namespace internal
}  // namespace isopoll
