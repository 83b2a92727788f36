#!/bin/bash
# Random dialogs at 10 % loss, 10 % duplication and 20 % reordering, both ways: all complete and exact.
# TIME: 400
#
#   DIALOGS=N   on each kernel (300), half of them with the trouble behind the router, half in front of it
. "$(dirname "$0")/../lib.sh"

DIALOGS=${DIALOGS:-300}

# trouble NS DEVICE. Handshakes are spared, unless FULL=1: a lost one would make TCP itself wait for up to a minute.
trouble()
{
	run_in "$1" nft -f - <<-END
		table inet handshake {
			chain post {
				type filter hook postrouting priority 200
				tcp flags & syn == syn meta priority set $([ -n "${FULL:-}" ] && echo 1:2 || echo 1:1)
			}
		}
	END
	run_in "$1" tc -batch - <<-END
		qdisc add dev $2 root handle 1: prio bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
		qdisc add dev $2 parent 1:2 netem limit 10000 delay 5ms loss 10% duplicate 10% reorder 20%
	END
}

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
