#include "echo/service/observer.h"

namespace isopoll::echo {

absl::string_view EndingName(Ending ending) {
  switch (ending) {
    case Ending::kFinished:
      return "finished";
    case Ending::kReset:
      return "reset";
    case Ending::kFailed:
      return "failed";
    case Ending::kStopped:
      return "stopped";
    case Ending::kIdle:
      return "idle";
  }
  return "unknown";
}

}  // namespace isopoll::echo
