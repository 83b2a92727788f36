#!/bin/bash
# Beside somebody's own nftables rules, which drop by default on all hooks: theirs stay as they are, and hosts and router are served.
# REQUIRES: ctalg
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo masquerade nowhere
run_in "$RT" nft -f - <<'END'
table ip mine {
	chain attach { }
	chain raw { type filter hook prerouting priority raw; policy accept; ip saddr 10.0.0.0/24 counter; }
}
table inet firewall {
	chain input {
		type filter hook input priority 0; policy drop;
		ct state established,related accept
		meta l4proto icmpv6 accept
	}
	chain output {
		type filter hook output priority 0; policy drop;
		ct state established,related accept
		tcp dport 21 accept
		meta l4proto icmpv6 accept
	}
}
END
start_server peer
others=$(rules_of_others | sed 's/packets .*//')
configure <<<'ftp { }'
on_router apply --config "$CONF"
ftp_works
# shellcheck disable=SC2034 # for the clients
FAM=6
SCRIPT_NS=$RT ftp_works
[ "$(rules_of_others | sed 's/packets .*//')" = "$others" ] || fail "the rules of others are changed: $(rules_of_others)"
run_in "$RT" nft flush ruleset
on_router apply --config "$CONF"
tells "ftp: tcp port 21 gets the helper"
all_well
