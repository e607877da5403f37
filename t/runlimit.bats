# runlimit: run a program with soft resource limits.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: kernels that lack one of the resources; that the kernel enforces what is set, but for one case.

load helper

setup() {
  enter_scratch
  # soft NAME...: these limits as the kernel tells them, in bytes, seconds or numbers; hard: the hard ones
  cat > soft <<'X'
#!/bin/sh
for name; do sed -n "s/^Max $name  *\([^ ]*\)  *\([^ ]*\).*/\1/p" /proc/self/limits; done
X
  sed 's/\\1/\\2/' soft > hard
  chmod 755 soft hard
}

# wrong SENTENCE: the last command ended with that usage error
wrong() { misuse runlimit "$1"; }

@test "runlimit without a program is a usage error" {
  ends 100 runlimit
  wrong 'missing program argument'
  ends 100 runlimit -o 20
  wrong 'missing program argument'
}

@test "runlimit refuses an option that it does not have, and one without its argument" {
  ends 100 runlimit -Z true
  wrong 'invalid option: -Z'
  ends 100 runlimit -o
  wrong 'missing argument for option -o'
}

@test "runlimit -h prints its usage line, -V the version of the interface" {
  ends 0 runlimit -h
  prints ''
  complains "usage: runlimit [-hV] [-E] [-F file]  [-a availmem] [-c coresize] [-d databytes] [-f filesize]\
 [-l lockbytes] [-m membytes] [-o openfiles] [-p processes] [-r rssbytes] [-s stackbytes] [-t cpusecs] program [args ...]"
  ends 0 runlimit -V
  complains 'runlimit: version: 2.07'
}

@test "runlimit without an option changes nothing, and exits with the status of the program" {
  ends 0 runlimit cat /proc/self/limits
  prints "$(cat /proc/self/limits)"
  ends 9 runlimit sh -c 'exit 9'
}

@test "each option sets the soft limit of its resource" {
  ends 0 runlimit -a 268435456 -c 1 -d 134217728 -f 67108864 -l 65536 -o 200 -p 3000 -r 2048000 -s 4194304 -t 1000 \
    ./soft 'address space' 'core file size' 'data size' 'file size' 'locked memory' 'open files' processes \
    'resident set' 'stack size' 'cpu time'
  prints '268435456
1
134217728
67108864
65536
200
3000
2048000
4194304
1000'
  complains ''
}

@test "runlimit -m sets four limits on memory" {
  ends 0 runlimit -m 4194304 -a = ./soft 'data size' 'locked memory' 'stack size'
  prints '4194304
4194304
4194304'
  # A JVM needs room of its own until the program is executed.
  local size=134217728
  [ "$PERPETUA_EDITION" = native ] || size=8589934592
  ends 0 runlimit -m $size -l 65536 ./soft 'address space'
  prints $size
}

@test "hard limits stay as they are" {
  ends 0 runlimit -o 20 -c 0 ./hard 'open files' 'core file size'
  prints "$(./hard 'open files' 'core file size')"
}

@test "where an option is given twice, the last one counts" {
  ends 0 runlimit -o 50 -o 40 ./soft 'open files'
  prints 40
  ends 0 runlimit -m 134217728 -s 1048576 -l 65536 ./soft 'stack size' 'data size'
  prints '1048576
134217728'
  ends 0 runlimit -s 1048576 -m 134217728 -l 65536 ./soft 'stack size'
  prints 134217728
}

@test "a value may end in k, M, G or T, each 1024 times the one before" {
  ends 0 runlimit -d 300000k -s 4M -f 5G -c 2T ./soft 'data size' 'stack size' 'file size'
  prints '307200000
4194304
5368709120'
}

@test "a value may be larger than 32 bits hold" {
  ends 0 runlimit -f 10000000000 ./soft 'file size'
  prints 10000000000
}

@test "a value that begins with =, ^ or _ is the hard limit" {
  ulimit -Sn 64
  ulimit -Hn 128
  for value in = ^ _ =anything; do
    ends 0 runlimit -o "$value" ./soft 'open files'
    prints 128
  done
}

@test "a value above the hard limit is the hard limit" {
  ulimit -Sn 64
  ulimit -Hn 128
  ends 0 runlimit -o 200 ./soft 'open files'
  prints 128
  complains ''
}

