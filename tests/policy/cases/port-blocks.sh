#!/bin/bash
# outside-ports in blocks: an inside host's data flows have the ports of its own block and no others; of those, all are found;
# a range for everybody; and the port that a message names, if it is in the range.
# KERNELS: 6.12
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
start_server peer
on_router limits session-pinholes 100
policy <<'END'
set inside { 10.0.0.0/28 }
ftp {
	outside-ports 40000-40255 block 16 inside inside
}
END
ftp_script <<'END'
def ports_of(f, n):
    """What the server is told by so many PORT commands that nobody follows."""
    f.start_log()
    for i in range(n):
        f.say("PORT " + comma(f.own, 20000 + i), "200", "500")
    with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
        lines = [l.split(b" ")[1] for l in seen.read().split(b"\r\n") if l.startswith(b"PORT ")]
    return [int(l.split(b",")[4]) * 256 + int(l.split(b",")[5]) for l in lines]

f, g = Ftp(own="10.0.0.2"), Ftp(own="10.0.0.3")
for one, block in (f, 40032), (g, 40048):
    got = ports_of(one, 16)
    check(sorted(got) == list(range(block, block + 16)), "ports %s" % sorted(got))
    # of the right parity, while there are such
    for i, port in enumerate(got[:8]):
        check(port % 2 == i % 2, "%d for %d" % (port, 20000 + i))
    # There is none for one more: it goes on as it was written.
    check(ports_of(one, 17)[-1] == 20016, "a port out of nowhere")
f.sock.close()
g.sock.close()
END
[ "$(counter ftp no-free-port)" = 2 ] || fail "no-free-port is $(counter ftp no-free-port), not 2"
expect_none "$RT"
ftp_script <<'END'
f = Ftp()
f.active_works()
f.quit()
END

say "one range"
policy <<'END'
ftp {
	outside-ports 41000-41001
}
END
ftp_script <<'END'
f = Ftp()
f.start_log()
f.say("PORT " + comma(f.own, 41001), "200")
f.say("PORT " + comma(f.own, 42000), "200")
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    got = seen.read()
for port in 41001, 41000:
    check(b",%d,%d\r\n" % (port >> 8, port & 255) in got, got)
f.quit()
f = Ftp()
f.active_works()
f.quit()
END
no_policy
all_well
