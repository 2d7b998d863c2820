#include "tools/bench/must.h"

#include <string.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

namespace isopoll::bench {

void Fail(const char* what) {
  const int error = errno;
  std::cerr << "bench: " << what;
  if (error != 0) std::cerr << " (errno: " << ::strerror(error) << ")";
  std::cerr << std::endl;
  std::exit(1);
}

}  // namespace isopoll::bench
