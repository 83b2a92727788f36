#!/bin/bash
# Disabled in one namespace: an edited session goes on with the kernel's adjustment, nothing new is read; enabled again, new ones are.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
start_script <<'END'
f, half = Ftp(), Ftp()
for one in f, half:
    one.active_works()
half.send("NO")
step("edited")
for i in range(3):
    f.say("NOOP", "200")
f.passive_fails()
f.active_fails()
try:
    half.say("OP", "200")
    check(False, "a command cut in two by the switch went on")
except ConnectionResetError:
    pass
new = Ftp()
new.active_fails()
step("disabled")
f.active_fails()
new.active_fails()
again = Ftp()
again.active_works()
for one in f, new, again:
    one.quit()
END
wait_for 20 "edited session" test -e "$TMP/logs/edited"
run_in "$RT" ctalg set ftp enabled off
[ "$(run_in "$RT" ctalg flows --json)" = "[]" ] || fail "flows are watched still"
touch "$TMP/logs/after-edited"
wait_for 20 "answers without the helper" test -e "$TMP/logs/disabled"
! run_in "$RT" conntrack -L 2>/dev/null | grep "ESTABLISHED.*helper=ftp" || fail "a connection has its helper still"
run_in "$RT" ctalg set ftp enabled on
touch "$TMP/logs/after-disabled"
finish_script
counted ftp pinhole-opened 3
counted ftp mid-stream 0
counted ftp connection-reset 1
kernel_log | grep -q "1 connections were handed over to the kernel, 1 were reset" || fail "the log does not tell of the two sessions"
all_well
