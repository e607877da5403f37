# rundetach: run a program in the background, in a session of its own.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a system that can make no further process (EAGAIN).

load helper

# What is detached must not hold the streams that bats waits for: out, err and no descriptor 3 or 4.

# A script named program: it says who it is, then waits to be ended.
setup() {
  enter_scratch
  cat > program <<'X'
#!/bin/sh
echo $$ > self
ps -o pid=,pgid=,sid= -p $$ | awk '{ print ($1 == $2 && $2 == $3) ? "leads" : "follows" }' > place
printf '%s\n' "$@" > arguments
pwd > directory
umask > mask
: > done
exec sleep 1000
X
  chmod 755 program
}

# detached: waits for the program, and has it ended with the test
detached() {
  wait_until test -e done
  track "$(cat self)"
}

@test "rundetach without a program is a usage error" {
  ends 100 rundetach
  misuse rundetach 'missing required program argument'
}

@test "rundetach refuses an option that it does not have" {
  ends 100 rundetach -Z true
  misuse rundetach 'invalid option: -Z'
}

@test "rundetach -h prints its usage line, -V the version of the interface" {
  ends 0 rundetach -h
  prints ''
  complains 'usage: rundetach [-hV] program [args ...]'
  ends 0 rundetach -V
  complains 'rundetach: version: 2.07'
}

@test "rundetach exits 0 at once, and the program runs on, at the head of a new session" {
  rundetach ./program > out 2> err 3>&- 4>&-
  detached
  [ "$(cat place)" = leads ]
  kill -0 "$(cat self)"
}

@test "the program gets the arguments, the directory, the umask and the environment" {
  umask 027
  export VARIABLE=value
  rundetach ./program 'one word' '' three > out 2> err 3>&- 4>&-
  detached
  [ "$(cat arguments)" = $'one word\n\nthree' ]
  [ "$(cat directory)" = "$scratch" ]
  [ "$(cat mask)" = 0027 ]
  tr '\0' '\n' < "/proc/$(cat self)/environ" | grep -qx VARIABLE=value
}

@test "signals that are blocked stay blocked" {
  need_native "the launcher of the JVM edition is a shell, which changes signals that are blocked"
  env --block-signal=HUP true 2> /dev/null || skip "this env blocks no signals"
  for option in '' -2; do
    # shellcheck disable=SC2086
    env --block-signal=HUP,USR1 rundetach $option grep SigBlk /proc/self/status > out 2> err 3>&- 4>&-
    wait_until test -s out
    grep '0000000000000201$' out
  done
}

@test "the program keeps the standard streams" {
  echo input > in
  rundetach sh -c 'read line; echo "$line"; echo error >&2; : > done' < in > out 2> err 3>&- 4>&-
  wait_until test -e done
  [ "$(cat out)" = input ]
  [ "$(cat err)" = error ]
}

@test "the status of the program is not that of rundetach" {
  rundetach sh -c ': > done; exit 3' > out 2> err 3>&- 4>&-
  wait_until test -e done
}

@test "rundetach exits 0 even if the program can't be run, and says so" {
  rundetach missing > out 2> err 3>&- 4>&-
  wait_until test -s err
  [ "$(cat err)" = 'rundetach: fatal: unable to run missing: file does not exist (ENOENT)' ]
}

@test "the rest of a chain runs in the background" {
  runlock lock runsession rundetach runlimit -o 50 ./program > out 2> err 3>&- 4>&-
  detached
  grep -q '^Max open files *50 ' "/proc/$(cat self)/limits"
  # A lock does not pass to a child.
  ends 0 runlock -c lock
  [ ! -s err ]
}

@test "a link behind rundetach that fails does so in the background" {
  rundetach runenv missing echo wrong > out 2> err 3>&- 4>&-
  wait_until test -s err
  [ "$(cat err)" = 'runenv: fatal: unable to stat missing: file does not exist (ENOENT)' ]
  [ ! -s out ]
}

# detaches STATUS ARGUMENT...: rundetach ends with that status. What it has started keeps out and err open, and nothing else.
detaches() {
  status=0
  rundetach "${@:2}" > out 2> err 3>&- 4>&- || status=$?
  stderr=$(cat err)
  [ "$status" = "$1" ] || { echo "the status is $status: $stderr"; return 1; }
}

@test "rundetach -w exits 0 when the last program of the chain runs, well before the time is over" {
  SECONDS=0
  detaches 0 -w 50 runlimit -o 50 runlock lock ./program
  [ "$SECONDS" -lt 20 ]
  detached
  ends 1 runlock -c lock
}

@test "rundetach -w ends as a link does that fails before, and with its words" {
  detaches 111 -w 50 runsession runlimit -o 50 missing
  complains 'runlimit: fatal: unable to run missing: file does not exist (ENOENT)'
  detaches 100 -w 50 runenv
  [[ $stderr == 'runenv: usage error: '* ]]
  detaches 111 -w 50 missing
  complains 'rundetach: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "rundetach -w waits no longer than that for a tool that stays" {
  SECONDS=0
  detaches 0 -w 2 runpause 3 true
  [ "$SECONDS" -ge 1 ]
  complains ''
}

@test "rundetach -n waits until the program tells that it is ready" {
  SECONDS=0
  detaches 0 -w 50 -n 7 sh -c 'sleep 0.3; : > ready; echo >&7; exec sleep 3'
  [ -e ready ]
  detaches 111 -w 1 -n 7 sh -c 'exec sleep 3'
  complains 'rundetach: fatal: sh has not told in time that it is ready, and runs on'
  detaches 111 -w 50 -n 7 true
  complains 'rundetach: fatal: true has ended without telling that it is ready'
  detaches 3 -w 50 -n 7 sh -c 'exit 3'
  detaches 137 -w 50 -n 7 sh -c 'kill -KILL $$'
  complains 'rundetach: fatal: sh was ended by SIGKILL'
  [ "$SECONDS" -lt 30 ]
}

@test "rundetach -2: another process leads the session, and is gone" {
  detaches 0 -2 -w 50 -n 7 sh -c 'ps -o pid=,sid= -p $$ > fields; echo >&7'
  read -r its leader < fields
  [ "$its" != "$leader" ]
  detaches 111 -2w 50 missing
  complains 'rundetach: fatal: unable to run missing: file does not exist (ENOENT)'
  detaches 0 -2 missing
  complains 'rundetach: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "rundetach refuses options that make no sense" {
  ends 100 rundetach -n 7 true
  misuse rundetach 'option -n needs option -w'
  for each in x -1 1s 4294967296 ''; do
    ends 100 rundetach -w "$each" true
    misuse rundetach "bad numeric argument for option -w: $each"
  done
  for each in 2 x ''; do
    ends 100 rundetach -w 1 -n "$each" true
    misuse rundetach "bad numeric argument for option -n: $each"
  done
}
