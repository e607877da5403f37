# editions: native
# SPDX-License-Identifier: Apache-2.0
#
# What the bench leaves behind: nothing. Not tested: the figures.

load helper

setup() {
  enter_scratch
  command -v cc > /dev/null || skip "needs a C compiler"
  mkdir tmp out
}

# bench GROUP...: becomes a short one
bench() {
  export TMPDIR=$scratch/tmp BENCH_OUT=$scratch/out QUICK=1 IDLE=${IDLE:-1} ROUNDS=1 SERVICES=3
  exec "$BATS_TEST_DIRNAME/bench/run" "$@" 3>&- 4>&-
}

# nothing_left: no file in the folder for temporary ones, and no process that works there
nothing_left() {
  [ -z "$(ls -A tmp)" ]
  [ -z "$(find /proc -maxdepth 2 -name cwd -lname "$scratch/tmp/*" 2> /dev/null)" ]
}

services_run() { [ "$(cat tmp/*/ours/starts 2> /dev/null | wc -l)" -gt 3 ]; }

@test "a bench prints a table, writes it as JSON and SVG, and leaves nothing else behind" {
  (bench supervisors > table)
  grep -qx 'supervisors: time until all run, ms' table
  grep -q '"what": "proportional memory"' out/bench.json
  grep -q '</svg>' out/bench.svg
  nothing_left
}

@test "a bench that is interrupted leaves nothing behind" {
  IDLE=100 bench supervisors > table &
  bench=$!
  wait_until services_run
  kill -TERM $bench
  local status=0
  wait $bench || status=$?
  [ "$status" = 143 ]
  nothing_left
  [ -z "$(ls -A out)" ]
}
