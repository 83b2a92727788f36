#!/bin/bash
# S7: headers that name a place on the way are rewritten, both ways; names, tags, branches and what is signed are not.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
OWN = written((caller.own, 0), "host").decode()
HOST = caller.own


def call():
    return Call(*udp_flow(caller, callee))


def carried(name, line):
    """A line in a request of the caller's, the same in the answer to it, and in a request of the callee's and its answer."""
    with case("S7", name):
        c = call()
        for where in c.a, c.b:
            for asks, answers in (c.a, c.b), (c.b, c.a):
                asks.say(c.request(asks, "OPTIONS", more=line(where) + "\n"))
                answers.say(c.answer("200 OK", more=line(where) + "\n"))


# rewritten, wherever they come from
for header, value in (("Record-Route", "<sip:{};lr>"), ("Route", "<sip:{};lr>"), ("Path", "<sip:p@{};lr;ob>"), ("Service-Route", "<sip:{};lr>"),
                      ("Refer-To", "<sip:carol@{}?Replaces=a%40b%3Bto-tag%3D1>"), ("Referred-By", "<sip:a@{}>;cid=\"1@2\""),
                      ("Reply-To", "\"A\" <sip:a@{}>"), ("P-Asserted-Identity", "\"A\" <sip:a@{}>"), ("P-Preferred-Identity", "<sip:a@{}>")):
    carried(header.lower(), lambda a: header + ": " + value.format(a))

for header in "Record-Route", "Route":
    carried(header.lower() + "-list", lambda a: f"{header}: <sip:192.0.2.1;lr>,<sip:{a};lr>\n{header}: <sip:proxy.example.org;lr> , <sip:b@{a};x=y>")

# not: they name, or are signed
for name, line in (("authorization", 'Authorization: Digest username="alice", realm="{0}", nonce="1", uri="sip:{0}", response="6629fae49393a05397450978507c4ef1"'),
                   ("proxy-authorization", 'Proxy-Authorization: Digest username="a@{0}", realm="r", nonce="2", uri="sip:b@{0}:5060", response="0"'),
                   ("identity", 'Identity: "sv5CTo05KqpSmtHt3dcEiO/1CWTSZtnG3iV+1nmurLXV/HmtyNS7Ltrg9dlxkWzo {0}";info=<http://{0}/c.cer>'),
                   ("subject", "Subject: call me at {0}"), ("user-agent", "User-Agent: phone/1.0 ({0})"), ("warning", 'Warning: 399 {0} "{0}"'),
                   ("call-info", "Call-Info: <http://{0}/photo.jpg>;purpose=icon"), ("in-reply-to", "In-Reply-To: 70710@{0}"),
                   ("diversion", "Diversion: <sip:d@{0}>;reason=unconditional"), ("history-info", "History-Info: <sip:h@{0}>;index=1"),
                   ("replaces", "Replaces: 1234@{0};to-tag=1;from-tag=2"), ("unknown", "X-Contact: <sip:x@{0}>")):
    carried(name + "-untouched", lambda a: line.format(OWN))

with case("S7", "names-untouched"):
    # From, To, Call-ID, their tags, and the branch, although they look like the caller's address
    c = call()
    here = f"{OWN}:{c.a.place.calls[c.a.side][1]}"
    c.id = f"77-{here}@{here}"

    def named(text):
        return (text.replace("<sip:alice@example.org>;tag=a1", f"<sip:alice@{here}>;tag={HOST}").replace("<sip:bob@example.org>", f"<sip:bob@{here}>")
                .replace(";branch=z9hG4bK", f";branch=z9hG4bK{HOST}-"))
    c.a.say(named(c.request(c.a, "OPTIONS", tagged=False)))
    c.b.say(named(c.answer("200 OK")))

with case("S7", "received-rport"):
    c = call()
    where = lambda text: text.replace(";rport", f";received={c.a.ip};rport={c.a.port}", 1)
    c.a.say(c.request(c.a, "OPTIONS", tagged=False))
    c.b.say(where(c.answer("200 OK")))
    c.b.say(c.request(c.b, "OPTIONS"))
    c.a.say(c.answer("200 OK").replace(";rport", f";rport={c.b.port};received={c.b.ip}", 1))

with case("S7", "received-alone"):
    c = call()
    c.a.say(c.request(c.a, "OPTIONS", tagged=False).replace(";rport", ""))
    c.b.say(c.answer("200 OK").replace(";rport", f";received={c.a.ip}"))

with case("S7", "maddr"):
    c = call()
    c.a.say(re.sub(r"Contact: <sip:agent@(\S+)>", lambda m: f"Contact: <sip:agent@{m[1]};maddr={c.a.ip};lr>", c.request(c.a, "OPTIONS", tagged=False))
            .replace(";rport", f";rport;maddr={c.a.ip}"))

with case("S7", "deeper-vias-untouched"):
    # those that were there before the sender's own: in a request from inside, they are other hosts' words
    c = call()
    more = f"Via: SIP/2.0/UDP {OWN}:5099;branch=z9hG4bKdeep\n"
    c.a.say(c.request(c.a, "OPTIONS", tagged=False).replace("Max-Forwards", more + "Max-Forwards"))
    c.b.say(c.answer("200 OK").replace("From:", more + "From:"))

with case("S7", "request-uri"):
    # the callee calls back, by the name that it has heard
    c = call()
    c.a.say(c.request(c.a, "OPTIONS", tagged=False))
    c.b.say(c.answer("200 OK"))
    for more in "", ";transport=udp;ob", ";user=phone;lr":
        c.b.say(c.request(c.b, "NOTIFY", uri=f"sip:agent@{c.a}{more}"))
        c.a.say(c.answer("200 OK"))

with case("S7", "redirected"):
    c = call()
    c.a.say(c.invite())
    c.b.say(c.answer("302 Moved Temporarily").replace(f"Contact: <sip:agent@{c.b}>", f"Contact: <sip:bob@192.0.2.8>, <sip:bob@{c.b}>;q=0.1"))

with case("S7", "port-not-written"):
    # 5060 is what no port stands for
    a, b = udp_flow(caller, callee, port=5060)
    c = Call(a, b)
    if MODE != "none":
        a.place.calls[callee.side] = (a.place.calls[callee.side][0], 5060)
    c.a.say(c.request(c.a, "OPTIONS", tagged=False).replace(f"UDP {c.a};", f"UDP {c.a.place.host};").replace(f"agent@{c.a}>", f"agent@{c.a.place.host}>"))
    c.b.say(c.answer("200 OK").replace(f"UDP {c.a};", f"UDP {c.a.place.host};"))

for kind in "udp", "tcp":
    with case("S7", "one-contact-of-many-" + kind):
        # whoever it talks to, and whatever port it talks from: an agent is called at one place, as long as anyone may call it there
        a, b = flow(kind, caller, callee)
        spot = caller.place(6099)
        calls = [Call(a, b) for _ in range(4)]
        for c in calls:
            a.say(re.sub("Contact: .*", f"Contact: <sip:alice@{spot};transport={kind}>", c.invite(sdp(Media(caller)))))
            b.say(c.answer("200 OK", sdp(Media(callee))))
        calls[0].bye()
        c = Call(a, b)
        a.say(re.sub("Contact: .*", f"Contact: <sip:alice@{spot};transport={kind}>;expires=60", c.request(a, "REGISTER", tagged=False)))
        for c in calls[1:]:
            c.bye()
END
all_cases
