# perpok: check whether a service is active, and up for some time.
# SPDX-License-Identifier: Apache-2.0

load helper
load perp

# answers STATUS REASON ARGUMENTS...: with -v it says that, without it nothing
answers() {
  ends "$1" perpok -v -b "$base" "${@:3}"
  complains "perpok: $2"
  ends "$1" perpok -b "$base" "${@:3}"
  complains ''
  prints ''
}

@test "perpok -h prints its usage line, -V the version of the interface" {
  ends 0 perpok -h
  complains 'usage: perpok [-hV] [-b basedir] [-u secs] [-v] sv'
  ends 0 perpok -V
  complains 'version: perpok 2.07'
}

@test "perpok without a service, or with a number that is none, is a usage error" {
  ends 100 perpok
  complains $'perpok usage error: missing argument\nusage: perpok [-hV] [-b basedir] [-u secs] [-v] sv'
  for each in x 5x -1 10000000000000000000; do
    ends 100 perpok -u "$each" one
    [ "${stderr%%$'\n'*}" = "perpok usage error: non-numeric argument found for option -u $each" ]
  done
}

@test "perpok fails where there is no such base directory or service" {
  ends 111 perpok -b /nowhere one
  complains 'perpok fatal: failure chdir() to /nowhere: file does not exist (ENOENT)'
  ends 111 perpok -b "$base" one
  complains 'perpok fatal: failure stat() on service directory one: file does not exist (ENOENT)'
}

@test "a service that is no directory is a usage error" {
  : > base/one
  ends 100 perpok -b "$base" one
  [ "${stderr%%$'\n'*}" = 'perpok usage error: argument not a directory: one' ]
}

@test "perpok exits 1 for a service that is not active, whether perpd runs or not" {
  mkdir base/one
  answers 1 'one: fail: service directory one not activated' one
}

@test "perpok fails where perpd does not run, or does not know the service" {
  service one
  ends 111 perpok -b "$base" one
  complains "perpok fatal: failure connecting to perpd control socket $base/.control/perpd.sock: file does not exist (ENOENT)"
  chmod -t base/one
  supervise
  chmod +t base/one
  ends 111 perpok -b "$base" one
  complains 'perpok fatal: error reported in reply from perpd control socket: not a directory (ENOTDIR)'
}

@test "perpok without -u exits 0 for any active service, even if it is down" {
  service one
  : > base/one/flag.down
  supervise
  answers 0 'one: ok: service is activated/ok' one
  answers 0 'one: ok: service is activated/ok' -u 0 one ignored
  answers 0 'one: ok: service is activated/ok' -u '' one
}

@test "perpok -u exits 0 for a service that is up for so long" {
  service one
  supervise
  wait_until perpok -b "$base" -u 1 one
  answers 0 'one: ok: service uptime ok' -u 1 one
  answers 1 'one: fail: service uptime not met' -u 1000 one
}

@test "perpok -u exits 1 for a service that is down, resets, or is to be down" {
  service down
  : > base/down/flag.down
  service resets <<'X'
#!/bin/sh
[ "$1" = start ] && exit 0
exec sleep 1000
X
  service stubborn <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
trap '' TERM
: > deaf
while :; do sleep 0.05; done
X
  supervise
  answers 1 'down: fail: service not running (pid is 0)' -u 1 down
  wait_until shows resets '[+ ++r ---]'
  answers 1 'resets: fail: service is resetting' -u 1 resets
  wait_until test -e base/stubborn/deaf
  wait_until perpok -b "$base" -u 1 stubborn
  perpctl -q -b "$base" d stubborn
  answers 1 'stubborn: fail: service wants down' -u 1 stubborn
}

@test "an empty PERP_BASE is as none" {
  service one
  supervise
  cd base
  PERP_BASE= ends 0 perpok one
}

@test "perpok -r asks whether a service has said that it is ready" {
  service one < <(echo "$slow")
  echo 'fd 7' > base/one/ready
  supervise
  wait_until is_up one
  ends 1 perpok -b "$base" -v -r one
  complains 'perpok: one: fail: service is not ready'
  : > base/one/go
  wait_until perpok -b "$base" -r one
  ends 0 perpok -b "$base" -v -r -u 1000 one
  complains 'perpok: one: ok: service is ready'
  ends 0 perpctl -q -w 10 -b "$base" d one
  ends 1 perpok -b "$base" -r one
}

@test "perpok -r of a service that does not say so asks whether it is up for the seconds of -u" {
  service one
  supervise
  wait_until is_up one
  ends 0 perpok -b "$base" -r one
  ends 1 perpok -b "$base" -v -r -u 1000 one
  complains 'perpok: one: fail: service uptime not met'
}

@test "perpok takes a pattern, and is content if all are that it matches" {
  service web1
  service web2
  supervise
  wait_until is_up web1
  wait_until is_up web2
  ends 0 perpok -b "$base" -r 'web*'
  ends 0 perpctl -q -w 10 -b "$base" d web1
  ends 1 perpok -b "$base" -v -r 'web*'
  complains $'perpok: web1: fail: service not running (pid is 0)\nperpok: web2: ok: service uptime ok'
  ends 111 perpok -b "$base" 'x*'
}

@test "perpok -r goes by uptime where perpd is perp's own, and says so" {
  old_perpd one
  ends 0 perpok -b "$base" -r -u 50 one
  complains "perpok: this perpd is perp's own and does not tell of readiness: uptime counts"
  ends 1 perpok -b "$base" -r -u 500 one
  ends 0 perpok -b "$base" -u 50 one
  complains ''
}
