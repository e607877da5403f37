# runargv0: run a program under another name.
# SPDX-License-Identifier: Apache-2.0
#
# The JVM edition's launcher is a script, whose argv[0] the kernel replaces: what is seen of an alias by a tool of the
# suite is looked at in the native edition.

load helper

@test "runargv0 without a program and an alias is a usage error" {
  ends 100 runargv0
  misuse runargv0 'missing required argument(s)'
  ends 100 runargv0 sh
  misuse runargv0 'missing required argument(s)'
}

@test "runargv0 refuses an option that it does not have; -h and -V answer" {
  ends 100 runargv0 -Z sh alias
  misuse runargv0 'invalid option: -Z'
  ends 0 runargv0 -h
  complains 'usage: runargv0 [-hV] realprog alias [args ...]'
  ends 0 runargv0 -V
  complains 'runargv0: version: 2.07'
}

@test "the program gets the alias as argv[0], and the arguments" {
  ends 0 runargv0 sh alias -c 'echo "$0 $1"; tr "\0" " " < /proc/$$/cmdline' x y
  [ "${lines[0]}" = 'x y' ]
  [ "${lines[1]%% *}" = alias ]
}

@test "the alias may be empty, or look like an option" {
  need_native "an alias of a tool"
  ends 0 runargv0 catargs '' a
  prints '
a'
  ends 0 runargv0 catargs -h -Z
  prints '-h
-Z'
}

@test "a tool of the suite is the tool it is, whatever its name says" {
  need_native "an alias of a tool"
  ends 100 runargv0 runlock runenv
  complains 'runenv: usage error: missing required argument(s)
usage: runenv [-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]'
  ends 100 runargv0 runlock a/b/ -Z
  complains ': usage error: invalid option: -Z
usage:  [-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]'
}

@test "a failure names the program, not the alias" {
  ends 111 runargv0 missing alias
  complains 'runargv0: fatal: unable to run missing: file does not exist (ENOENT)'
  ends 111 runargv0 '' alias
  complains 'runargv0: fatal: unable to run : file does not exist (ENOENT)'
  ends 111 runargv0 ./. alias
  complains 'runargv0: fatal: unable to run ./.: access denied (EACCES)'
}

@test "runargv0 exits with the status of the program" {
  ends 7 runargv0 sh alias -c 'exit 7'
}
