// Which release of isopoll this is.

#ifndef ISOPOLL_POLLER_VERSION_H_
#define ISOPOLL_POLLER_VERSION_H_

// MAJOR.MINOR.PATCH, as in semver.org. CMake reads it here, and a test holds
// MODULE.bazel and CHANGELOG.md to it.
#define ISOPOLL_VERSION "0.1.0"

#endif  // ISOPOLL_POLLER_VERSION_H_
