# perpctl: tell perpd what to do with services.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a perpd that does not answer for 30 seconds. What each letter does in each phase: t/unit, ServiceTest.

load helper
load perp

# It notes each signal that it can, and lives on.
notes='#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
for each in ALRM HUP INT TERM WINCH USR1 USR2; do trap "echo $each >> signals" $each; done
: > deaf
while :; do sleep 0.02; done'

# noted: the process has got that signal, and nothing else before
noted() { wait_until grep -qx "$1" base/one/signals; }

ctl() { perpctl -b "$base" "$@"; }

@test "perpctl without arguments is a usage error, in the words of the run tools" {
  ends 100 perpctl
  complains $'perpctl: usage error: missing arguments\nusage: perpctl [-hV] [-b basedir] [-g] [-L] [-q] [ADUXduopcahikqtw12] sv [sv ...]'
}

@test "perpctl -h prints its usage line, -V the version of the interface" {
  ends 0 perpctl -h
  complains 'usage: perpctl [-hV] [-b basedir] [-g] [-L] [-q] [ADUXduopcahikqtw12] sv [sv ...]'
  ends 0 perpctl -V
  complains 'version: perpctl 2.07'
}

@test "perpctl refuses an unknown command, option or a missing service" {
  ends 100 perpctl start one
  [ "${stderr%%$'\n'*}" = "perpctl usage error: unknown control command 'start'" ]
  ends 100 perpctl '' one
  [ "${stderr%%$'\n'*}" = "perpctl usage error: unknown control command ''" ]
  ends 100 perpctl u
  [ "${stderr%%$'\n'*}" = 'perpctl usage error: missing argument: no service(s) specified' ]
  ends 100 perpctl -Z u one
  [ "${stderr%%$'\n'*}" = 'perpctl usage error: invalid option: -Z' ]
  for each in D U Up; do
    ends 100 perpctl -L "$each" one
    [ "${stderr%%$'\n'*}" = "perpctl usage error: meta-command '$each' may not be used with option -L" ]
  done
}

@test "perpctl fails where perpd does not run" {
  ends 111 ctl u one
  complains "perpctl fatal: failure connecting to perpd control socket $base/.control/perpd.sock: file does not exist (ENOENT)"
  supervise
  kill -KILL "$perpd"
  wait "$perpd" || :
  ends 111 ctl u one
  complains "perpctl fatal: perpd not running on control socket $base/.control/perpd.sock: connection refused (ECONNREFUSED)"
  ends 111 perpctl -b "$scratch/missing" u one
  complains "perpctl fatal: unable to chdir() to $scratch/missing: file does not exist (ENOENT)"
}

@test "perpctl tells of each service whether perpd has accepted the command" {
  service one
  mkdir base/off base/new
  : > base/file
  supervise
  wait_until is_up one
  chmod +t base/new
  ends 111 ctl h missing file off new one
  prints ''
  complains "error: missing: service directory not found
error: file: not a directory
error: off: service directory not activated
error: new: error reported in reply: file does not exist (ENOENT)
one: ok"
}

@test "perpctl -q says nothing of success" {
  service one
  supervise
  wait_until is_up one
  ends 0 ctl -q w one
  complains ''
  ends 111 ctl -q w missing one
  complains 'error: missing: service directory not found'
}

@test "a service may be named by any path to its directory" {
  service one
  supervise
  wait_until is_up one
  ends 0 ctl w one/ "$base/one" ../base/one
  complains "one/: ok
$base/one: ok
../base/one: ok"
}

@test "only the first character of a command counts" {
  service one < <(echo "$notes")
  supervise
  wait_until test -e base/one/deaf
  ends 0 ctl usr1 one
  ends 0 ctl activate one
  noted ALRM
  has base/one/signals ALRM
}

@test "down terminates and keeps down, up starts again" {
  service one
  supervise
  wait_until is_up one
  ends 0 ctl d one
  wait_until shows one '[+ ... ---]'
  has base/one/trace $'start one\nreset one signal 15 SIGTERM'
  ends 0 ctl up one
  wait_until shows one '[+ +++ ---]'
}

@test "once lets a service run and not start again" {
  service one
  : > base/one/flag.down
  supervise
  ends 0 ctl o one
  wait_until shows one '[+ +o+ ---]'
  ends 0 ctl t one
  wait_until shows one '[+ ... ---]'
  ends 0 ctl u one
  wait_until shows one '[+ +++ ---]'
  ends 0 ctl o one
  shows one '[+ +o+ ---]'
  ends 0 ctl u one
  shows one '[+ +++ ---]'
}

@test "pause stops, continue continues" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  ends 0 ctl p one
  shows one '[+ ++p ---]'
  wait_until stopped "$pid"
  ends 0 ctl c one
  shows one '[+ +++ ---]'
  [ "$(state "$pid")" != T ]
}

@test "a service that dies while it is paused is not shown as paused afterwards" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  ends 0 ctl p one
  ends 0 ctl k one
  wait_until restarted one "$pid"
  shows one '[+ +++ ---]'
}

