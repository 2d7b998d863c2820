#include <unistd.h>

#include <iostream>

#include "isopoll/poller.h"

int main() {
  auto poller = isopoll::Poller::Create();
  if (!poller.ok()) return std::cerr << poller.status() << "\n", 1;
  const absl::Status added =
      (*poller)->Add(STDIN_FILENO, isopoll::kReadable, /*token=*/7);
  if (!added.ok()) return std::cerr << added << "\n", 1;
  isopoll::Event events[64];
  for (;;) {
    auto result = (*poller)->Wait(absl::MakeSpan(events), absl::Seconds(5));
    if (!result.ok()) return std::cerr << result.status() << "\n", 1;
    if (result->count == 0) return std::cerr << "nothing in 5 seconds\n", 1;
    for (size_t i = 0; i < result->count; ++i) {
      char buffer[4096];
      const ssize_t bytes = read(STDIN_FILENO, buffer, sizeof(buffer));
      if (bytes <= 0) return bytes < 0;
      std::cout << "token " << events[i].token() << " is ready ("
                << events[i].ready() << "): " << bytes << " bytes\n";
    }
  }
}
