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
    /*oneshot_may_be_stale=*/false,
    /*closed_errno=*/ENOENT,
    /*controlling_terminal_errno=*/EINVAL,
    /*directory_read_errno=*/EINVAL,
    /*directory_write_errno=*/EINVAL,
    /*file_write_errno=*/0,
    /*device_errno=*/EINVAL,
    /*no_reader_errno=*/0,
    /*pipe_goes_both_ways=*/false,
    /*reader_goes_unheard=*/false,
    /*low_water_mark_falls_unheard=*/false,
    /*fifo_is_blind=*/true,
    /*fifo_is_always_writable=*/false,
    /*listener_shut_down_is_silent=*/false,
    /*listener_is_never_writable=*/false,
    /*terminal_hangs_up_silently=*/false,
    /*terminal_end_is_sticky=*/true,
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
    /*oneshot_may_be_stale=*/true,
    /*closed_errno=*/EBADF,
    /*controlling_terminal_errno=*/ENODEV,
    /*directory_read_errno=*/ENODEV,
    /*directory_write_errno=*/ENODEV,
    /*file_write_errno=*/0,
    /*device_errno=*/ENODEV,
    /*no_reader_errno=*/EPIPE,
    /*pipe_goes_both_ways=*/true,
    /*reader_goes_unheard=*/false,
    /*low_water_mark_falls_unheard=*/true,
    /*fifo_is_blind=*/false,
    /*fifo_is_always_writable=*/false,
    /*listener_shut_down_is_silent=*/false,
    /*listener_is_never_writable=*/true,
    /*terminal_hangs_up_silently=*/false,
    /*terminal_end_is_sticky=*/false,
    /*data_counts_address=*/false,
    /*longest_timeout_s=*/kForever,
};

constexpr Facts kNetbsdFacts = {
    /*close_on_exec=*/false,
    /*has_user=*/false,
    /*has_except=*/false,
    /*receipt_keeps_flags=*/false,
    /*enable_rearms=*/false,
    /*oneshot_may_be_stale=*/true,
    /*closed_errno=*/EBADF,
    /*controlling_terminal_errno=*/EOPNOTSUPP,
    /*directory_read_errno=*/0,
    /*directory_write_errno=*/EINVAL,
    /*file_write_errno=*/EINVAL,
    /*device_errno=*/0,
    /*no_reader_errno=*/EBADF,
    /*pipe_goes_both_ways=*/false,
    /*reader_goes_unheard=*/true,
    /*low_water_mark_falls_unheard=*/true,
    /*fifo_is_blind=*/false,
    /*fifo_is_always_writable=*/true,
    /*listener_shut_down_is_silent=*/true,
    /*listener_is_never_writable=*/false,
    /*terminal_hangs_up_silently=*/true,
    /*terminal_end_is_sticky=*/false,
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
