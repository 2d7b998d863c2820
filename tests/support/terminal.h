// Terminals, and waiting for what one has to say to everyone.

#ifndef ISOPOLL_TESTS_SUPPORT_TERMINAL_H_
#define ISOPOLL_TESTS_SUPPORT_TERMINAL_H_

namespace isopoll::tests {

bool IsTerminal(int fd);

// Returns when those that wait for `fd`, a terminal, have been woken for all
// that a look could see of it before the call.
//
// A worker of the kernel hands on what is written to a terminal. It stores the
// input first and wakes the waiting afterwards (__receive_buf of
// drivers/tty/n_tty.c). In between select(2), which looks, sees what epoll(7),
// which is woken, does not: once in some 40,000 looks, where the worker had
// much to do in between. It holds the settings all the while, and who asks how
// much there is to read waits for that (n_tty_ioctl, which takes termios_rwsem
// to write) and wakes nobody.
void AwaitTerminalWakeUps(int fd);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_TERMINAL_H_
