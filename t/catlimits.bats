# catlimits: print the soft resource limits.
# SPDX-License-Identifier: Apache-2.0

load helper

@test "catlimits prints a line for each resource, also for one that there is not" {
  ends 0 runlimit -c 0 -o 50 -f 5G catlimits ignored
  [ "$(cut -f 1 <<< "$output" | tr '\n' ' ')" = 'RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_LOCKS RLIMIT_MEMLOCK RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_RSS RLIMIT_SBSIZE RLIMIT_STACK ' ]
  [ "${lines[1]}" = $'RLIMIT_CORE\tmaximum size core file (bytes): 0' ]
  [ "${lines[4]}" = $'RLIMIT_FSIZE\tmaximum file size that may be created (bytes): 5368709120' ]
  [ "${lines[7]}" = $'RLIMIT_NOFILE\tmaximum number of open files per process (files): 50' ]
  [ "${lines[10]}" = $'RLIMIT_SBSIZE\t[not provided on this platform]' ]
  complains ''
}

@test "no limit is unlimited" {
  ulimit -Sf unlimited
  ends 0 catlimits
  [ "${lines[4]}" = $'RLIMIT_FSIZE\tmaximum file size that may be created (bytes): unlimited' ]
}

@test "catlimits refuses an option that it does not have; -h and -V answer" {
  ends 100 catlimits -Z
  misuse catlimits 'invalid option: -Z'
  ends 0 catlimits -h
  complains 'usage: catlimits [-hV]'
  ends 0 catlimits -V
  complains 'catlimits: version: 2.07'
}

@test "catlimits fails where it can't print" {
  ends 111 sh -c 'catlimits > /dev/full'
  complains 'catlimits: fatal: failure writing to standard output: out of disk space (ENOSPC)'
  ends 111 sh -c 'catlimits >&-'
}
