# perpstat: tell of a service in words what it is doing.
# SPDX-License-Identifier: Apache-2.0

load helper
load perp

# told ARGUMENTS...: perpstat on the base directory; seconds and pids are masked
told() { ends 0 perpstat -b "$base" "$@"; output=$(echo "$output" | sed -E 's/[0-9]+ seconds/N seconds/; s/pid [0-9]+/pid N/'); }

# tells TEXT ARGUMENTS...
tells() { told "${@:2}" && prints "$1"; }

@test "perpstat -h prints its usage line, -V the version of the interface" {
  ends 0 perpstat -h
  complains 'usage: perpstat [-hV] [-b basedir] sv [sv ...]'
  ends 0 perpstat -V
  complains 'version: perpstat 2.07'
}

@test "perpstat without a service, or with an option that it does not have, is a usage error" {
  ends 100 perpstat
  complains $'perpstat usage error: missing argument\nusage: perpstat [-hV] [-b basedir] sv [sv ...]'
  ends 100 perpstat -Z one
  [ "${stderr%%$'\n'*}" = 'perpstat usage error: invalid option -Z' ]
}

@test "perpstat fails where perpd does not run" {
  ends 111 perpstat -b "$base" one
  complains "perpstat fatal: failure connecting to perpd control socket $base/.control/perpd.sock: file does not exist (ENOENT)"
  ends 111 perpstat -b /nowhere one
  complains 'perpstat fatal: fail chdir() to /nowhere: file does not exist (ENOENT)'
}

@test "perpstat tells of a service and its logger" {
  service one
  service two
  service two rc.log < <(echo "$drain")
  supervise
  wait_until is_up one
  wait_until shows two '[+ +++ +++]'
  tells 'one: activated N seconds
  main: up N seconds (pid N)
   log: (no log)
two: activated N seconds
  main: up N seconds (pid N)
   log: up N seconds (pid N)' one two
  complains ''
}

@test "perpstat exits 0 whatever it finds, and tells what is wrong with each" {
  mkdir base/off
  : > base/file
  supervise
  service new
  tells 'off: not activated' off nope file new
  complains 'nope: error: service directory not found
file: error: not a directory
error: new: error reported in reply: not a directory (ENOTDIR)'
}

@test "perpstat tells of what was never started that it is down since its activation" {
  service one
  : > base/one/flag.down
  supervise
  tells $'one: activated N seconds\n  main: down N seconds\n   log: (no log)' one
  [ "$(perpstat -b "$base" one | sed -nE 's/.*down ([0-9]+) .*/\1/p')" -lt 100 ]
}

@test "perpstat tells each state" {
  service one
  supervise
  wait_until is_up one
  perpctl -q -b "$base" p one
  perpctl -q -b "$base" o one
  tells $'one: activated N seconds\n  main: up N seconds (pid N), paused, flagged once\n   log: (no log)' one
  perpctl -q -b "$base" k one
  wait_until tells $'one: activated N seconds\n  main: down N seconds, flagged once\n   log: (no log)' one
}

@test "perpstat tells of a reset, and of a service that can't start" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] && exit 0
exec sleep 1000
X
  service two
  chmod -x base/two/rc.main
  supervise
  wait_until tells $'one: activated N seconds\n  main: resetting N seconds (pid N)\n   log: (no log)' one
  wait_until tells $'two: activated N seconds\n  main: down, want up!\n   log: (no log)' two
}

@test "perpstat tells of deactivation and reactivation" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] && exit 0
exec sleep 1000
X
  supervise
  wait_until tells $'one: activated N seconds\n  main: resetting N seconds (pid N)\n   log: (no log)' one
  chmod -t base/one
  scan
  tells 'one: not activated' one
  chmod +t base/one
  wait_until tells $'one: activated N seconds, deactivation in progress\n  main: resetting N seconds (pid N)\n   log: (no log)' one
  scan
  wait_until tells $'one: activated N seconds, deactivation in progress, flagged for reactivation\n  main: resetting N seconds (pid N)\n   log: (no log)' one
}

@test "an empty PERP_BASE is as none" {
  service one
  supervise
  cd base
  PERP_BASE= ends 0 perpstat one
}
