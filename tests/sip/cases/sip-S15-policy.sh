#!/bin/bash
# S15: policy by method, user, number, size, rate and number of flows: what is refused is answered as SIP says, counted by name and
# logged once; what is permitted passes beside it, on the same flow; and who may send media, and until when.
# TIME: 150
# REQUIRES: ctalg
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # the library's
RULES='
limit calls 3/hour per host
limit udp-lines 2 sessions per host
limit tcp-lines 2 sessions per host
sip {
	deny PUBLISH
	deny MESSAGE answer 488 "Talk instead."
	deny other
	drop INFO
	reset NOTIFY
	deny INVITE user "mallory", "mallory@*"
	deny INVITE object "00*", "0900*" user not "4700" answer 603 "Not from this line"
	limit calls INVITE user "dialer"
	limit udp-lines OPTIONS user "udp-line"
	limit tcp-lines OPTIONS user "tcp-line"
	limit size 2000
	log denied group 7
}'
# shellcheck disable=SC2046 # names
scripted $(one_of snat masquerade dnat none none6 nat66-snat nat66-dnat) <<'PYTHON'
from refused import *


def user(text, name):
    return text.replace("From: <sip:alice@", f"From: <sip:{name}@")


def asks(end, method, **more):
    c = Call(end, end.other)
    return c.request(end, method, tagged=False, **more)


def passes(end):
    """What may be said still is."""
    c = Call(end, end.other)
    end.say(c.request(end, "OPTIONS", tagged=False))
    end.other.say(c.answer("200 OK"))


other_host = inside2 if caller is inside else outside2
credentials = 'Authorization: Digest username="%s", realm="r", nonce="n", uri="sip:b", response="x"\n'

for kind in "udp", "tcp":
    with case("S15", "method-" + kind):
        a, b = flow(kind, caller, callee)
        with refuses(policy_denied=2):
            denied(a, asks(a, "PUBLISH"), 403, "Forbidden")
            denied(a, asks(a, "MESSAGE", body="hello", kind="text/plain"), 488, "Talk instead.")
        passes(a)

    with case("S15", "unknown-method-" + kind):
        a, b = flow(kind, caller, callee)
        with refuses(policy_denied=1):
            said = denied(a, asks(a, "FROBNICATE"), 405, "Method Not Allowed")
        check("INVITE" in said["Allow"].split(", "), "Allow: %s" % said.get("Allow"))
        passes(a)

    with case("S15", "callee-asks-" + kind):
        # rules hold in both directions
        a, b = flow(kind, caller, callee)
        passes(a)
        with refuses(policy_denied=1):
            denied(b, asks(b, "PUBLISH"), 403)
        passes(b)

    with case("S15", "beside-a-call-" + kind):
        # on its flow one call lives and is ended, others are refused
        a, b = flow(kind, caller, callee)
        c, mine, its = Call(a, b), Media(caller), Media(callee)
        a.say(c.invite(sdp(mine)))
        ringing = c.last
        with refuses(policy_denied=1):
            refused = Media(caller)
            denied(a, user(Call(a, b).invite(sdp(refused)), "mallory"), 403, next_message=c.answer("180 Ringing", to=ringing))
        refused.place.learn(callee.side, refused.own)
        shut((Stranger(callee), refused))
        b.say(c.answer("200 OK", sdp(its), to=ringing))
        a.say(c.request(a, "ACK", seq=ringing[1]))
        talk_with_rtcp(mine, its)
        with refuses(policy_denied=2):
            denied(a, asks(a, "PUBLISH"), 403)
            denied(b, asks(b, "FROBNICATE"), 405)
        talk(mine, its)
        c.bye(b)
        shut((Stranger(callee), mine), (Stranger(caller), its))

    with case("S15", "user-" + kind):
        # who speaks: Authorization's user, else P-Asserted-Identity's, else From's
        a, b = flow(kind, caller, callee)
        with refuses(policy_denied=4):
            denied(a, user(asks(a, "INVITE"), "mallory"), 403)
            denied(a, asks(a, "INVITE", more="P-Asserted-Identity: \"M\" <sip:Mallory@example.org>\n"), 403)
            denied(a, asks(a, "INVITE", more=credentials % "mallory"), 403)
            denied(a, asks(a, "INVITE", more="Proxy-" + credentials % "mallory"), 403)
        with refuses():
            a.say(user(asks(a, "INVITE", more=credentials % "bob"), "mallory"))
            a.say(user(asks(a, "INVITE"), "mallory2"))
            a.say(user(asks(a, "OPTIONS"), "mallory"))

    with case("S15", "number-" + kind):
        a, b = flow(kind, caller, callee)
        with refuses(policy_denied=3):
            denied(a, asks(a, "INVITE", uri=f"sip:00123456@{b}"), 603, "Not from this line")
            denied(a, asks(a, "INVITE", uri="tel:0900123"), 603, "Not from this line")
            denied(a, user(asks(a, "INVITE", uri=f"sip:00123456@{b}"), "470"), 603)
        with refuses():
            a.say(user(asks(a, "INVITE", uri=f"sip:00123456@{b}"), "4700"))
            a.say(asks(a, "INVITE", uri=f"sip:0123456@{b}"))

    with case("S15", "size-" + kind):
        a, b = flow(kind, caller, callee)
        longer = "X-Words: " + "w" * 1800 + "\n"
        with refuses(policy_size=1):
            denied(a, asks(a, "INVITE", more=longer), 513, "Message Too Large")
        passes(a)

    with case("S15", "drop-" + kind):
        a, b = flow(kind, caller, callee)
        passes(a)
        with refuses(policy_denied=1):
            a.send(render(asks(a, "INFO"), a.side))
            quiet(a, b)
        if kind == "udp":
            passes(a)
        else:
            # where bytes are missing nothing comes any more
            a.send(render(asks(a, "OPTIONS"), a.side))
            quiet(a, b)

    with case("S15", "reset-" + kind):
        a, b = flow(kind, caller, callee)
        passes(a)
        with refuses(policy_denied=1):
            a.send(render(asks(a, "NOTIFY"), a.side))
            if kind == "udp":
                quiet(a, b)
        if kind == "udp":
            passes(a)
        else:
            for end in a, b:
                try:
                    check(not end.sock.recv(100), "bytes came")
                except ConnectionResetError:
                    continue
                raise Failed("no reset")

    with case("S15", "sessions-" + kind):
        # two flows of a host may be used so; another host has two as well, and what does not count passes
        flows = [flow(kind, caller, callee) for i in range(3)]
        for a, b in flows[:2] * 2:
            a.say(user(asks(a, "OPTIONS"), kind + "-line"))
        a, b = flows[2]
        with refuses(policy_session_limit=1):
            check("Retry-After" in denied(a, user(asks(a, "OPTIONS"), kind + "-line"), 503), "it does not say when")
        passes(a)
        a, b = flow(kind, other_host, callee)
        a.say(user(asks(a, "OPTIONS"), kind + "-line"))

