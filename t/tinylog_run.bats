# tinylog_run: tinylog in a directory made for it.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: what /etc/tinylog.conf sets, which is the machine's own.

load helper

# A runtool that says what it was asked to run.
setup() {
  enter_scratch
  [ ! -e /etc/tinylog.conf ] || skip 'needs a machine without /etc/tinylog.conf'
  mkdir stub
  printf '#!/bin/sh\necho "$@"\n' > stub/runtool
  chmod 755 stub/runtool
  PATH=$PWD/stub:$PATH
  export TINYLOG_BASE=$PWD/logs
}

@test "tinylog_run needs a name" {
  ends 1 tinylog_run
  prints ''
  same "standard error" 'tinylog_run(N): failure: directory argument missing' "$(sed 's/([0-9]*)/(N)/' <<< "$stderr")"
}

@test "the directory is made, and tinylog runs in it as the user" {
  user=$(id -un)
  export TINYLOG_USER=no-such-user-here TINYLOG_OPTS='-k 3 -t'
  ends 0 tinylog_run web
  prints "-u $user tinylog -k 3 -t $PWD/logs/web"
  [ "$(stat -c %a logs/web)" = 755 ]
}

@test "what is in the directory is the user's, too" {
  need_user nobody
  mkdir -p logs/web
  : > logs/web/current
  TINYLOG_USER=nobody ends 0 tinylog_run web
  prints "-u nobody tinylog $PWD/logs/web"
  [ "$(stat -c %U logs/web logs/web/current | tr '\n' ' ')" = 'nobody nobody ' ]
  group=$(id -gn nobody)
  [ "$(stat -c %G logs/web logs/web/current | tr '\n' ' ')" = "$group $group " ]
}

@test "a directory that can't be made is a failure" {
  : > logs
  ends 1 tinylog_run web
  grep -q '^tinylog_run([0-9]*): failure: failure mkdir for ' <<< "$stderr"
}
