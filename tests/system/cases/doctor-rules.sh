#!/bin/bash
# The doctor finds rules that are missing, too early, never reached, in the wrong hook or too late for a connection.
# REQUIRES: ctalg tool:iptables-legacy
# KERNELS: 6.12
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

# rules HOOK PRIORITY [CHAIN]: somebody's own, in a chain that a base chain jumps to.
rules()
{
	run_in "$RT" nft -f - <<-END
		table inet mine
		delete table inet mine
		table inet mine {
			ct helper h { type "ftp" protocol tcp; }
			chain attach { tcp dport { 20-21, 2121 } ct helper set "h"; }
			chain ${3:-attach_not} { tcp dport 7 accept; }
			chain base { type filter hook $1 priority $2; policy accept; ${4:-jump attach} ; }
		}
	END
}

setup_topo snat nowhere
configure <<<'ftp { ports = {21} }'
doctor --config "$CONF"
finds "problem rule ftp" "ctalg apply"
start_server peer
hold_ftp

rules prerouting raw
doctor --config "$CONF"
finds "problem rule ftp .* before connection tracking" "-150"
rules prerouting -150 other "jump other"
doctor --config "$CONF"
finds "problem rule ftp no packet comes"
rules output -150
doctor --config "$CONF"
finds "warning hook ftp .*prerouting"

rules prerouting -150
doctor --config "$CONF"
finds "ok rule ftp attached to tcp port 21"
finds "warning hook ftp" "output"
finds "problem began-before ftp .* attaches it: 1" "connect again"
release_ftp
wait_for 5 "end of the connection" eval '! run_in "$RT" conntrack -L 2>/dev/null | grep ESTABLISHED'
SCRIPT_NS=$RT hold_ftp
doctor --config "$CONF"
finds "problem hook ftp .* on the hook output: 1" "output"
release_ftp
run_in "$RT" nft delete table inet mine
run_in "$RT" conntrack -F 2>/dev/null

run_in "$RT" nft -f - <<-'END'
	table inet early {
		chain pre {
			type filter hook prerouting priority raw; policy accept;
			tcp dport 21 notrack
		}
	}
	table inet strict {
		chain forward {
			type filter hook forward priority 5; policy drop;
			ct state established accept
			tcp dport 21 ct state new accept
		}
	}
END
doctor --config "$CONF"
finds "problem untracked ftp" "take port 21"
finds "problem firewall ftp .*inet strict forward" "nft insert rule inet strict forward ct state established,related accept"
run_in "$RT" sh -c "$(sed -n 's/^problem untracked .*or: //p' <<<"$FOUND")"
run_in "$RT" sh -c "$(sed -n 's/^problem firewall .* -> //p' <<<"$FOUND")"
doctor --config "$CONF"
finds_nothing but rule
run_in "$RT" nft 'delete table inet early; delete table inet strict'

run_in "$RT" iptables-legacy -t raw -A PREROUTING -p tcp -m multiport --dports 21,2121 -j CT --helper ftp
doctor --config "$CONF"
finds "ok rule ftp attached to tcp port 21 (iptables-legacy"
finds "warning hook ftp" output
run_in "$RT" iptables-legacy -t raw -N OURS
run_in "$RT" iptables-legacy -t raw -A OUTPUT -j OURS
run_in "$RT" iptables-legacy -t raw -A OURS -p tcp --dport 21 -j CT --helper ftp
doctor --config "$CONF"
finds_nothing
all_well
