#!/bin/bash
# S15: requests that policy refuses get SIP's answers, as from a server; repetitions are what they repeat; an ACK, which nobody
# answers, disappears.
# KERNELS: 6.12
# REQUIRES: ctalg
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # the library's
RULES=$'limit calls 2/hour per host\nlimit asked 40/hour per host\nsip {\n\tdeny MESSAGE\n\tdeny ACK object "nobody"\n\tdeny INVITE object "0900*"\n\tlimit calls INVITE object "bob*"\n\tlimit asked OPTIONS\n}'
scripted snat nat66-snat none <<'END'
def refused(end, text, status):
    """What comes back, in place of what would have gone on."""
    end.send(render(text, end.side))
    check(not select.select([end.other.sock], [], [], 0.3)[0], "it went on")
    got = end.receive()
    check(got.startswith(b"SIP/2.0 %s " % status), "%r, not %s" % (got[:40], status.decode()))
    return got


def gone(end, text):
    end.send(render(text, end.side))
    check(not select.select([end.other.sock, end.sock], [], [], 0.5)[0], "it went on, or was answered")


def met():
    """Both ends know each other."""
    c = Call(*udp_flow(caller, callee))
    c.a.say(c.request(c.a, "OPTIONS", tagged=False))
    c.b.say(c.answer("200 OK"))
    return c


with case("S15", "where-it-came-from"):
    c = met()
    got = refused(c.a, c.request(c.a, "MESSAGE", tagged=False), b"403")
    port = c.a.place.calls[INSIDE][1]
    check(b";rport=%d" % port in got and b";received=%s" % caller.own.encode() in got, "Via: %r" % got)
    # no rport: nothing but received, where Via names another place
    got = refused(c.a, c.request(c.a, "MESSAGE", tagged=False).replace(";rport", "").replace(f"UDP {c.a}", f"UDP pc.example.org:{c.a.place.port}"), b"403")
    check(b"rport" not in got and b";received=%s\r\n" % caller.own.encode() in got, "Via: %r" % got)

with case("S15", "a-number-with-separators"):
    c = met()
    for number in "sip:0900123@%s", "sip:09-00.123@%s", "sip:(0900)123@%s;user=phone", "tel:09-00-123":
        refused(c.a, c.request(c.a, "INVITE", tagged=False, uri=number.replace("%s", str(c.b))), b"403")
    c.a.say(c.request(c.a, "INVITE", tagged=False, uri="tel:+1-0900-123"))

with case("S15", "an-ack-nobody-answers"):
    c = met()
    c.a.say(c.request(c.a, "ACK", seq=2))
    gone(c.a, c.request(c.a, "ACK", seq=2, uri=f"sip:nobody@{c.b}"))

with case("S15", "repetitions-do-not-count"):
    c = met()
    text = c.invite()
    for i in range(5):
        c.a.say(text)
    c.b.say(c.answer("180 Ringing"))
    again = met()
    c.a.say(c.invite())
    # the third is one too many, and stays it
    text = c.invite()
    first = refused(c.a, text, b"503")
    check(refused(c.a, text, b"503") == first, "another answer")
    refused(again.a, again.invite(), b"503")

with case("S15", "repetitions-end"):
    # so often nobody repeats; then it is a flood
    c = met()
    text = render(c.request(c.a, "OPTIONS", tagged=False), c.a.side)
    went = 0
    for i in range(600):
        c.a.send(text)
        if select.select([c.b.sock], [], [], 0.3)[0]:
            c.b.sock.recv(65536)
            went += 1
        else:
            break
    check(300 < went < 500, "%d went on" % went)
END
all_cases
