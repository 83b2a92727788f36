#!/bin/bash
# What ctalg shows of calls and registrations: what they are called, what is open for them, over what, and what happens.
# REQUIRES: ctalg modules
# KERNELS: 6.12
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shows NOUN FILTER: it is true of the list.
shows() { run_in "$RT" ctalg --json "$1" | jq -e "$2" >/dev/null || fail "of ctalg $1 this is not true: $2; $(run_in "$RT" ctalg "$1")"; }

told() { jq -se "$1" "$TMP/events.log" >/dev/null; }

sip_topo snat
start_in "$RT" events ctalg --json monitor
listens() { run_in "$RT" grep -qE '^[0-9a-f]+ +16 +[0-9]+ +[0-9a-f]{4}[89a-f]' /proc/net/netlink; }
wait_for 10 "listener" listens
begin_script <<'END'
with case("S1", "seen"):
    for kind in "udp", "tcp":
        c = Call(*flow(kind, caller, callee), kind + "-")
        mine, its = c.up()
        talk(mine, its)
    r = Call(*udp_flow(caller, callee))
    r.a.say(r.request(r.a, "REGISTER", tagged=False, uri="sip:example.org", more="Expires: 3600\n"))
    r.b.say(re.sub("Contact: .*", f"Contact: <sip:agent@{r.a}>;expires=3600", r.answer("200 OK")))
step("up")
END
await_step up
shows helpers 'any(.[]; .name == "sip" and .l4 == "udp" and .l4_too == "tcp")'
shows flows 'map(.l4) | index("udp") != null and index("tcp") != null'
shows sessions '[.[] | select(.kind == "call") | .key] | sort | map(.[:4]) == ["tcp-", "udp-"]'
shows sessions 'all(.[] | select(.kind == "call"); .state == "active" and .pinholes >= 2)'
shows sessions 'any(.[]; .kind == "registration" and (.key | contains("bob@example.org")))'
shows pinholes '[.[] | select(.kind == "media")] | length >= 4 and all(.[]; .l4 == "udp")'
shows pinholes 'any(.[]; .kind == "path" and .outside == "198.51.100.1" and .inside == "10.0.0.2")'
run_in "$RT" ctalg sessions | grep -q ' call  *active .* udp-' || fail "as a table: $(run_in "$RT" ctalg sessions)"
wait_for 10 "event of a call" told 'any(.[]; .kind == "session-begin" and .session_kind == "call" and (.session_key | startswith("udp-")))'
told 'any(.[]; .kind == "pinhole-open" and .pinhole_kind == "media")' || fail "no media: $(<"$TMP/events.log")"
told 'any(.[]; .kind == "edit" and .message == "INVITE" and .old == "10.0.0.2" and .new == "198.51.100.1")' ||
	fail "no edit: $(<"$TMP/events.log")"
go_on up
end_script
all_cases
