#include "echo/loop/threads.h"

#include <system_error>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace isopoll::echo {

absl::Status RunInThreads(size_t count,
                          const std::function<absl::Status(size_t)>& run,
                          Stoppable& all) {
  std::vector<absl::Status> results(count);
  const auto run_one = [&](size_t i) {
    results[i] = run(i);
    if (!results[i].ok()) all.Stop();
  };
  absl::Status status;
  std::vector<std::thread> threads;
  try {
    for (size_t i = 1; i < count; ++i) threads.emplace_back(run_one, i);
  } catch (const std::system_error& error) {
    status = absl::ResourceExhaustedError(
        absl::StrCat("no thread ", threads.size() + 2, " of ", count, ": ",
                     error.code().message(), "; ask for fewer"));
    all.Stop();
  }
  run_one(0);
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) status.Update(result);
  return status;
}

}  // namespace isopoll::echo
