# The files of //poller and of //net, for each system: what select() chooses in
# their BUILD files. tools/check --cmake holds the two to each other.

cmake_policy(VERSION 3.16)

# isopoll_sources(SYSTEM BACKENDS OUT): sets OUT to the files for a system, by
# CMake's name of it, with the backends given.
function(isopoll_sources system backends out)
  set(files
    net/datagram.cc
    net/endpoint.cc
    net/internal/bind.cc
    net/internal/unix_path.cc
    net/options.cc
    net/pairs.cc
    net/socket.cc
    net/socket_address.cc
    net/transfer.cc
    net/unique_fd.cc
    poller/backend.cc
    poller/core/closed_finder.cc
    poller/core/deadline.cc
    poller/core/errors.cc
    poller/core/fork_guard.cc
    poller/core/harvest.cc
    poller/core/hint_finder.cc
    poller/core/mutex.cc
    poller/event.cc
    poller/interest.cc
    poller/linked_backends.cc
    poller/poller.cc
    poller/system/poll_by_select.cc
    poller/system/poll_dialect.cc
    poller/system/poll_watch.cc)

  if(system STREQUAL "Windows")
    list(APPEND files
      net/inherited_windows.cc
      net/internal/descriptors_windows.cc
      net/internal/dialect_windows.cc
      net/internal/errno_status_windows.cc
      net/internal/file_kind_windows.cc
      net/internal/sys_windows.cc
      net/internal/winsock.cc
      poller/system/poll_call_windows.cc
      poller/system/process_mark_windows.cc
      poller/system/select_call_windows.cc
      poller/system/wakeup_fd_udp.cc
      poller/system/windows_descriptor_calls.cc)
  else()
    list(APPEND files
      net/inherited.cc
      net/internal/errno_status_posix.cc
      net/internal/file_kind_posix.cc
      net/internal/sys_posix.cc
      poller/system/select_call_pselect.cc
      poller/system/unix_descriptor_calls.cc)
    if(system STREQUAL "Linux")
      list(APPEND files
        net/internal/dialect_linux.cc
        poller/system/process_mark_linux.cc
        poller/system/wakeup_fd_linux.cc)
    else()
      list(APPEND files
        net/internal/dialect_bsd.cc
        poller/system/process_mark_atfork.cc
        poller/system/wakeup_fd_pipe.cc)
    endif()
    if(system STREQUAL "Darwin")
      list(APPEND files
        net/internal/descriptors_fcntl.cc
        poller/system/poll_call_macos.cc)
    else()
      list(APPEND files net/internal/descriptors_accept4.cc)
      if(system STREQUAL "NetBSD")
        list(APPEND files poller/system/poll_call_netbsd.cc)
      else()
        list(APPEND files poller/system/poll_call_ppoll.cc)
      endif()
    endif()
  endif()
  if(system STREQUAL "Darwin")
    list(APPEND files poller/system/false_priority_macos.cc)
  else()
    list(APPEND files poller/system/false_priority_none.cc)
  endif()

  if("select" IN_LIST backends)
    list(APPEND files poller/select/select_set.cc)
  endif()
  if("poll" IN_LIST backends)
    list(APPEND files poller/poll/poll_set.cc)
  endif()
  if("epoll" IN_LIST backends)
    list(APPEND files
      poller/epoll/epoll_calls.cc
      poller/epoll/epoll_set.cc)
  endif()
  if("kqueue" IN_LIST backends)
    isopoll_system_name("${system}" name)
    list(APPEND files
      poller/kqueue/kqueue_filters.cc
      poller/kqueue/kqueue_queue.cc
      poller/kqueue/kqueue_set.cc
      poller/kqueue/kqueue_system.cc
      poller/kqueue/kqueue_system_${name}.cc)
  endif()
  if("afd" IN_LIST backends)
    list(APPEND files
      poller/afd/afd_driver.cc
      poller/afd/afd_set.cc)
  endif()
  list(SORT files)
  set(${out} ${files} PARENT_SCOPE)
endfunction()

# isopoll_backends(SYSTEM OUT): sets OUT to the backends that a system has.
function(isopoll_backends system out)
  set(backends select poll)
  if(system STREQUAL "Linux")
    list(APPEND backends epoll)
  elseif(system STREQUAL "Windows")
    list(APPEND backends afd)
  else()
    list(APPEND backends kqueue)
  endif()
  set(${out} ${backends} PARENT_SCOPE)
endfunction()

# isopoll_system_name(SYSTEM OUT): sets OUT to our name of a system.
function(isopoll_system_name system out)
  string(TOLOWER "${system}" name)
  if(name STREQUAL "darwin")
    set(name macos)
  elseif(NOT name MATCHES "^(dragonfly|freebsd|linux|netbsd|openbsd|windows)$")
    message(FATAL_ERROR "isopoll has not been brought to ${system}: see the "
      "platforms in README.md")
  endif()
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# cmake -D SYSTEM=FreeBSD -P sources.cmake: prints them.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  isopoll_backends("${SYSTEM}" backends)
  isopoll_sources("${SYSTEM}" "${backends}" files)
  foreach(file IN LISTS files)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${file}")
  endforeach()
endif()
