# runenv: run a program in an environment that a file or a directory describes.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: accounts that are kept elsewhere than in /etc/passwd; a directory that changes while it is read.

load helper

# Prints the environment alone: the path is given since runenv's own PATH finds it, and -i drops the rest.
env=$(command -v env)

@test "runenv without a file or a program is a usage error" {
  ends 100 runenv
  misuse runenv 'missing required argument(s)'
  ends 100 runenv -i new
  misuse runenv 'missing required argument(s)'
}

@test "runenv refuses an option that it does not have, and one without its argument" {
  ends 100 runenv -Z new true
  misuse runenv 'invalid option: -Z'
  ends 100 runenv -U
  misuse runenv 'missing argument for option -U'
}

@test "runenv -h prints its usage line, -V the version of the interface" {
  ends 0 runenv -h
  prints ''
  complains 'usage: runenv [-hV] [-i] [-U account] newenv program [args ...]'
  ends 0 runenv -V
  complains 'runenv: version: 2.07'
}

@test "a file sets variables, one a line" {
  cat > new <<'X'
# comment
FIRST=1

  SECOND =  two words   # and no comment
THIRD==a=b
X
  printf 'LAST=no newline' >> new
  ends 0 runenv -i new $env
  prints 'FIRST=1
SECOND=two words   # and no comment
THIRD==a=b
LAST=no newline'
}

@test "a line without = unsets the variable, and one with nothing behind it sets it empty" {
  export ONE=1 TWO=2
  printf 'ONE\nTWO=\n' > new
  ends 0 runenv new sh -c 'echo "${ONE-unset} [${TWO-unset}]"'
  prints 'unset []'
}

@test "a later line goes before an earlier one" {
  printf 'A=1\nB=1\nA=2\nB\n' > new
  ends 0 runenv -i new $env
  prints A=2
}

@test "a name is taken as it stands, and a line without one is passed over" {
  printf 'export A=1\n=2\n = 3\n' > new
  ends 0 runenv -i new $env
  prints 'export A=1'
}

@test "values know \\n, \\t, \\_ and \\\\, and leave any other backslash alone" {
  printf '%s\n' 'A=1\n2\t3\\n' 'B=  \_x\_  ' 'C=\x\' 'D=\\_' > new
  ends 0 runenv -i new $env
  prints $'A=1\n2\t3\\n\nB= x \nC=\\x\\\nD=\\_'
}

@test "white space at both ends of a line is taken off, carriage returns too" {
  printf ' \tA=1 \r\n\f\vB=2\v\n' > new
  ends 0 runenv -i new $env
  prints 'A=1
B=2'
}

@test "a NUL ends the text of its line" {
  printf 'A=1\0 2\nB=3\n' > new
  ends 0 runenv -i new $env
  prints 'A=1
B=3'
}

@test "names that differ in their last character only are different variables" {
  printf 'DB1=one\nDB2=two\nA=a\nB=b\nDB3\n' > new
  export DB2=old DB3=drop DB4=keep
  ends 0 runenv new sh -c 'echo $DB1 $DB2 ${DB3-unset} $DB4 $A $B'
  prints 'one two unset keep a b'
}

@test "what was set is replaced in its place, what is new comes last, the rest stays" {
  printf 'LAST=1\nPATH=/new\nNEW=2\n' > new
  ends 0 env -i HOME=/ PATH="$PATH" LAST=0 runenv new $env
  prints 'HOME=/
PATH=/new
LAST=1
NEW=2'
}

@test "runenv -i drops the inherited environment" {
  echo A=1 > new
  ends 0 runenv -i new $env
  prints A=1
}

@test "the program is sought along runenv's own PATH, and the next link along the new one" {
  mkdir bin
  printf '#!/bin/sh\necho mine\n' > bin/mine
  chmod 755 bin/mine
  echo "PATH=$scratch/bin:$PATH" > new
  ends 111 runenv new mine
  complains 'runenv: fatal: unable to run mine: file does not exist (ENOENT)'
  ends 0 runenv new runenv new mine
  prints mine
  ends 0 runenv -i new $env
  prints "PATH=$scratch/bin:$PATH"
}

@test "runenv - reads standard input" {
  printf 'A=1\n' > new
  ends 0 runenv -i - $env < new
  prints A=1
  ends 0 runenv -i - $env < /dev/null
  prints ''
}

