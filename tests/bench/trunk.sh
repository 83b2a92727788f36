# shellcheck shell=bash
# In the guest, for tests/bench/trunk: trunk.sh PROGRAM package|kernel "CALLS…" "HELPERS…"
# The program measures; a line of it is "package|kernel HELPER CALLS CASE NUMBER" here, with tabs.
#
# The kernel's table of expectations has as many places as the package says or as the kernel itself would make; in both cases
# it may be filled as the package says.
if [ -z "${HELPER:-}" ]; then
	[ "$2" = kernel ] || cp tools/etc/modprobe.conf /etc/modprobe.d/ctalg.conf
	modprobe nf_conntrack && sysctl -q -p tools/etc/sysctl.conf || exit
	printf '%s\tplaces\t%s\n' "$2" "$(</sys/module/nf_conntrack/parameters/expect_hashsize)"
	printf '%s\trelease\t%s\n' "$2" "$(uname -r)"
	for helper in $4; do HELPER=$helper bash "$0" "$@" || exit; done
	exit
fi

# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../sip/lib.sh"
CONTROL_UDP="{ 5060, 5062, 4000-4999 }"
places=$2

# measure CALLS: in a network of its own
measure()
{
	sip_topo snat >/dev/null
	if [ "$HELPER" = ctalg ]; then
		run_in "$RT" ctalg limits flow-pinholes 65536 host-pinholes 65536 >/dev/null
	fi
	"$program" "$HELPER" "$1" "$IN" "$OUT" "$RT" | sed "s/^/$places\t$HELPER\t$1\t/"
}

program=$1
# once for nothing: caches fill
measure 50 >/dev/null
for calls in $3; do measure "$calls"; done
sip_topo_end
no_kernel_messages
