// Mover: a thread that changes its own descriptors and their registrations in
// every way, and checks what the poller answers.

#ifndef ISOPOLL_TESTS_STRESS_MOVER_H_
#define ISOPOLL_TESTS_STRESS_MOVER_H_

#include <cstdint>
#include <random>
#include <vector>

#include "isopoll/poller.h"
#include "tests/stress/claim.h"
#include "tests/stress/moved_file.h"
#include "tests/stress/witness.h"

namespace isopoll::tests {

class Mover {
 public:
  // Of `count` numbers from `first` on. `witness` checks the events.
  Mover(Poller* poller, Witness* witness, bool check_closed, int first,
        int count, uint32_t seed);

  // Does so many operations, unless somebody complains.
  void Run(int operations);
  // Removes and closes everything.
  void CleanUp();

 private:
  struct Item {
    explicit Item(int n) : number(n), file(n) {}

    int number;
    MovedFile file;
    uint32_t version = 0;
    bool registered = false;  // unless it was dropped as closed
    // Closed, and perhaps opened again, without Remove.
    bool reopened = false;
    bool stale = false;  // and without Modify since
  };

  bool Chance(int percent) {
    return static_cast<int>(random_() % 100) < percent;
  }

  void Operate(Item& item);
  void CloseBehindItsBack(Item& item);
  Claim AnyClaim(Item& item);
  void Add(Item& item, const Claim& claim);
  void Modify(Item& item, const Claim& claim);
  void Remove(Item& item);
  void ExpectSeen(Item& item);

  // Whether the poller may have dropped it.
  bool MayBeDropped(const Item& item) const {
    return check_closed_ && item.stale;
  }

  Poller& poller_;
  Witness& witness_;
  const bool check_closed_;
  std::mt19937 random_;
  std::vector<Item> items_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_STRESS_MOVER_H_
