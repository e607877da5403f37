# procd.bash: the verbs that the tests of procd and its programs share. A file begins with: load helper; load procd
# SPDX-License-Identifier: Apache-2.0
#
# Each test has a root of its own, the scratch folder, and nothing of it runs when it is over. Init scripts are run by the shell
# in $shell, and by the one it is told in in_each_shell.

setup() {
  enter_scratch
  unset PROCD_DEBUG IPKG_INSTROOT INIT_TRACE
  new_root "$scratch"
}

# new_root FOLDER: works there from now on, without a daemon
new_root() {
  mkdir -p "$1/etc/init.d" "$1/etc/config" "$1/etc/rc.d" "$1/var/run" "$1/var/lock"
  export PERPETUA_ROOT=$1
  root=$1
  cd "$1"
  shell=/bin/sh
}

teardown() {
  [ -n "$scratch" ] || return 0
  # The daemons first, so that they do not start again what is ended here.
  local each
  for each in "${daemons[@]}"; do kill -KILL "$each" 2> /dev/null || :; done
  end_here
  leave_scratch
}

# supervise [OPTION...]: procd runs from now on; its pid is in $procd, what it says in the file log
supervise() {
  procd -S "$@" > log 2> err 3>&- 4>&- &
  procd=$!
  daemons+=("$procd")
  ubus -t 30 wait_for service system
}

# in_each_shell FUNCTION: runs it with init scripts under dash, then under busybox ash, each in a root of its own
in_each_shell() {
  command -v dash > /dev/null || skip 'needs dash'
  command -v busybox > /dev/null || skip 'needs busybox'
  ln -s "$(command -v busybox)" "$scratch/ash"
  ln -s "$(command -v dash)" "$scratch/dash"
  local each
  for each in dash ash; do
    mkdir "$scratch/$each.root"
    new_root "$scratch/$each.root"
    shell=$scratch/$each
    echo "under $each:"
    # No || here: behind it nothing in the function could fail.
    "$1"
  done
}

# script NAME: an init script of that name, its functions on standard input
script() {
  { echo "#!$shell $PERPETUA_BIN/rc.common"; cat; } > "etc/init.d/$1"
  chmod 755 "etc/init.d/$1"
}

# init NAME ACTION...: calls an init script by its path
init() { local name=$1; shift; "$root/etc/init.d/$name" "$@"; }

# call METHOD JSON: of the object service
call() { ubus call service "$@"; }

# listed [JSON]: what is registered, pids masked, in one line
listed() { ubus -S call service list "$@" | sed -E 's/"pid":[0-9]+/"pid":N/g'; }

# pid_of SERVICE INSTANCE: its pid, nothing if it does not run
pid_of() {
  ubus -S call service list "{\"name\":\"$1\"}" | sed -nE "s/.*\"$2\":\{\"running\":true,\"pid\":([0-9]+).*/\1/p"
}
runs() { [ -n "$(pid_of "$1" "$2")" ]; }
rests() { [ -z "$(pid_of "$1" "$2")" ]; }
# restarted SERVICE INSTANCE PID: it runs as another process
restarted() { local now; now=$(pid_of "$1" "$2"); [ -n "$now" ] && [ "$now" != "$3" ]; }
lists() { [ "$(listed)" = "$1" ]; }
lists_no() { ! listed | grep -qF -- "$1"; }
logged() { grep -qF -- "$1" log; }
lines() { [ "$(cat "$1" 2> /dev/null | wc -l)" = "$2" ]; }
has_lines() { [ "$(cat "$1" 2> /dev/null | wc -l)" -ge "$2" ]; }

# settled: the daemon has done all that it was asked before; for what is not to happen, after a moment
settled() { ubus call service list > /dev/null; sleep 0.3; }

# sleeper NAME [EXTRA]: registers a service with one instance, main
sleeper() { call set "{\"name\":\"$1\",\"instances\":{\"main\":{\"command\":[\"sleep\",\"1000\"]${2:+,$2}}}}"; }

# reporter: a program act that notes its arguments in the file calls
reporter() {
  printf '#!/bin/sh\necho "$*" >> "%s/calls"\n' "$root" > act
  chmod 755 act
}
