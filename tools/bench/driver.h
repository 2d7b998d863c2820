// What a driver is: the one thing that the subjects of a comparison do
// differently.
//
//   template <typename Handler>
//   class SomeDriver {
//    public:
//     // Calls handler->Ready(tag, ready) for events and handler->Woken() for
//     // a Wake. Handler::kThreads says whether Wake comes from other threads.
//     explicit SomeDriver(Handler* handler);
//
//     // `wanted` and `ready` are sets of kRead and kWrite. Tags are small and
//     // not in use twice.
//     void Add(int fd, int wanted, size_t tag);
//     void Change(int fd, int wanted, size_t tag);
//     void Remove(int fd, size_t tag);
//
//     void Look();  // handles what is ready now, without sleep
//     void Run();   // waits and handles until handler->done()
//     void Wake();  // from any thread
//   };
//
// Templates and not virtual functions, so that a raw loop is exactly what one
// would write by hand, its body inlined.

#ifndef ISOPOLL_TOOLS_BENCH_DRIVER_H_
#define ISOPOLL_TOOLS_BENCH_DRIVER_H_

#include <cstddef>

namespace isopoll::bench {

inline constexpr int kRead = 1;
inline constexpr int kWrite = 2;

// How many events one call takes, where the caller says how many.
inline constexpr size_t kBatch = 1024;

}  // namespace isopoll::bench

#endif  // ISOPOLL_TOOLS_BENCH_DRIVER_H_
