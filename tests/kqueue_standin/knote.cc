#include "tests/kqueue_standin/knote.h"

#include <sys/event.h>

#include <cstdint>

#include "tests/kqueue_standin/facts.h"
#include "tests/kqueue_standin/file_kind.h"
#include "tests/kqueue_standin/look.h"

namespace isopoll::kqueue_standin {
namespace {

constexpr int kModes = EV_ONESHOT | EV_CLEAR | EV_DISPATCH;

}  // namespace

Knote::Knote(const Facts& facts, const Subject& subject,
             const struct kevent& change)
    : facts_(facts),
      subject_(subject),
      event_(change),
      flags_(change.flags & kModes) {
  event_.fflags = 0;
  event_.data = 0;
  disabled_ = (change.flags & EV_DISABLE) != 0;
  if (change.filter == EVFILT_USER) ApplyUserNotes(change);
}

void Knote::Change(const struct kevent& change) {
  if ((change.flags & EV_ADD) != 0) {
    event_.udata = change.udata;
    if (!facts_.enable_rearms) spent_ = false;
  }
  if ((change.flags & EV_ENABLE) != 0) {
    disabled_ = false;
    if (facts_.enable_rearms) spent_ = false;
  }
  if ((change.flags & EV_DISABLE) != 0) disabled_ = true;
  if (filter() == EVFILT_USER) ApplyUserNotes(change);
}

void Knote::ApplyUserNotes(const struct kevent& change) {
  const uint32_t notes = change.fflags & NOTE_FFLAGSMASK;
  switch (change.fflags & NOTE_FFCTRLMASK) {
    case NOTE_FFAND:
      event_.fflags &= notes;
      break;
    case NOTE_FFOR:
      event_.fflags |= notes;
      break;
    case NOTE_FFCOPY:
      event_.fflags = notes;
      break;
    default:
      break;
  }
  event_.data = change.data;
  if ((change.fflags & NOTE_TRIGGER) != 0) triggered_ = true;
}

bool Knote::Look() {
  if (filter() == EVFILT_USER) return triggered_;
  Verdict verdict;
  switch (filter()) {
    case EVFILT_READ:
      verdict = LookForRead(facts_, subject_);
      break;
    case EVFILT_WRITE:
      verdict = LookForWrite(facts_, subject_);
      break;
    default:
      verdict = LookForExcept(facts_, subject_);
      // With the end of file an errno takes the place of the notes.
      if (verdict.eof) break;
      verdict.fflags |= seen_notes_;
      seen_notes_ = verdict.fflags;
  }
  if (subject_.kind == FileKind::kTerminal && facts_.terminal_end_is_sticky) {
    at_end_ |= verdict.eof;
    verdict.fires |= at_end_;
    verdict.eof |= at_end_;
  }
  if (!verdict.fires) return false;
  if (verdict.is_last) flags_ |= EV_ONESHOT;
  event_.flags = static_cast<uint16_t>(flags_ | (verdict.eof ? EV_EOF : 0));
  event_.fflags = verdict.fflags;
  event_.data = static_cast<intptr_t>(verdict.data);
  return true;
}

struct kevent Knote::Event() const {
  struct kevent event = event_;
  if (filter() == EVFILT_USER) event.flags = static_cast<uint16_t>(flags_);
  return event;
}

bool Knote::Unheard() const {
  if (filter() == EVFILT_USER) return false;
  const bool mark_fell = filter() == EVFILT_READ && received_.has_value() &&
                         BytesReceived(subject_) == received_;
  return mark_fell || IsUnheard(facts_, subject_, filter());
}

void Knote::LowWaterMarkMoves() {
  if (facts_.low_water_mark_falls_unheard) received_ = BytesReceived(subject_);
}

void Knote::Delivered() {
  if (has(EV_DISPATCH)) spent_ = true;
  if (has(EV_CLEAR)) triggered_ = false;
}

}  // namespace isopoll::kqueue_standin
