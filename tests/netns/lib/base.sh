# shellcheck shell=bash
# Verdicts, waiting, background processes, cleanup.

PIDS=()
NAMESPACES=()
CLEANUPS=()

say() { printf '# %s\n' "$*"; }

fail()
{
	trap - ERR
	printf 'FAILED: %s\n' "$*"
	exit 1
}

skip()
{
	trap - ERR
	printf 'SKIPPED: %s\n' "$*"
	exit 77
}

on_error()
{
	local rc=$? i

	printf 'FAILED: "%s" gave %d\n' "$BASH_COMMAND" "$rc"
	for ((i = 1; i < ${#FUNCNAME[@]}; i++)); do
		printf '  at %s:%d\n' "${BASH_SOURCE[i]##*/}" "${BASH_LINENO[i - 1]}"
	done
	exit 1
}

on_exit()
{
	local rc=$?

	trap - ERR
	set +e
	trap '' PIPE # cleanup does not depend on who reads
	[ "$rc" = 0 ] || [ "$rc" = 77 ] || show_evidence
	cleanup
	exit "$rc"
}

# What a reader of a failure wants to see: the router's view and the peers' last words.
show_evidence()
{
	local f

	for f in "$TMP"/*.log; do
		[ -s "$f" ] || continue
		printf '  --- %s\n' "${f##*/}"
		tail -n "${EVIDENCE_LINES:-12}" "$f" | cut -c1-200 | sed 's/^/  /'
	done
	[ -n "${RT:-}" ] || return 0
	printf '  --- conntrack and expectations on the router\n'
	{
		run_in "$RT" conntrack -L
		run_in "$RT" conntrack -L expect
		[ "$HELPER" != ctalg ] || run_in "$RT" ctalg stats
	} 2>/dev/null | head -n 40 | sed 's/^/  /'
}

cleanup()
{
	local c pid

	for c in "${CLEANUPS[@]}"; do
		$c
	done
	# each was started as the leader of a group of its own
	for pid in "${PIDS[@]}"; do
		kill -9 -- "-$pid"
		wait "$pid"
	done 2>/dev/null
	[ ${#NAMESPACES[@]} = 0 ] || printf 'netns del %s\n' "${NAMESPACES[@]}" | ip -force -batch - 2>/dev/null
	[ -n "${KEEP_TMP:-}" ] || rm -rf "${TMP:?}"
}

at_exit() { CLEANUPS=("$1" "${CLEANUPS[@]}"); }

# busywait SECONDS COMMAND…: until the command succeeds, looking every 50 ms. PATIENCE times as long on a slow kernel.
busywait()
{
	local until=$((${EPOCHREALTIME/./} + $1 * ${PATIENCE:-1} * 1000000))

	shift
	while ! "$@" >/dev/null 2>&1; do
		((${EPOCHREALTIME/./} < until)) || return 1
		sleep 0.05
	done
}

# wait_for SECONDS WHAT COMMAND…: busywait that fails the scenario, saying what it waited for.
wait_for()
{
	local seconds=$1 what=$2

	shift 2
	busywait "$seconds" "$@" || fail "no $what within $seconds s"
}

not() { ! "$@"; }

# run_in NS COMMAND…
run_in()
{
	local ns=$1 program

	shift
	full_path "$1"
	nsenter --net="/run/netns/$ns" -- "$program" "${@:2}"
}

# full_path NAME: sets the caller's $program. Busybox's nsenter and timeout would take an applet for the program.
full_path()
{
	local dir dirs

	program=$1
	[[ $1 != */* ]] || return 0
	IFS=: read -r -a dirs <<<"$PATH"
	for dir in "${dirs[@]}"; do
		if [ -x "$dir/$1" ]; then
			program=$dir/$1
			return 0
		fi
	done
}

# start_in NS LOG COMMAND…: in the background; ends with the scenario. Its pid is in $!.
start_in()
{
	local ns=$1 log=$TMP/$2.log program

	shift 2
	full_path "$1"
	setsid nsenter --net="/run/netns/$ns" -- "$program" "${@:2}" </dev/null >>"$log" 2>&1 &
	PIDS+=($!)
}

# stop PID: a process that start_in started, and its children.
stop()
{
	kill -9 -- "-$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# Under emulation a dynamically linked program needs 80 ms to start, static busybox 10.
QUICK_TOOLS="cat chmod cmp cut dmesg env grep head mkdir mv nsenter rm sed setsid sleep sort stat tail timeout"

# Python without its site packages, and its compiled files outside the checkout.
PYTHON=(python3 -S -X pycache_prefix=/tmp/netns-pycache)

use_quick_tools()
{
	local dir=/run/netns-quick-tools a

	command -v busybox >/dev/null || return 0
	if [ ! -d "$dir" ]; then
		mkdir -p "$dir"
		for a in $QUICK_TOOLS; do
			ln -sf "$(command -v busybox)" "$dir/$a"
		done
	fi
	PATH=$dir:$PATH
}

# check_requires: the scenario's "# REQUIRES:" tags; tool:X, module:X, ctalg, modules.
check_requires()
{
	local tag

	# shellcheck disable=SC2013 # tags are words
	for tag in $(sed -n '2,12s/^# REQUIRES: *//p' "$0"); do
		case $tag in
		tool:*) have_tool "${tag#tool:}" || skip "no ${tag#tool:} here" ;;
		module:*) have_module "${tag#module:}" || skip "no module ${tag#module:} here" ;;
		ctalg) [ "$HELPER" = ctalg ] || skip "is about ctalg itself" ;;
		modules) [ -e /proc/modules ] || skip "this kernel loads no modules" ;;
		*) fail "unknown tag $tag in $0" ;;
		esac
	done
}

have_tool()
{
	command -v "$1" >/dev/null || find_unpacked "$1" >/dev/null
}

# Daemons that conflict as packages lie unpacked under /opt/PACKAGE (or where UNPACKED says).
find_unpacked()
{
	local f

	for f in "${UNPACKED:-/opt}"/*/usr/sbin/"$1" "${UNPACKED:-/opt}"/*/usr/bin/"$1"; do
		[ -x "$f" ] && printf '%s\n' "$f" && return 0
	done
	return 1
}

find_program() { command -v "$1" || find_unpacked "$1" || fail "no $1 here"; }
