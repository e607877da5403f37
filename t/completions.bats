# The completions for bash, zsh and fish, sourced by these shells and asked for what may stand where.
# SPDX-License-Identifier: Apache-2.0
# editions: native

load helper

setup() {
  enter_scratch
  share=$(cd "$BATS_TEST_DIRNAME/.." && pwd)/build/completions/share
  [ -d "$share" ] || make -s -C "$BATS_TEST_DIRNAME/.." completions
  mkdir -p one.d base/web base/mail/log
  touch one.txt two.txt
}

# in_bash WORD...: what bash would offer for the last word, in one line
in_bash() {
  bash --norc -c '. "$0" && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _perpetua && echo ${COMPREPLY[@]}' \
    "$share/bash-completion/completions/perpetua" "$@" 2> /dev/null | tr ' ' '\n' | sort | xargs
}

# in_fish LINE: the same of fish
in_fish() {
  fish --no-config -c 'set fish_complete_path $argv[1]; set -gx PATH $argv[2] /usr/bin /bin; complete -C "$argv[3]"' \
    "$share/fish/vendor_completions.d" "$PERPETUA_BIN" "$1" | cut -f1 | sort | xargs
}

# in_zsh LINE: the same of zsh, which offers only to somebody who types
in_zsh() {
  mkdir -p zdot
  cat > type.zsh << 'Z'
zmodload zsh/zpty
# Each match is printed before it would be shown.
zpty z "PS1= HISTFILE= zsh -f -i"
zpty -w z "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $PWD/zdot/dump; zstyle ':completion:*' menu no; unsetopt beep; zstyle ':completion:*' list-colors ''"
zpty -w z 'compadd() { local -a hits; local n; builtin compadd -O hits "$@"; for n in $hits; do print -r -- "$n" >> offered; done; builtin compadd "$@" }'
zpty -w z 'bindkey "^I" complete-word; zle -C complete-word complete-word _main_complete; TRAPUSR1() { }; : > ready'
while [[ ! -e ready ]]; do sleep 0.02; done
zpty -w -n z "$2"$'\t'
for i in {1..300}; do [[ -s offered ]] && break; sleep 0.02; done
sleep 0.1
zpty -d z
Z
  : > offered
  timeout 30 zsh -f type.zsh "$share/zsh/site-functions" "$1" > zsh.log 2>&1 < /dev/null
  sort -u offered | xargs
}

@test "bash offers a tool's options, and only before its operands" {
  same options '-V -h' "$(in_bash runsession -)"
  [[ " $(in_bash runlock -) " = *' -b'*' -c'*' -x'* ]]
  same "after an operand" '' "$(in_bash runsession echo - | grep -e -V)"
  [[ " $(in_bash perpls -) " = *' -b'*' -t'* ]]
}

@test "bash offers files, folders, accounts and services where the usage line names them" {
  same file 'one.d one.txt' "$(in_bash runlock o)"
  same folder 'one.d' "$(in_bash tinylog -k 3 o)"
  same account 'root' "$(in_bash runuid roo)"
  same "argument of an option" 'root' "$(in_bash runtool -u roo)"
  same service 'mail web' "$(in_bash perpstat -b base '')"
  same "second service" 'web' "$(in_bash perpctl -b base u mail w)"
}

@test "bash goes on with the next program of a chain" {
  same program 'runsession' "$(PATH=$PERPETUA_BIN:/usr/bin in_bash runlock lock runsessio)"
  [[ " $(in_bash runlock -x lock runenv -) " = *' -U'*' -i'* ]]
  same "its operands" 'root' "$(in_bash runlimit -m 64M runenv ./env runlock ./lock runuid roo)"
  same "a foreign program's" 'one.d one.txt' "$(in_bash runlock lock cat o)"
}

@test "bash finds a completion of that name for each tool that has a usage line" {
  for tool in "$PERPETUA_BIN"/*; do
    [ -h "$tool" ] || continue
    [ -f "$share/bash-completion/completions/${tool##*/}" ]
    bash --norc -c '. "$0" && complete -p "$1" > /dev/null' "$share/bash-completion/completions/${tool##*/}" "${tool##*/}"
  done
}

@test "fish offers options, operands, and the next program of a chain" {
  need_command fish
  [[ " $(in_fish 'runenv -') " = *' -i '* ]]
  [[ " $(in_fish 'runenv -') " = *' -U '* ]]
  same folder 'one.d/' "$(in_fish 'tinylog -k 3 o')"
  same account 'root' "$(in_fish 'runuid roo' | xargs -n1 | grep -x root)"
  same program 'runsession' "$(in_fish 'runlock -x lock runsessio')"
  same "its operands" 'root' "$(in_fish 'runlimit -m 64M runenv ./env runlock ./lock runuid roo' | xargs -n1 | grep -x root)"
  same service 'mail web' "$(PERP_BASE=$PWD/base in_fish 'perpstat ')"
}

@test "fish reads the completion of each tool without a complaint" {
  need_command fish
  for file in "$share"/fish/vendor_completions.d/*.fish; do fish --no-execute "$file"; done
  ends 0 fish --no-config -c 'for file in $argv; source $file; end' "$share"/fish/vendor_completions.d/*.fish
  complains ''
}

@test "zsh reads its completion, which names each tool" {
  need_command zsh
  ends 0 zsh -fn "$share/zsh/site-functions/_perpetua"
  complains ''
  for tool in "$PERPETUA_BIN"/*; do
    [ ! -h "$tool" ] || grep -q "^#compdef.* ${tool##*/}\b" "$share/zsh/site-functions/_perpetua"
  done
}

@test "zsh offers options, operands, and the next program of a chain" {
  need_command zsh
  [[ " $(in_zsh 'runenv -') " = *' -i '* ]]
  same account 'root' "$(in_zsh 'runuid roo')"
  same program 'runsession' "$(PATH=$PERPETUA_BIN:/usr/bin:/bin in_zsh 'runlock -x lock runsessio')"
  same "its operands" 'root' "$(in_zsh 'runlimit -m 64M runenv ./env runlock ./lock runuid roo')"
}