with case("S15", "rate"):
    # three calls, over whichever flow; then 503; another host and another user are not concerned
    flows = flow("udp", caller, callee), flow("tcp", caller, callee), flow("udp", caller, callee)
    mine = []
    with refuses():
        for a, b in flows:
            mine.append(Media(caller))
            a.say(user(Call(a, b).invite(sdp(mine[-1])), "dialer"))
    with refuses(policy_rate_limit=5):
        for i in range(5):
            a, b = flows[i % 3]
            check("Retry-After" in denied(a, user(asks(a, "INVITE"), "dialer"), 503, "Service Unavailable"), "it does not say when")
    for a, b in flows:
        a.say(asks(a, "INVITE"))
    for kind in "udp", "tcp":
        a, b = flow(kind, other_host, callee)
        a.say(user(asks(a, "INVITE"), "dialer"))

with case("S15", "counted"):
    all_counted()
PYTHON

# shellcheck disable=SC2034 # the library's
RULES="
sip {
	source any inside $SECOND4, $SECOND6
	source peer
	ended cut inside $IN4, $IN6
	media hairpin
	hide outside $OUT4B, $OUT6B
}"
# shellcheck disable=SC2046 # names
scripted $(one_of snat masquerade none nat66-snat) <<'PYTHON'
def sends(sender, receiver):
    """Somebody who has not been heard of."""
    sender.sock.sendto(b"some", receiver.where(OUTSIDE))
    check(select.select([receiver.sock], [], [], WAIT)[0], "nothing came to the inside")
    drain(receiver.sock)


for host, name in (inside, "peer"), (inside2, "any"):
    with case("S15", "source-" + name):
        c = Call(*udp_flow(host, outside))
        mine, its = Media(host), Media(outside2)
        c.a.say(c.invite(sdp(mine)))
        if name == "peer":
            shut((Stranger(outside2), mine))
        else:
            sends(Stranger(outside2), mine)
        c.b.say(c.answer("200 OK", sdp(its)))
        c.a.say(c.request(c.a, "ACK", seq=2))
        if name == "peer":
            # not even from where the answer says
            shut((its, mine))
            sends(Stranger(outside), mine)
        else:
            talk(its, mine)
            sends(Stranger(outside), mine)
        c.bye()
        shut((Stranger(outside), mine), (Stranger(outside2), mine))

for kind in "udp", "tcp":
    for host, name in (inside, "cut"), (inside2, "keep"):
        with case("S15", "ended-%s-%s" % (name, kind)):
            c, d = Call(*flow(kind, host, outside)), Call(*flow(kind, host, outside))
            mine, its = c.up()
            more, others = d.up()
            talk_with_rtcp(mine, its)
            talk(more, others)
            c.bye(c.b)
            if name == "cut":
                shut((its, mine), (mine, its), (its.rtcp, mine.rtcp), (Stranger(outside), mine))
            else:
                talk(mine, its)
                shut((Stranger(outside), mine))
            talk(more, others)

class Promised:
    """Media, as both sides call it where it goes by the router."""
    def __init__(self, m):
        self.place = Place(m.where(OUTSIDE), m.where(OUTSIDE))

    ip, port = Media.ip, Media.port


if NAT:
    with case("S15", "hairpin"):
        # two phones inside read each other's outside address, and media goes by the router
        a, near = udp_flow(inside, outside)
        b, far = udp_flow(inside2, outside)
        b.say(Call(b, far).request(b, "OPTIONS", tagged=False))
        one, two = Call(a, near), Call(far, b)
        mine, its = Media(inside), Media(inside2)
        a.say(one.invite(sdp(mine)))
        far.say(two.invite(sdp(Promised(mine))))
        b.say(two.answer("200 OK", sdp(its)))
        near.say(one.answer("200 OK", sdp(Promised(its))))
        for sender, receiver in ((mine, its), (its, mine)) * 2:
            data = packet("hairpin")
            sender.sock.sendto(data, receiver.where(OUTSIDE))
            select.select([receiver.sock], [], [], WAIT)
            source = heard(receiver, data)
            check(source == sender.where(OUTSIDE), "media from %r, not %r" % (source, sender.where(OUTSIDE)))
PYTHON
all_cases
