// Runs a fuzz target on each file that the arguments name, once. What went
// wrong is below the last name.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "tests/fuzz/fuzz_target.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "no files: the corpus is empty\n";
    return 1;
  }
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::cerr << "cannot read " << argv[i] << '\n';
      return 1;
    }
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::cout << argv[i] << std::endl;
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()),
                           bytes.size());
  }
  return 0;
}
