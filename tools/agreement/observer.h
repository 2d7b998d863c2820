// Observer: fills a column of the matrix.

#ifndef ISOPOLL_TOOLS_AGREEMENT_OBSERVER_H_
#define ISOPOLL_TOOLS_AGREEMENT_OBSERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "tools/agreement/matrix.h"

namespace isopoll::agreement {

class Observer {
 public:
  virtual ~Observer() = default;

  virtual Column column() const = 0;

  // Looks at `fd` once, without sleep, asking about everything the column can
  // say, and leaves nothing behind. Data and errors stay where they are.
  // Returns the cell's text. Called by one thread.
  virtual std::string Look(int fd) = 0;
};

using Observers = std::vector<std::unique_ptr<Observer>>;

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_OBSERVER_H_
