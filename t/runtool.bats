# runtool: several run tools in one.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: no room for the process of -d; a kernel that refuses a soft limit below the hard one. What each act does is
# in the file of the tool that does it alone.

load helper

wrong() { misuse runtool "$1"; }

# detach OPTION...: as runtool -d, which must end with 0 at once; what runs on writes into err, and holds nothing of bats.
detach() { ends 0 sh -c 'exec runtool -d "$@" > /dev/null 2> err 3>&- 4>&-' x "$@"; }

# ---- the command line ---------------------------------------------------------------------------------------------

@test "runtool without a program is a usage error, whatever else is wrong" {
  ends 100 runtool
  wrong 'missing required program argument'
  ends 100 runtool -L a -P b -m 9 -u nosuch
  wrong 'missing required program argument'
}

@test "runtool refuses an option that it does not have, and one without its argument" {
  ends 100 runtool -Z true
  wrong 'invalid option: -Z'
  ends 100 runtool '-?' true
  wrong ''
  for each in 0 a A c C e E F L m P R S u U z; do
    ends 100 runtool "-$each"
    wrong "missing argument for option -$each"
  done
}

@test "runtool -h prints its usage line, -V the version of the interface" {
  ends 0 runtool -h
  prints ''
  complains 'usage: runtool [-hV] [-0 argv0] [<-a | -A> argfile] [-c chdir] [-C chroot] [-d] [<-e | -E> envfile] [-F fdset] [-L [:]lockfile | -P [:]pidlock] [-m umask] [-R <a|c|d|f|m|o|p|r|s|t>=<num|!>[:...]] [-s] [-S altpath] [-u user] [-U user] [-z secs] [-W] program [args ...]'
  ends 0 runtool -V
  complains 'runtool: version: 2.07'
}

@test "runtool without an option runs the program and exits with its status" {
  ends 7 runtool sh -c 'echo "$1"; exit 7' x run
  prints run
  complains ''
}

@test "the order of work is fixed, and each argument is looked at when its turn comes" {
  ends 100 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 -L none/l -U nosuch -e none -a none -P x true
  wrong 'options -L (setlock) and -P (pidlock) are mutually exclusive'
  ends 111 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 -L none/l -U nosuch -e none -a none true
  complains 'runtool: fatal: unable to open file for option -a none: file does not exist (ENOENT)'
  ends 111 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 -L none/l -U nosuch -e none true
  complains 'runtool: fatal: failure stat() on path argument for option -e: none: file does not exist (ENOENT)'
  ends 100 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 -L none/l -U nosuch true
  wrong 'no user account found for envuid option -U: nosuch'
  ends 111 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 -L none/l true
  complains 'runtool: fatal: unable to acquire lock onnone/l: file does not exist (ENOENT)'
  ends 100 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 -m 9 true
  wrong 'bad octal numeric argument for option -m: 9'
  ends 100 runtool -z q -u nosuch -C none -c none -R z=1 -F 1 true
  wrong 'bad op format in fdset argument 1'
  ends 100 runtool -z q -u nosuch -C none -c none -R z=1 true
  wrong 'bad format in runlimit argument z=1'
  ends 111 runtool -z q -u nosuch -C none -c none true
  complains 'runtool: fatal: failure on chdir to none: file does not exist (ENOENT)'
  need_root 'only the super user gets so far'
  ends 111 runtool -z q -u nosuch -C none true
  complains 'runtool: fatal: failure on chroot to none: file does not exist (ENOENT)'
  ends 100 runtool -z q -u nosuch true
  wrong 'no user account found for setuid option -u: nosuch'
  ends 100 runtool -z q true
  wrong 'bad numeric argument for sleep option -z: q'
}

@test "a lock, a descriptor's file and a file of arguments are seen from the first directory" {
  mkdir folder
  echo a > args
  ends 0 runtool -c folder -L lock -F '1>./out' -a args catargs
  [ "$(cat out)" = $'catargs\na' ]
  [ -e lock ]
}

# ---- arguments ----------------------------------------------------------------------------------------------------

