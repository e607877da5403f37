# Exec chains: how a program is found, and that running in place is not to be observed.
# SPDX-License-Identifier: Apache-2.0
#
# Most of these tests run a script twice, with its links in place and with each of them executed, and compare status, output
# and messages before they look at what these are.
#
# Not tested: the time that running in place saves (make bench); a binary that is replaced while a chain runs; a directory of
# PATH that hangs.

load helper

# both STATUS SCRIPT: runs it both ways, each in a fresh folder with what prepare makes in it; must end the same, with that
# status. Then look at what it wrote with prints and complains.
both() {
  local way here=$PWD
  for way in place each; do
    mkdir "$way"
    cd "$way"
    prepare
    if [ "$way" = place ]; then
      PERPETUA_EXEC=no ends "$1" sh -c "$2"
    else
      PERPETUA_EXEC=always ends "$1" sh -c "$2"
    fi
    cd "$here"
    printf '%s\n' "$status" "$output" "$stderr" | sed "s|$here/$way|HERE|g" > "$way.txt"
    rm -rf "$way"
  done
  diff place.txt each.txt
}

# prepare: to be written anew by a test that needs files
prepare() { :; }

# script FILE WORD...: makes FILE a program that prints these words, and its arguments
script() {
  mkdir -p "$(dirname "$1")"
  printf '#!/bin/sh\necho %s "$@"\n' "${*:2}" > "$1"
  chmod 755 "$1"
}

# ---- finding the program ------------------------------------------------------------------------------------------

@test "a name with a slash is a path, any other is sought along PATH" {
  prepare() { script program here; script bin/program bin; }
  both 0 'PATH=$PWD/bin:$PATH; runsession runsession ./program; runsession runsession program'
  prints 'here
bin'
}

@test "an empty element of PATH is the current directory" {
  prepare() { script program here; }
  both 0 'r=$(command -v runsession)
    for PATH in :/nowhere /nowhere: /nowhere::/none; do "$r" program; done'
  prints 'here
here
here'
}

@test "without PATH it is /bin:/usr/bin, and in an empty one nothing is found" {
  need_native "an empty PATH: the JVM edition needs one to find its JVM"
  both 0 'r=$(command -v runsession); unset PATH; "$r" "$r" sh -c "echo found"'
  prints found
  both 111 'r=$(command -v runsession); PATH=; exec "$r" "$r" sh'
  complains 'runsession: fatal: unable to run sh: no error (EOK)'
}

@test "an empty name is nothing" {
  both 111 'runsession runsession ""'
  complains 'runsession: fatal: unable to run : file does not exist (ENOENT)'
}

@test "what may not be executed is passed over, and named only if nothing else is found" {
  prepare() { script two/program two; mkdir one three three/program; echo text > one/program; }
  both 0 'PATH=$PWD/one:$PWD/three:$PWD/two:$PATH; runsession runsession program'
  prints two
  both 111 'PATH=$PWD/one:$PATH; exec runsession runsession program'
  complains 'runsession: fatal: unable to run program: access denied (EACCES)'
  both 111 'PATH=$PWD/three:$PATH; exec runsession runsession program'
  complains 'runsession: fatal: unable to run program: access denied (EACCES)'
}

@test "a file without a #! line ends the search, and no shell is tried" {
  prepare() { script two/program two; mkdir one; echo 'echo wrong' > one/program; chmod 755 one/program; }
  both 111 'PATH=$PWD/one:$PWD/two:$PATH; exec runsession runsession program'
  prints ''
  complains 'runsession: fatal: unable to run program: exec format error (ENOEXEC)'
}

@test "an element of PATH that is no directory, or leads nowhere for ever, ends the search" {
  prepare() { script two/program two; : > file; ln -s loop loop; }
  both 111 'r=$(command -v runsession); PATH=$PWD/file:$PWD/two:$PATH; exec "$r" "$r" program'
  complains 'runsession: fatal: unable to run program: not a directory (ENOTDIR)'
  both 111 'r=$(command -v runsession); PATH=$PWD/loop:$PWD/two:$PATH; exec "$r" "$r" program'
  complains 'runsession: fatal: unable to run program: symbolic link loop (ELOOP)'
}

