#!/bin/bash
# Control and data flows in a conntrack zone: expectations are of that zone, and two zones do not mix.
. "$(dirname "$0")/../lib.sh"

setup_topo snat
run_in "$RT" nft -f - <<-END
	table inet zones {
		chain pre {
			type filter hook prerouting priority raw
			ct zone set 7
		}
	}
END
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
run_in "$RT" conntrack -L --zone 7 2>/dev/null | grep -q "sport=20 .*dport=20 " || fail "no data flow in zone 7"
run_in "$RT" conntrack -L --zone 0 2>/dev/null | grep "dport=21 " && fail "a control flow outside zone 7"
counted ftp pinhole-used 4
all_well
