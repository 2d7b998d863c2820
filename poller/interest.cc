#include "isopoll/interest.h"

#include <string>

namespace isopoll {

std::string Interest::ToString() const {
  if (empty()) return "-";
  std::string text;
  if (readable()) text += 'r';
  if (writable()) text += 'w';
  if (priority()) text += 'p';
  if (!valid()) text += '?';
  return text;
}

}  // namespace isopoll
