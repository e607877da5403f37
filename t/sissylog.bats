# sissylog: hand lines to the system log.
# SPDX-License-Identifier: Apache-2.0
#
# What it sends is seen by a listener in a /dev of its own, in a mount namespace. Not tested: a listener that comes back.

load helper

# listened SCRIPT: runs the script where /dev/log is a socket; what came through it is in the file heard, dates as DATE.
listened() {
  need_root 'it mounts a /dev of its own'
  need_command python3
  unshare -m true 2> /dev/null || skip 'needs a mount namespace'
  ends 0 unshare -m sh -c 'mkdir -p dev && mount -t tmpfs none dev && mknod -m 666 dev/null c 1 3 && : > dev/console &&
    mount --bind dev /dev && "$1" heard "$2" && cat /dev/console > console' sh "$BATS_TEST_DIRNAME/fixtures/syslog" "$1"
}

@test "sissylog -h prints its usage line, -V the version of the interface, -Z is refused" {
  ends 0 sissylog -h
  complains 'usage: sissylog [-hV] [ ident [ facility ]]'
  ends 0 sissylog -V
  complains 'sissylog: version: 2.07'
  ends 100 sissylog -Z
  misuse sissylog 'invalid option: -Z'
}

@test "each line is a message, and how it begins is its priority" {
  listened 'printf "plain\nalert: a\nerror: e\nwarning: w\n\nnotice: n\ndebug: d\n error: x\na\001\tb\nlast" | sissylog'
  same messages '<30>DATE sissylog: sissylog: logging from stdin ...
<30>DATE sissylog: plain
<25>DATE sissylog: alert: a
<27>DATE sissylog: error: e
<28>DATE sissylog: warning: w
<29>DATE sissylog: notice: n
<31>DATE sissylog: debug: d
<30>DATE sissylog:  error: x
<30>DATE sissylog: a?	b
<30>DATE sissylog: last
<30>DATE sissylog: sissylog: terminating normally on eof reading stdin' "$(cat heard)"
}

@test "ident and facility" {
  listened 'for f in KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP LOCAL0 LOCAL1 LOCAL2 LOCAL3 LOCAL4 LOCAL5 \
    LOCAL6 LOCAL7; do echo "$f" | sissylog me "LOG_$f"; done'
  same messages '<6>KERN <14>USER <22>MAIL <30>DAEMON <38>AUTH <46>SYSLOG <54>LPR <62>NEWS <70>UUCP <78>CRON <86>AUTHPRIV <94>FTP <134>LOCAL0 <142>LOCAL1 <150>LOCAL2 <158>LOCAL3 <166>LOCAL4 <174>LOCAL5 <182>LOCAL6 <190>LOCAL7 ' \
    "$(grep -v sissylog: heard | sed 's/DATE me: //' | tr '\n' ' ')"
}

@test "an unknown facility is a usage error, and nothing is read" {
  for each in LOG_OTHER LOCAL0 LOG_LOCAL8 log_mail ''; do
    ends 100 sissylog me "$each" <<< text
    misuse sissylog "unknown facility: $each"
  done
}

@test "sissylog -p adds its process number to the name" {
  listened 'echo $$ > pid; exec sissylog -p me LOG_LOCAL0 < pid'
  grep -qxF "<134>DATE me[$(cat pid)]: $(cat pid)" heard
}

@test "sissylog -l posts nothing that is less important than that" {
  printf 'alert: a\nerror: e\nwarning: w\nnotice: n\nplain\ndebug: d\n' > lines
  listened 'for l in LOG_EMERG LOG_ERR 4 LOG_NOTICE LOG_DEBUG; do sissylog -l $l "$l" < lines; done'
  same messages '<25>LOG_ERR <27>LOG_ERR <25>4 <27>4 <28>4 <25>LOG_NOTICE <27>LOG_NOTICE <28>LOG_NOTICE <29>LOG_NOTICE <25>LOG_DEBUG <27>LOG_DEBUG <28>LOG_DEBUG <29>LOG_DEBUG <30>LOG_DEBUG <31>LOG_DEBUG ' \
    "$(grep -v ' sissylog: ' heard | sed 's/DATE //; s/:.*//' | tr '\n' ' ')"
  for each in 8 LOG_ERROR err ''; do
    ends 100 sissylog -l "$each" < lines
    misuse sissylog "unknown priority for option -l: $each"
  done
}

@test "sissylog -c writes to the console what no system log takes" {
  listened 'rm /dev/log; echo text | sissylog -c -l LOG_INFO me'
  [ "$(tr -d '\r' < console | tail -1)" = 'me: sissylog: terminating normally on eof reading stdin' ]
  [ ! -s heard ]
}

@test "a long line is sent in pieces of 800 bytes, with a plus sign and the first one's priority" {
  listened '{ printf "error:%1594s\n" x; printf "%801s\n" y; printf "%800s\n" z; } | sissylog me'
  same lengths '800 801 800 2 800 ' "$(grep -v sissylog: heard | sed 's/.*DATE me: //' | awk '{ printf "%d ", length }')"
  [ "$(grep -v sissylog: heard | cut -c 1-4 | tr '\n' ' ')" = '<27> <27> <30> <30> <30> ' ]
  [ "$(grep -c 'DATE me: +' heard)" = 2 ]
}

@test "without a system log the lines are lost, without a word" {
  [ ! -e /dev/log ] || skip 'needs a machine without /dev/log'
  ends 0 sissylog <<< hello
  prints ''
  complains ''
}

@test "an input that can't be read is status 111" {
  [ ! -e /dev/log ] || skip 'needs a machine without /dev/log'
  ends 111 sissylog < /
  ends 111 sh -c 'exec sissylog <&-'
  ends 111 sh -c 'exec sissylog <&- >&- 2>&-'
}
