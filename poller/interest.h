// Interest, a set of the three conditions that select(2) knows, and Trigger.

#ifndef ISOPOLL_POLLER_INTEREST_H_
#define ISOPOLL_POLLER_INTEREST_H_

#include <cstdint>
#include <ostream>
#include <string>

namespace isopoll {

// A set of directions: what a caller wants to hear about, or what is ready.
// A value type, one byte, usable in constant expressions.
class Interest {
 public:
  // The empty set.
  constexpr Interest() = default;

  // The set whose bits are `bits`: 1 readable, 2 writable, 4 priority. Bits
  // beyond these are kept, so that Poller can refuse them: see valid().
  static constexpr Interest FromBits(uint8_t bits) { return Interest(bits); }
  constexpr uint8_t bits() const { return bits_; }

  constexpr bool empty() const { return bits_ == 0; }
  // Whether no bit is set beyond the three known ones.
  constexpr bool valid() const { return (bits_ & ~0x7) == 0; }

  constexpr bool readable() const { return (bits_ & 1) != 0; }
  constexpr bool writable() const { return (bits_ & 2) != 0; }
  constexpr bool priority() const { return (bits_ & 4) != 0; }

  // Union, intersection, difference.
  friend constexpr Interest operator|(Interest a, Interest b) {
    return Interest(static_cast<uint8_t>(a.bits_ | b.bits_));
  }
  friend constexpr Interest operator&(Interest a, Interest b) {
    return Interest(static_cast<uint8_t>(a.bits_ & b.bits_));
  }
  friend constexpr Interest operator-(Interest a, Interest b) {
    return Interest(static_cast<uint8_t>(a.bits_ & ~b.bits_));
  }
  Interest& operator|=(Interest other) { return *this = *this | other; }
  Interest& operator&=(Interest other) { return *this = *this & other; }
  Interest& operator-=(Interest other) { return *this = *this - other; }

  friend constexpr bool operator==(Interest a, Interest b) {
    return a.bits_ == b.bits_;
  }
  friend constexpr bool operator!=(Interest a, Interest b) { return !(a == b); }

  // "rwp", or those letters of it that are in the set, with a "?" for unknown
  // bits; "-" for the empty set.
  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out, Interest interest) {
    return out << interest.ToString();
  }

 private:
  explicit constexpr Interest(uint8_t bits) : bits_(bits) {}

  uint8_t bits_ = 0;
};

// select's empty set: with it a registration is parked and reports nothing.
inline constexpr Interest kNone = Interest::FromBits(0);

// A read would not block: there is data at or above SO_RCVLOWAT, end of file,
// a completed connection on a listener, or a pending error.
inline constexpr Interest kReadable = Interest::FromBits(1);

// A write would not block: there is room at or above SO_SNDLOWAT, the write
// half is closed, a connect has finished, or an error is pending.
inline constexpr Interest kWritable = Interest::FromBits(2);

// select's exceptional condition: out-of-band data on a socket, a packet-mode
// state change on a pseudo-terminal.
inline constexpr Interest kPriority = Interest::FromBits(4);

// How long a registered interest lasts.
enum class Trigger : uint8_t {
  kLevel,    // reported by every Wait while it holds
  kOneShot,  // reported by one Wait; then parked until Modify
};

}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTEREST_H_
