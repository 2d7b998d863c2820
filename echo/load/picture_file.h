// Pictures on the disk.

#ifndef ISOPOLL_ECHO_LOAD_PICTURE_FILE_H_
#define ISOPOLL_ECHO_LOAD_PICTURE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace isopoll::echo {

// Whether a picture can be written to `path`, which leaves what the file holds
// as it is: a ".svg", or a ".png" where rsvg-convert, of librsvg, is installed.
// InvalidArgument, or FailedPrecondition where it is not, says what to do.
absl::Status CheckPicturePath(const std::string& path);

// Writes a picture, of which `svg` is the SVG document, in place of what the
// file held.
absl::Status WritePicture(const std::string& path, absl::string_view svg);

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_PICTURE_FILE_H_
