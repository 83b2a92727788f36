#!/bin/bash
# S14: MSRP (RFC 4975): the path in the description is rewritten with its line, and the connection for messages and files works.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def listener(host):
    port = next(media_ports[host.side])
    sock = host.socket(socket.SOCK_STREAM, port)
    sock.listen(1)
    return sock, host.place(port)


def described(place, scheme="msrp", setup="passive", proto="TCP/MSRP"):
    return (f"v=0\no=- 7 1 IN {IP} {place.ip}\ns=-\nc=IN {IP} {place.ip}\nt=0 0\nm=message {place.port} {proto} *\n"
            f"a=accept-types:text/plain message/cpim\na=setup:{setup}\na=path:{scheme}://{place}/kjhd37s2s20w2a;tcp\n")


def sends(host, sock, place, text):
    """A file to the listener, and its answer."""
    s = host.socket(socket.SOCK_STREAM, 0)
    s.connect(place.called(host.side))
    t, _ = sock.accept()
    t.settimeout(WAIT)
    s.sendall(text)
    got = b""
    while len(got) < len(text):
        got += t.recv(65536)
    check(got == text, "bytes differ")
    t.sendall(b"MSRP d93kswow 200 OK\r\n-------d93kswow$\r\n")
    check(s.recv(100).startswith(b"MSRP d93kswow 200"), "no answer")
    s.close(), t.close(), sock.close()


FILE = b"MSRP d93kswow SEND\r\nTo-Path: msrp://10.0.0.2:8888/9di4eae923wzd;tcp\r\nByte-Range: 1-*/*\r\n\r\n" + bytes(range(256)) * 200 + b"\r\n-------d93kswow$\r\n"

for scheme, proto in ("msrp", "TCP/MSRP"), ("msrps", "TCP/TLS/MSRP"):
    for listens in "caller", "callee":
        with case("S14", "%s-to-%s" % (scheme, listens)):
            c = Call(*udp_flow(caller, callee))
            here, there = (c.a, c.b) if listens == "caller" else (c.b, c.a)
            (sock, place), other = listener(here.host), there.host.place(2855, known=True)
            other.calls[not there.side] = (other.calls[not there.side][0], 2855)
            mine = described(place, scheme, proto=proto)
            # who connects has no port to be connected to; what it writes is its own name
            its = (f"v=0\no=- 7 1 IN {IP} {there.ip}\ns=-\nc=IN {IP} {there.ip}\nt=0 0\nm=message 9 {proto} *\n"
                   f"a=accept-types:*\na=setup:active\na=path:{scheme}://phone.example.org:9/2s93i93idj;tcp\n")
            c.a.say(c.invite(mine if here is c.a else its))
            c.b.say(c.answer("200 OK", its if here is c.a else mine))
            c.a.say(c.request(c.a, "ACK", seq=2))
            sends(there.host, sock, place, FILE)
            c.bye()

with case("S14", "relay"):
    # who uses a relay is reached there (RFC 4976): nothing in it is this flow's to change
    c = Call(*udp_flow(caller, callee))
    relay = "192.0.2.3" if FAM == 4 else "2001:db8::3"
    host = "[%s]" % callee.own if FAM == 6 else callee.own
    c.a.say(c.invite())
    c.b.say(c.answer("200 OK", f"v=0\no=- 7 1 IN {IP} {relay}\ns=-\nc=IN {IP} {relay}\nt=0 0\nm=message 2855 TCP/TLS/MSRP *\n"
                     f"a=accept-types:*\na=path:msrps://relay.example.org:2855/xyz;tcp msrps://{host}:9999/abc;tcp\n"))

with case("S14", "beside-audio"):
    c = Call(*udp_flow(caller, callee))
    mine, its = Media(caller), Media(callee)
    sock, place = listener(callee)
    c.a.say(c.invite(sdp(mine, f"m=audio {mine.port} RTP/AVP 0", f"m=message 9 TCP/MSRP *\na=setup:active\na=path:msrp://phone.example.org:9/1;tcp")))
    c.b.say(c.answer("200 OK", sdp(its, f"m=audio {its.port} RTP/AVP 0", f"m=message {place.port} TCP/MSRP *\na=setup:passive\na=path:msrp://{place}/2;tcp")))
    talk(mine, its)
    sends(caller, sock, place, FILE)
END
all_cases
