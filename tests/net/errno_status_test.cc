#include "net/internal/errno_status.h"

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

struct Row {
  int error;
  absl::StatusCode code;
};

TEST(ErrnoStatusTest, SaysWhatTheSystemSays) {
  for (const Row& row : {
           Row{EBADF, absl::StatusCode::kFailedPrecondition},
           Row{EACCES, absl::StatusCode::kPermissionDenied},
           Row{EINVAL, absl::StatusCode::kInvalidArgument},
           Row{EMFILE, absl::StatusCode::kResourceExhausted},
           Row{ENOMEM, absl::StatusCode::kResourceExhausted},
           Row{ENOENT, absl::StatusCode::kNotFound},
           Row{EAFNOSUPPORT, absl::StatusCode::kUnimplemented},
           Row{ECONNREFUSED, absl::StatusCode::kUnavailable},
           Row{ECONNRESET, absl::StatusCode::kUnavailable},
       }) {
    const absl::Status status = sys::ErrnoStatus(row.error, "call of fd 7");
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_EQ(status.message(),
              absl::StrCat("call of fd 7: ", ErrorText(row.error)));
  }
}

TEST(ErrnoStatusTest, NoErrorIsOk) {
  EXPECT_TRUE(sys::ErrnoStatus(0, "call").ok());
}

}  // namespace
}  // namespace isopoll
