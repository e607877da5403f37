# perpstat: tell of a service in words what it is doing.
# SPDX-License-Identifier: Apache-2.0

load helper
load perp

# told ARGUMENTS...: perpstat on the base directory; seconds and pids are masked
told() {
  ends 0 perpstat -b "$base" "$@"
  output=$(echo "$output" | sed -E '/ ended: /d; s/[0-9]+ seconds/N seconds/; s/pid [0-9]+/pid N/')
}

# ended NAME: the lines that perp's perpstat does not have
ended() { perpstat -b "$base" "$1" | grep ' ended: ' | sed -E 's/[0-9]+ seconds ago/N seconds ago/'; }

# ends_so NAME LINE
ends_so() { [ "$(ended "$1")" = "$2" ]; }

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

@test "perpstat tells how a service ended, how often it was started again, and when it will be" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
exit 3
X
  service two
  service three
  : > base/three/flag.once
  supervise
  wait_until is_up two
  [ "$(ended two)" = '' ]
  perpctl -q -b "$base" k two
  wait_until ends_so two '  main ended: signal 9 SIGKILL, N seconds ago, restarts: 1'
  wait_until eval '[[ $(ended one) =~ ^"  main ended: exit 3, N seconds ago, restarts: "[0-9]+", next start in 1 seconds"$ ]]'
  perpctl -q -b "$base" t three
  wait_until ends_so three '  main ended: signal 15 SIGTERM, N seconds ago, restarts: 0'
}

@test "perpstat adds nothing to a service that is down because it was told so" {
  service one
  supervise
  wait_until is_up one
  ends 0 perpctl -q -w 10 -b "$base" d one
  tells $'one: activated N seconds\n  main: down N seconds\n   log: (no log)' one
  [ "$(ended one)" = '' ]
}

@test "perpstat tells of a logger's end in a line of its own" {
  service one
  service one rc.log < <(echo "$drain")
  supervise
  wait_until shows one '[+ +++ +++]'
  perpctl -q -b "$base" -L k one
  wait_until ends_so one '   log ended: signal 9 SIGKILL, N seconds ago, restarts: 1'
}

@test "perpstat tells whether a service is ready, if it has a file that says how" {
  need_perl
  service one < <(echo "$slow")
  echo notify > base/one/ready
  supervise
  wait_until is_up one
  tells $'one: activated N seconds\n  main: up N seconds (pid N), not ready\n   log: (no log)' one
  : > base/one/go
  wait_until tells $'one: activated N seconds\n  main: up N seconds (pid N), ready\n   log: (no log)' one
}

@test "perpstat takes patterns" {
  service web1
  service web2
  service db
  supervise
  told 'web[0-9]'
  [ "$(grep -c '^web.: activated' <<< "$output")" = 2 ]
  [[ "$output" != *db:* ]]
  told 'x*'
  complains 'x*: error: service directory not found'
}

@test "perpstat --json writes an array of the services, with every time in three ways" {
  need_python
  service one <<'X'
#!/bin/sh
[ "$1" = start ] && exit 7
exec sleep 1000
X
  mkdir base/off
  supervise
  wait_until tells $'one: activated N seconds\n  main: resetting N seconds (pid N)\n   log: (no log)' one
  stat="perpstat -b $base --json one off nope"
  [ "$(by_json 's["name"], s["state"], s["ready"], s["log"], s["flag_down"]' $stat)" = "('one', 'active', None, None, False)" ]
  [ "$(by_json 's["main"]["state"], s["main"]["wanted"], s["main"]["restarts"], s["main"]["next_start"]' $stat)" = "('resetting', 'up', 0, None)" ]
  [ "$(by_json 's["main"]["last_exit"]["status"], s["main"]["last_exit"]["signal"]' $stat)" = "(7, None)" ]
  [ "$(by_json 's["perpd"]["pid"]' $stat)" = "$perpd" ]
  # RFC 3339, seconds since 1970 and seconds ago agree.
  [ "$(by_json '(abs(__import__("datetime").datetime.fromisoformat(s["activated"].replace("Z", "+00:00")).timestamp() - s["activated_unix"]) < 0.001
    and abs(__import__("time").time() - s["activated_unix"] - s["activated_seconds"]) < 5)' $stat)" = True ]
  ends 0 $stat
  [[ "$output" == *'{"name":"off","state":"inactive"},{"name":"nope","state":"error","error":"failure stat() on service directory [ENOENT]"}]' ]]
  [ "${#lines[@]}" = 1 ]
}

@test "perpstat shows of perp's own perpd what that tells" {
  old_perpd one
  tells $'one: activated N seconds\n  main: up N seconds (pid N)\n   log: (no log)' one
  complains ''
  ends 0 perpstat -b "$base" --json one
  [[ "$output" == '[{"name":"one","state":"active",'*'"restarts":null,"last_exit":null,'* ]]
  complains "perpstat: this perpd is perp's own: it tells neither of ends nor of restarts and readiness"
}