@test "a directory sets a variable for each file, to the first line" {
  mkdir new
  printf '  one \r\nmore\n' > new/ONE
  printf 'no newline' > new/TWO
  printf '1\\n2\\_\n' > new/THREE
  echo hidden > new/.HIDDEN
  ends 0 runenv -i new $env
  [ "$(sort <<< "$output")" = "$(sort <<< $'ONE=one\nTWO=no newline\nTHREE=1\n2 ')" ]
}

@test "an empty file or a blank first line in a directory unsets the variable" {
  mkdir new
  : > new/ONE
  printf ' \nmore\n' > new/TWO
  printf '\0more\n' > new/THREE
  export ONE=1 TWO=2 THREE=3
  ends 0 runenv new sh -c 'echo "${ONE-unset} ${TWO-unset} ${THREE-unset}"'
  prints 'unset unset unset'
}

@test "in a directory a NUL ends the value, and a name with = is used as it is" {
  mkdir new
  printf 'a\0b\n' > new/A=B
  ends 0 runenv -i new $env
  prints A=B=a
}

@test "symbolic links are followed" {
  echo A=1 > file
  mkdir folder
  echo 2 > value
  ln -s ../value folder/B
  ln -s file one
  ln -s folder two
  ends 0 runenv -i one $env
  prints A=1
  ends 0 runenv -i two $env
  prints B=2
}

@test "runenv -U sets GID and UID to the account's numbers, and changes no rights" {
  echo A=1 > new
  ends 0 runenv -i -U daemon new $env
  prints "A=1
GID=$(id -g daemon)
UID=$(id -u daemon)"
  ends 0 runenv -U daemon new id -u
  prints "$(id -u)"
  printf 'UID=0\n' > new
  ends 0 runenv -U daemon new printenv UID
  prints "$(id -u daemon)"
}

@test "long values and many variables go through" {
  { printf 'LONG='; head -c 100000 /dev/zero | tr '\0' x; echo; seq -f 'NUMBER_%.0f=x' 3000; } > new
  ends 0 runenv -i new sh -c 'echo ${#LONG} $NUMBER_1 $NUMBER_3000'
  prints '100000 x x'
}

@test "runenv exits with the status of the program" {
  : > new
  ends 5 runenv new sh -c 'exit 5'
}

@test "an account that does not exist is a failure" {
  : > new
  ends 111 runenv -U nosuchuser new echo wrong
  prints ''
  complains 'runenv: fatal: no account for user nosuchuser'
}

@test "an environment that does not exist is a failure" {
  ends 111 runenv missing echo wrong
  prints ''
  complains 'runenv: fatal: unable to stat missing: file does not exist (ENOENT)'
  ln -s nowhere link
  ends 111 runenv link echo wrong
  complains 'runenv: fatal: unable to stat link: file does not exist (ENOENT)'
}

@test "an environment that is neither a file nor a directory is a usage error" {
  mkfifo fifo
  ends 100 runenv fifo echo wrong
  misuse runenv 'argument is not a file or directory: fifo'
  ends 100 runenv /dev/null echo wrong
  misuse runenv 'argument is not a file or directory: /dev/null'
}

@test "a directory in the directory is a failure" {
  mkdir -p new/FOLDER
  ends 111 runenv new echo wrong
  prints ''
  complains 'runenv: fatal: error reading new/FOLDER: is a directory (EISDIR)'
  ends 111 runenv - echo wrong < new
  complains 'runenv: fatal: error reading <stdin>: is a directory (EISDIR)'
}

@test "a file that the caller may not read is a failure" {
  need_user nobody
  mkdir new closed
  echo 1 > new/A
  chmod 0 new/A closed
  ends 111 as_user nobody runenv new echo wrong
  complains 'runenv: fatal: unable to open new/A: access denied (EACCES)'
  ends 111 as_user nobody runenv new/A echo wrong
  complains 'runenv: fatal: unable to open new/A: access denied (EACCES)'
  ends 111 as_user nobody runenv closed echo wrong
  complains 'runenv: fatal: unable to chdir to closed: access denied (EACCES)'
  chmod 711 closed
  ends 111 as_user nobody runenv closed echo wrong
  complains 'runenv: fatal: unable to open directory closed: access denied (EACCES)'
  chmod 744 closed
  ends 111 as_user nobody runenv closed echo wrong
  complains 'runenv: fatal: unable to chdir to closed: access denied (EACCES)'
}

@test "runenv exits 111 when the program can't be run" {
  : > new
  ends 111 runenv new missing
  prints ''
  complains 'runenv: fatal: unable to run missing: file does not exist (ENOENT)'
}
