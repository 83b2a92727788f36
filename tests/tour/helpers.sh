# shellcheck shell=bash
# Which helper serves the tour's router. Mainline's and ctalg's answer to the same names, so they take turns; what was
# loaded before the tour stays.

declare -A MODULES=(
	[none]=''
	[mainline]='nf_conntrack_ftp nf_nat_ftp nf_conntrack_tftp nf_nat_tftp'
	[ctalg]='ctalg ctalg_ftp ctalg_tftp'
)
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

# load MODULE…: those that are not there yet, from $CTALG_MODULES or by name
load()
{
	local m new=()

	for m in "$@"; do
		loaded "$m" || new+=("$m")
	done
	[ ${#new[@]} -gt 0 ] || return 0
	# what joins a ctalg that was there before is of the same build
	if [ -e "${CTALG_MODULES:-}/${new[0]}.ko" ] && [ -z "${FOREIGN[ctalg]:-}" ]; then
		insert "${new[@]}"
	else
		modprobe -a "${new[@]}"
	fi
}

# insert MODULE…: the files, after the kernel's modules that they need
insert()
{
	local m

	for m in "$@"; do
		modinfo -F depends "$CTALG_MODULES/$m.ko" | tr , '\n' | sed '/^ctalg/d' | xargs -r modprobe -a || return 1
		insmod "$CTALG_MODULES/$m.ko" || return 1
	done
}

# unload_own: what is there now of ours and was not before the tour; users first. The rules' hold on a helper ends a
# moment after the rules.
unload_own()
{
	local h m ours=()

	for h in mainline ctalg; do
		for m in ${MODULES[$h]}; do
			! loaded "$m" || [[ " ${FOREIGN[$h]:-}" == *" $m "* ]] || ours=("$m" "${ours[@]}")
		done
	done
	busywait 5 remove "${ours[@]}" || tell "Could not unload all of these: ${ours[*]}" >&2
}

remove()
{
	local m left=()

	for m in "$@"; do
		! loaded "$m" || left+=("$m")
	done
	[ ${#left[@]} = 0 ] || rmmod "${left[@]}"
}

# use_helper HELPER: that one serves port 21 and 69 of the router, no other; every flow is new.
use_helper()
{
	[ "$USED" != "$1" ] || { forget_flows; return 0; }
	[ "$USED" = none ] || run_in "$RT" nft delete table inet helper
	USED=none
	forget_flows
	unload_own
	[ "$1" != none ] || return 0
	# shellcheck disable=SC2086 # a list of names
	load ${MODULES[$1]} || return 1
	HELPER=$1 nft_helper | run_in "$RT" nft -f - || return 1
	USED=$1
}
USED=none

forget_flows()
{
	run_in "$RT" conntrack -F >/dev/null 2>&1 || true
	run_in "$RT" conntrack -F expect >/dev/null 2>&1 || true
}
