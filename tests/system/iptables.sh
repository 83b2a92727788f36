# shellcheck shell=bash
# A firewall of iptables alone, in one of its two forms: source services.sh first.

# iptables_router nft|legacy: masquerades, and drops what is not established, related or to port 21.
iptables_router()
{
	local t

	FAM=4 MODE=masquerade
	make_hosts
	set_roles
	mkdir "$TMP/bin"
	ln -s "$(command -v "iptables-$1")" "$TMP/bin/iptables"
	ln -s "$(command -v "ip6tables-$1")" "$TMP/bin/ip6tables"
	PATH=$TMP/bin:$PATH
	for t in iptables ip6tables; do
		run_in "$RT" "${t}-$1-restore" <<-'END'
			*filter
			:INPUT DROP
			:FORWARD DROP
			:OUTPUT DROP
			-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
			-A FORWARD -i in0 -p tcp --dport 21 -j ACCEPT
			-A FORWARD -p tcp -m conntrack --ctstate NEW -j REJECT --reject-with tcp-reset
			COMMIT
			*nat
			-A POSTROUTING -o out0 -j MASQUERADE
			COMMIT
		END
		[ "$t" != ip6tables ] || run_in "$RT" "$t" -A INPUT -p ipv6-icmp -j ACCEPT
		[ "$t" != ip6tables ] || run_in "$RT" "$t" -A OUTPUT -p ipv6-icmp -j ACCEPT
	done
}

# iptables_rules nft|legacy
iptables_rules()
{
	run_in "$RT" iptables-"$1"-save | grep -v '^[#:]'
	run_in "$RT" ip6tables-"$1"-save | grep -v '^[#:]'
}

# iptables_serves nft|legacy
iptables_serves()
{
	local before after

	iptables_router "$1"
	start_server peer
	configure <<<'ftp { ports = {21} }'
	before=$(iptables_rules "$1")
	on_router apply --config "$CONF"
	ftp_works
	[ "$(iptables_rules "$1")" = "$before" ] || fail "iptables' rules are changed: $(iptables_rules "$1")"
	run_in "$RT" nft delete table inet ctalg
	ftp_fails

	ctalg rules --iptables --config "$CONF" >"$TMP/rules"
	run_in "$RT" sh "$TMP/rules"
	FAM=6 ftp_works
	after=$(iptables_rules "$1")
	run_in "$RT" sh "$TMP/rules"
	[ "$(iptables_rules "$1")" = "$after" ] || fail "a second time makes other rules: $(iptables_rules "$1")"
	all_well
}
