# runsig: run a program with signals ignored, reset or blocked.
# SPDX-License-Identifier: Apache-2.0

load helper

# masks NAME COMMAND...: the signals in the line of that name of what is behind the command, as numbers, in $signals
masks() {
  ends 0 "${@:2}" sed -n "/^$1:/p" /proc/self/status
  local hex=$((16#${output##*	})) i
  signals=
  for i in {1..31}; do (( hex >> (i - 1) & 1 )) && signals+="$i "; done
  :
}

@test "runsig -h prints its usage line, -V the version" {
  ends 0 runsig -h
  complains 'usage: runsig [-hV] [-b signals] [-d signals] [-i signals] program [args ...]'
  ends 0 runsig -V
  complains 'runsig: version: 0.1.0'
}

@test "runsig without a program, with another option or an unknown signal is a usage error" {
  ends 100 runsig -i HUP
  misuse runsig 'missing required program argument'
  ends 100 runsig -Z true
  misuse runsig 'invalid option: -Z'
  for each in '' FOO hup 0 32 HUP,FOO HUP,; do
    ends 100 runsig -i "$each" true
    [[ $stderr == 'runsig: usage error: unknown signal in argument for option -i: '* ]]
  done
  for each in KILL 9 SIGSTOP; do
    ends 100 runsig -b HUP,$each true
    [[ $stderr == 'runsig: usage error: nobody can ignore, reset or block SIG'* ]]
  done
}

@test "runsig -i ignores, -d resets, in the order given" {
  masks SigIgn runsig -i HUP,SIGINT,12,SEGV
  same signals '1 2 11 12 ' "$signals"
  masks SigIgn runsig -i HUP,INT,TERM,BUS -d HUP,BUS runsig -d TERM
  same signals '2 ' "$signals"
  ends 0 runsig -i USR1 sh -c 'kill -USR1 $$; echo alive'
  prints alive
  ends 138 runsig -i USR1 runsig -d USR1 sh -c 'kill -USR1 $$; echo wrong'
  prints ''
}

@test "runsig -b blocks" {
  masks SigBlk runsig -b USR2,TERM,QUIT
  same signals '3 12 15 ' "$signals"
  ends 0 runsig -b TERM sh -c 'kill -TERM $$; echo alive'
  prints alive
}

@test "runsig exits 111 when the program can't be run" {
  ends 111 runsig -i HUP missing
  complains 'runsig: fatal: unable to run missing: file does not exist (ENOENT)'
}
