#include "tests/stress/mover.h"

#include <cstdint>
#include <random>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/conformance/eventually.h"
#include "tests/stress/claim.h"
#include "tests/stress/witness.h"

namespace isopoll::tests {

Mover::Mover(Poller* poller, Witness* witness, bool check_closed, int first,
             int count, uint32_t seed)
    : poller_(*poller),
      witness_(*witness),
      check_closed_(check_closed),
      random_(seed) {
  for (int i = 0; i < count; ++i) items_.emplace_back(first + i);
}

void Mover::Run(int operations) {
  for (int i = 0; i < operations && !witness_.complained(); ++i) {
    Operate(items_[random_() % items_.size()]);
  }
}

void Mover::CleanUp() {
  for (Item& item : items_) {
    if (item.registered) Remove(item);
    item.file.Close();
  }
}

void Mover::Operate(Item& item) {
  switch (random_() % 14) {
    case 0:
    case 1:
      if (!item.file.open() && !item.registered) item.file.Open(random_);
      break;
    case 2:
    case 3:
    case 4:
      item.registered ? Modify(item, AnyClaim(item))
                      : Add(item, AnyClaim(item));
      break;
    case 5:
      if (item.registered) Remove(item);
      break;
    case 6:
      if (item.registered && Chance(70)) Remove(item);
      if (!item.registered) item.file.Close();
      break;
    case 7:
      if (item.registered && item.file.open()) CloseBehindItsBack(item);
      break;
    case 8:  // another file gets the number of a registration
      if (item.registered && !item.file.open() && Chance(50)) {
        item.file.Open(random_);
      }
      break;
    case 9:
      item.file.Write();
      break;
    case 10:
      item.file.Drain();
      break;
    case 11:
      item.file.HangUp();
      break;
    case 12:
      if (Chance(20)) ExpectSeen(item);
      break;
    case 13:
      if (Chance(5)) {
        witness_.WaitOnce(random_);
      } else if (Chance(30)) {
        witness_.Wake();
      }
      break;
  }
}

void Mover::CloseBehindItsBack(Item& item) {
  witness_.SetClosed(item.number, item.version);
  item.stale = true;
  item.reopened = true;
  item.file.Close();
}

Claim Mover::AnyClaim(Item& item) {
  return {item.number, ++item.version,
          Interest::FromBits(static_cast<uint8_t>(random_() % 8)),
          Chance(30) ? Trigger::kOneShot : Trigger::kLevel};
}

void Mover::Add(Item& item, const Claim& claim) {
  const absl::Status status =
      poller_.Add(item.number, claim.interest, claim.ToToken(), claim.trigger);
  const bool expected =
      item.file.open() ? status.ok() : absl::IsFailedPrecondition(status);
  if (!expected) witness_.Complain(absl::StrCat("Add: ", status.ToString()));
  if (!status.ok()) return;
  witness_.SetGone(item.number, claim.version - 1);
  item.registered = true;
}

// Says that the number is what it is now, so that an open one is stale no more.
void Mover::Modify(Item& item, const Claim& claim) {
  const bool open = item.file.open();
  if (!open) witness_.SetClosed(item.number, claim.version);
  const absl::Status status = poller_.Modify(item.number, claim.interest,
                                             claim.ToToken(), claim.trigger);
  if (status.ok()) {
    witness_.SetGone(item.number, claim.version - 1);
    item.stale = !open;
  } else if (absl::IsNotFound(status) && MayBeDropped(item)) {
    witness_.SetGone(item.number, claim.version);
    item.registered = false;
    item.stale = false;
    item.reopened = false;
  } else {
    witness_.Complain(absl::StrCat("Modify: ", status.ToString()));
  }
}

void Mover::Remove(Item& item) {
  const absl::Status status = poller_.Remove(item.number);
  if (!status.ok() && !(absl::IsNotFound(status) && MayBeDropped(item))) {
    witness_.Complain(absl::StrCat("Remove: ", status.ToString()));
  }
  witness_.SetGone(item.number, item.version);
  item.registered = false;
  item.stale = false;
  item.reopened = false;
}

// What is readable and asked for is reported, within a bound.
void Mover::ExpectSeen(Item& item) {
  item.file.Write();
  if (!item.file.readable()) return;
  if (item.registered && item.reopened) {
    // A change that was undone before a Wait said nothing of the new file.
    Modify(item, {item.number, ++item.version, kReadable, Trigger::kLevel});
  }
  const Claim claim = {item.number, ++item.version, kReadable, Trigger::kLevel};
  item.registered ? Modify(item, claim) : Add(item, claim);
  if (!item.registered) return;  // dropped
  if (!Eventually(
          [&] { return witness_.LastReported(item.number, claim.version); })) {
    witness_.Complain(absl::StrCat("never seen: fd ", item.number));
  }
}

}  // namespace isopoll::tests
