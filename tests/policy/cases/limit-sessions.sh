#!/bin/bash
# Limits of sessions: so many flows at a time for one host and one user; a place is free again when a flow ends, however that is;
# who becomes another user leaves his place; and a policy that replaces another does not forget.
# KERNELS: 7.2
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
short_memory
run_in "$RT" sh -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close'
start_server peer
policy <<'END'
limit logins 2 sessions per host
ftp {
	limit logins USER answer 421 "Too many."
}
END
start_script <<'END'
def in_time(what):
    until = time.time() + 15
    while not what():
        check(time.time() < until, "no place came free")
        time.sleep(0.2)

def gets_in(f):
    f.say("USER anonymous", "331", "421")
    return f.code == "331"

f, g, h = Ftp(), Ftp(), Ftp(login=False)
f.say("USER anonymous", "331") # asks twice, has one place
check("Too many" in h.say("USER anonymous", "421"), "the words")
h.say("NOOP", "200")
i = Ftp(own="10.0.0.3")
step("replaced")
check(not gets_in(h), "a place too many")
f.quit()
in_time(lambda: gets_in(h))
j = Ftp(login=False)
check(not gets_in(j), "a place too many")
# cut off
import struct
g.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
g.sock.close()
in_time(lambda: gets_in(j))

# of one user
step("users")
f, g = Ftp(login=False), Ftp(login=False)
f.say("USER ann", "331")
g.say("USER ANN", "530")
g.say("USER bob", "331")
f.say("USER bob", "530")
f.say("USER eve", "331") # and so leaves ann's
g.say("USER ann", "331") # and bob's
f.say("USER bob", "331")
f.quit()
g.quit()
END
at replaced <<'END'
limit other 1 session per user
limit logins 2 sessions per host
ftp {
	limit logins USER answer 421 "Too many."
	limit other DELE
}
END
at users <<'END'
limit each 1 session per user
ftp {
	limit each USER answer 530
}
END
finish_script
[ "$(counter ftp policy-session-limit)" -ge 5 ] || fail "only $(counter ftp policy-session-limit) were counted"
no_policy
forgotten() { [ "$(on_router --json limits | jq '.[] | select(.name == "meters") | .now')" = 0 ]; }
wait_for 15 "end of the meters" forgotten
all_well
