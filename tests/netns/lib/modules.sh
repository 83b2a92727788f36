# shellcheck shell=bash
# Which helper modules are in the kernel. Mainline's and ours have the same names, so never both.

OURS="ctalg_meet ctalg_sip ctalg_tftp ctalg_ftp ctalg"
MAINLINES="nf_nat_ftp nf_conntrack_ftp nf_nat_tftp nf_conntrack_tftp nf_nat_sip nf_conntrack_sip"
read -r -a PROTOCOLS <<<"${PROTOCOLS:-ftp tftp}"

loaded() { [ -e "/sys/module/$1" ]; }

have_module() { loaded "$1" || modinfo "$1" >/dev/null 2>&1; }

# unload NAME…: waits for namespaces that have just ended, as their rules hold helpers.
unload()
{
	local m

	for m in "$@"; do
		! loaded "$m" || wait_for 15 "end of module $m" rmmod "$m"
	done
}

# shellcheck disable=SC2086 # lists of names
load_helpers()
{
	if [ ! -e /proc/modules ]; then # all built in
		[ "$HELPER" = none ] || HELPER=mainline
		return 0
	fi
	case $HELPER in
	ctalg) use_modules "$MAINLINES" "${PROTOCOLS[*]/#/ctalg_}" ;;
	mainline) use_modules "$OURS" "${PROTOCOLS[*]/#/nf_nat_}" ;;
	none) unload $OURS $MAINLINES ;;
	*) fail "HELPER=$HELPER is none of ctalg, mainline, none" ;;
	esac
	TAINT=$(</proc/sys/kernel/tainted)
}

# use_modules AWAY WANTED
# shellcheck disable=SC2086 # lists of names
use_modules()
{
	local m

	unload $1
	for m in $2; do
		loaded "$m" || modprobe "$m" || fail "modprobe $m"
	done
}

# nothing_of_ours: our modules left no cache behind, and no expectation lives.
nothing_of_ours()
{
	grep ctalg /proc/slabinfo && fail "slab caches are left"
	grep ctalg /proc/modules && fail "modules are left"
	wait_for 10 "end of the kernel's expectations" no_live_expectations
}

# Those that KASAN holds back after they were freed count as live until the cache is shrunk.
no_live_expectations()
{
	{ echo 1 >/sys/kernel/slab/nf_conntrack_expect/shrink; } 2>/dev/null || true
	! grep -q '^nf_conntrack_expect *[1-9]' /proc/slabinfo
}
