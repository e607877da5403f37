# perpls: show what perpd's services are doing, a line each.
# SPDX-License-Identifier: Apache-2.0
#
# Every sign of the panel and every colour: t/unit, PanelTest. Not tested: a terminal.

load helper
load perp

# listing ARGUMENTS...: perpls on the base directory; seconds and pids are masked
listing() { ends 0 perpls -b "$base" "$@"; output=$(echo "$output" | sed -E 's/: [0-9]+s/: Ns/; s/\/[0-9]+s/\/Ns/; s/(pids: )[0-9]+/\1N/; s/(pids: [^/]*\/)[0-9]+/\1N/'); }

@test "perpls -h prints its usage line, -V the version of the interface" {
  ends 0 perpls -h
  complains 'usage: perpls [-hV] [-b basedir] [-cGgrt] [sv ...]'
  ends 0 perpls -V
  complains 'version: perpls 2.07'
}

@test "perpls refuses an option that it does not have, and one without its argument" {
  ends 100 perpls -Z
  [ "${stderr%%$'\n'*}" = 'perpls usage error: invalid option -Z' ]
  ends 100 perpls -b
  [ "${stderr%%$'\n'*}" = 'perpls usage error: missing argument for option -b' ]
}

@test "perpls fails where perpd does not run" {
  ends 111 perpls -b "$base"
  complains "perpls fatal: failure connecting to perpd control socket $base/.control/perpd.sock: file does not exist (ENOENT)"
  prints ''
}

@test "perpls lists every directory, active or not, sorted bytewise and in columns" {
  service two
  service two rc.log < <(echo "$drain")
  service a-long-name
  service B && chmod -t base/B
  service .hidden
  : > base/file
  ln -s missing base/dangling
  supervise
  wait_until is_up two
  wait_until is_up a-long-name
  wait_until shows two '[+ +++ +++]'
  listing
  prints '[- --- ---]  B            (service not activated)
[+ +++ ---]  a-long-name  uptime: Ns/-s  pids: N/-
[+ +++ +++]  two          uptime: Ns/Ns  pids: N/N'
  complains ''
}

@test "perpls shows what is named, in that order, and what is wrong with it" {
  service one
  : > base/file
  supervise
  wait_until is_up one
  service new
  listing one missing file new one/
  prints '[+ +++ ---]  one      uptime: Ns/-s  pids: N/-
[E --- ---]  missing  error: failure stat() on service directory [ENOENT]
[E --- ---]  file     error: not a directory [ENOTDIR]
[E --- ---]  new      error: error reported in status reply [ENOTDIR]
[+ +++ ---]  one/     uptime: Ns/-s  pids: N/-'
}

@test "perpls keeps every name, however long the longest is" {
  name=$(printf 'x%.0s' $(seq 200))
  mkdir base/one "base/$name"
  supervise
  listing
  prints "[- --- ---]  $(printf %-200s one)  (service not activated)
[- --- ---]  $name  (service not activated)"
}

@test "perpls -r turns the order round" {
  mkdir base/a base/b
  supervise
  listing -r
  prints $'[- --- ---]  b  (service not activated)\n[- --- ---]  a  (service not activated)'
}

@test "perpls -t puts the youngest first" {
  service a
  service b && chmod -t base/b
  supervise
  wait_until is_up a
  until perpls -b "$base" a | grep -q 'uptime: [2-9]s'; do sleep 0.05; done
  chmod +t base/b
  mkdir base/c
  scan
  wait_until is_up b
  listing -t
  prints $'[+ +++ ---]  b  uptime: Ns/-s  pids: N/-\n[+ +++ ---]  a  uptime: Ns/-s  pids: N/-\n[- --- ---]  c  (service not activated)'
}

@test "perpls shows a service that is being deactivated" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
trap '' TERM
: > deaf
while :; do sleep 0.02; done
X
  supervise
  wait_until test -e base/one/deaf
  wait_until is_up one
  kill -TERM "$perpd"
  if wait_until shows one '[! !++ ---]'; then
    listing
    prints '[! !++ ---]  one  (service deactivation in progress)'
  fi
}

@test "perpls -G colours names alone, and -g does not" {
  mkdir base/one
  supervise
  ends 0 perpls -b "$base" -G
  prints $'[- --- ---]  \e[00m\e[00mone\e[00m  (service not activated)'
  PERPLS_COLORS='na=7:df=1' ends 0 perpls -b "$base" -G
  prints $'[- --- ---]  \e[00m\e[7mone\e[00m  (service not activated)'
  PERPLS_COLORS='df=1' ends 0 perpls -b "$base" -G
  prints $'[- --- ---]  \e[00m\e[1mone\e[00m  (service not activated)'
  # Where the table is none of that form, it is read as perp reads it: up to the next sign the text is a key.
  PERPLS_COLORS=':na=7:df=1' ends 0 perpls -b "$base" -G
  prints $'[- --- ---]  \e[00m\e[1mone\e[00m  (service not activated)'
  PERPLS_COLORS='na=123456789012345:na=7:df=1' ends 0 perpls -b "$base" -G
  prints $'[- --- ---]  \e[00m\e[1mone\e[00m  (service not activated)'
  PERPLS_COLORS='na=7' ends 0 perpls -b "$base"
  prints '[- --- ---]  one  (service not activated)'
  PERPLS_COLORS='na=7' ends 0 perpls -b "$base" -G -g
  prints '[- --- ---]  one  (service not activated)'
}

