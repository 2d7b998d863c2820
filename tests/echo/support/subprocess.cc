#include "tests/echo/support/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gtest/gtest.h"

extern char** environ;

namespace isopoll::echo {
namespace {

constexpr int kMilliseconds = 30000;

struct PipeEnds {
  UniqueFd read;
  UniqueFd write;
};

PipeEnds MakePipe() {
  int fds[2];
  EXPECT_EQ(::pipe(fds), 0) << ::strerror(errno);
  for (int fd : fds) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

void ReadOnce(short revents, UniqueFd& fd, std::string& text) {
  if (revents == 0) return;
  char buffer[4096];
  const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
  if (count > 0) {
    text.append(buffer, count);
  } else {
    fd.reset();
  }
}

}  // namespace

Subprocess::Subprocess(const std::string& program,
                       std::vector<std::string> args,
                       const std::vector<int>& inherited) {
  PipeEnds in = MakePipe();
  PipeEnds out = MakePipe();
  PipeEnds err = MakePipe();
  std::string path = program;
  std::vector<char*> argv = {&path[0]};
  for (std::string& arg : args) argv.push_back(&arg[0]);
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.read.get(), STDIN_FILENO);
  // Onto itself: it is then kept, though it is close-on-exec.
  for (const int fd : inherited) {
    ::posix_spawn_file_actions_adddup2(&actions, fd, fd);
  }
  ::posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.write.get(), STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, path.c_str(), &actions, nullptr,
                                  argv.data(), environ);
  EXPECT_EQ(error, 0) << path << ": " << ::strerror(error);
  ::posix_spawn_file_actions_destroy(&actions);
  in_pipe_ = std::move(in.write);
  out_pipe_ = std::move(out.read);
  err_pipe_ = std::move(err.read);
}

Subprocess::~Subprocess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Subprocess::Type(absl::string_view text) {
  EXPECT_EQ(::write(in_pipe_.get(), text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
}

std::string Subprocess::TakeLine(std::string& text) {
  size_t end;
  while ((end = text.find('\n')) == std::string::npos) {
    if (Pump()) continue;
    ADD_FAILURE() << "no further line after \"" << out_ << "\"; " << err_;
    return "";
  }
  const std::string line = text.substr(0, end);
  text.erase(0, end + 1);
  return line;
}

void Subprocess::Signal(int signal) {
  EXPECT_EQ(::kill(pid_, signal), 0) << ::strerror(errno);
}

int Subprocess::Join() {
  FinishTyping();
  while (Pump()) continue;
  int status = 0;
  EXPECT_EQ(::waitpid(pid_, &status, 0), pid_) << ::strerror(errno);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool Subprocess::Pump() {
  pollfd fds[] = {{out_pipe_.get(), POLLIN, 0}, {err_pipe_.get(), POLLIN, 0}};
  if (!out_pipe_ && !err_pipe_) return false;
  if (::poll(fds, 2, kMilliseconds) == 0) {
    ADD_FAILURE() << "it says nothing more, and does not end";
    ::kill(pid_, SIGKILL);
    return false;
  }
  ReadOnce(fds[0].revents, out_pipe_, out_);
  ReadOnce(fds[1].revents, err_pipe_, err_);
  return true;
}

}  // namespace isopoll::echo
