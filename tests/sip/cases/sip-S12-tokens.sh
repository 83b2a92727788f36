#!/bin/bash
# S12: random bytes, and what looks like an address and is not one that this flow's NAT has mapped, come through as they are.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
import random

seed = int(os.environ["PAIRWISE"] or 0)
rng = random.Random(seed)
# near the caller's own, private, documentation's, odd; but never an address of the two hosts
STRINGS = ["10.0.0.20", "10.0.0.22", "110.0.0.2", "10.0.0.2.1", "1.10.0.0.2", "010.0.0.2", "10.0.0.02", "10.0.0.256", "192.168.1.5", "172.16.0.9:5060",
           "198.51.100.11", "198.51.100.1.example", "fd00:1::22", "[fd00:1::22]:5060", "fd00:1::2:1", "::ffff:192.0.2.1", "0x0a000002", "167772162", "10,0,0,2,1,1",
           "10.0.0.2x", "x10.0.0.2", "10.0.0", "10..0.0.2", "127.0.0.1", "0.0.0.0", "255.255.255.255", "5060", "20000", "example.org", "[::1]"]


def word():
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(STRINGS)
    if kind == 1:
        return "".join(rng.choice("abcXYZ0123456789-._~!*'()%&=+$,/") for _ in range(rng.randrange(1, 30)))
    if kind == 2:
        return ".".join(str(rng.randrange(300)) for _ in range(rng.randrange(2, 6)))
    return "".join(chr(rng.randrange(0xa1, 0x17f)) for _ in range(rng.randrange(1, 12)))


def host():
    return rng.choice(["192.168.1.5", "172.16.3.4:5062", "192.0.2.%d" % rng.randrange(1, 250), "a.example.org", "[2001:db8::%x]:5070" % rng.randrange(1, 999)])


def header():
    """A line of a message that names somebody else, or nobody."""
    name = rng.choice(["X-Any", "Subject", "User-Agent", "Organization", "Alert-Info", "Accept", "Warning", "Supported", "Record-Route", "Route", "P-Asserted-Identity",
                       "Referred-By", "Reply-To", "Via", "Event", "Date", "Timestamp", "Reason", "History-Info"])
    if name in ("Record-Route", "Route", "P-Asserted-Identity", "Referred-By", "Reply-To", "History-Info"):
        return f"{name}: <sip:{word().encode().hex()}@{host()};x={rng.randrange(99)}>"
    if name == "Via":
        return f"Via: SIP/2.0/UDP {host()};branch=z9hG4bK{rng.randrange(1 << 30)}"
    return f"{name}: {word()} {word()}"


def noise():
    return "".join(header() + "\n" for _ in range(rng.randrange(1, 12)))


def dirty(m):
    """A description with other addresses all around the one that counts."""
    lines = ["i=%s" % word(), "u=http://%s/" % word(), "e=a@%s" % word()]
    more = ["a=%s:%s" % (rng.choice(["tool", "x-ip", "note", "label", "fmtp", "rtpmap"]), word()) for _ in range(rng.randrange(5))]
    return (f"v=0\no=10.0.0.2 10 20 IN {IP} {m.ip}\ns=10.0.0.2 {word()}\n" + "".join(l + "\n" for l in lines) + f"c=IN {IP} {m.ip}\nb=AS:64\nt=0 0\n"
            f"m=audio {m.port} RTP/AVP 0 8 101\n" + "".join(l + "\n" for l in more) + "a=ptime:20\n")


for turn in range(40 if os.environ["FULL"] else 15):
    with case("S12", "tokens-%d" % turn, "seed %d" % seed):
        c, mine, its = Call(*flow(("udp", "tcp")[turn % 2], caller, callee)), Media(caller), Media(callee)
        try:
            first = noise()
            # a Via must not come before the sender's own
            c.a.say(c.invite(dirty(mine)).replace("Max-Forwards: 70\n", "Max-Forwards: 70\n" + first))
            c.b.say(c.answer("183 Session Progress", dirty(its), more=noise()))
            c.b.say(c.answer("200 OK", dirty(its), more=noise()))
            c.a.say(c.request(c.a, "ACK", seq=2, more=noise()))
            talk(mine, its)
            c.b.say(c.request(c.b, "MESSAGE", word() + "\n" + word(), kind="text/plain", more=noise()))
            c.a.say(c.answer("200 OK", more=noise()))
            c.bye()
        except Failed as e:
            raise Failed("seed %d: %s" % (seed, e)) from None

with case("S12", "others-media"):
    # a description that names nobody of this flow is nobody's business but its own
    c = Call(*udp_flow(caller, callee))
    body = f"v=0\no=- 1 1 IN IP4 192.168.44.1\ns=-\nc=IN IP4 192.168.44.1\nt=0 0\nm=audio 30000 RTP/AVP 0\nc=IN IP4 192.168.44.2\nm=video 30002 RTP/AVP 31\n"
    c.a.say(c.invite(body))
END
all_cases
