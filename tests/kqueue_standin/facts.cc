#include "tests/kqueue_standin/facts.h"

#include <cerrno>
#include <ctime>
#include <limits>

#include "tests/kqueue_standin/standin.h"

namespace isopoll::kqueue_standin {
namespace {

constexpr time_t kForever = std::numeric_limits<time_t>::max();

constexpr Facts kMacosFacts = {
    /*close_on_exec=*/true,
    /*has_user=*/true,
    /*has_except=*/true,
    /*receipt_keeps_flags=*/true,
    /*enable_rearms=*/true,
    /*add_takes_flags=*/true,
    /*oneshot_may_be_stale=*/false,
    /*closed_errno=*/ENOENT,
    /*refused_errno=*/EINVAL,
    /*no_reader_errno=*/0,
    /*pipe_has_directions=*/false,
    /*fifo_is_blind=*/true,
    /*listener_shut_down_is_silent=*/false,
    /*terminal_hangs_up_silently=*/false,
    /*file_is_writable=*/false,
    /*data_counts_address=*/false,
    // itimerfix() of the kernels before 7195.
    /*longest_timeout_s=*/100000000,
};

constexpr Facts kFreebsdFacts = {
    /*close_on_exec=*/false,
    /*has_user=*/true,
    /*has_except=*/false,
    /*receipt_keeps_flags=*/false,
    /*enable_rearms=*/true,
    /*add_takes_flags=*/false,
    /*oneshot_may_be_stale=*/true,
    /*closed_errno=*/EBADF,
    /*refused_errno=*/ENODEV,
    /*no_reader_errno=*/EPIPE,
    /*pipe_has_directions=*/true,
    /*fifo_is_blind=*/false,
    /*listener_shut_down_is_silent=*/false,
    /*terminal_hangs_up_silently=*/false,
    /*file_is_writable=*/true,
    /*data_counts_address=*/false,
    /*longest_timeout_s=*/kForever,
};

constexpr Facts kNetbsdFacts = {
    /*close_on_exec=*/false,
    /*has_user=*/false,
    /*has_except=*/false,
    /*receipt_keeps_flags=*/false,
    /*enable_rearms=*/false,
    /*add_takes_flags=*/false,
    /*oneshot_may_be_stale=*/true,
    /*closed_errno=*/EBADF,
    /*refused_errno=*/EOPNOTSUPP,
    /*no_reader_errno=*/EBADF,
    /*pipe_has_directions=*/false,
    /*fifo_is_blind=*/false,
    /*listener_shut_down_is_silent=*/true,
    /*terminal_hangs_up_silently=*/true,
    /*file_is_writable=*/false,
    /*data_counts_address=*/true,
    /*longest_timeout_s=*/kForever,
};

}  // namespace

const Facts& FactsOf(Personality personality) {
  switch (personality) {
    case Personality::kMacos:
      return kMacosFacts;
    case Personality::kFreebsd:
      return kFreebsdFacts;
    case Personality::kNetbsd:
      break;
  }
  return kNetbsdFacts;
}

}  // namespace isopoll::kqueue_standin
