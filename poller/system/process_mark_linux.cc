#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include "poller/system/process_mark.h"

namespace isopoll {
namespace internal {
namespace {

// In a page that the kernel clears in every child: of fork(3), of _Fork(3), and
// of a clone(2) that copies the memory. Null before Linux 4.14.
std::atomic<uint32_t>* MapMark() {
  const size_t size = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  if (::madvise(page, size, MADV_WIPEONFORK) == -1) {
    ::munmap(page, size);
    return nullptr;
  }
  return new (page) std::atomic<uint32_t>(0);
}

std::atomic<uint32_t> unmapped_mark{0};

std::atomic<uint32_t>& Mark() {
  static std::atomic<uint32_t>* const mapped = MapMark();
  return mapped == nullptr ? unmapped_mark : *mapped;
}

}  // namespace

// A child of fork(3) clears the mark itself, too: QEMU, as it runs the programs
// of another processor, promises to clear the page and does not.
std::atomic<uint32_t>& ProcessMark() {
  static std::atomic<uint32_t>& mark = Mark();
  // Fails only when out of memory.
  static const int registered = ::pthread_atfork(
      nullptr, nullptr, [] { Mark().store(0, std::memory_order_relaxed); });
  static_cast<void>(registered);
  return mark;
}

}  // namespace internal
}  // namespace isopoll
