# runsession: run a program in a new session.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: that the program has no terminal any more, since these tests have none.

load helper

# place: whether this process leads its session
place='ps -o pid=,pgid=,sid= -p $$ | awk "{ print (\$1 == \$2 && \$2 == \$3) ? \"leads\" : \"follows\" }"'

@test "runsession without a program is a usage error" {
  ends 100 runsession
  misuse runsession 'missing required program argument'
  ends 100 runsession --
  misuse runsession 'missing required program argument'
}

@test "runsession refuses an option that it does not have" {
  ends 100 runsession -Z true
  misuse runsession 'invalid option: -Z'
}

@test "runsession -h prints its usage line, -V the version of the interface" {
  ends 0 runsession -h
  prints ''
  complains 'usage: runsession [-hV] program [args ...]'
  ends 0 runsession -V
  complains 'runsession: version: 2.07'
  ends 0 runsession -hV
  complains 'usage: runsession [-hV] program [args ...]'
}

@test "the program leads a new session" {
  ends 0 runsession sh -c "$place"
  prints leads
}

@test "runsession does not fork: the program has its pid, and it exits with the program's status" {
  ends 6 sh -c 'echo $$; exec runsession sh -c "echo \$\$; exit 6"'
  [ "${lines[0]}" = "${lines[1]}" ]
}

@test "where a process leads a group already, runsession runs the program all the same" {
  need_command setsid
  ends 0 setsid --wait sh -c 'exec runsession sh -c "$1"' - "$place"
  prints leads
  set -m
  runsession sh -c 'ps -o pid=,pgid=,sid= -p $$' > out 3>&- 4>&- &
  wait $!
  set +m
  read -r id group session < out
  [ "$id" = "$group" ]
  [ "$id" != "$session" ]
}

@test "options of the program are not those of runsession" {
  ends 0 runsession echo -h -V --
  prints '-h -V --'
  ends 0 runsession -- echo -- x
  prints '-- x'
}

@test "runsession exits 111 when the program can't be run" {
  ends 111 runsession missing
  prints ''
  complains 'runsession: fatal: unable to run missing: file does not exist (ENOENT)'
  ends 111 runsession -
  complains 'runsession: fatal: unable to run -: file does not exist (ENOENT)'
}