@test "an interpreter that is not there, and a name too long, are failures" {
  prepare() { printf '#!/no/such/interpreter\n' > program; chmod 755 program; }
  both 111 'runsession runsession ./program'
  complains 'runsession: fatal: unable to run ./program: file does not exist (ENOENT)'
  long=$(printf 'x%.0s' {1..300})
  both 111 "runsession runsession $long"
  complains "runsession: fatal: unable to run $long: file name too long (ENAMETOOLONG)"
}

@test "another program of a tool's name that stands earlier on PATH is what runs" {
  prepare() { script bin/runlimit shadow; : > new; }
  both 0 'PATH=$PWD/bin:$PATH; exec runenv new runlimit -o 50 echo x'
  prints 'shadow -o 50 echo x'
}

@test "a tool's name that may not be executed earlier on PATH is passed over" {
  prepare() { mkdir bin; echo text > bin/runlimit; : > new; }
  both 0 'PATH=$PWD/bin:$PATH; exec runenv new runlimit -o 50 echo x'
  prints x
}

@test "a PATH that a link sets is where the next link seeks" {
  prepare() { script bin/runuid shadow; script bin/mine mine; echo "PATH=$PWD/bin:$PATH" > new; }
  both 0 'runenv new runlimit -o 50 runuid daemon echo x'
  prints 'shadow daemon echo x'
  both 111 'runenv new mine'
  complains 'runenv: fatal: unable to run mine: file does not exist (ENOENT)'
  both 0 'runenv new runlimit -o 50 mine'
  prints mine
}

@test "a tool by its path, absolute or relative, is that tool" {
  prepare() { ln -s "$(command -v runlimit)" runlimit; }
  both 0 'exec runsession "$(command -v runlimit)" -o 50 ./runlimit -c 0 sh -c "ulimit -n; ulimit -c"'
  prints '50
0'
}

# ---- in place and not ---------------------------------------------------------------------------------------------

@test "the exit status is that of the last program" {
  both 42 'runlimit -c 0 runsession runlock lock sh -c "exit 42"'
  complains ''
}

@test "a signal that ends the last program ends the chain" {
  both 143 'runlimit -c 0 runsession runlock lock sh -c "kill \$\$"'
}

@test "a link that fails speaks for itself, and nothing behind it runs" {
  both 111 'runlimit -o 50 runenv missing echo wrong'
  prints ''
  complains 'runenv: fatal: unable to stat missing: file does not exist (ENOENT)'
  both 100 'runsession runlimit -o x echo wrong'
  prints ''
  complains "runlimit: usage error: option -o: non-numeric argument for resource RLIMIT_NOFILE: x
$(runlimit -h 2>&1)"
  both 111 'runsession runlimit -c 0 runlock lock missing'
  complains 'runlock: fatal: unable to run missing: file does not exist (ENOENT)'
  both 0 'runlimit -o 50 runenv -h'
  complains 'usage: runenv [-hV] [-i] [-U account] newenv program [args ...]'
}

@test "the environment is that of all links together, in order" {
  prepare() { printf 'A=1\nB=1\n' > one; printf 'B=2\nC=2\nA\n' > two; }
  both 0 'env -i PATH="$PATH" PERPETUA_EXEC="$PERPETUA_EXEC" runenv one runsession runenv two env | grep -v ^P'
  prints 'B=2
C=2'
  both 0 'runenv -i one "$(command -v env)"'
  prints 'A=1
B=1'
}

@test "limits add up" {
  both 0 'runlimit -o 60 -c 5 runsession runlimit -o 50 sh -c "ulimit -n; ulimit -S -c; cat /proc/self/limits" | head -n 1'
  prints 50
  both 0 'ulimit -Hn 70; runlimit -o 60 runlimit -o = runlimit -f 1M cat /proc/self/limits'
}

@test "ids change behind what only root may do" {
  need_user nobody
  prepare() { chmod 755 .; }
  both 0 'runlock lock runuid nobody runlimit -c 0 sh -c "id -u; id -G; runlock -c lock"' || true
  both 100 'runuid nobody runuid daemon id'
  complains "runuid: usage error: not running as super user
$(runuid -h 2>&1)"
}

@test "a tool that the new user may not execute is not run in place either" {
  need_user nobody
  need_native "the JVM edition is more than one file"
  cp "$PERPETUA_BIN/perpetua" private
  chmod 700 private
  prepare() { ln -s ../private runsession; ln -s ../private runuid; }
  both 111 'PATH=$PWD:$PATH; ./runuid nobody ./runsession echo wrong'
  prints ''
  complains 'runuid: fatal: unable to run ./runsession: access denied (EACCES)'
}

