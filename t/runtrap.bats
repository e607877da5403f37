# runtrap: run and restart a program, and run another one for each signal.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a system that can make no further process.

load helper

# A trapper: notes what it is told, and ends the program on TERM.
setup() {
  enter_scratch
  cat > trapper <<'X'
#!/bin/sh
echo "$# $1 $2 $4 $5" >> trapped
echo "$3" > told
[ "$5" != SIGTERM ] || kill -KILL "$3"
X
  chmod 755 trapper
}

has() { grep -q "$1" "$2" 2> /dev/null; }
lines_are() { [ "$(wc -l < "$2")" -ge "$1" ]; }

ended() {
  kill -TERM "$pid"
  finishes 0
}

@test "runtrap needs an id, a trapper and a program" {
  for words in '' 'a' 'a b'; do
    ends 100 runtrap $words
    misuse runtrap 'missing required arguments'
  done
  ends 100 runtrap -Z
  misuse runtrap 'invalid option: -Z'
  ends 0 runtrap -h
  complains 'usage: runtrap [-hV] id trapper child [args ...]'
  ends 0 runtrap -V
  complains 'runtrap: version: 2.07'
}

@test "a signal runs the trapper, with the program's pid, the number and the name" {
  start env --default-signal=INT,QUIT runtrap name ./trapper sh -c 'echo $$ > self; exec sleep 1000'
  wait_until test -s self
  for signal in HUP INT QUIT ALRM CONT USR1 USR2 TSTP; do
    kill -s "$signal" "$pid"
    wait_until has "SIG$signal" trapped
  done
  ended
  same trapped '5 trap name 1 SIGHUP
5 trap name 2 SIGINT
5 trap name 3 SIGQUIT
5 trap name 14 SIGALRM
5 trap name 18 SIGCONT
5 trap name 10 SIGUSR1
5 trap name 12 SIGUSR2
5 trap name 20 SIGTSTP
5 trap name 15 SIGTERM' "$(cat trapped)"
  [ "$(cat told)" = "$(cat self)" ]
  [ "$(head -n 2 err)" = 'runtrap: warning: do_trap() on signal SIGHUP
runtrap: warning: trapper completion' ]
}

@test "a program that ends at once is run again a second later" {
  start runtrap name ./trapper sh -c 'echo run'
  wait_until lines_are 2 out
  ended
  has '^runtrap: warning: pausing for respawn of sh \.\.\.$' err
}

@test "a signal in the pause is kept until the program runs" {
  start runtrap name ./trapper sh -c '[ ! -e second ] || exec sleep 1000; : > second'
  wait_until has pausing err
  kill -USR1 "$pid"
  wait_until has SIGUSR1 trapped
  ended
}

@test "after TERM runtrap waits for the program, and drops further signals" {
  printf '#!/bin/sh\necho "$5" >> trapped\n' > trapper2
  chmod 755 trapper2
  start runtrap name ./trapper2 sh -c ': > up; while [ ! -e finish ]; do sleep 0.02; done'
  wait_until test -e up
  kill -TERM "$pid"
  wait_until has completion err
  kill -USR1 "$pid"
  : > finish
  finishes 0
  [ "$(cat trapped)" = SIGTERM ]
}

@test "a trapper that can't be run is complained of, a program that can't be run is tried again" {
  start runtrap name ./missing sh -c ': > up; exec sleep 0.5'
  wait_until test -e up
  kill -TERM "$pid"
  finishes 0
  same 'standard error' 'runtrap: warning: do_trap() on signal SIGTERM
runtrap: fatal: failure on exec of trap ./missing: file does not exist (ENOENT)
runtrap: warning: trapper completion' "$(cat err)"
  # It has three lines already.
  rm err
  start runtrap name ./trapper missing
  wait_until lines_are 3 err
  ended
  has '^runtrap: fatal: failure on exec of missing: file does not exist (ENOENT)$' err
}

@test "closed standard streams do no harm" {
  start sh -c 'exec runtrap name ./trapper sh -c ": > up; exec sleep 1000" <&- >&- 2>&-'
  wait_until test -e up
  ended
  has SIGTERM trapped
}
