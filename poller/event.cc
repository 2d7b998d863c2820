#include "isopoll/event.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace isopoll {

std::string Event::ToString() const {
  return absl::StrCat("fd ", fd(), " token ", token(), " ", ready().ToString(),
                      hangup() ? " hangup" : "",
                      read_closed() ? " read_closed" : "",
                      error() ? " error" : "", closed() ? " closed" : "");
}

}  // namespace isopoll