@test "the process number is one from the first link to the last program" {
  both 0 'test "$(sh -c "echo \$\$ > first; exec runlimit -c 0 runlock -p lock runsession sh -c \"echo \\\$\\\$\"")" = "$(cat first)" &&
    cmp first lock'
}

@test "a lock lasts along the chain" {
  both 1 'runlock lock runlimit -c 0 runsession sh -c "runlock -cq lock"'
  both 111 'runlock one runlock two sh -c "runlock one echo wrong"'
  complains 'runlock: fatal: unable to acquire lock on one: temporary i/o failure (EAGAIN)'
  both 0 'runlock lock runlock lock echo same'
  prints same
}

@test "the session and the group are new from runsession on" {
  both 0 'sh -c "exec runlimit -c 0 runsession runlimit -c 0 ps -o pid=,pgid=,sid= -p \$\$" |
    awk "{ print (\$1 == \$2 && \$2 == \$3) ? \"leads\" : \"follows\" }"; :'
}

@test "the open descriptors of the last program are those of the first link and the locks" {
  both 0 'exec 3>&- 4>&- 9< /dev/null; runlimit -c 0 runlock lock runsession sh -c "ls /proc/\$\$/fd" | sort -n | tr "\n" " "'
  [[ $output == *' 9'* ]]
  [[ " $output " == ' 0 1 2 3 '* ]]
}

@test "links behind rundetach run in the other process, with their environment" {
  prepare() { echo A=1 > new; }
  both 0 'runenv new rundetach runlimit -o 50 sh -c "echo \$A; ulimit -n" | cat'
  prints '1
50'
}

@test "runpause in a chain waits, and SIGALRM is as before" {
  both 0 'runlimit -c 0 runpause 1 runsession grep Sig[BI] /proc/self/status'
  diff <(echo "$output") <(grep 'Sig[BI]' /proc/self/status)
}

@test "options and operands stay with their link" {
  both 0 'runlimit -c 0 -- runsession -- echo -- -o 5'
  prints '-- -o 5'
}

@test "ignored signals and a blocked SIGALRM pass through" {
  both 0 'trap "" USR1 HUP; runlimit -c 0 runsession grep SigIgn /proc/self/status'
  need_native "the launcher of the JVM edition is a shell, which changes signals that are blocked"
  env --block-signal=ALRM true 2> /dev/null || skip "this env blocks no signals"
  both 0 'env --block-signal=ALRM runlimit -c 0 runsession grep SigBlk /proc/self/status'
  prints $'SigBlk:\t0000000000002000'
}

# ---- names ----------------------------------------------------------------------------------------------------------

@test "a tool speaks by the last part of the name that it was called by" {
  need_native "a script is not told its argv[0]"
  ends 100 bash -c 'exec -a /some/where/alias runsession'
  complains 'alias: usage error: missing required program argument
usage: alias [-hV] program [args ...]'
  ends 0 bash -c 'exec -a runuid runsession -V'
  complains 'runuid: version: 2.07'
  ends 111 bash -c 'exec -a "" runsession missing'
  complains ': fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "the path that was executed decides which tool it is, and only without one of a tool's name the argv[0]" {
  need_native "a script is not told its argv[0]"
  cp "$PERPETUA_BIN/perpetua" binary
  ends 0 bash -c 'exec -a runlimit ./binary -o 50 sh -c "ulimit -n"'
  prints 50
  ends 0 bash -c 'exec -a runlock runlimit -o 50 sh -c "ulimit -n"'
  prints 50
}

@test "a link of another name is the tool that it leads to" {
  mkdir folder
  ln -s "$PERPETUA_BIN/runlimit" folder/first
  ln -s first folder/second
  ln -s folder/second third
  for each in ./third folder/first "$PWD/folder/second"; do
    ends 0 "$each" -o 50 sh -c 'ulimit -n'
    prints 50
    ends 0 "$each" -V
    complains "${each##*/}: version: 2.07"
    ends 0 runsession "$each" -o 50 "$each" -c 0 sh -c 'ulimit -n; ulimit -c'
    prints $'50\n0'
  done
}

