#!/bin/bash
# The same cuts with the kernel's own helper, side by side: it gets few of them right.
# KERNELS: 6.12
# REQUIRES: modules module:nf_nat_ftp
# TIME: 200
. "$(dirname "$0")/../lib.sh"

[ "$HELPER" = ctalg ] || skip "loads one helper after the other itself"

# score HELPER PATIENCE: sets GOOD and ALL, dialogs that were right with it.
score()
{
	HELPER=$1
	load_helpers
	stream_topo snat
	dialogs cuts names=list judge=no give_up="$2" many=100
	GOOD=${SCORE% of *} ALL=${SCORE#* of }
}

give_back()
{
	ip netns del "$IN" && ip netns del "$RT" && ip netns del "$OUT"
	unset RT
}

score mainline 4
theirs=$GOOD
give_back
score ctalg 60
say "ctalg $GOOD of $ALL cuts, mainline $theirs of $ALL"
[ "$ALL" -gt 100 ] || fail "only $ALL cuts were tried"
[ "$GOOD" = "$ALL" ] || fail "not all with ctalg"
[ "$theirs" -lt "$ALL" ] || fail "mainline does as well: is this test any good?"
stream_topo_end
all_well
