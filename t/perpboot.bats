# perpboot: start and watch perpd and its logger.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a system that can make no further process or pipe.

load helper
load perp

setup() {
  enter_scratch
  unset PERP_BASE
  base=$scratch/base
  mkdir -p base/.boot
  cat > base/.boot/rc.perp <<'X'
#!/bin/sh
echo "$*:$PERP_BASE:$(pwd -P):$(umask)" > ../perp
input=$(readlink /proc/$$/fd/0)
echo "$input" > ../input
ls /proc/$$/fd > ../descriptors
echo "a line of $$"
echo "an error of $$" >&2
for each in HUP INT TERM USR1; do trap "echo $each >> ../signals" $each; done
trap 'echo TERM >> ../signals; exit 0' TERM
echo $$ > ../pid.new
mv ../pid.new ../pid
while :; do sleep 0.02; done
X
  cat > base/.boot/rc.log <<'X'
#!/bin/sh
echo $$ >> ../logger
outputs=$(readlink /proc/$$/fd/1 /proc/$$/fd/2)
echo "$outputs" > ../outputs
exec cat >> ../lines
X
  chmod 755 base/.boot/rc.*
}

# boot OPTION...: perpboot runs in the background; its pid is in $boot
boot() {
  perpboot "$@" "$base" > out 2> err 3>&- 4>&- &
  boot=$!
  wait_until test -e base/pid
  wait_until test -s base/lines
}

@test "perpboot -h prints its usage line, -V the version of the interface" {
  ends 0 perpboot -h
  complains 'usage: perpboot [-hV] [-d] [-x] [dir]'
  ends 0 perpboot -V
  complains 'version: perpboot 2.07'
  ends 100 perpboot -Z
  [ "${stderr%%$'\n'*}" = 'perpboot usage error: invalid option: -Z' ]
}

@test "perpboot fails where it can't enter .boot" {
  ends 111 perpboot nowhere
  complains 'perpboot fatal: failure chdir() to nowhere: file does not exist (ENOENT)'
  mkdir empty
  ends 111 perpboot empty
  complains 'perpboot fatal: failure chdir() to empty/.boot: file does not exist (ENOENT)'
}

@test "both scripts run without arguments, in .boot, joined by a pipe" {
  umask 027
  boot
  has base/perp ":$base:$base/.boot:0027"
  has base/input /dev/null
  has base/outputs $'/dev/null\n/dev/null'
  has base/lines "a line of $(cat base/pid)
an error of $(cat base/pid)"
  [ "$(grep -vx '[0-9][0-9]*[0-9]' base/descriptors | tr '\n' ' ')" = '0 1 2 ' ]
}

@test "PERP_BASE is the base directory as it was given" {
  perpboot base > out 2> err 3>&- 4>&- &
  wait_until test -e base/pid
  has base/perp ":base:$base/.boot:0022"
}

@test "each is started again when it ends" {
  boot
  first=$(cat base/pid)
  rm base/pid
  kill -KILL "$first"
  wait_until test -e base/pid
  [ "$(cat base/pid)" != "$first" ]
  kill -KILL "$(tail -n 1 base/logger)"
  wait_until lines base/logger 2
}

@test "one that ends within a second is started a second later" {
  boot
  kill -KILL "$(cat base/pid)"
  wait_until grep -qx 'perpboot: warning: pausing for restart of ./rc.perp ...' err
}

@test "TERM ends both, and loses no line" {
  boot
  kill -TERM "$boot"
  wait "$boot"
  has base/signals TERM
  gone "$(cat base/pid)"
  gone "$(cat base/logger)"
}

@test "other signals are for rc.perp" {
  boot
  kill -HUP "$boot"
  wait_until test -s base/signals
  has base/signals HUP
  kill -USR1 "$boot"
  wait_until lines base/signals 2
  has base/signals $'HUP\nUSR1'
  kill -0 "$boot"
}

@test "perpboot -d goes into the background, in a session of its own" {
  perpboot -d "$base" > out 2> err 3>&- 4>&-
  wait_until test -e base/pid
  boot=$(awk '{ print $4 }' "/proc/$(cat base/pid)/stat")
  [ "$(ps -o sid= -p "$boot" | tr -d ' ')" = "$boot" ]
  kill "$boot"
  wait_until gone "$boot"
}

@test "perpboot -x becomes rc.perp, whose child the logger is" {
  boot -x
  has base/pid "$boot"
  [ "$(awk '{ print $4 }' "/proc/$(cat base/logger)/stat")" = "$boot" ]
  kill -TERM "$boot"
  wait "$boot"
  wait_until gone "$(cat base/logger)"
}

@test "perpboot -x tells the logger why rc.perp can't be run" {
  rm base/.boot/rc.perp
  ends 111 perpboot -x "$base"
  complains ''
  wait_until has base/lines 'perpboot fatal: failure on exec of ./rc.perp: file does not exist (ENOENT)'
}

@test "perpboot -x fails where neither can be run, with nobody to tell" {
  rm base/.boot/rc.perp base/.boot/rc.log
  ends 111 perpboot -x "$base"
  complains ''
}
