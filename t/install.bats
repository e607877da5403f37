# make install, make install-jvm and make uninstall, below a folder of the test's own.
# SPDX-License-Identifier: Apache-2.0
# editions: native
#
# Not tested: a file system that fills up, and an end by SIGKILL in the middle, which leaves files named .perpetua-new.*.

load helper

# The make that runs the tests may have handed down what is its own.
setup() {
  enter_scratch
  unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR PREFIX
  top=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
}

# What is built is not built again here, whatever its age: only installing is under test.
installs() { make --no-print-directory -s -C "$top" -o native -o jvm -o build/completions/.made -o build/c/perpetua/all.c "$@"; }
contents() { (cd "$1" && find . -printf '%p %y %m %l\n' | sort; find . -type f -exec cksum {} + | sort); }

need_built() {
  [ -d "$top/build/completions/share" ] || (cd "$top" && make -s completions)
  [ "${1:-native}" = native ] || [ -e "$top/build/jvm/.made" ] || skip "needs the JVM edition: make jvm"
}

@test "make install puts the tools, their pages and completions below PREFIX, and they work from there" {
  need_built
  ends 0 installs install PREFIX="$scratch/to"
  prints ''
  complains ''
  for tool in runlock perpd perp-setup; do
    [ -x "to/bin/$tool" ]
    [ -f "to/share/man/man8/$tool.8" ]
  done
  for file in bash-completion/completions/runlock zsh/site-functions/_perpetua fish/vendor_completions.d/runlock.fish; do
    [ -e "to/share/$file" ]
  done
  for tool in "$top"/build/bin/*; do
    [ -x "to/bin/${tool##*/}" ] || [ -e "to/lib/perpetua/${tool##*/}" ]
  done
  ends 0 env -i PATH="$scratch/to/bin" to/bin/runlock lock runsession runargv0 /bin/echo alias through
  prints 'through'
}

@test "make install keeps a service command, its page and the functions of init scripts off PATH, and rc.common finds them" {
  need_built
  ends 0 installs install PREFIX="$scratch/to"
  same "of service" 'to/lib/perpetua/service
to/share/doc/perpetua/service.8' "$(find to -name service -o -name 'service.[1-9]*' | sort)"
  same "of procd.sh" 'to/lib/perpetua/procd.sh
to/share/man/man5/procd.sh.5' "$(find to -name 'procd.sh*' | sort)"
  printf '%s\n' 'USE_PROCD=1' 'start_service() { :; }' > init
  ends 0 env -i PATH="$PATH" to/bin/rc.common ./init help
  complains ''
}

@test "make install puts DESTDIR before PREFIX, and writes it into no file" {
  need_built
  ends 0 installs install PREFIX=/opt/suite DESTDIR="$scratch/staged"
  [ -x staged/opt/suite/bin/runlock ]
  ends 1 grep -rl "$scratch" staged
}

@test "make uninstall takes away what was installed, and nothing else" {
  need_built
  mkdir -p to/bin to/share/man/man8
  echo mine > to/bin/other
  echo mine > to/share/man/man8/other.8
  before=$(contents to)
  ends 0 installs install PREFIX="$scratch/to"
  ends 0 installs uninstall PREFIX="$scratch/to"
  prints ''
  complains ''
  same "what is left" "$before" "$(contents to)"
}

@test "make uninstall says so where nothing is installed" {
  ends 2 installs uninstall PREFIX="$scratch/none"
  [[ $stderr = "make: nothing is installed in $scratch/none: "* ]]
}

@test "make install over an earlier one replaces it and removes what is no longer there" {
  need_built
  ends 0 installs install PREFIX="$scratch/to"
  first=$(contents to)
  echo old > to/bin/runformer
  echo bin/runformer >> to/share/perpetua/files
  echo changed > to/bin/tinylog_run
  ends 0 installs install PREFIX="$scratch/to"
  same "what is there" "$first" "$(contents to)"
}

