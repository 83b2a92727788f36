#!/bin/bash
# Random dialogs at 10 % loss, 10 % duplication and 20 % reordering, both ways: all complete and exact.
# TIME: 400
#
#   DIALOGS=N   on each kernel (300), half of them with the trouble behind the router, half in front of it
. "$(dirname "$0")/../lib.sh"

DIALOGS=${DIALOGS:-300}

# lossy NAT FAMILY before|behind
lossy()
{
	stream_topo "$1" on
	FAM=$2
	least_timeout 60ms
	if [ "$3" = behind ]; then
		trouble "$RT" in0
		trouble "$RT" out0
	else
		trouble "$IN" eth0
		trouble "$OUT" eth0
	fi
	say "$1, IPv$2, trouble $3 the router, seed $SEED"
	dialogs random count=$((DIALOGS / 2)) seed="$SEED" many=150 give_up=180
	none_invalid
	SEED=$((SEED + 1))
}

# other families and kinds of NAT on the next kernel
case $(this_kernel) in
6.1) rows=(snat 4 dnat 6) ;;
6.12) rows=(both 6 snat 4) ;;
*) rows=(dnat 4 snat 6) ;;
esac
lossy "${rows[@]:0:2}" behind
lossy "${rows[@]:2:2}" before
stream_topo_end
all_well
