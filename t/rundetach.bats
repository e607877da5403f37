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
  runlock lock rundetach runlimit -o 50 ./program > out 2> err 3>&- 4>&-
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