@test "a make install that fails in the middle leaves everything as it was" {
  need_built
  ends 0 installs install PREFIX="$scratch/to"
  rm to/bin/runlock
  echo mine > to/bin/runlock
  echo mine > to/bin/perpetua
  before=$(contents to)
  # The binary is larger than that.
  ends 2 bash -c 'ulimit -f 100; trap "" XFSZ; exec "$@"' - make --no-print-directory -s -C "$top" -o native -o build/completions/.made install PREFIX="$scratch/to"
  [[ $stderr = *"nothing was changed"* ]] || [[ $stderr = *"File too large"* ]]
  same "what is there" "$before" "$(contents to)"
}

@test "a make install that fails in the last moment leaves everything as it was" {
  need_built
  ends 0 installs install PREFIX="$scratch/to"
  for file in to/bin/runlock to/share/man/man8/runlock.8; do rm $file && echo mine > $file; done
  before=$(contents to)
  # The mv of that installation does not like one of the last files.
  mkdir bin
  printf '#!/bin/sh\ncase $* in *"/share/zsh/"*) exit 1 ;; esac\nexec /bin/mv "$@"\n' > bin/mv
  chmod 755 bin/mv
  export PATH=$scratch/bin:$PATH
  ends 2 installs install PREFIX="$scratch/to"
  [[ $stderr = "make: unable to replace $scratch/to/share/zsh/"* ]]
  same "what is there" "$before" "$(contents to)"
}

@test "make install where a directory has the name of a file says what to do, and changes nothing" {
  need_built
  mkdir -p to/bin/runlock
  ends 2 installs install PREFIX="$scratch/to"
  [[ $stderr = "make: $scratch/to/bin/runlock is a directory; to have it out of the way: mv "* ]]
  same "what is there" './bin
./bin/runlock' "$(cd to && find . -mindepth 1 | sort)"
}

@test "make install into a prefix that may not be written to says what to do" {
  need_built
  need_user nobody
  mkdir to
  # As somebody else: root may write anywhere.
  chmod 711 "$scratch"
  cp -R "$top/ship" . && mkdir -p tree/share/perpetua tree/bin && echo x > tree/bin/x && echo bin/x > tree/share/perpetua/files
  ends 1 as_user nobody ship/place tree "$scratch/to"
  complains "make: unable to write to $scratch/to; as a user who may: sudo make install; or elsewhere: make install PREFIX=\$HOME/.local"
  ends 1 as_user nobody ship/place tree "$scratch/to/below"
  [ ! -e to/below ]
}

@test "make install wants a PREFIX that begins with a slash" {
  ends 2 installs install PREFIX=here
  [[ $stderr = *"PREFIX must begin with /: make install PREFIX="* ]]
}

@test "make install-jvm installs launchers that start from there, with an archive made for that place" {
  need_built jvm
  ends 0 installs install-jvm PREFIX="$scratch/to"
  prints ''
  complains ''
  [ -s to/lib/perpetua/perpetua.jsa ]
  ends 1 grep -rl "$top/build" to/bin to/lib/perpetua/launch
  ends 0 env -i PATH="$scratch/to/bin" to/bin/runlock lock runsession runargv0 /bin/echo alias through
  prints 'through'
  # With only that archive allowed, it starts: it fits.
  sed -i 's/-XX:SharedArchiveFile=/-Xshare:on &/' to/lib/perpetua/launch
  ends 0 to/bin/runlock lock /bin/echo strictly
  prints 'strictly'
  ends 0 installs uninstall PREFIX="$scratch/to"
  same "what is left" '' "$(find to -mindepth 1)"
}

@test "make install-jvm below a DESTDIR says how the archive is made later" {
  need_built jvm
  ends 0 installs install-jvm PREFIX=/opt/suite DESTDIR="$scratch/staged"
  complains 'make: once the files are in /opt/suite, to start faster: /opt/suite/lib/perpetua/archive'
  ends 1 grep -rlI "$scratch" staged
  [ ! -e staged/opt/suite/lib/perpetua/perpetua.jsa ]
}
