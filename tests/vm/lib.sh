# shellcheck shell=bash disable=SC2034
# What every command of the lab needs: messages, steps, locks, host packages. The rest is split by idea.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$LAB/../.." && pwd)
CACHE=${CTALG_CACHE:-/var/cache/ctalg}
KERNELS=(6.1 6.12 7.2)

# as_kernel NAME: sets kernel, and flavour if NAME says one (6.12-debug).
as_kernel() {
	kernel=${1%-debug}
	[ "$kernel" = "$1" ] || flavour=debug
}

# Exit statuses of our own; everything else is COMMAND's.
E_LAB=96 E_DIED=97 E_HANG=98 E_KERNEL=99

say() { printf 'lab: %s\n' "$*" >&2; }
die() { local status=$E_LAB; [[ $1 =~ ^[0-9]+$ ]] && { status=$1; shift; }; say "$*"; exit "$status"; }
usage_of() { sed -n '/^# Usage:/,/^[^#]/s/^# \{0,1\}//p' "$1" | sed '$!b;/^$/d'; }
digest() { sha256sum | cut -c1-12; }

# step TEXT LOG CMD…: run CMD quietly, show how long it took, and the log's tail if it fails. Never call it in a condition.
step() {
	local text=$1 log=$2 began=$SECONDS status=0
	shift 2
	mkdir -p "$(dirname "$log")"
	say "$text…"
	trap stop_step TERM INT HUP
	set -m
	( set -e; "$@" ) >"$log" 2>&1 </dev/null &
	STEP=$!
	set +m
	wait "$STEP" || status=$?
	STEP=
	if [ "$status" != 0 ]; then
		tail -n 25 "$log" >&2
		die "$text: failed after $((SECONDS - began)) s, the whole log is $log"
	fi
	say "$text: $((SECONDS - began)) s"
}
STEP=
stop_step() { [ -z "$STEP" ] || kill -- "-$STEP" 2>/dev/null; exit 143; }

# attend CMD…: CMD in processes of their own that a signal to us ends too; leaves the lab if it fails.
attend() {
	local status=0
	set -m
	( set -e; "$@" ) </dev/null &
	ATTENDED=$!
	set +m
	wait "$ATTENDED" || status=$?
	[ "$status" = 0 ] || { stop_attended; exit "$status"; }
	ATTENDED=
}
ATTENDED=
stop_attended() { [ -z "$ATTENDED" ] || kill -- "-$ATTENDED" 2>/dev/null || true; }
on_signals() { trap 'stop_attended; exit 130' INT; trap 'stop_attended; exit 143' TERM HUP; }

# locked NAME CMD…: CMD, one process of this machine at a time.
locked() {
	local name=$1 fd
	shift
	mkdir -p "$CACHE/lock" || die "cannot write to $CACHE; set CTALG_CACHE"
	exec {fd}>"$CACHE/lock/$name"
	if ! flock -n "$fd"; then
		say "waiting for another run that prepares $name"
		flock "$fd"
	fi
	"$@"
	exec {fd}>&-
}

# Host programs, and the packages they come from.
HOST_PROGRAMS=(mount:mount qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap mkfs.erofs:erofs-utils depmod:kmod
	rsync:rsync xz:xz-utils cpio:cpio git:git)

host_missing() {
	local pair
	for pair in "${HOST_PROGRAMS[@]}"; do
		PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || echo "${pair##*:}"
	done
}

host_install() {
	local list
	mapfile -t list < <(host_missing)
	[ ${#list[@]} -gt 0 ] || return 0
	step "installing on this machine: ${list[*]}" "$CACHE/log/host.log" host_apt "${list[@]}"
}

host_apt() {
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

need_host() {
	[ "$(id -u)" = 0 ] || die "the lab needs root (chroots, and the cache in $CACHE)"
	PATH=$PATH:/usr/sbin:/sbin
	[ -z "$(host_missing)" ] || locked host host_install
}

for part in fetch debug root build boot; do
	# shellcheck source=/dev/null
	. "$LAB/$part.sh"
done