@test "runtool -0 sets argv[0], also in what is said of a program that can't be run" {
  ends 0 runtool -0 alias sh -c 'tr "\0" " " < /proc/$$/cmdline'
  [ "${lines[0]%% *}" = alias ]
  ends 111 runtool -0 alias missing
  complains 'runtool: fatal: unable to run alias: file does not exist (ENOENT)'
  ends 111 runtool missing
  complains 'runtool: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "runtool -a puts lines of a file before the arguments, -A after them; the last of them counts" {
  printf '#\n one \n' > file
  echo two > other
  ends 0 runtool -a file catargs x
  prints 'catargs
one
x'
  ends 0 runtool -A file catargs x
  prints 'catargs
x
one'
  ends 0 runtool -a missing -A file -a other catargs x
  prints 'catargs
two
x'
}

@test "the file of -a is a file: - is one of that name, a directory a failure" {
  ends 111 runtool -a - true
  complains 'runtool: fatal: unable to open file for option -a -: file does not exist (ENOENT)'
  mkdir folder
  ends 111 runtool -A folder true
  complains 'runtool: fatal: error reading file for option -A folder: is a directory (EISDIR)'
  mkfifo fifo
  ends 0 runtool -a fifo catargs
  prints catargs
  need_user nobody
  echo a > file
  chmod 000 file
  ends 111 as_user nobody runtool -a file true
  complains 'runtool: fatal: unable to open file for option -a file: access denied (EACCES)'
}

# ---- environment --------------------------------------------------------------------------------------------------

@test "runtool -e changes the environment, -E replaces it; the last of them counts" {
  printf 'A=1\nB\n' > file
  ends 0 env -i B=2 C=3 PATH="$PATH" "$PERPETUA_BIN/runtool" -e file catenv
  prints "C=3
PATH=$PATH
A=1"
  ends 0 runtool -E file catenv
  prints A=1
  ends 0 runtool -e none -E file catenv
  prints A=1
  mkdir folder
  echo v > folder/K
  ends 0 runtool -E folder catenv
  prints K=v
}

@test "runtool -e of what is no file or directory" {
  mkfifo fifo
  ends 100 runtool -e fifo true
  wrong 'argument is neither file nor directory for option -e: fifo'
  ends 100 runtool -E /dev/null true
  wrong 'argument is neither file nor directory for option -E: /dev/null'
  ends 111 runtool -E - true
  complains 'runtool: fatal: failure stat() on path argument for option -E: -: file does not exist (ENOENT)'
  mkdir -p folder/K
  ends 111 runtool -e folder true
  complains 'runtool: fatal: error reading folder/K (option -e folder): is a directory (EISDIR)'
}

@test "runtool -e of what the caller may not read" {
  need_user nobody
  echo A=1 > file
  chmod 000 file
  ends 111 as_user nobody runtool -e file true
  complains 'runtool: fatal: failure opening file for option -e: file: access denied (EACCES)'
  mkdir folder
  echo v > folder/K
  chmod 000 folder/K
  ends 111 as_user nobody runtool -e folder true
  complains 'runtool: fatal: unable to open folder/K (option -e folder): access denied (EACCES)'
  chmod 000 folder
  ends 111 as_user nobody runtool -E folder true
  complains 'runtool: fatal: unable to chdir (option -E folder): access denied (EACCES)'
  chmod 711 folder
  ends 111 as_user nobody runtool -E folder true
  complains 'runtool: fatal: unable to open directory (option -E folder): access denied (EACCES)'
}

@test "runtool -U sets GID and UID to the numbers of an account, after the file" {
  id daemon > /dev/null 2>&1 || skip "needs an account daemon"
  echo UID=x > file
  ends 0 runtool -U daemon -E file catenv
  prints "UID=$(id -u daemon)
GID=$(id -g daemon)"
  for each in nosuch '' 1; do
    ends 100 runtool -U "$each" true
    wrong "no user account found for envuid option -U: $each"
  done
}

