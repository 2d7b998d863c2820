#include <windows.h>

#include <filesystem>

#include "echo/system.h"

namespace isopoll::echo {

// There is nothing to do: a socket gets no number of the C library's.
void OpenStandardDescriptors() {}

// There is nothing to raise: a process may have 16 million handles.
uint64_t RaiseDescriptorLimit() { return uint64_t{1} << 24; }

bool HasTerminal() {
  const HANDLE console = ::GetStdHandle(STD_ERROR_HANDLE);
  DWORD mode = 0;
  return ::GetConsoleMode(console, &mode) != 0 &&
         ::SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) !=
             0;
}

FileNumber FileNumberOf(const std::string& path) {
  // No right is needed to ask. A socket is a reparse point, as a link is.
  const HANDLE file = ::CreateFileW(
      std::filesystem::u8path(path).c_str(), /*dwDesiredAccess=*/0,
      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
      /*lpSecurityAttributes=*/nullptr, OPEN_EXISTING,
      FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS,
      /*hTemplateFile=*/nullptr);
  if (file == INVALID_HANDLE_VALUE) return {};
  BY_HANDLE_FILE_INFORMATION facts = {};
  ::GetFileInformationByHandle(file, &facts);
  ::CloseHandle(file);
  return {facts.dwVolumeSerialNumber,
          uint64_t{facts.nFileIndexHigh} << 32 | facts.nFileIndexLow};
}

}  // namespace isopoll::echo