@test "perpetua runs a tool by its name, lists them, and knows no other" {
  ends 0 perpetua runlimit -o 50 sh -c 'ulimit -n'
  prints 50
  ends 0 perpetua -l
  [[ $'\n'$output$'\n' == *$'\nperpetua\n'*$'\nrunlock\n'* ]]
  ends 100 perpetua nosuchtool
  complains "perpetua: usage error: no such tool: nosuchtool
$(perpetua -h 2>&1)"
  ends 100 perpetua
  complains "perpetua: usage error: missing tool argument; perpetua -l lists them
$(perpetua -h 2>&1)"
}

@test "a tool can be the interpreter of a script" {
  need_native "the kernel runs a binary as an interpreter, on some systems no script"
  printf '#!%s/runsession /bin/echo\nnothing\n' "$PERPETUA_BIN" > script
  chmod 755 script
  ends 0 ./script one
  prints './script one'
}

# ---- length and bytes -------------------------------------------------------------------------------------------

@test "a chain of 2,000 links ends like one of two, both ways" {
  need_native "each link that is executed starts a JVM"
  both 7 "$(printf 'runlimit -c 0 %.0s' {1..2000}) sh -c 'exit 7'"
  complains ''
}

@test "a chain of 50,000 links in place takes no stack and little time" {
  PERPETUA_EXEC=no ends 7 sh -c 'exec "$@"' - $(printf 'runsession %.0s' {1..50000}) sh -c 'exit 7'
  complains ''
}

@test "every byte passes through, in any locale" {
  odd=$'\351\377\001'
  mkdir "folder$odd"
  printf '#!/bin/sh\nprintf "%%s|" "$1" "$VALUE" "$FILED" "${0##*/}" "${PWD##*/}"\n' > "folder$odd/program$odd"
  chmod 755 "folder$odd/program$odd"
  printf 'FILED=%s\n' "$odd" > "folder$odd/new$odd"
  cd "folder$odd"
  for locale in C C.UTF-8; do
    for way in no always; do
      LC_ALL=$locale VALUE=$odd PERPETUA_EXEC=$way ends 0 \
        runenv "new$odd" runlimit -c 0 runlock "../lock$odd" "$scratch/folder$odd/program$odd" "$odd"
      prints "$odd|$odd|$odd|program$odd|folder$odd|"
      LC_ALL=$locale PERPETUA_EXEC=$way ends 111 runsession runlimit -c 0 "missing$odd"
      complains "runlimit: fatal: unable to run missing$odd: file does not exist (ENOENT)"
    done
  done
  [ -e "$scratch/lock$odd" ]
}

@test "an argument of 100,000 bytes and empty arguments pass through" {
  long=$(head -c 100000 /dev/zero | tr '\0' x)
  both 0 "runsession runlimit -c 0 runsession sh -c 'echo \$# \${#1} \"\$2|\$3|\"' - $long '' ' '"
  prints '3 100000 | |'
}

# ---- narrow places ------------------------------------------------------------------------------------------------

@test "a chain runs under a soft limit of 8 MB of address space" {
  need_native "a JVM does not start there"
  printf 'A=1\n' > new
  ulimit -Sv 8192
  for way in no always; do
    PERPETUA_EXEC=$way ends 0 runlimit -c 0 runenv new runlock lock runsession runlimit -t 100 sh -c 'echo $A; ulimit -v'
    prints '1
8192'
    PERPETUA_EXEC=$way ends 7 $(printf 'runlimit -c 0 %.0s' {1..300}) sh -c 'exit 7'
  done
}

@test "a chain goes on behind a limit of 8 MB that it sets itself" {
  printf 'A=1\n' > new
  ends 0 runlimit -m 8M -l = runenv new runlock lock runsession sh -c 'echo $A; ulimit -v'
  prints '1
8192'
}

@test "a chain runs with the three standard descriptors alone" {
  need_native "a JVM opens more"
  printf 'A=1\n' > new
  both 0 'runlimit -o 3 runsession runlimit -o = sh -c "echo run"'
  prints run
  ends 111 runlimit -o 3 runlock lock echo wrong
  complains 'runlock: fatal: unable to acquire lock on lock: process cannot open more files (EMFILE)'
  ends 111 runlimit -o 3 runenv new echo wrong
  complains 'runenv: fatal: unable to open new: process cannot open more files (EMFILE)'
  ends 111 runlimit -o 3 runlimit -F new echo wrong
  complains 'runlimit: fatal: unable to open new: process cannot open more files (EMFILE)'
}
