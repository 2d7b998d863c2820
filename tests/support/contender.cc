#include "tests/support/contender.h"

#include "absl/strings/str_cat.h"

namespace isopoll::tests {

Contender PlainContender(Backend backend) {
  Contender contender;
  contender.name = std::string(BackendName(backend));
  contender.create = [backend] {
    PollerOptions options;
    options.backend = backend;
    return Poller::Create(options);
  };
  return contender;
}

Contender ExactContender(Backend backend) {
  Contender contender;
  contender.name = absl::StrCat(BackendName(backend), "(exact)");
  contender.exact_hints = true;
  contender.check_closed = true;
  contender.create = [backend] {
    PollerOptions options;
    options.backend = backend;
    options.exact_hints = true;
    options.check_closed = true;
    return Poller::Create(options);
  };
  return contender;
}

std::vector<Contender> SupportedContenders() {
  std::vector<Contender> contenders;
  for (Backend backend : SupportedBackends()) {
    contenders.push_back(PlainContender(backend));
    contenders.push_back(ExactContender(backend));
  }
  return contenders;
}

}  // namespace isopoll::tests
