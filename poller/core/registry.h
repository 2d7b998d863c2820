// Registry: the table of registrations, indexed by descriptor.

#ifndef ISOPOLL_POLLER_CORE_REGISTRY_H_
#define ISOPOLL_POLLER_CORE_REGISTRY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "poller/system/platform.h"

namespace isopoll {
namespace internal {

// One descriptor's registration. Half a cache line, and never across two.
struct alignas(32) Registration {
  Token token = 0;
  uint64_t changed_at = 0;   // Registry::changes() at its last change
  uint32_t generation = 0;   // tells this registration from earlier ones
  uint32_t reported_in = 0;  // the last Wait that reported it
  Interest interest;         // what the caller wants
  Interest applied;          // what the kernel set watches
  Trigger trigger = Trigger::kLevel;
  bool registered = false;
  bool queued = false;  // in the queue of unapplied changes
  // The kernel set is to be told of it once more, though nothing has changed:
  // the fd may be another file's number by now.
  bool renewed = false;
  // How often it was reported since the kernel was last asked whether the file
  // that reports is the number's still, up to kReportsBetweenChecks.
  uint8_t unchecked_reports = 0;
};

// For a kernel that goes by files (R12): 255 reports, at most, of a file whose
// number is closed, at the price of 1 ns for each report of any.
inline constexpr uint8_t kReportsBetweenChecks = 255;

// Not thread-safe, but for size(), changes() and AnyQueued().
class Registry {
 public:
  // The registration of `fd`, or null. Good until the next Insert.
  Registration* Find(int fd) {
    const size_t index = TableIndex(fd);
    if (index >= table_.size() || !table_[index].registered) return nullptr;
    return CanBeDescriptor(fd) ? &table_[index] : nullptr;
  }

  // Where the registration of `fd`, which has or had one, is.
  Registration& At(int fd) { return table_[TableIndex(fd)]; }

  // A new registration of `fd`, which has none.
  Registration& Insert(int fd, uint32_t generation) {
    const size_t index = TableIndex(fd);
    if (index >= table_.size()) table_.resize(index + 1);
    Registration& registration = table_[index];
    registration.registered = true;
    registration.generation = generation;
    registration.reported_in = 0;
    registration.unchecked_reports = 0;
    MarkChanged(registration);
    SetSize(size() + 1);
    return registration;
  }
  void Erase(Registration& registration) {
    registration.registered = false;
    registration.interest = kNone;
    registration.applied = kNone;
    registration.renewed = false;
    MarkChanged(registration);
    SetSize(size() - 1);
  }

  // A generation no registration has had (in the last four billion).
  uint32_t NewGeneration() { return ++generations_; }

  // Counts changes of registrations, so that what a kernel call says can be
  // told to be older than a change.
  uint64_t changes() const { return changes_.load(std::memory_order_relaxed); }
  void MarkChanged(Registration& registration) {
    registration.changed_at = changes() + 1;
    changes_.store(registration.changed_at, std::memory_order_relaxed);
  }
  // Whether `fd` was added, modified or removed after changes() was `since`.
  // One that never was registered may be asked about: an Add that failed may
  // have let a sleeper's kernel call see it.
  bool ChangedSince(int fd, uint64_t since) const {
    const size_t index = TableIndex(fd);
    return index < table_.size() && table_[index].changed_at > since;
  }

  // Whether the kernel set is to be told of `registration` before it looks.
  static bool Unapplied(const Registration& registration) {
    return registration.renewed ||
           registration.interest != registration.applied;
  }

  // Notes that the registration may be Unapplied, for ForEachQueued.
  void Queue(int fd, Registration& registration) {
    if (registration.queued) return;
    registration.queued = true;
    queue_.push_back(fd);
    any_queued_.store(true, std::memory_order_relaxed);
  }

  bool AnyQueued() const { return any_queued_.load(std::memory_order_relaxed); }

  // Calls visit(fd, registration) for those queued that are Unapplied still.
  // Those for which it returns false stay queued.
  template <typename Visitor>
  void ForEachQueued(Visitor visit) {
    size_t kept = 0;
    for (const int fd : queue_) {
      Registration& registration = At(fd);
      registration.queued = Unapplied(registration) && !visit(fd, registration);
      if (registration.queued) queue_[kept++] = fd;
    }
    queue_.resize(kept);
    any_queued_.store(kept != 0, std::memory_order_relaxed);
  }

  // Calls visit(fd, registration) for all; visit may erase the one it is given.
  template <typename Visitor>
  void ForEach(Visitor visit) {
    for (size_t index = 0; index < table_.size(); ++index) {
      if (table_[index].registered) {
        visit(static_cast<int>(index) * kDescriptorStep, table_[index]);
      }
    }
  }

  size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  // Nowhere fetch_add: there is one writer at a time.
  void SetSize(size_t size) { size_.store(size, std::memory_order_relaxed); }

  std::vector<Registration> table_;
  std::vector<int> queue_;
  std::atomic<size_t> size_{0};
  std::atomic<uint64_t> changes_{0};
  std::atomic<bool> any_queued_{false};
  uint32_t generations_ = 0;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_REGISTRY_H_