@test "the program is sought along the path that runtool was started with" {
  mkdir bin
  printf '#!/bin/sh\necho found\n' > bin/mine
  chmod 755 bin/mine
  echo "PATH=$PWD/bin" > file
  ends 111 runtool -e file mine
  complains 'runtool: fatal: unable to run mine: file does not exist (ENOENT)'
  ends 0 runtool -E file "$PERPETUA_BIN/catenv"
  prints "PATH=$PWD/bin"
}

@test "runtool -S is where the program is sought, and is told to nobody" {
  mkdir bin
  printf '#!/bin/sh\necho "$PATH"\n' > bin/mine
  chmod 755 bin/mine
  ends 0 runtool -S "none:$PWD/bin" mine
  prints "$PATH"
  ends 111 runtool -S /none sh
  complains 'runtool: fatal: unable to run sh: file does not exist (ENOENT)'
  ends 111 runtool -S '' sh
  complains 'runtool: fatal: unable to run sh: no error (EOK)'
  ends 0 runtool -S /none /bin/echo run
  prints run
}

# ---- session, detaching -------------------------------------------------------------------------------------------

@test "runtool -s begins a session; where that can't be it goes on, and says so with -W" {
  ends 0 setsid -w runtool -s echo run
  prints run
  complains ''
  ends 0 setsid -w runtool -s -W echo run
  prints run
  complains 'runtool: warning: failure setsid() for option -s: permission denied (EPERM)'
  ends 0 sh -c 'runtool -s sh -c "ps -o sid= -p \$\$; echo \$\$" | tr -d " " | uniq | wc -l'
  prints 1
}

@test "runtool -d ends with 0 at once; the program runs in a session of its own" {
  detach sh -c 'ps -o sid= -p $$ | tr -d " " > sid; echo $$ > pid; : > done; exec sleep 1000'
  wait_until test -e done
  track "$(cat pid)"
  same session "$(cat pid)" "$(cat sid)"
}

@test "runtool -d -s begins one session, without a warning" {
  detach -sW sh -c ': > done'
  wait_until test -e done
  [ ! -s err ]
}

@test "under -d the lock belongs to the program, and its pid is in the file" {
  detach -P lock sh -c 'echo $$ > pid; : > done; exec sleep 1000'
  wait_until test -e done
  track "$(cat pid)"
  same lock "$(cat pid)" "$(cat lock)"
  ends 1 runlock -c lock
  complains "runlock: lock held on lock by pid $(cat pid)"
}

@test "under -d, what is wrong with files, arguments and accounts of the environment is said before" {
  ends 111 runtool -d -a none true
  complains 'runtool: fatal: unable to open file for option -a none: file does not exist (ENOENT)'
  ends 111 runtool -d -E none true
  complains 'runtool: fatal: failure stat() on path argument for option -E: none: file does not exist (ENOENT)'
  ends 100 runtool -d -U nosuch true
  wrong 'no user account found for envuid option -U: nosuch'
}

@test "under -d, what is wrong with the rest is said by the process in the background" {
  for each in '-m 9:usage error: bad octal numeric argument for option -m: 9' \
    '-c none:fatal: failure on chdir to none: file does not exist (ENOENT)' \
    '-0 alias:fatal: unable to run alias: file does not exist (ENOENT)'; do
    # shellcheck disable=SC2086
    detach ${each%%:*} missing
    wait_until test -s err
    same complaint "runtool: ${each#*:}" "$(head -n 1 err)"
  done
}

@test "under -d the program gets all that was asked for" {
  echo A=1 > env
  echo a > args
  mkdir folder
  detach -e env -A args -m 027 -R o=40 -c folder -F '7<%' -0 name sh -c \
    '{ umask; ulimit -Sn; pwd; echo "$A $1"; readlink /proc/$$/fd/7; } > ../out; : > ../done' x
  wait_until test -e done
  same output "0027
40
$PWD/folder
1 a
/dev/null" "$(cat out)"
}

@test "under -d signals that are blocked stay blocked" {
  need_native "the launcher of the JVM edition is a shell, which changes signals that are blocked"
  env --block-signal=HUP true 2> /dev/null || skip "this env blocks no signals"
  env --block-signal=HUP,USR1 runtool -d grep SigBlk /proc/self/status > out 2> err 3>&- 4>&-
  wait_until test -s out
  grep '0000000000000201$' out
}

