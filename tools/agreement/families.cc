#include "tools/agreement/families.h"

#include <cstddef>

namespace isopoll::agreement {
namespace {

std::string Title(char letter) {
  switch (letter) {
    case 'T':
      return "TCP";
    case 'O':
      return "TCP out-of-band data";
    case 'U':
      return "UDP";
    case 'X':
      return "Unix-domain sockets";
    case 'P':
      return "Pipes";
    case 'F':
      return "FIFOs";
    case 'S':
      return "Special descriptors";
    case 'Y':
      return "Terminals";
    case 'D':
      return "Files and devices";
    default:
      return std::string(1, letter);
  }
}

}  // namespace

std::vector<Family> Families(const Matrix& matrix) {
  const absl::Span<const Row> rows = matrix.rows;
  std::vector<Family> families;
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    const char letter = rows[begin].state.front();
    while (end < rows.size() && rows[end].state.front() == letter) ++end;
    families.push_back({Title(letter), rows.subspan(begin, end - begin)});
  }
  return families;
}

}  // namespace isopoll::agreement
