# helper.bash: the verbs that the tests share. A file begins with: load helper
# SPDX-License-Identifier: Apache-2.0
#
# PERPETUA_BIN      the folder of the tools under test (build/bin)
# PERPETUA_EDITION  native or jvm: which tests apply
# PERPETUA_EXEC     always: no link runs in place; every test must end the same
# PERPETUA_EMULATED not empty: the tools are those of another machine, and tests named in t/emulated are skipped
#
# Each test runs in an empty folder of its own, with an empty standard input, the umask 022 and the tools first on PATH.

bats_require_minimum_version 1.5.0

: "${PERPETUA_BIN:=$BATS_TEST_DIRNAME/../build/bin}" "${PERPETUA_EDITION:=native}"
PERPETUA_BIN=$(cd "$PERPETUA_BIN" && pwd) || { echo "no tools in $PERPETUA_BIN: run make first" >&2; return 1; }
export PERPETUA_BIN PERPETUA_EDITION PATH=$PERPETUA_BIN:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin

setup() { enter_scratch; }

# enter_scratch: what a setup of a file's own begins with
enter_scratch() {
  [ -z "$PERPETUA_EMULATED" ] || not_emulated
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/perpetua.XXXXXX")
  scratch=$(cd "$scratch" && pwd -P)
  chmod 755 "$scratch"
  cd "$scratch"
  umask 022
  exec < /dev/null
}

# Under qemu-user some tests would tell of qemu.
not_emulated() {
  local file title
  while read -r file title; do
    case $(basename "$BATS_TEST_FILENAME")/$BATS_TEST_DESCRIPTION in
      "$file/$title"*) skip "runs under qemu: see t/emulated" ;;
    esac
  done < "$BATS_TEST_DIRNAME/emulated"
}

teardown() {
  [ -n "$scratch" ] || return 0
  end_all
  leave_scratch
}

# leave_scratch: what a teardown of a file's own ends with
leave_scratch() {
  cd /
  chmod -R u+rwX "$scratch"
  rm -rf "$scratch"
}

# ---- run and compare ----------------------------------------------------------------------------------------------

# ends STATUS COMMAND...: runs it; it must end with that status. Then look at what it wrote with prints and complains.
# Unlike run of bats it keeps blanks at the end of a line, and shows standard error where the status is another.
ends() {
  status=0
  output=$("${@:2}" 2> "$BATS_TEST_TMPDIR/stderr") || status=$?
  stderr=$(tr -d '\0' < "$BATS_TEST_TMPDIR/stderr")
  mapfile -t lines <<< "$output"
  [ "$status" = "$1" ] && return
  printf 'the status should be %s but is %s after: %s\n%s\n%s\n' "$1" "$status" "${*:2}" "$output" "$stderr"
  return 1
}

# prints TEXT: the last command wrote exactly that on standard output, but for newlines at the end.
prints() { same "standard output" "$1" "$output"; }

# complains TEXT: the same of standard error.
complains() { same "standard error" "$1" "$stderr"; }

# misuse TOOL SENTENCE: the last command ended with that usage error and TOOL's usage line.
misuse() {
  local help
  help=$("$1" -h 2>&1)
  prints ''
  complains "${2:+$1: usage error: $2
}$help"
}

# same WHAT EXPECTED ACTUAL
same() {
  [ "$2" = "$3" ] && return
  printf '%s should be:\n%s\nbut is:\n%s\n' "$1" "$2" "$3"
  return 1
}

# mask_pids: standard input with every pid replaced, so that lines can be compared.
mask_pids() { sed -E 's/\b(pid|PID)([: ]+)[0-9]+/\1\2N/g; s/\[[0-9]+\]/[N]/g'; }

# ---- processes ----------------------------------------------------------------------------------------------------

# start COMMAND...: runs it in the background, sets $pid, and ends it when the test ends. It writes into the files out
# and err. Descriptor 3 belongs to bats, which would wait for it.
start() {
  "$@" > out 2> err 3>&- 4>&- &
  pid=$!
  track "$pid"
}

# finishes STATUS: waits for what start has started; it must end with that status.
finishes() {
  status=0
  wait "$pid" || status=$?
  [ "$status" = "$1" ] && return
  printf 'the status should be %s but is %s\n%s\n' "$1" "$status" "$(cat err)"
  return 1
}

# track PID: have this process ended when the test ends, if it still runs in the scratch folder then.
track() { tracked+=("$1"); }

end_all() {
  local each
  for each in "${tracked[@]}"; do
    case $(readlink "/proc/$each/cwd") in
      "$scratch"*) kill -KILL "$each" 2> /dev/null || : ;;
    esac
  done
  wait
}

# end_here: ends whatever works in the scratch folder, and so was started by this test; but not this shell. Who would start
# again what is ended has to be ended before. Two rounds, for what is being started during the first.
end_here() {
  local round each
  for round in 1 2; do
    for each in $(find /proc -maxdepth 2 -name cwd \( -lname "$scratch" -o -lname "$scratch/*" \) 2> /dev/null); do
      each=${each#/proc/}
      each=${each%/cwd}
      [ "$each" = $$ ] || [ "$each" = "$BASHPID" ] || kill -KILL "$each" 2> /dev/null || :
    done
  done
  wait
}

# hold FILE: another process holds a lock on it from now on; its pid is in $pid.
hold() {
  start runlock "$1" sh -c ': > held && exec sleep 1000'
  wait_until test -e held
  rm held
}

# wait_until COMMAND...: until it succeeds. A minute of failing fails the test.
wait_until() {
  local deadline=$((SECONDS + 60))
  until "$@" > /dev/null 2>&1; do
    if [ "$SECONDS" -gt "$deadline" ]; then
      echo "waited in vain for: $*"
      return 1
    fi
    sleep 0.01
  done
}

# sleeps PID: it waits for something, and so has come to its act.
sleeps() { [ "$(state "$1")" = S ]; }
# stopped PID: by a signal, until it is continued.
stopped() { [ "$(state "$1")" = T ]; }
# pauses PID: it has come to its pause. While it waits for SIGALRM its signal mask does not show that, but where it sleeps
# does.
pauses() { grep -qs sigtimedwait /proc/"$1"/task/*/wchan; }
# gone PID: it has ended.
gone() { ! kill -0 "$1" 2> /dev/null; }

# state PID: its letter in /proc/PID/stat
state() { sed -E 's/.*\) (.).*/\1/' "/proc/$1/stat"; }

# as_user NAME COMMAND...: as that user, in its own group alone. First: need_user NAME
as_user() {
  setpriv --reuid="$(id -u "$1")" --regid="$(id -g "$1")" --clear-groups -- "${@:2}"
}

# ---- what a test needs --------------------------------------------------------------------------------------------

need_root() { [ "$(id -u)" = 0 ] || skip "needs to be run as root: $1"; }

need_user() {
  need_root "it acts as the user $1"
  command -v setpriv > /dev/null || skip "needs setpriv of util-linux"
  id "$1" > /dev/null 2>&1 || skip "needs an account $1"
  need_reach "$(id -u "$1")" "$1"
}

# need_reach UID [NAME]: that user may execute the tools. Root's home, say, is closed to others.
need_reach() {
  setpriv --reuid="$1" --regid="$1" --clear-groups -- test -x "$PERPETUA_BIN/runlock" || skip "needs tools that the user ${2:-$1} may reach: $PERPETUA_BIN"
}

need_native() { [ "$PERPETUA_EDITION" = native ] || skip "needs the native edition: $1"; }

need_command() { command -v "$1" > /dev/null || skip "needs $1"; }