@test "under -d the program is sought along the first path" {
  printf 'PATH=/none\n' > env
  detach -E env -F '1>./out' catenv
  wait_until test -s out
  [ "$(cat out)" = PATH=/none ]
}

@test "runtool -d through perpetua, and as a link of a chain" {
  ends 0 sh -c 'perpetua runtool -d sh -c ": > one" > /dev/null 2>&1 3>&- 4>&-'
  wait_until test -e one
  ends 0 sh -c 'exec runlimit -o 50 runtool -d sh -c "ulimit -Sn > two.new; mv two.new two" > /dev/null 2>&1 3>&- 4>&-'
  wait_until test -e two
  [ "$(cat two)" = 50 ]
}

# ---- lock, umask --------------------------------------------------------------------------------------------------

@test "runtool -L locks, -P writes the pid too" {
  echo keep > lock
  ends 0 runtool -L lock cat lock
  prints keep
  ends 1 runtool -P lock sh -c '[ "$(cat lock)" = $$ ] && runlock -c lock'
  complains "runlock: lock held on lock by pid $(cat lock)"
}

@test "runtool fails at once when the lock is held, and waits behind a colon" {
  hold lock
  holder=$pid
  for each in L P; do
    ends 111 runtool "-$each" lock echo wrong
    complains 'runtool: fatal: unable to acquire lock onlock: temporary i/o failure (EAGAIN)'
    start runtool "-$each" :lock echo mine
    waiting+=("$pid")
    wait_until sleeps "$pid"
  done
  kill "$holder"
  wait "${waiting[@]}"
}

@test "an empty name of a lock: a usage error behind a colon, else no file" {
  ends 100 runtool -L : true
  wrong 'empty lockfile argument with option -L'
  ends 100 runtool -P : true
  wrong 'empty lockfile argument with option -P'
  ends 111 runtool -L '' true
  complains 'runtool: fatal: unable to acquire lock on: file does not exist (ENOENT)'
  ends 0 runtool -L ::lock true
  [ -e :lock ]
}

@test "runtool -L of a directory or in a missing one fails" {
  mkdir folder
  ends 111 runtool -L folder true
  complains 'runtool: fatal: unable to acquire lock onfolder: is a directory (EISDIR)'
  ends 111 runtool -P none/lock true
  complains 'runtool: fatal: unable to acquire lock onnone/lock: file does not exist (ENOENT)'
}

@test "runtool -m sets the umask; the lock file is made before" {
  for each in 0:0000 77:0077 7777:0777 :0000 37777777777:0777; do
    ends 0 runtool -m "${each%:*}" sh -c umask
    prints "${each#*:}"
  done
  for each in 8 x -1 0x1 40000000000; do
    ends 100 runtool -m "$each" true
    wrong "bad octal numeric argument for option -m: $each"
  done
  ends 0 runtool -m 777 -L lock -F '1>./out' true
  [ "$(stat -c %a lock out | tr '\n' ' ')" = '644 0 ' ]
}

# ---- descriptors --------------------------------------------------------------------------------------------------

@test "runtool -F opens files: < to read, > emptied, + as it was, both for appending and with mode 600" {
  echo in > in
  ends 0 runtool -F '0<./in' cat
  prints in
  ends 0 runtool -F "1>$PWD/out" echo one
  ends 0 runtool -F '1+./out' echo two
  [ "$(cat out)" = $'one\ntwo' ]
  ends 0 runtool -F '1>./out' echo three
  [ "$(cat out)" = three ]
  [ "$(stat -c %a out)" = 600 ]
  ends 0 runtool -F '1+./new' echo four
  [ "$(stat -c %a new) $(cat new)" = '600 four' ]
}

@test "runtool -F works from left to right" {
  ends 0 runtool -F '1>./out:2=1' sh -c 'echo a; echo b >&2'
  [ "$(cat out)" = $'a\nb' ]
  complains ''
  ends 0 runtool -F '2=1:1>./out:' sh -c 'echo a; echo b >&2'
  [ "$(cat out)" = a ]
  prints b
}

