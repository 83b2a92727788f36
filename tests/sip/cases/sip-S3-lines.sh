#!/bin/bash
# S3: any number of media lines, any transport, addresses per line, explicit RTCP, hold, and what names no address.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def session(ip, *lines, c=True):
    return (f"v=0\no=- 7 1 IN {IP} {ip}\ns=-\n" + (f"c=IN {IP} {ip}\n" if c else "") + "t=0 0\n" + "".join(l + "\n" for l in lines))


def call():
    return Call(*udp_flow(caller, callee))


def offered(c, offer, answer):
    """A call with these descriptions."""
    c.a.say(c.invite(offer))
    c.b.say(c.answer("200 OK", answer))
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))


def with_line(line, name, kind, *more):
    """One line of another kind; whatever it is called, packets go both ways."""
    with case(line, name):
        c = call()
        mine, its = Media(caller), Media(callee)
        offered(c, *(session(m.ip, f"m={kind % m.port}", *more) for m in (mine, its)))
        talk(mine, its)
        c.bye()


for n in 2, 3, 4, 8, 40:
    with case("S3", "lines-%d" % n):
        c = call()
        mine, its = [Media(caller) for i in range(n)], [Media(callee) for i in range(n)]
        offered(c, *(session(all[0].ip, *(f"m={'audio' if i % 2 else 'video'} {m.port} RTP/AVP {31 + i}\na=mid:{i}"
                                          for i, m in enumerate(all))) for all in (mine, its)))
        for i in sorted({0, 1, n // 2, n - 1}):
            talk_with_rtcp(mine[i], its[i])
        c.bye()
        shut(*((Stranger(callee), mine[i]) for i in (0, n - 1)), *((Stranger(caller), its[i]) for i in (0, n - 1)))

with case("S3", "address-per-line"):
    c = call()
    mine, its = [Media(caller), Media(caller)], [Media(callee), Media(callee)]
    offered(c, *(session(all[0].ip, *(f"m=audio {m.port} RTP/AVP 0\nc=IN {IP} {m.ip}\nb=AS:64" for m in all), c=False) for all in (mine, its)))
    for i in 0, 1:
        talk(mine[i], its[i])

with case("S3", "address-of-both-kinds"):
    # the session's is another's, which no line uses
    c = call()
    mine, its = Media(caller), Media(callee)
    other = "192.0.2.77" if FAM == 4 else "2001:db8::77"
    offered(c, *(f"v=0\no=- 7 1 IN {IP} {m.ip}\ns=-\nc=IN {IP} {other}\nt=0 0\nm=audio {m.port} RTP/AVP 0\nc=IN {IP} {m.ip}\n" for m in (mine, its)))
    talk(mine, its)

with case("S3", "another-inside-host"):
    # a line that names another inside host is left alone, and not opened; the other is served
    c = call()
    mine, its, another = Media(caller), Media(callee), Media(inside2)
    theirs = another.host.own if caller is inside else mine.ip
    offered(c, session(mine.ip, f"m=audio {mine.port} RTP/AVP 0", f"m=video {another.own} RTP/AVP 31\nc=IN {IP} {theirs}"), sdp(its))
    talk(mine, its)
    if NAT:
        another.place.learn(OUTSIDE, another.own)
        shut((Stranger(outside), another))

with case("S3", "port-0"):
    c = call()
    mine, its = Media(caller), Media(callee)
    offered(c, *(session(m.ip, "m=video 0 RTP/AVP 31", f"m=audio {m.port} RTP/AVP 0", "m=video 0 RTP/AVP 34") for m in (mine, its)))
    talk(mine, its)

with case("S3", "odd-port"):
    c = call()
    mine, its = Media(caller, 20901), Media(callee, 40901)
    offered(c, sdp(mine), sdp(its))
    check(NAT or mine.where(callee.side)[1] == 20901, "the port")
    talk(mine, its)

for name, line in ("port", "a=rtcp:%s"), ("address", "a=rtcp:%s IN " + IP + " %s"):
    with case("S3", "rtcp-" + name):
        c = call()
        mine, its, rtcp, its_rtcp = Media(caller), Media(callee), Media(caller, rtcp=False), Media(callee, rtcp=False)
        offered(c, *(session(m.ip, f"m=audio {m.port} RTP/AVP 0", line % ((r.port, r.ip)[:line.count("%")])) for m, r in ((mine, rtcp), (its, its_rtcp))))
        talk(mine, its)
        talk(rtcp, its_rtcp)

with case("S3", "rtcp-mux"):
    c = call()
    mine, its = Media(caller), Media(callee)
    offered(c, *(session(m.ip, f"m=audio {m.port} RTP/AVP 0", "a=rtcp-mux") for m in (mine, its)))
    talk(mine, its)

with case("S3", "bundle"):
    c = call()
    mine, its = Media(caller), Media(callee)
    offered(c, *(session(m.ip, "a=group:BUNDLE 1 2", *(f"m={k} {m.port} UDP/TLS/RTP/SAVPF 96\na=mid:{i}\na=rtcp-mux" for i, k in ((1, "audio"), (2, "video"))))
                 for m in (mine, its)))
    talk(mine, its)

with_line("S3", "avpf", "audio %s RTP/AVPF 96", "a=rtcp-fb:96 nack")
with_line("S3", "savp", "audio %s RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj")
with_line("S3", "dtls", "audio %s UDP/TLS/RTP/SAVPF 0", "a=setup:actpass", "a=fingerprint:SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")
with_line("S3", "t38-udp", "image %s udptl t38", "a=T38FaxVersion:0")
with_line("S3", "two-ports", "video %s/2 RTP/AVP 31")
with_line("S3", "bfcp-udp", "application %s UDP/BFCP *", "a=floorctrl:c-s")
with_line("S3", "text", "text %s RTP/AVP 98", "a=rtpmap:98 t140/1000")


def listener(host):
    """A port for TCP, with the place that it is."""
    port = next(media_ports[host.side])
    sock = host.socket(socket.SOCK_STREAM, port)
    sock.listen(1)
    return sock, host.place(port)


def connects(host, sock, place):
    """From there to the listener, and bytes both ways."""
    s = host.socket(socket.SOCK_STREAM, 0)
    s.connect(place.called(host.side))
    t, _ = sock.accept()
    for x, y in (s, t), (t, s):
        x.settimeout(WAIT)
        x.sendall(b"one way")
        y.settimeout(WAIT)
        check(y.recv(100) == b"one way", "other bytes")
    s.close()
    t.close()
    sock.close()


for name, kind, setup in (("t38-tcp", "image %s TCP t38", "passive"), ("bfcp-tcp", "application %s TCP/BFCP *", "passive"),
                          ("bfcp-tls", "application %s TCP/TLS/BFCP *", "passive"), ("answerer-listens", "application %s TCP/BFCP *", "active")):
    with case("S3", name):
        c = call()
        x, y = (c.a, c.b) if setup == "passive" else (c.b, c.a)
        sock, place = listener(x.host)
        # who connects says the port of "discard" (RFC 4145), which is nobody's
        here, there = (session(place.ip, "m=" + kind % place.port, "a=setup:passive\na=connection:new"),
                       session(y.ip, "m=" + kind % 9, "a=setup:active\na=connection:new"))
        offered(c, *((here, there) if setup == "passive" else (there, here)))
        connects(y.host, sock, place)

for name, where in (("host-name", f"{IP} media.example.org"), ("other-family", "IP6 2001:db8::9" if FAM == 4 else "IP4 10.0.0.2"),
                    ("bracketed", "IP6 [2001:db8::9]"), ("multicast", "IP4 224.2.17.12/127"), ("no-words", "IP4")):
    with case("S3", "c-" + name):
        # nobody knows what that is outside: it passes as it came, and so does its port
        c = call()
        its = Media(callee)
        c.a.say(c.invite(f"v=0\no=- 7 1 IN {IP} {c.a.ip}\ns=-\nc=IN {where}\nt=0 0\nm=audio {next(media_ports[caller.side])} RTP/AVP 0\n"))
        c.b.say(c.answer("200 OK", sdp(its)))

with case("S3", "hold-0.0.0.0"):
    c = call()
    mine, its = c.up()
    talk(mine, its)
    zero = "0.0.0.0" if FAM == 4 else "::"
    c.a.say(c.request(c.a, "INVITE", sdp(mine, version=2).replace(f"c=IN {IP} {mine.ip}", f"c=IN {IP} {zero}")))
    c.b.say(c.answer("200 OK", sdp(its, version=2)))
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))
    c.a.say(c.request(c.a, "INVITE", sdp(mine, version=3)))
    c.b.say(c.answer("200 OK", sdp(its, version=3)))
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))
    talk(mine, its)

with case("S3", "hold-by-direction"):
    c = call()
    mine, its = c.up()
    for version, mode in enumerate(("sendonly", "inactive", "sendrecv"), 2):
        c.b.say(c.request(c.b, "INVITE", sdp(its, version=version, direction=mode)))
        c.a.say(c.answer("200 OK", sdp(mine, version=version)))
        c.b.say(c.request(c.b, "ACK", seq=c.seq[c.b]))
    talk(its, mine)

with case("S3", "line-feeds"):
    c = call()
    mine, its = Media(caller), Media(callee)
    c.a.say(raw(c.invite("x"))[:-1] + sdp(mine).encode())
    c.b.say(raw(c.answer("200 OK", "x"))[:-1] + sdp(its).encode())
    talk(mine, its)
END
all_cases
