#!/bin/bash
# S3: as many media lines as a message can hold, over UDP and TCP: hundreds, each with an address of its own, and whatever the
# longest message has room for. What the limits do not let through is counted, and nothing that leaves is changed by half.
# TIME: 200
# REQUIRES: ctalg
# KERNELS: 6.12
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# The kernel's own table is made for less.
EXPECT_MAX=/proc/sys/net/netfilter/nf_conntrack_expect_max
was=$(<"$EXPECT_MAX")
as_it_was() { echo "$was" >"$EXPECT_MAX"; }
if [ -e /proc/modules ]; then
	at_exit as_it_was
	echo 65536 >"$EXPECT_MAX"
fi

# Thousands of pinholes take their time where there is no fast machine.
export PATIENCE=6

cat >"$TMP/many.py" <<'END'
def session(lines, host):
    return f"v=0\no=- 7 1 IN {IP} {host.ip}\ns=-\nc=IN {IP} {host.ip}\nt=0 0\n" + "".join(lines)


def own_address(kind):
    """An m= line with its own c=."""
    return lambda m: f"m={kind % m.port}\nc=IN {IP} {m.ip}\n"


class Many:
    """The places of many lines; sockets only where somebody looks."""

    def __init__(self, host, first, n, step, chosen):
        self.host, self.chosen = host, {i: Media(host, first + step * i, step == 2) for i in chosen}
        self.places = [self.chosen[i] if i in self.chosen else host.place(first + step * i) for i in range(n)]

    def described(self, line):
        return session(map(line, self.places), self.places[0])

    def close(self):
        for m in self.chosen.values():
            m.close()


def samples(n):
    return sorted({0, 1, n // 2, *(i for i in (255, 256, 257, 511, 512) if i < n), n - 1})


def fitting(line, host, size):
    """How many such lines fit in so many bytes, with the rest of the message."""
    return (size - 900) // len(render(line(host.place(20000, known=True)), host.side))


plain_socket = Host.socket


def wide_socket(host, kind, port):
    """With room for much before it is connected: later is too late for old kernels."""
    sock = plain_socket(host, kind, port)
    if kind == socket.SOCK_STREAM:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    return sock


Host.socket = wide_socket


def wide_flow(kind):
    """A flow whose ends take long messages: a connection's windows are as large as they become when they have been used."""
    a, b = flow(kind, caller, callee)
    if kind == "tcp":
        c = Call(a, b)
        padding = "".join(f"X-Padding-{i}: {1200 * 'x'}\n" for i in range(8))
        for i in range(40):
            for end in a, b:
                end.say(c.request(end, "OPTIONS", more=padding))
    return a, b


def established(kind, n, line, step=1, talks=talk, wide=False):
    """A call with so many lines on both sides, whose media goes both ways on some of them."""
    c = Call(*(wide_flow(kind) if wide else flow(kind, caller, callee)))
    mine, its = (Many(host, first, n, step, samples(n)) for host, first in ((caller, 20000), (callee, 40000)))
    c.a.say(c.invite(mine.described(line)))
    c.b.say(c.answer("200 OK", its.described(line)))
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))
    for i in mine.chosen:
        try:
            talks(mine.chosen[i], its.chosen[i])
        except Failed as e:
            raise Failed("line %d of %d: %s" % (i, n, e)) from None
    return c, mine, its


def over(c, mine, its):
    c.bye()
    mine.close()
    its.close()

END

scripted snat nat66-snat dnat < <(cat "$TMP/many.py" - <<'END'
RTP = own_address("audio %s RTP/AVP 0")
for kind in "udp", "tcp":
    with case("S3", "lines-with-addresses-" + kind):
        c, mine, its = established(kind, 300, RTP, 2, talk_with_rtcp)
        # what is offered again keeps its places
        c.a.say(c.request(c.a, "INVITE", mine.described(RTP)))
        c.b.say(c.answer("200 OK", its.described(RTP)))
        c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))
        talk(mine.chosen[299], its.chosen[299])
        over(c, mine, its)

# as long as a datagram is, and as a message over TCP that is held
LONGEST = {"udp": 64000, "tcp": 54500}
short = lambda m: f"m=a {m.port} b\n"
for kind in "udp", "tcp":
    with case("S3", "lines-that-fit-" + kind):
        n = fitting(short, caller, LONGEST[kind])
        c, mine, its = established(kind, n, short, wide=True)
        over(c, mine, its)
        print("%d lines in a message over %s" % (n, kind))

addressed = own_address("a %s b")
for kind in "udp", "tcp":
    with case("S3", "addresses-that-fit-" + kind):
        # it grows by each address
        n = fitting(addressed, caller, LONGEST[kind] * 8 // 10)
        over(*established(kind, n, addressed, wide=True))
        print("%d lines with addresses in a message over %s" % (n, kind))
END
)

# What is beyond the limits is refused line by line, and counted; the message leaves with all that is written in it changed.
sip_topo snat
run_in "$RT" ctalg limits flow-pinholes 1000
begin_script < <(cat "$TMP/many.py" - <<'END'
short = lambda m: f"m=a {m.port} b\n"
addressed = own_address("a %s b")
for name, line in ("limit", short), ("limit-addresses", addressed):
    with case("S3", "lines-beyond-the-" + name):
        c = Call(*udp_flow(caller, callee))
        mine = Many(caller, 20000, 1500, 1, (0, 999, 1000, 1499))
        c.a.say(c.invite(mine.described(line)))
        c.b.say(c.answer("100 Trying"))
        for i, m in mine.chosen.items():
            stranger = Stranger(callee)
            stranger.sock.sendto(packet("d"), m.where(callee.side))
            check(bool(select.select([m.sock], [], [], WAIT if i < 1000 else 0.3)[0]) == (i < 1000), "media of line %d" % i)
        mine.close()
step("refused")
with case("S3", "lines-too-long-to-change"):
    # changed, it would be longer than a datagram can be: so nothing is, nor stays anything open for it
    c = Call(*udp_flow(caller, callee))
    many = c.invite(Many(caller, 30000, fitting(addressed, caller, 64500), 1, ()).described(addressed))
    c.a.say(many, render(many, INSIDE))
step("stays")
END
)
open() { run_in "$RT" ctalg --json pinholes | jq length; }

await_step refused
counted sip flow-pinhole-limit 1000
[ "$(open)" = 2000 ] || fail "there are $(open) pinholes"
go_on refused
await_step stays
counted sip message-edit-limit 1
[ "$(open)" = 2000 ] || fail "there are $(open) pinholes"
go_on stays
end_script
all_cases
