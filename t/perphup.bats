# perphup: have perpd look at its base directory, or end.
# SPDX-License-Identifier: Apache-2.0

load helper
load perp

@test "perphup -h prints its usage line, -V the version of the interface" {
  ends 0 perphup -h
  complains 'usage: perphup [-hV] [-q] [-t] [basedir]'
  ends 0 perphup -V
  complains 'version: perphup 2.07'
  ends 100 perphup -b "$base"
  [ "${stderr%%$'\n'*}" = 'perphup usage error: invalid option -b' ]
}

@test "perphup has perpd look at its base directory" {
  supervise
  service one
  ends 0 perphup "$base" ignored
  prints ''
  complains "perphup: perpd rescan triggered on $base"
  wait_until traced one 'start one'
}

@test "perphup -q says nothing of success" {
  supervise
  ends 0 perphup -q "$base"
  complains ''
}

@test "perphup -t ends perpd" {
  service one
  supervise
  wait_until traced one 'start one'
  ends 0 perphup -t "$base"
  complains "perphup: SIGTERM for perpd on $base"
  wait "$perpd"
  logged 'termination complete'
}

@test "the base directory may be relative, and is PERP_BASE otherwise" {
  supervise
  cd base
  ends 0 perphup .
  complains 'perphup: perpd rescan triggered on .'
  PERP_BASE=$base ends 0 perphup
  complains "perphup: perpd rescan triggered on $base"
}

@test "a base directory whose files no client can name is told" {
  deep=$(printf '%0200d' 0)/$(printf '%040d' 0)
  mkdir -p "base/$deep/one"
  chmod +t "base/$deep/one"
  ends 111 perphup "$base/$deep"
  complains "perphup fatal: failure locating perpd lockfile $base/$deep/.control/perpd.pid: file name too long (ENAMETOOLONG)"
  ends 111 perpok -b "$base/$deep" one
  complains "perpok fatal: failure locating perpd control socket $base/$deep/.control/perpd.sock: file name too long (ENAMETOOLONG)"
}

@test "perphup fails where perpd does not run" {
  ends 111 perphup "$base"
  complains "perphup fatal: perpd not running on $base: no lock active on $base/.control/perpd.pid"
  ends 111 perphup "$base/missing"
  complains "perphup fatal: failure chdir() to $base/missing: file does not exist (ENOENT)"
  # A pid in the file alone is nobody's lock.
  mkdir base/.control
  echo $$ > base/.control/perpd.pid
  ends 111 perphup -t "$base"
  complains "perphup fatal: perpd not running on $base: no lock active on $base/.control/perpd.pid"
}

@test "perphup fails where it may not signal perpd" {
  need_user nobody
  supervise
  chmod 755 base base/.control
  ends 111 as_user nobody perphup "$base"
  complains "perphup fatal: failure kill() on SIGHUP to perpd pid $perpd running on $base: permission denied (EPERM)"
}