@test "perpls -K shows the table of colours where there is one" {
  ends 0 perpls -GK
  complains 'perpls: color capabilities: df=00:na=00:an=01:ar=01;33:ap=01;33:ad=01;34:wu=01;33:wd=01;33:er=01;31:ex=01;31'
  PERPLS_COLORS=na=7 ends 0 perpls -GK
  complains 'perpls: color capabilities: na=7'
}

@test "the base directory is -b or -c, whichever comes last, else PERP_BASE, else the working directory" {
  mkdir base/one
  supervise
  cd base
  line='[- --- ---]  one  (service not activated)'
  ends 0 perpls && prints "$line"
  PERP_BASE=/nowhere ends 0 perpls -c && prints "$line"
  PERP_BASE=/nowhere ends 0 perpls -b /nowhere -c && prints "$line"
  PERP_BASE=/nowhere ends 0 perpls -cb "$base" && prints "$line"
  PERP_BASE= ends 0 perpls && prints "$line"
  cd /
  PERP_BASE=$base ends 0 perpls && prints "$line"
}

# blocks COUNT: perpls -w has written so many listings, with an empty line between them
blocks() { [ "$(grep -c '^$' out)" = $(($1 - 1)) ]; }

@test "perpls shows whether a service is ready, if it has a file that says how" {
  service one < <(echo "$slow")
  echo 'fd 7' > base/one/ready
  service two
  supervise
  wait_until is_up one
  [[ $(perpls -b "$base" one) == *'pids: '*'/-  not ready' ]]
  [[ $(perpls -b "$base" two) == *'pids: '*'/-' ]]
  : > base/one/go
  wait_until eval '[[ $(perpls -b "$base" one) == *"/-  ready" ]]'
}

@test "perpls takes patterns" {
  service web1
  mkdir base/web2 base/db base/.web
  supervise
  ends 0 perpls -b "$base" 'web*' db
  [ "$(cut -c1,14-17 <<< "$output")" = $'[web1\n[web2\n[db  ' ]
}

@test "perpls --json writes an array of all directories in one line" {
  need_python
  service one
  mkdir base/off
  supervise
  wait_until is_up one
  ends 0 perpls -b "$base" --json
  [ "${#lines[@]}" = 1 ]
  [[ "$output" == *',{"name":"off","state":"inactive"}'* || "$output" == '[{"name":"off"'* ]]
  [ "$(by_json 's["name"], s["main"]["state"], s["main"]["pid"], s["main"]["last_exit"]' perpls -b "$base" --json one)" = "('one', 'up', $(main_pid one), None)" ]
}

@test "perpls -w shows the services again when something has changed, and only then" {
  service one
  service two
  : > base/two/flag.down
  supervise
  wait_until is_up one
  start perpls -b "$base" -w
  wait_until grep -q two out
  wait_until grep -q '^\[+ +++' out
  blocks 1
  # Nothing changes for longer than uptimes need to: nothing is written.
  sleep 1.5
  blocks 1
  ends 0 perpctl -q -w 10 -b "$base" u two
  wait_until eval '[ "$(tail -n 1 out | cut -c1-11)" = "[+ +++ ---]" ]'
  kill "$pid"
  finishes 143
}

@test "perpls -w --json writes a line for each change" {
  need_python
  service one
  supervise
  wait_until is_up one
  start perpls -b "$base" -w --json
  wait_until lines out 1
  ends 0 perpctl -q -w 10 -b "$base" d one
  wait_until grep -q '"state":"down"' out
  tail -n 1 out | python3 -m json.tool > /dev/null
}

@test "perpls -w waits for a perpd that is gone, and says so once" {
  service one
  : > base/one/flag.down
  supervise
  start perpls -b "$base" -w
  wait_until grep -q one out
  kill "$perpd"
  wait "$perpd"
  wait_until grep -q . err
  rm base/one/flag.down
  supervise
  wait_until grep -q '^\[+ +++' out
  has err 'perpls: perpd is gone; waiting for it'
}

@test "perpls -w asks perp's own perpd again and again, and says so" {
  old_perpd one
  ends 0 perpls -b "$base"
  [[ "$output" == '[+ +++ ---]  one  uptime: '*'s/-s  pids: 4711/-' ]]
  complains ''
  start perpls -b "$base" -w
  wait_until grep -q . err
  has err "perpls: this perpd is perp's own: it tells neither of changes nor of ends, restarts and readiness"
  blocks 1
  ends 0 perpctl -q -b "$base" d one
  wait_until eval '[[ $(tail -n 1 out) == "[+ ... ---]"* ]]'
}
