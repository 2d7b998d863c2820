#include "echo/load/picture_file.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "net/unique_fd.h"

extern char** environ;  // not every <unistd.h> declares it

namespace isopoll::echo {
namespace {

constexpr char kConverter[] = "rsvg-convert";

absl::Status FileError(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

// Runs the converter until its end. FailedPrecondition: it is not installed.
absl::Status Convert(int in, int out, std::string argument) {
  std::string name = kConverter;
  const std::array<char*, 3> arguments = {name.data(), argument.data(),
                                          nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, kConverter, &actions, nullptr,
                                   arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "PNG is made by ", kConverter,
        ", which is not here: install librsvg2-bin (librsvg on a Mac), or name "
        "an .svg"));
  }
  int status = -1;
  while (::waitpid(pid, &status, 0) == -1 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(kConverter, " failed"));
}

absl::Status CheckConverter() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  return Convert(null.get(), null.get(), "--version");
}

absl::Status WriteSvg(const std::string& path, absl::string_view svg) {
  std::ofstream file(path, std::ios::trunc);
  file << svg << std::flush;
  return file ? absl::OkStatus() : FileError("writing", path);
}

absl::Status WritePng(const std::string& path, absl::string_view svg) {
  // A file and no pipe: it holds the whole, whenever the converter reads it.
  const std::unique_ptr<FILE, int (*)(FILE*)> source(std::tmpfile(),
                                                     &std::fclose);
  if (source == nullptr ||
      std::fwrite(svg.data(), 1, svg.size(), source.get()) != svg.size() ||
      std::fseek(source.get(), 0, SEEK_SET) != 0) {
    return FileError("making a temporary file for", path);
  }
  const UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return FileError("writing", path);
  return Convert(::fileno(source.get()), file.get(), "--format=png");
}

}  // namespace

absl::Status CheckPicturePath(const std::string& path) {
  const bool png = absl::EndsWith(path, ".png");
  if (!png && !absl::EndsWith(path, ".svg")) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected FILE.svg or FILE.png, not '", path, "'"));
  }
  const UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!file) return FileError("writing", path);
  return png ? CheckConverter() : absl::OkStatus();
}

absl::Status WritePicture(const std::string& path, absl::string_view svg) {
  return absl::EndsWith(path, ".png") ? WritePng(path, svg)
                                      : WriteSvg(path, svg);
}

}  // namespace isopoll::echo
