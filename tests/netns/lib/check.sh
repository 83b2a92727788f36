# shellcheck shell=bash
# What every scenario proves at its end, and the questions on the way.

same_bytes()
{
	cmp -s "$1" "$2" ||
		fail "$2 ($(stat -c %s "$2" 2>/dev/null || echo no) bytes) differs from $1"
}

expectations() { run_in "${1:-$RT}" conntrack -L expect 2>/dev/null || true; }

no_expectation() { [ -z "$(expectations "$@")" ]; }

has_expectation() { expectations | grep -q -- "$1"; }

# expect_seen TEXT: an expectation with TEXT in its line shows up in conntrack -L expect.
expect_seen() { wait_for 5 "expectation with \"$1\"" has_expectation "$1"; }

expect_none() { wait_for 10 "end of all expectations" no_expectation "$@"; }

# counter HELPER REASON: the sum of both directions, in the router's namespace.
counter()
{
	run_in "${STATS_NS:-$RT}" ctalg stats --json |
		jq --arg h "$1" --arg r "$2" '.[$h][$r] | (.orig // 0) + (.reply // 0)'
}

# counted HELPER REASON N: that counter is N (only ctalg counts).
counted()
{
	local n

	[ "$HELPER" = ctalg ] || return 0
	n=$(counter "$1" "$2")
	[ "$n" = "$3" ] || fail "counter $1 $2 is $n, not $3"
}

# Warnings of the kernel since this scenario began, but for the taint notice of loading our modules, for what a
# slow host makes it say, and for those that the scenario expects (EXPECTED_WARNINGS).
mark_kernel_log()
{
	KLOG_MARK="netns $NAME $TAG $RANDOM"
	echo "<6>$KLOG_MARK" >/dev/kmsg
}

kernel_log() { dmesg -r | sed "1,/$KLOG_MARK/d"; }

kernel_warnings()
{
	kernel_log | grep -E '^<[0-4]>' |
		grep -vE 'taints kernel|tainting kernel|module verification failed|hrtimer: interrupt took' |
		grep -vE "${EXPECTED_WARNINGS:-^\$}" || true
}

no_kernel_messages()
{
	local said now

	said=$(kernel_warnings)
	[ -z "$said" ] || fail "the kernel said: $said"
	[ -e /proc/modules ] || return 0
	now=$(</proc/sys/kernel/tainted)
	[ "$now" = "$TAINT" ] || fail "taint went from $TAINT to $now"
}

# all_well: what every scenario ends with: no pinhole left, nothing in the kernel's log.
all_well()
{
	expect_none "$RT"
	no_kernel_messages
	echo "OK"
}
