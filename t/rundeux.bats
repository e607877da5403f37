# rundeux: run a program and its logger, joined by a pipe, and restart either.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a system that can make no further process.

load helper

# ended: the last start ends on TERM with status 0
ended() {
  kill -TERM "$pid"
  finishes 0
}

has() { grep -q "$1" "$2" 2> /dev/null; }
lines_are() { [ "$(wc -l < "$2")" -ge "$1" ]; }

@test "rundeux needs a program, a separator and a logger" {
  for words in '' 'a' 'a ::' ':: b'; do
    ends 100 rundeux $words
    misuse rundeux 'missing required arguments'
  done
  ends 100 rundeux a b c
  misuse rundeux 'missing separator argument: ::'
  ends 100 rundeux -S + a :: c
  misuse rundeux 'missing separator argument: +'
  ends 100 rundeux :: b c
  misuse rundeux 'missing program argument'
  ends 100 rundeux a b ::
  misuse rundeux 'missing logger argument'
}

@test "rundeux -h prints its usage line, -V the version of the interface, -Z is refused" {
  ends 0 rundeux -h
  complains 'usage: rundeux [-hV] [-d] [-L label] [-S sep] [-x] program <"::"|"sep"> logger'
  ends 0 rundeux -V
  complains 'rundeux: version: 2.07'
  ends 100 rundeux -Z a :: b
  misuse rundeux 'invalid option: -Z'
  ends 100 rundeux -S
  misuse rundeux 'missing argument for option -S'
}

@test "what the program writes is what the logger reads" {
  start rundeux -L label sh -c 'echo hello; exec sleep 1000' :: sh -c 'exec cat > logged'
  wait_until has hello logged
  ended
  [ ! -s err ]
}

@test "-S names the separator" {
  start rundeux -S -- sh -c 'echo hello; exec sleep 1000' :: x -- sh -c 'exec cat > logged'
  wait_until has hello logged
  ended
}

@test "a program that ends at once is run again a second later, and the logger stays" {
  start rundeux sh -c 'echo again' :: sh -c 'echo logger; exec cat' 
  wait_until lines_are 3 out
  ended
  [ "$(head -n 3 out)" = $'logger\nagain\nagain' ]
  has '^rundeux: warning: pausing for respawn of sh \.\.\.$' err
}

@test "a logger that ends is run again, and no line is lost" {
  start rundeux sh -c 'for i in 1 2 3; do echo $i; done; exec sleep 1000' :: sh -c 'read line; echo "$$ $line" >> logged'
  wait_until lines_are 3 logged
  ended
  [ "$(sed 's/.* //' logged)" = $'1\n2\n3' ]
}

@test "a program that can't be run is complained of and tried again" {
  start rundeux missing :: sh -c 'exec cat > logged'
  wait_until lines_are 3 err
  ended
  [ "$(head -n 3 err)" = 'rundeux: fatal: failure on exec of missing: file does not exist (ENOENT)
rundeux: warning: pausing for respawn of missing ...
rundeux: fatal: failure on exec of missing: file does not exist (ENOENT)' ]
}

@test "signals are for the program" {
  start rundeux sh -c 'for s in HUP ALRM USR1 USR2 QUIT; do trap "echo $s" $s; done
    trap "echo TERM; exit" TERM; echo up; while :; do sleep 0.02; done' :: sh -c 'exec cat > logged'
  wait_until has up logged
  for signal in HUP ALRM USR1 USR2 QUIT; do
    kill -s "$signal" "$pid"
    wait_until has "$signal" logged
  done
  ended
  [ "$(tail -n 1 logged)" = TERM ]
}

@test "INT ends the program with TERM" {
  start env --default-signal=INT rundeux sh -c 'trap "echo TERM; exit" TERM; echo up; while :; do sleep 0.02; done' :: \
    sh -c 'exec cat > logged'
  wait_until has up logged
  kill -INT "$pid"
  finishes 0
  has TERM logged
}

@test "the program is awaited, and then the logger" {
  start rundeux sh -c 'trap "sleep 0.3; echo last; exec >&-; sleep 0.3; : > ended; exit" TERM; echo up
    while :; do sleep 0.02; done' :: sh -c 'cat > logged; sleep 0.2; echo done >> logged'
  wait_until has up logged
  ended
  [ -e ended ]
  [ "$(tail -n 2 logged)" = $'last\ndone' ]
}

@test "a stopped program is continued to be ended" {
  start rundeux sh -c 'echo $$ > self; exec sleep 1000' :: cat
  wait_until test -s self
  kill -STOP "$(cat self)"
  ended
}

@test "-x: rundeux becomes the program" {
  start rundeux -x sh -c 'echo $$' :: sh -c 'cat > new; mv new logged'
  finishes 0
  wait_until test -e logged
  [ "$(cat logged)" = "$pid" ]
  ends 3 rundeux -x sh -c 'exit 3' :: cat
  ends 111 rundeux -x missing :: cat
  complains 'rundeux: fatal: failure on exec of missing: file does not exist (ENOENT)'
}

@test "-x: a link behind it runs on in the same chain" {
  : > variables
  ends 0 rundeux -x runenv variables runlimit -o 50 sh -c 'ulimit -n' :: sh -c 'cat > new; mv new logged'
  wait_until test -e logged
  [ "$(cat logged)" = 50 ]
}

@test "-d: in the background, at the head of a session" {
  rundeux -d sh -c 'echo $PPID > parent; exec sleep 1000' :: cat > out 2> err 3>&- 4>&-
  wait_until test -s parent
  pid=$(cat parent)
  track "$pid"
  [ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ]
  kill "$pid"
  wait_until gone "$pid"
}

@test "closed standard streams stay out of the pipe" {
  start sh -c 'exec rundeux sh -c "echo hello; exec sleep 1000" :: sh -c "exec cat > logged" <&- >&- 2>&-'
  wait_until has hello logged
  ended
  [ "$(cat logged)" = hello ]
}

@test "both get all that rundeux was given to pass on, however many descriptors that are" {
  start bash -c 'for i in {20..90}; do eval "exec $i> given.$i"; done
    exec rundeux sh -c "ls /proc/\$\$/fd | sort -n > new; mv new main; exec sleep 1000" :: \
      sh -c "ls /proc/\$\$/fd | sort -n > newlog; mv newlog log; exec cat > logged"'
  wait_until test -e main
  wait_until test -e log
  ended
  same "what main has of them" "$(seq 20 90)" "$(grep -E '^([2-8].|90)$' main)"
  same "what the logger has of them" "$(seq 20 90)" "$(grep -E '^([2-8].|90)$' log)"
}
