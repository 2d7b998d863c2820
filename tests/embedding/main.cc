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
  auto result = (*poller)->Wait(absl::MakeSpan(events), absl::Seconds(5));
  if (!result.ok()) return std::cerr << result.status() << "\n", 1;
  std::cout << result->count << " ready: " << events[0].ready() << "\n";
}