@test "runtool -F gives the program any descriptor up to 9, and no other" {
  ends 0 sh -c 'exec 3>&- 4>&- 5>&-; exec runtool -F "7>./out:8=7:4<%" sh -c "
    for each in 3 4 5 6 7 8 9; do [ -e /proc/\$\$/fd/\$each ] && echo \$each; done; echo x >&8"'
  prints '4
7
8'
  [ "$(cat out)" = x ]
}

@test "% is /dev/null" {
  ends 0 runtool -F '0<%:1>%' sh -c 'cat; readlink /proc/$$/fd/0 >&2; echo wrong'
  prints ''
  complains /dev/null
}

@test "=! closes, and goes on where there is nothing to close, which is said with -W" {
  ends 0 runtool -F '0=!' sh -c '[ ! -e /proc/$$/fd/0 ] && echo closed'
  prints closed
  need_native "descriptors up to 9 are never free in a JVM"
  ends 0 runtool -F '9=!' echo run
  prints run
  complains ''
  ends 0 runtool -W -F '9=!:8=!' echo run
  prints run
  complains 'runtool: warning: failure on closing file descriptor
runtool: warning: failure on closing file descriptor'
}

@test "runtool -F with closed streams takes the number asked for" {
  ends 0 sh -c 'runtool -F "1>./out" echo x <&- >&-; cat out; exec runtool -F "0<./out" cat <&-'
  prints 'x
x'
}

@test "a descriptor that is not open can't be copied" {
  need_native "descriptors up to 9 are never free in a JVM"
  ends 111 runtool -F '1=9' echo wrong
  complains 'runtool: fatal: failure duplicating file descriptor: file descriptor not open (EBADF)'
}

@test "a file that can't be opened is a failure" {
  ends 111 runtool -F '0<./none' true
  complains 'runtool: fatal: failure opening ./none for input redirection: file does not exist (ENOENT)'
  for each in '>' +; do
    ends 111 runtool -F "1${each}/none/x" true
    complains 'runtool: fatal: failure opening /none/x for output redirection: file does not exist (ENOENT)'
    ends 111 runtool -F "1$each." true
    complains 'runtool: fatal: failure opening . for output redirection: is a directory (EISDIR)'
  done
  need_user nobody
  : > file
  chmod 000 file
  ends 111 as_user nobody runtool -F '0<./file' true
  complains 'runtool: fatal: failure opening ./file for input redirection: access denied (EACCES)'
}

@test "what a set of descriptors can't be is a usage error" {
  while read -r set sentence; do
    ends 100 runtool -F "$set" true
    wrong "$sentence"
  done <<'X'
: bad fd numeral in fdset argument :
x>/a bad fd numeral in fdset argument x>/a
-1>/a bad fd numeral in fdset argument -1>/a
1>%::2=1 bad fd numeral in fdset argument 1>%::2=1
1>%:x bad fd numeral in fdset argument 1>%:x
1 bad op format in fdset argument 1
1: bad op format in fdset argument 1:
12>/a bad op format in fdset argument 12>/a
1?x bad op format in fdset argument 1?x
1! bad op format in fdset argument 1!
1> empty target in fdset argument 1>
1=:2=1 empty target in fdset argument 1=:2=1
1=22 bad duplication target in fdset argument 1=22
1=!x bad duplication target in fdset argument 1=!x
1=x bad fd target for fdset duplication
1=% bad fd target for fdset duplication
1>name bad target specification in fdset argument name
1>%x bad target specification in fdset argument %x
1>! bad target specification in fdset argument !
0<2:1>%x bad target specification in fdset argument 2
X
  ends 0 runtool -F '' echo run
  prints run
}

# ---- limits -------------------------------------------------------------------------------------------------------

@test "runtool -R sets soft limits; the last one counts; a part without a value is passed over" {
  ends 0 runtool -R o=50:c=0 sh -c 'ulimit -Sn; ulimit -Sc'
  prints '50
0'
  ends 0 runtool -R o=50:o=:z=:o=40: sh -c 'ulimit -Sn'
  prints 40
  ends 0 runtool -R m=268435456:s=8M sh -c 'ulimit -Sv; ulimit -Sd; ulimit -Ss'
  prints '262144
262144
8192'
  ends 0 runtool -R '' echo run
  prints run
}

