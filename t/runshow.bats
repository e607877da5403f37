# runshow: show what a program is started with.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a terminal; a system without /proc. In the JVM edition signals and descriptors are the JVM's.

load helper

# shows LINE: it is among those that were printed
shows() { grep -qxF -- "$1" <<< "$output" || { printf 'no line: %s\nin:\n%s\n' "$1" "$output"; return 1; }; }

@test "runshow refuses an option that it does not have; -h and -V answer" {
  ends 100 runshow -Z
  misuse runshow 'invalid option: -Z'
  ends 100 runshow --jso
  misuse runshow 'invalid option: --'
  ends 0 runshow -h
  complains 'usage: runshow [-hV] [-e] [-j | --json] [program [args ...]]'
  ends 0 runshow -V
}

@test "runshow prints one fact a line, always in the same order" {
  ends 0 runshow
  first=$(cut -d: -f1 <<< "$output" | grep -v '^fd\|^lock')
  ends 0 runshow
  same order "$first" "$(cut -d: -f1 <<< "$output" | grep -v '^fd\|^lock')"
  [ "$(head -n 5 <<< "$first" | tr '\n' ' ')" = 'pid parent group session terminal ' ]
  complains ''
}

@test "runshow shows what the links before it did" {
  need_native "descriptors of its own"
  mkdir folder
  umask 027
  ends 0 sh -c 'exec runtool -L lock -c folder -R o=50 -F "7<%" runshow 3>&- 4>&-'
  shows 'fd 7: /dev/null'
  shows "fd 3: $PWD/lock"
  shows 'lock 3: POSIX WRITE 0 EOF'
  shows "cwd: $PWD/folder"
  shows 'umask: 0027'
  shows 'root: /'
  grep -q '^limit NOFILE: 50/' <<< "$output"
}

@test "runshow shows user and groups" {
  need_root 'setuid'
  need_reach 12345
  ends 0 runuid -S 7:4294967294 12345:54321 runshow
  shows 'uid: 12345'
  shows 'euid: 12345'
  shows 'gid: 54321'
  shows 'groups: 7 54321 4294967294'
}

@test "runshow shows ignored and blocked signals by name" {
  need_native "signals of its own"
  ends 0 sh -c 'trap "" HUP USR1; exec runshow'
  grep -q '^ignored: .*HUP USR1' <<< "$output"
  shows 'blocked: none'
}

@test "runshow -e shows the environment, each variable one line" {
  ends 0 env -i A=1 "B=$(printf 'x\n\ty\\\001')" "$PERPETUA_BIN/runshow" -e
  same environment 'environment: A=1
environment: B=x\n\ty\\\x01' "$(grep ^environment <<< "$output")"
  ends 0 runshow
  ! grep ^environment <<< "$output"
}

@test "runshow becomes the program, with its status" {
  ends 7 runshow sh -c 'echo run; exit 7'
  [ "${lines[-1]}" = run ]
  ends 111 runshow missing
  complains 'runshow: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "runshow --json is -j: one JSON object in one line" {
  need_command python3
  for each in -j --json; do
    ends 0 env -i A=1 "B=$(printf 'q\"\\\n\303\251\351\355\240\200')" "$PERPETUA_BIN/runshow" "$each" -e
    [ "${#lines[@]}" = 1 ]
    ends 0 python3 -c '
import json, sys
facts = json.loads(sys.argv[1])
assert facts["environment"] == ["A=1", "B=q\"\\\n\u00e9\u00e9\u00ed\u00a0\u0080"], facts["environment"]
assert facts["uid"] == int(sys.argv[2]) and type(facts["pid"]) is int and type(facts["groups"]) is list
assert facts["limit"]["NOFILE"]["soft"] > 0 and facts["fd"]["0"] == "/dev/null"
print(*facts)' "$output" "$(id -u)"
    prints 'pid parent group session terminal nice oom_score_adj affinity uid euid gid egid groups limit umask cwd root blocked ignored fd lock environment'
  done
}

@test "runshow fails where it can't print, and runs nothing" {
  ends 111 sh -c 'runshow sh -c "echo wrong >&2" > /dev/full'
  complains 'runshow: fatal: failure writing to standard output: out of disk space (ENOSPC)'
  ends 111 sh -c 'runshow >&-'
}
