// A fuzz target: what is called with bytes, again and again. Linked with
// libFuzzer it is a fuzzer, with corpus_main.cc the test of a corpus.

#ifndef ISOPOLL_TESTS_FUZZ_FUZZ_TARGET_H_
#define ISOPOLL_TESTS_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "absl/strings/string_view.h"

// As libFuzzer wants it. Ends the process if something is wrong.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace isopoll::tests {

// Ends the process with `what`, unless `holds`.
inline void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::cerr << "\nFOUND: " << what << std::endl;
  std::abort();
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_FUZZ_FUZZ_TARGET_H_