@test "runtool -R and the hard limit" {
  ulimit -Sn 64
  ulimit -Hn 128
  for each in '!' '!x' 128 200 4294967296 1T; do
    ends 0 runtool -W -R "o=$each" sh -c 'ulimit -Sn; ulimit -Hn'
    prints '128
128'
    complains ''
  done
}

@test "each letter of -R" {
  for each in a c d f m o p r s t; do
    ends 0 runtool -R "$each=!" echo run
    prints run
    ends 100 runtool -R "$each=x" true
    wrong 'bad numeric argument for runlimit option -R :x'
  done
}

@test "what a list of limits can't be is a usage error" {
  for each in : o o:=5 :o=5 o=5::c=0 l=5 z=5 =5 = =:o=7 oo=5 'o = 5' -=5 "o=$(printf %040d 5)"; do
    ends 100 runtool -R "$each" true
    wrong "bad format in runlimit argument $each"
  done
  for each in 5x -5 ^ = _ '5 ' 5K 99999999999999999999 9999999T; do
    ends 100 runtool -R "o=$each" true
    wrong "bad numeric argument for runlimit option -R :$each"
  done
}

# ---- directory, root, user, pause ---------------------------------------------------------------------------------

@test "runtool -c changes the directory" {
  mkdir folder
  ends 0 runtool -c none -c folder pwd
  prints "$PWD/folder"
  : > file
  ends 111 runtool -c file pwd
  complains 'runtool: fatal: failure on chdir to file: not a directory (ENOTDIR)'
}

@test "runtool -C changes the root, after the directory, and seeks the program there" {
  need_root 'chroot'
  mkdir -p folder/bin
  ends 111 runtool -C folder sh
  complains 'runtool: fatal: unable to run sh: file does not exist (ENOENT)'
  ends 111 runtool -c folder -C folder sh
  complains 'runtool: fatal: failure on chroot to folder: file does not exist (ENOENT)'
  ends 0 runtool -C / echo run
  prints run
  need_native "a program that needs no library"
  cp "$PERPETUA_BIN/perpetua" folder/bin/catargs
  ends 0 runtool -c folder -C . catargs a
  prints 'catargs
a'
}

@test "runtool -C and -u are for the super user alone" {
  need_user nobody
  ends 100 as_user nobody runtool -C / true
  wrong 'must have root privilege to chroot'
  ends 100 as_user nobody runtool -u nosuch true
  wrong 'must have root privilege to setuid'
}

@test "runtool -u becomes a user with its group alone, and seeks the program as that user" {
  need_user nobody
  ends 0 runtool -u nobody sh -c 'id -u; id -g; id -G'
  prints "$(id -u nobody)
$(id -g nobody)
$(id -g nobody)"
  printf '#!/bin/sh\n' > mine
  chmod 700 mine
  ends 111 runtool -u nobody ./mine
  complains 'runtool: fatal: unable to run ./mine: access denied (EACCES)'
  ends 100 runtool -u '' true
  wrong 'no user account found for setuid option -u: '
}

@test "runtool -u takes numbers, and a group behind a colon" {
  need_root 'setuid'
  ends 0 runtool -u 12345:54321 sh -c 'id -u; id -g; id -G'
  prints '12345
54321
54321'
  ends 0 runtool -u 12345 id -u
  prints 12345
  ends 111 runtool -u 12345:nosuch true
  complains 'runtool: fatal: no group found for group nosuch'
}

@test "runtool -z waits" {
  start runtool -z 1000 echo run
  wait_until pauses "$pid"
  kill -ALRM "$pid"
  wait "$pid"
  [ "$(cat out)" = run ]
  start runtool -z 0 echo wrong
  wait_until pauses "$pid"
  kill "$pid"
  wait "$pid" || [ $? = 143 ]
  [ ! -s out ]
}

@test "closed standard error: the status tells all the same" {
  ends 100 sh -c 'runtool 2>&-'
  ends 111 sh -c 'runtool -a none true 2>&-'
}
