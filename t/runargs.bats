# runargs: run a program with arguments from a file.
# SPDX-License-Identifier: Apache-2.0

load helper

wrong() { misuse runargs "$1"; }

@test "runargs without a file and a program is a usage error" {
  ends 100 runargs
  wrong 'missing required argument(s)'
  ends 100 runargs -i file
  wrong 'missing required argument(s)'
}

@test "runargs refuses an option that it does not have; -h and -V answer" {
  ends 100 runargs -Z file true
  wrong 'invalid option: -Z'
  ends 0 runargs -h
  complains 'usage: runargs [-hV] [-i] argfile program [args ...]'
  ends 0 runargs -V
  complains 'runargs: version: 2.07'
}

@test "the lines come before the arguments, with -i after them" {
  printf 'one\ntwo\n' > file
  ends 0 runargs file catargs three four
  prints 'catargs
one
two
three
four'
  ends 0 runargs -i file catargs three four
  prints 'catargs
three
four
one
two'
}

@test "blanks around a line are taken off, those inside it are kept" {
  printf '\t a  b \r\n c\v\n' > file
  ends 0 runargs file catargs
  prints 'catargs
a  b
c'
}

@test "empty lines and comments are passed over; # elsewhere is data; the last line needs no newline" {
  printf '\n  # no\n#no\na#b\n\nlast' > file
  ends 0 runargs file catargs
  prints 'catargs
a#b
last'
}

@test "lines that look like options are arguments of the program" {
  printf -- '-i\n-h\n' > file
  ends 0 runargs file catargs -Z
  prints 'catargs
-i
-h
-Z'
}

@test "a NUL ends the text of its line" {
  printf 'a\0b\n\0c\nd\n' > file
  ends 0 runargs file catargs
  prints 'catargs
a
d'
}

@test "every byte passes" {
  printf '\351\377\n' > file
  ends 0 sh -c "runargs file catargs | tail -n 1 | od -An -tx1"
  prints ' e9 ff 0a'
}

@test "- is standard input" {
  ends 0 runargs - catargs b <<< a
  prints 'catargs
a
b'
}

@test "an empty file, a FIFO that nobody writes to and /dev/null give no argument" {
  : > file
  mkfifo fifo
  for each in file fifo /dev/null; do
    ends 0 runargs "$each" catargs
    prints catargs
  done
}

@test "a file of 10,000 lines" {
  seq 10000 > file
  ends 0 sh -c 'runargs file catargs | tail -n 1'
  prints 10000
}

@test "runargs fails when the file can't be opened" {
  ends 111 runargs missing echo wrong
  prints ''
  complains 'runargs: fatal: unable to open missing: file does not exist (ENOENT)'
  ends 111 runargs '' echo wrong
  complains 'runargs: fatal: unable to open : file does not exist (ENOENT)'
  : > file
  ends 111 runargs file/x echo wrong
  complains 'runargs: fatal: unable to open file/x: not a directory (ENOTDIR)'
}

@test "runargs fails when the caller may not read the file" {
  need_user nobody
  echo a > file
  chmod 000 file
  ends 111 as_user nobody runargs file echo wrong
  complains 'runargs: fatal: unable to open file: access denied (EACCES)'
}

@test "a directory in the place of the file, or as standard input, is a failure" {
  mkdir folder
  ends 111 runargs folder echo wrong
  complains 'runargs: fatal: error reading folder: is a directory (EISDIR)'
  ends 111 runargs - echo wrong < folder
  complains 'runargs: fatal: error reading <stdin>: is a directory (EISDIR)'
}

@test "closed standard streams: a file is read all the same, standard input is not" {
  echo a > file
  ends 0 sh -c 'runargs file catargs <&- 2>&-'
  prints 'catargs
a'
  ends 111 sh -c 'runargs - catargs <&-'
  complains 'runargs: fatal: error reading <stdin>: file descriptor not open (EBADF)'
  ends 111 sh -c 'runargs missing catargs 2>&-'
}

@test "runargs exits with the status of the program, 111 when it can't be run" {
  : > file
  ends 7 runargs file sh -c 'exit 7'
  ends 111 runargs file missing
  complains 'runargs: fatal: unable to run missing: file does not exist (ENOENT)'
}