@test "down ends a service that is paused" {
  service one
  supervise
  wait_until is_up one
  ends 0 ctl p one
  ends 0 ctl d one
  wait_until shows one '[+ ... ---]'
}

@test "each letter of a signal sends it" {
  service one < <(echo "$notes")
  supervise
  wait_until test -e base/one/deaf
  wait_until is_up one
  pid=$(main_pid one)
  # Not QUIT: a shell that started in the background has it ignored, and can't change that.
  set -- ALRM HUP INT TERM WINCH USR1 USR2
  for letter in a h i t w 1 2; do
    ends 0 ctl "$letter" one
    noted "$1"
    shift
  done
  ends 0 ctl k one
  wait_until restarted one "$pid"
  traced one 'reset one signal 9 SIGKILL'
}

@test "-g signals the whole process group" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
sh -c 'trap ": > ../../child" HUP; : > ready; while :; do sleep 0.02; done' &
trap '' HUP
while :; do sleep 0.02; done
X
  supervise
  wait_until test -e base/one/ready
  ends 0 ctl h one
  ends 0 ctl -g h one
  wait_until test -e child
}

@test "-L is for the logger" {
  service one
  service one rc.log < <(echo "$plain" | sed 's/trace/trace.log/')
  supervise
  wait_until shows one '[+ +++ +++]'
  pid=$(main_pid one)
  ends 0 ctl -L d one
  wait_until shows one '[+ +++ ...]'
  has base/one/trace.log $'start one\nreset one signal 15 SIGTERM'
  ends 0 ctl -L u one
  wait_until shows one '[+ +++ +++]'
  [ "$(main_pid one)" = "$pid" ]
}

@test "-L on a service without a logger is accepted and has no effect" {
  service one
  supervise
  wait_until is_up one
  ends 0 ctl -L d one
  complains 'one: ok'
  shows one '[+ +++ ---]'
}

@test "D takes main and the logger down, U both up" {
  service one
  service one rc.log
  supervise
  wait_until shows one '[+ +++ +++]'
  ends 0 ctl D one
  wait_until shows one '[+ ... ...]'
  ends 0 ctl U one
  wait_until shows one '[+ +++ +++]'
}

@test "a resetting service gets CONT and KILL alone" {
  service one <<'X'
#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] && exec sleep 1000
trap 'echo TERM >> signals' TERM
: > resetting
while :; do sleep 0.02; done
X
  supervise
  wait_until is_up one
  kill "$(main_pid one)"
  wait_until test -e base/one/resetting
  shows one '[+ ++r ---]'
  ends 0 ctl t one
  logged "warning: perpd[$perpd]: dropping signal SIGTERM to resetting service one (main)"
  ends 0 ctl d one
  shows one '[+ !+r ---]'
  ends 0 ctl k one
  logged "warning: perpd[$perpd]: sending signal SIGKILL to resetting service one (main)"
  wait_until shows one '[+ ... ---]'
  [ ! -e base/one/signals ]
}

@test "A sets the sticky bit and has perpd look" {
  service one
  chmod 700 base/one
  supervise
  ends 0 ctl A one
  complains $'one: set for activation\nrescan triggered for activation set on 1 service'
  wait_until traced one 'start one'
  [ "$(stat -c %a base/one)" = 1700 ]
}

@test "X clears it, and goes on after one that is not there" {
  service one
  service two
  supervise
  wait_until is_up one
  ends 111 ctl X one missing two
  complains "one: set for deactivation
error: missing: service directory not found
two: set for deactivation
rescan triggered for deactivation set on 2 services"
  wait_until shows one '[- --- ---]'
  wait_until logged 'deactivating service one'
  [ "$(stat -c %a base/two)" = 755 ]
}

@test "A without a perpd has set the bit all the same, and fails" {
  mkdir base/one
  ends 111 ctl A one
  complains "one: set for activation
perpctl fatal: perpd not running on $base: no lock active on $base/.control/perpd.pid"
  [ -k base/one ]
}

@test "the base directory is -b, else PERP_BASE, else the working directory" {
  service one
  supervise
  wait_until is_up one
  cd base
  ends 0 perpctl w one
  PERP_BASE= ends 0 perpctl w one
  PERP_BASE=/nowhere ends 0 perpctl -b '' w one
  cd /
  PERP_BASE=$base ends 0 perpctl w one
  PERP_BASE=/nowhere ends 0 perpctl -b "$base" w one
}

@test "perpctl -w waits until a service is up or down" {
  service one
  : > base/one/flag.down
  supervise
  ends 0 ctl -w 20 u one
  complains 'one: ok'
  shows one '[+ +++ ---]'
  ends 0 ctl -w 20 -q d one
  complains ''
  shows one '[+ ... ---]'
  [ "$(tail -n 1 base/one/trace)" = 'reset one signal 15 SIGTERM' ]
}

