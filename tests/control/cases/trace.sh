#!/bin/bash
# Tracepoints tell what was read, what was found in it, what was rewritten, and of each pinhole.
# REQUIRES: ctalg
# shellcheck source=tests/netns/lib.sh
. "$(dirname "$0")/../../netns/lib.sh"

T=/sys/kernel/tracing
mountpoint -q $T || mount -t tracefs tracefs $T
EVENTS=$T/events/ctalg
for event in message report edit pinhole; do
	[ -d $EVENTS/ctalg_$event ] || fail "there is no tracepoint ctalg_$event"
done
# shellcheck disable=SC2317 # called at the end
trace_off()
{
	echo 0 >$EVENTS/enable
	: >$T/trace
}
at_exit trace_off
: >$T/trace
echo 1 >$EVENTS/enable
setup_topo snat
start_server peer
ftp_script <<'END'
f = Ftp()
f.active_works()
f.quit()
END
cat $T/trace >"$TMP/trace.log"
trace_off

# traced PATTERN: a line of the trace.
traced() { grep -qE "$1" "$TMP/trace.log" || fail "the trace has no line \"$1\""; }

traced 'ctalg_message: flow=[0-9]+ helper=ftp dir=orig len=[0-9]+'
traced 'ctalg_message: flow=[0-9]+ helper=ftp dir=reply len=[0-9]+'
traced 'ctalg_report: flow=[0-9]+ kind="PORT" endpoints=1 wants=1 ops=0x2 reason=none'
traced "ctalg_edit: flow=[0-9]+ dir=orig old=$IN4/[0-9]+ new=$ROUT4/[0-9]+"
traced "ctalg_pinhole: flow=[0-9]+ pinhole=[0-9]+ what=pinhole-opened l4=6 outside=$ROUT4/[0-9]+ inside=$IN4/[0-9]+"
traced 'ctalg_pinhole: .*what=pinhole-used'
all_well
