# sissylog: hand lines to the system log.
# SPDX-License-Identifier: Apache-2.0
#
# What it sends is seen by a listener in a /dev of its own, in a mount namespace. Not tested: a listener that comes back.

load helper

# listen FILE SCRIPT: runs the script where /dev/log is a socket; what came through it is in FILE, dates as DATE.
listened() {
  need_root 'it mounts a /dev of its own'
  need_command python3
  unshare -m true 2> /dev/null || skip 'needs a mount namespace'
  cat > listener <<'X'
import re, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
s.bind('/dev/log')
p = subprocess.Popen(['sh', '-c', sys.argv[1]])
s.settimeout(0.05)
out = open('heard', 'wb')
ended = False
while True:
    try:
        m = s.recv(9999)
        out.write(re.sub(rb'[A-Z][a-z][a-z] [ 1-3]\d \d\d:\d\d:\d\d', b'DATE', m, count=1) + b'\n')
    except socket.timeout:
        if ended: break
        ended = p.poll() is not None
X
  ends 0 unshare -m sh -c 'mkdir dev && mount -t tmpfs none dev && mknod -m 666 dev/null c 1 3 && mount --bind dev /dev &&
    exec python3 listener "$1"' sh "$1"
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

@test "ident and facility; an unknown facility is LOG_DAEMON" {
  listened 'for f in KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON FTP OTHER; do
    echo "$f" | sissylog me "LOG_$f"; done'
  same messages '<6>KERN <14>USER <22>MAIL <30>DAEMON <38>AUTH <46>SYSLOG <54>LPR <62>NEWS <70>UUCP <78>CRON <94>FTP <30>OTHER ' \
    "$(grep -v sissylog: heard | sed 's/DATE me: //' | tr '\n' ' ')"
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