@test "perpctl -w exits 1 with the names of those that have not become what was asked" {
  service one
  service two <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
trap '' TERM
: > ready
while :; do sleep 0.1; done
X
  supervise
  wait_until is_up one
  wait_until test -e base/two/ready
  ends 1 ctl -w 1 d one two
  complains $'one: ok\ntwo: ok\nerror: two: not down within 1 seconds'
  ends 1 ctl -w 0 u one
  complains $'one: ok\nerror: one: not up within 0 seconds'
}

@test "perpctl -w does not take for up what ends at once" {
  service one <<'X'
#!/bin/sh
exit 1
X
  : > base/one/flag.down
  supervise
  ends 1 ctl -q -w 2 u one
  complains 'error: one: not up within 2 seconds'
}

@test "perpctl -w waits for a service that runs once to have run" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
exec sleep 0.1
X
  : > base/one/flag.down
  supervise
  ends 0 ctl -q -w 20 o one
  shows one '[+ ... ---]'
}

@test "perpctl -w waits for D and U, and for a logger" {
  service one
  service one rc.log <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
exec cat
X
  supervise
  wait_until shows one '[+ +++ +++]'
  ends 0 ctl -q -w 20 D one
  shows one '[+ ... ...]'
  ends 0 ctl -q -w 20 U one
  shows one '[+ +++ +++]'
  old=$(log_pid one)
  ends 0 ctl -q -w 20 -L restart one
  [ "$(log_pid one)" != "$old" ]
}

@test "perpctl -w waits until perpd has activated or deactivated" {
  mkdir base/one
  echo "$plain" > base/one/rc.main
  chmod +x base/one/rc.main
  supervise
  ends 0 ctl -q -w 20 A one
  shows one '[+ +++ ---]'
  ends 0 ctl -q -w 20 X one
  wait_until logged 'deactivating service one'
  [ "$(grep -c . base/one/trace)" = 2 ]
}

@test "perpctl -w is a usage error with what can't be waited for, and with a bad number" {
  ends 100 perpctl -w 1 k one
  [ "${stderr%%$'\n'*}" = "perpctl usage error: option -w: nothing to wait for with 'k'" ]
  ends 100 perpctl -w x u one
  [ "${stderr%%$'\n'*}" = 'perpctl usage error: bad numeric argument for option -w: x' ]
}

@test "restart ends what runs and starts it again, starts what is down, and -w waits for the new one" {
  service one
  supervise
  wait_until is_up one
  old=$(main_pid one)
  ends 0 ctl -w 20 restart one
  complains 'one: ok'
  is_up one
  [ "$(main_pid one)" != "$old" ]
  has base/one/trace $'start one\nreset one signal 15 SIGTERM\nstart one'
  ends 0 ctl -q -w 20 d one
  ends 0 ctl -q -w 20 restart one
  is_up one
}

@test "restart lets a service that runs once run once more" {
  service one
  : > base/one/flag.once
  supervise
  wait_until is_up one
  old=$(main_pid one)
  ends 0 ctl -q -w 20 restart one
  [ "$(main_pid one)" != "$old" ]
  shows one '[+ +o+ ---]'
}

@test "a pattern stands for the active services that it matches" {
  service web1
  service web2
  service db
  mkdir base/web3 base/.web
  supervise
  wait_until is_up web2
  ends 0 ctl h 'web?' db
  complains $'web1: ok\nweb2: ok\ndb: ok'
  ends 111 ctl h 'y*'
  complains 'error: y*: service directory not found'
  ends 0 ctl X 'web[12]'
  complains $'web1: set for deactivation\nweb2: set for deactivation\nrescan triggered for deactivation set on 2 services'
}

@test "what has the name of a pattern is that service" {
  service 'a*'
  service ab
  supervise
  wait_until is_up 'a*'
  ends 0 ctl h 'a*'
  complains 'a*: ok'
}

@test "perpctl -w goes on waiting while perpd is away" {
  service one
  supervise
  wait_until is_up one
  start perpctl -b "$base" -q -w 20 X one
  finishes 0
  service two <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
trap '' TERM
: > deaf
while [ ! -e go ]; do sleep 0.05; done
X
  scan
  wait_until test -e base/two/deaf
  start perpctl -b "$base" -w 30 d two
  wait_until grep -q 'two: ok' err
  kill -KILL "$perpd"
  wait "$perpd" || :
  : > base/two/go
  : > base/two/flag.down
  supervise
  finishes 0
}

@test "perpctl restarts and waits with perp's own perpd too, and says what is different" {
  old_perpd one
  ends 0 ctl u one
  complains 'one: ok'
  ends 0 ctl -w 10 restart one
  complains $'one: ok\nperpctl: this perpd is perp\'s own and knows no restart: told up, then SIGTERM'
  has base/one/told uutc
  ends 0 ctl -w 10 d one
  complains $'one: ok\nperpctl: this perpd is perp\'s own and does not tell of changes: asked again and again'
  ends 0 ctl -q -w 10 u one
}
