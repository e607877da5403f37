# The pages as a formatter reads them. That they say what the tools do is compared by a unit test.
# SPDX-License-Identifier: Apache-2.0
# editions: native
#
# Not tested here: the site that make html makes of them, which checks its links itself.

load helper

@test "mandoc -T lint finds nothing in any page, not even in its style" {
  need_command mandoc
  top=$BATS_TEST_DIRNAME/..
  # Which pages are installed on this machine is no affair of theirs.
  for page in "$top"/tools/*/*.[1-9]; do mandoc -T lint "$page" 2> /dev/null | grep -v ': referenced manual not found: ' >> found || :; done
  same "what it finds" '' "$(cat found)"
}

@test "a page that another page of the suite refers to is there" {
  top=$BATS_TEST_DIRNAME/..
  for page in "$top"/tools/*/*.[1-9]; do
    # Names of tools in the style of this suite; other systems' pages are theirs.
    sed -n 's/^\.Xr \(\(run\|perp\|cat\|tinylog\|sissylog\|slm\|oneit\)[a-z_0-9-]*\) \([1-9]\).*/\1.\3/p' "$page"
  done | grep -vx 'runcon\.1' | sort -u > referred
  [ -s referred ]
  while read -r name; do ls "$top"/tools/*/"$name" > /dev/null 2>&1 || echo "$name"; done < referred > missing
  same "missing pages" '' "$(cat missing)"
}
