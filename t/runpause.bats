# runpause: wait, then run a program.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: that a pause without end has none; pauses across a clock that is set.

load helper

@test "runpause without a time or a program is a usage error" {
  ends 100 runpause
  misuse runpause 'missing required argument(s)'
  ends 100 runpause 1
  misuse runpause 'missing required argument(s)'
}

@test "runpause refuses an option that it does not have, and one without its argument" {
  ends 100 runpause -Z 1 true
  misuse runpause 'invalid option: -Z'
  ends 100 runpause -1 true
  misuse runpause 'invalid option: -1'
  ends 100 runpause -L
  misuse runpause 'missing argument for option -L'
}

@test "runpause -h prints its usage line, -V the version of the interface" {
  ends 0 runpause -h
  prints ''
  complains 'usage: runpause [-hV] [-L label] secs program [args ...]'
  ends 0 runpause -V
  complains 'runpause: version: 2.07'
}

@test "a time that is no whole number of seconds is a usage error" {
  for secs in x 0.5 1s +1 ' 1' 4294967296 99999999999999999999; do
    ends 100 runpause "$secs" echo wrong
    misuse runpause "bad numeric argument for secs: $secs"
  done
}

@test "runpause waits that many seconds, then runs the program and exits with its status" {
  began=$(date +%s%N)
  ends 4 runpause 1 sh -c 'echo run; exit 4'
  [ $(($(date +%s%N) - began)) -ge 1000000000 ]
  prints run
  complains ''
}

@test "runpause -L takes a label, which process listings show" {
  start runpause -L tag 1000 true
  wait_until sleeps "$pid"
  tr '\0' ' ' < "/proc/$pid/cmdline" | grep -q -e '-L tag 1000 true'
}

@test "SIGALRM ends the pause early, and the program runs" {
  start runpause 1000 sh -c 'echo run; exit 4'
  wait_until pauses "$pid"
  kill -ALRM "$pid"
  result=0
  wait "$pid" || result=$?
  [ "$result" = 4 ]
  [ "$(cat out)" = run ]
}

@test "0 and an empty time wait until SIGALRM" {
  for secs in 0 ''; do
    start runpause "$secs" echo run
    wait_until pauses "$pid"
    [ ! -s out ]
    kill -ALRM "$pid"
    wait "$pid"
    [ "$(cat out)" = run ]
  done
}

@test "after the pause SIGALRM has its default effect again" {
  start runpause 1000 sh -c 'kill -ALRM $$; echo wrong'
  wait_until pauses "$pid"
  kill -ALRM "$pid"
  result=0
  wait "$pid" || result=$?
  [ "$result" = 142 ]
  [ ! -s out ]
}

@test "a SIGALRM that was ignored ends the pause as well, and has its default effect afterwards" {
  trap '' ALRM
  start runpause 1000 sh -c 'kill -ALRM $$; echo wrong'
  trap - ALRM
  wait_until pauses "$pid"
  kill -ALRM "$pid"
  finishes 142
  [ ! -s out ]
}

@test "any other signal has its default effect" {
  for signal in TERM HUP USR1; do
    start runpause 1000 echo wrong
    wait_until pauses "$pid"
    kill -"$signal" "$pid"
    result=0
    wait "$pid" || result=$?
    [ "$(kill -l "$result")" = "$signal" ]
    [ ! -s out ]
  done
}

@test "being stopped and continued does not end the pause" {
  start runpause 1000 echo wrong
  wait_until pauses "$pid"
  kill -STOP "$pid"
  wait_until stopped "$pid"
  kill -CONT "$pid"
  wait_until sleeps "$pid"
  [ ! -s out ]
}

@test "runpause exits 111 when the program can't be run" {
  start runpause 1000 missing
  wait_until pauses "$pid"
  kill -ALRM "$pid"
  result=0
  wait "$pid" || result=$?
  [ "$result" = 111 ]
  [ "$(cat err)" = 'runpause: fatal: unable to run missing: file does not exist (ENOENT)' ]
}
