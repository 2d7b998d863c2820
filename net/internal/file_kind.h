// What is at the path of a Unix-domain address.

#ifndef ISOPOLL_NET_INTERNAL_FILE_KIND_H_
#define ISOPOLL_NET_INTERNAL_FILE_KIND_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace isopoll {
namespace internal {

enum class FileKind { kNone, kDirectory, kSocket, kOther };

// What `path` names; a symbolic link is a file of its own.
absl::StatusOr<FileKind> KindOfFile(const std::string& path);

// Removes the file at `path`. OK also if there is none.
absl::Status RemoveFile(const std::string& path);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_NET_INTERNAL_FILE_KIND_H_
