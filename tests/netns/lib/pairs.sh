# shellcheck shell=bash
# Every FTP server with every client: the combinations that pairs.py picks for this kernel.
#
#   PAIRWISE=SEED  the cover (default 1); the same on all kernels of a run
#   FULL=1         all combinations

# f8 SERVER
f8()
{
	local plan=$TMP/plan nat="" line

	"${PYTHON[@]}" "$NETNS_DIR/pairs.py" "$1" "${KERNEL:-$(this_kernel)}" "$(f8_seed)" >"$plan"
	[ -s "$plan" ] || skip "the cover with seed $(f8_seed) has none for this kernel"
	while read -r -a line; do
		[ "${line[0]}" = "$nat" ] || f8_topo "$1" "${line[0]}"
		nat=${line[0]}
		FAM=${line[3]}
		transfer "${line[1]}" "${line[2]}" "${line[4]}"
		TRANSFERS=$((TRANSFERS + 1))
	done <"$plan"
	f8_end
}

f8_seed() { if [ -n "${FULL:-}" ]; then echo full; else echo "${PAIRWISE:-1}"; fi; }

this_kernel() { uname -r | sed -E 's/^([0-9]+\.[0-9]+).*/\1/'; }

# f8_topo SERVER NAT: a new network, after the end of the one before.
f8_topo()
{
	[ -z "${RT:-}" ] || f8_end
	say "$2"
	TAG=$2-$RANDOM
	TRANSFERS=0
	setup_topo "$2"
	start_server "$1"
}

f8_end()
{
	counted ftp pinhole-used "$TRANSFERS"
	all_well
}
