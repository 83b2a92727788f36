# shellcheck shell=bash
# Which helper serves the tour's router. Mainline's and ctalg's answer to the same names, so they take turns; what was
# loaded before the tour stays.

declare -A MODULES=(
	[none]=''
	[mainline]='nf_conntrack_ftp nf_nat_ftp nf_conntrack_tftp nf_nat_tftp'
	[ctalg]='ctalg ctalg_ftp ctalg_tftp'
)
LOADED=()
declare -A FOREIGN=()

loaded() { [ -e "/sys/module/$1" ]; }

# find_foreign: of each kind, the modules that are not ours to unload
find_foreign()
{
	local h m

	for h in mainline ctalg; do
		for m in ${MODULES[$h]}; do
			! loaded "$m" || FOREIGN[$h]+="$m "
		done
	done
}

# cannot HELPER: true, with a sentence, if the tour must do without it here
cannot()
{
	local other=

	case $1 in
	mainline) other=ctalg ;;
	ctalg) other=mainline ;;
	esac
	if [ -n "$other" ] && [ -n "${FOREIGN[$other]:-}" ]; then
		echo "left out: ${FOREIGN[$other]% } was loaded before the tour, which unloads nothing that is not its own"
	elif [ "$1" = mainline ] && ! loaded nf_nat_ftp && ! modinfo nf_nat_ftp >/dev/null 2>&1; then
		echo "left out: this kernel comes without nf_nat_ftp"
	else
		return 1
	fi
}

load()
{
	local ko=${CTALG_MODULES:-}/$1.ko m

	! loaded "$1" || return 0
	if [ -n "${CTALG_MODULES:-}" ] && [ -e "$ko" ]; then
		for m in $(modinfo -F depends "$ko" | tr , ' '); do
			loaded "$m" || modprobe "$m"
		done
		insmod "$ko"
	else
		modprobe "$1"
	fi || return 1
	LOADED=("$1" "${LOADED[@]}")
}

# The rules' hold on a helper ends a moment after the rules.
unload_own()
{
	local m

	for m in "${LOADED[@]}"; do
		! loaded "$m" || busywait 5 rmmod "$m" || tell "Could not unload $m." >&2
	done
	LOADED=()
}

# use_helper HELPER: that one serves port 21 and 69 of the router, no other; every flow is new.
use_helper()
{
	local m

	[ "$USED" != "$1" ] || { forget_flows; return 0; }
	[ "$USED" = none ] || run_in "$RT" nft delete table inet helper
	USED=none
	forget_flows
	unload_own
	[ "$1" != none ] || return 0
	for m in ${MODULES[$1]}; do
		load "$m" || return 1
	done
	HELPER=$1 nft_helper | run_in "$RT" nft -f - || return 1
	USED=$1
}
USED=none

forget_flows()
{
	run_in "$RT" conntrack -F >/dev/null 2>&1 || true
	run_in "$RT" conntrack -F expect >/dev/null 2>&1 || true
}