@test "runlimit -v says so when a value does not stay below the hard limit" {
  ulimit -Sn 64
  ulimit -Hn 128
  text='to hard limit: 128'
  ends 0 runlimit -v -o 129 true
  complains "runlimit warning: option -o: truncating runlimit request for RLIMIT_NOFILE $text"
  ends 0 runlimit -v -o 128 true
  complains "runlimit warning: option -o: truncating runlimit request for RLIMIT_NOFILE $text"
  ends 0 runlimit -v -o = runlimit -v -o 127 true
  complains ''
  ends 0 runlimit -o 129 -v true
  complains ''
  echo 'RLIMIT_NOFILE = 129' > file
  ends 0 runlimit -v -F file true
  complains "runlimit warning: truncating runlimit request for RLIMIT_NOFILE from file $text"
  RLIMIT_NOFILE=129 ends 0 runlimit -v -E true
  complains "runlimit warning: truncating runlimit request for RLIMIT_NOFILE from environment $text"
}

@test "an empty value is 0" {
  ends 0 runlimit -c '' ./soft 'core file size'
  prints 0
}

@test "a value that is no number is a usage error, and nothing runs" {
  for value in -5 +5 ' 5' 5x 5kk k 0x10 1.5 5K unlimited 9223372036854775808 99999999999999999999999 8388608T; do
    ends 100 runlimit -o "$value" echo wrong
    wrong "option -o: non-numeric argument for resource RLIMIT_NOFILE: $value"
  done
}

@test "a limit of that size is what the kernel keeps" {
  ends 1 runlimit -f 4096 sh -c 'trap "" XFSZ; head -c 10000 /dev/zero > big 2> /dev/null'
  [ "$(stat -c %s big)" = 4096 ]
}

@test "runlimit -F reads limits from a file" {
  printf '# comment\n\n  RLIMIT_NOFILE =  88 \r\nRLIMIT_CORE=0\n= 5\nRLIMIT_FSIZE=1M' > file
  ends 0 runlimit -F file ./soft 'open files' 'core file size' 'file size'
  prints '88
0
1048576'
}

@test "a file knows all resources by name, and VMEM as another name of AS" {
  cat > file <<'X'
RLIMIT_AS=268435456
RLIMIT_CORE=1
RLIMIT_DATA=134217728
RLIMIT_FSIZE=67108864
RLIMIT_MEMLOCK=65536
RLIMIT_NOFILE=200
RLIMIT_NPROC=3000
RLIMIT_RSS=2048000
RLIMIT_STACK=4194304
RLIMIT_CPU=1000
X
  ends 0 runlimit -F file ./soft 'address space' 'core file size' 'data size' 'file size' 'locked memory' 'open files' \
    processes 'resident set' 'stack size' 'cpu time'
  prints "$(cut -d= -f2 file)"
  echo RLIMIT_VMEM=134217728 >> file
  ends 0 runlimit -F file ./soft 'address space'
  prints 134217728
}

@test "runlimit -F - reads standard input" {
  echo RLIMIT_NOFILE=88 > file
  ends 0 runlimit -F - ./soft 'open files' < file
  prints 88
}

@test "in a file the first line for a resource counts, and later ones are not even read" {
  printf 'RLIMIT_NOFILE=50\nRLIMIT_NOFILE=40\nRLIMIT_NOFILE=bad\n' > file
  ends 0 runlimit -F file ./soft 'open files'
  prints 50
}

@test "of several -F the last one counts" {
  echo RLIMIT_NOFILE=50 > one
  echo RLIMIT_CORE=0 > two
  ends 0 runlimit -o 70 -F one -F two ./soft 'core file size'
  prints 0
  ends 0 runlimit -F missing -F one ./soft 'open files'
  prints 50
}

@test "runlimit -E takes limits from variables, which stay" {
  RLIMIT_NOFILE=88 RLIMIT_CORE=0 ends 0 runlimit -E sh -c './soft "open files" "core file size"; echo $RLIMIT_NOFILE'
  prints '88
0
88'
}

@test "the command line goes before the file, and the file before the environment" {
  echo RLIMIT_NOFILE=55 > file
  export RLIMIT_NOFILE=99
  ends 0 runlimit -E -F file -o 44 ./soft 'open files'
  prints 44
  ends 0 runlimit -E -F file ./soft 'open files'
  prints 55
  RLIMIT_NOFILE=bad ends 0 runlimit -E -o 44 ./soft 'open files'
  prints 44
}

