#include <winsock2.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/internal/sys.h"
#include "net/internal/winsock.h"
#include "tests/net/testing.h"

namespace isopoll {

bool IsOpen(int fd) {
  int type;
  socklen_t size = sizeof(type);
  return sys::GetSockOpt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

bool HasFlags(int fd) {
  DWORD flags;
  return ::GetHandleInformation(
             reinterpret_cast<HANDLE>(internal::ToSocket(fd)), &flags) &&
         (flags & HANDLE_FLAG_INHERIT) == 0;
}

std::string ErrorText(int error) {
  return internal::Describe(internal::FromErrno(error));
}

bool HasSocketPairs() { return false; }

bool OnWine() {
  return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"),
                          "wine_get_version") != nullptr;
}

void TakeBrokenPipesAsFatal() {}

ScratchDirectory::ScratchDirectory() {
  static std::atomic<int> count{0};
  // One that was killed, and had this process's number, may have left some.
  bool is_new = false;
  for (int i = 0; i < 1000 && !is_new; ++i) {
    path_ = (std::filesystem::temp_directory_path() /
             absl::StrCat("isopoll.", ::GetCurrentProcessId(), ".", ++count))
                .string();
    is_new = std::filesystem::create_directory(path_);
  }
  EXPECT_TRUE(is_new) << path_;
}

}  // namespace isopoll
