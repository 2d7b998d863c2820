// Claim: what a registration's token says of it.

#ifndef ISOPOLL_TESTS_STRESS_CLAIM_H_
#define ISOPOLL_TESTS_STRESS_CLAIM_H_

#include <cstdint>

#include "isopoll/event.h"
#include "isopoll/interest.h"

namespace isopoll::tests {

struct Claim {
  int number = 0;        // the descriptor's
  uint32_t version = 0;  // each change of a number's registration has a new one
  Interest interest;
  Trigger trigger = Trigger::kLevel;

  Token ToToken() const {
    return static_cast<Token>(number) << 40 |
           static_cast<Token>(trigger == Trigger::kOneShot) << 36 |
           static_cast<Token>(interest.bits()) << 32 | version;
  }
  static Claim FromToken(Token token) {
    Claim claim;
    claim.number = static_cast<int>(token >> 40);
    claim.version = static_cast<uint32_t>(token);
    claim.interest =
        Interest::FromBits(static_cast<uint8_t>(token >> 32 & 0xf));
    claim.trigger =
        (token >> 36 & 1) != 0 ? Trigger::kOneShot : Trigger::kLevel;
    return claim;
  }
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_STRESS_CLAIM_H_