@test "an empty or bad value in a file or a variable is a usage error" {
  echo 'RLIMIT_NOFILE = ' > file
  ends 100 runlimit -F file echo wrong
  wrong 'NULL or empty argument for resource RLIMIT_NOFILE found in file'
  echo RLIMIT_NOFILE=many > file
  ends 100 runlimit -F file echo wrong
  wrong 'non-numeric argument for resource RLIMIT_NOFILE from file: many'
  ends 100 runlimit -F - echo wrong < file
  wrong 'non-numeric argument for resource RLIMIT_NOFILE from <stdin>: many'
  RLIMIT_CORE= ends 100 runlimit -E echo wrong
  wrong 'NULL or empty argument for resource RLIMIT_CORE found in environment'
  RLIMIT_CORE=x ends 100 runlimit -E echo wrong
  wrong 'non-numeric argument for resource RLIMIT_CORE from environment: x'
}

@test "a line that is none is a failure, named with its number" {
  printf '#\n\nRLIMIT_NOFILE\n' > file
  ends 111 runlimit -F file echo wrong
  prints ''
  complains 'runlimit: fatal: empty value or format error found in file, line 3: protocol error (EPROTO)'
  printf 'RLIMIT_CORE=0\nNOFILE=5\n' > file
  ends 111 runlimit -F file echo wrong
  complains 'runlimit: fatal: unknown resource found in file, line 2: NOFILE: protocol error (EPROTO)'
}

@test "a file that can't be read is a failure" {
  ends 111 runlimit -F missing echo wrong
  prints ''
  complains 'runlimit: fatal: unable to open missing: file does not exist (ENOENT)'
  ends 111 runlimit -F . echo wrong
  complains 'runlimit: fatal: error reading .: is a directory (EISDIR)'
}

@test "runlimit exits 111 when the program can't be run" {
  ends 111 runlimit -c 0 missing
  prints ''
  complains 'runlimit: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "runlimit -H sets the hard limits too" {
  ends 0 runlimit -H -o 60 -c 0 sh -c 'ulimit -Sn; ulimit -Hn; ulimit -Hc'
  prints '60
60
0'
  ulimit -Sn 64
  ulimit -Hn 128
  ends 0 runlimit -H -o = sh -c 'ulimit -Sn; ulimit -Hn'
  prints '128
128'
  echo RLIMIT_NOFILE=70 > file
  ends 0 runlimit -H -F file sh -c 'ulimit -Hn'
  prints 70
}

@test "only the super user raises a hard limit" {
  need_user nobody
  ulimit -n 64
  ends 111 as_user nobody runlimit -H -o 65 true
  complains 'runlimit: fatal: failure setrlimit() for resource RLIMIT_NOFILE: permission denied (EPERM)'
}

@test "the newer resources have names in files and in the environment" {
  printf 'RLIMIT_NICE=0\nRLIMIT_RTPRIO=0\nRLIMIT_RTTIME=5000000\nRLIMIT_SIGPENDING=77\nRLIMIT_MSGQUEUE=800k\n' > file
  ends 0 runlimit -F file ./soft 'nice priority' 'realtime priority' 'realtime timeout' 'pending signals' 'msgqueue size'
  prints '0
0
5000000
77
819200'
  ends 0 env RLIMIT_SIGPENDING=66 runlimit -E ./soft 'pending signals'
  prints 66
}

@test "a bad number is said before what follows is read" {
  ends 100 runlimit -o x -Z
  wrong 'option -o: non-numeric argument for resource RLIMIT_NOFILE: x'
}

@test "-R sets limits by name, the soft one or both" {
  need_native 'a JVM needs descriptors of its own'
  ends 0 runlimit -R nofile=100:200 -R core=0 sh -c 'ulimit -Sn; ulimit -Hn; ulimit -Sc'
  prints '100
200
0'
  hard=$(ulimit -Hn)
  ends 0 runlimit -R nofile=64 sh -c 'ulimit -Sn; ulimit -Hn'
  prints "64
$hard"
  for text in nofile nofile= none=1 nofile=x nofile=1:; do
    ends 100 runlimit -R "$text" true
    misuse runlimit "option -R: no limit: $text"
  done
}
