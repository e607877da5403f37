# runfile: run the command that a file spells.
# SPDX-License-Identifier: Apache-2.0

load helper

@test "runfile without a file is a usage error" {
  ends 100 runfile
  misuse runfile 'missing required filename'
}

@test "runfile refuses an option that it does not have; -h and -V answer" {
  ends 100 runfile -Z file
  misuse runfile 'invalid option: -Z'
  ends 0 runfile -h
  complains 'usage: runfile [-hV] argvfile [args ...]'
  ends 0 runfile -V
  complains 'runfile: version: 2.07'
}

@test "the first line is the program, the others are arguments, those typed follow" {
  printf '# a comment\n\n catargs \n a  b\n#\n-h\n' > file
  ends 0 runfile file -Z c
  prints 'catargs
a  b
-h
-Z
c'
}

@test "a file can be executed that names runfile as its interpreter" {
  printf '#!%s/runfile\ncatargs\na\n' "$PERPETUA_BIN" > file
  chmod 755 file
  ends 0 ./file b
  prints 'catargs
a
b'
}

@test "- and <stdin> are standard input" {
  for each in - '<stdin>'; do
    ends 0 runfile "$each" b <<< $'catargs\na'
    prints 'catargs
a
b'
  done
}

@test "a file that names no program is a usage error" {
  : > file
  printf '#\n \n' > comments
  printf '\0a\n' > nul
  mkfifo fifo
  for each in file comments nul fifo /dev/null; do
    ends 100 runfile "$each"
    misuse runfile "empty argvfile: no argv[0] element found in $each"
  done
  ends 100 runfile -
  misuse runfile 'empty argvfile: no argv[0] element found in <stdin>'
}

@test "runfile fails when the file can't be opened or read" {
  ends 111 runfile missing
  complains 'runfile: fatal: unable to open missing: file does not exist (ENOENT)'
  mkdir folder
  ends 111 runfile folder
  complains 'runfile: fatal: error reading folder: is a directory (EISDIR)'
  ends 111 sh -c 'runfile - <&-'
  complains 'runfile: fatal: error reading <stdin>: file descriptor not open (EBADF)'
  need_user nobody
  echo true > file
  chmod 000 file
  ends 111 as_user nobody runfile file
  complains 'runfile: fatal: unable to open file: access denied (EACCES)'
}

@test "a NUL ends the text of its line" {
  printf 'catargs\0x\na\0b\n' > file
  ends 0 runfile file
  prints 'catargs
a'
}

@test "runfile exits with the status of the program, 111 when it can't be run" {
  printf 'sh\n-c\nexit 7\n' > file
  ends 7 runfile file
  echo 'echo a' > file
  ends 111 runfile file
  complains 'runfile: fatal: unable to run echo a: file does not exist (ENOENT)'
}
