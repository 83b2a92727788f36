#!/bin/bash
# S6: whatever the grammar allows: compact forms, folding, lists, quoted strings, other schemes, spaces, UTF-8.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
OTHER = "192.0.2.9" if FAM == 4 else "[2001:db8::9]"


def call():
    return Call(*udp_flow(caller, callee))


def spoken(name, change):
    """An INVITE that is written in another way, and media."""
    with case("S6", name):
        c, mine, its = call(), Media(caller), Media(callee)
        c.a.say(change(c.invite(sdp(mine)), c))
        c.b.say(c.answer("200 OK", sdp(its)))
        talk(mine, its)


def compact(text, c):
    for long, short in (("Via", "v"), ("From", "f"), ("To", "t"), ("Call-ID", "i"), ("Contact", "m"), ("Content-Type", "c"), ("Content-Length", "l")):
        text = text.replace("\n" + long + ":", "\n" + short + ":")
    return text


def contact(line):
    return lambda text, c: re.sub(r"Contact: .*", lambda m: "Contact: " + line(c.a), text)


spoken("compact", compact)
spoken("compact-no-blank", lambda text, c: compact(text, c).replace(": ", ":"))
spoken("lower-case", lambda text, c: re.sub(r"(?m)^[A-Z][A-Za-z-]*:", lambda m: m[0].lower(), text))
spoken("blanks-before-colon", lambda text, c: re.sub(r"(?m)^(Via|Contact|Content-Type|From|Call-ID|CSeq):", r"\1 \t : ", text))
spoken("folded-contact", contact(lambda a: f"\n \"A\\\" <sip:x@{caller.own}>\"\n\t<sip:agent@{a}>\n ;q=0.5"))
spoken("folded-via", lambda text, c: text.replace("Via: SIP/2.0/UDP ", "Via:\n  SIP / 2.0\n / UDP\n "))
spoken("bare-contact", contact(lambda a: f"sip:agent@{a};expires=60"))
spoken("contact-with-parameters", contact(lambda a: f"<sip:agent@{a};ob;maddr-x=1;transport=udp;lr?X-Y=1>;+sip.instance=\"<urn:uuid:10.0.0.2>\";q=0.7"))
spoken("contact-without-user", contact(lambda a: f"<sip:{a}>"))
spoken("contact-odd-user", contact(lambda a: f"<sip:+1;phone-context=a.b;x=\"@{a}>".replace('"', "%22")))
spoken("contact-password", contact(lambda a: f"<sip:al%40ice:se;c/r?t&=+$,!@{a}>"))
spoken("utf-8", contact(lambda a: f"\"Ærlig Æ <sip:{OTHER}>\" <sip:agent@{a}>"))
spoken("several-contacts", contact(lambda a: f"<sip:one@{a}>;q=0.1, \"b, c\" <sip:two@{a}>, <sip:three@{OTHER}:5060>"))
spoken("tel", lambda text, c: text.replace("To: <sip:bob@example.org>", "To: tel:+358-555-1234567;postd=pp22"))
spoken("unknown-headers", lambda text, c: text.replace("Max-Forwards", f"X-10.0.0.2: {caller.own}\nNewFangledHeader:   newfangled value\n continued newfangled value\nUnknownHeaderWithUnusualValue: ;;,,;;,;\nMax-Forwards"))
spoken("many-vias", lambda text, c: text.replace("Max-Forwards", f"Via: SIP/2.0/UDP {OTHER}:5070;branch=z9hG4bKb, SIP/2.0/TCP a.example.org;branch=z9hG4bKc\nv: SIP/2.0/UDP {caller.own}:5077;branch=z9hG4bKd\nMax-Forwards"))
spoken("via-list", lambda text, c: re.sub(r"(Via: .*)", rf"\1 , SIP/2.0/UDP {caller.own}:5077;branch=z9hG4bKd", text))
spoken("no-branch", lambda text, c: re.sub(r";branch=.*", "", text))
spoken("long-headers", lambda text, c: text.replace("Max-Forwards", "X-Long: " + "10.0.0.2 " * 40 + "\n" + "X-Many: a\n" * 60 + "Max-Forwards"))

with case("S6", "many-contacts"):
    # in a REGISTER, on lines and in lists, each with its expiry
    c = call()
    lines = (f"Contact: <sip:a@{c.a}>;expires=60, <sip:b@{c.a};transport=udp>;q=0.4\nm: <sips:s@{OTHER}:5061>, <mailto:a@example.org>\n"
             f"CONTACT: \"c\" <sip:c@{c.a}>;q=1.0;expires=\"7200\"")
    register = re.sub("Contact: .*", lines, c.request(c.a, "REGISTER", tagged=False, more="Expires: 3600\n", uri="sip:example.org"))
    c.a.say(register)
    c.b.say(re.sub("Contact: .*", lines, c.answer("200 OK")))

with case("S6", "star"):
    c = call()
    c.a.say(re.sub("Contact: .*", "Contact: *", c.request(c.a, "REGISTER", tagged=False, more="Expires: 0\n", uri="sip:example.org")))
    c.b.say(re.sub("Contact: .*\n", "", c.answer("200 OK")))

with case("S6", "sips-and-names"):
    # a name is nobody's address, and what goes over TLS is not ours to open
    c = call()
    c.a.say(re.sub("Contact: .*", f"Contact: <sips:a@phone.example.org>, <sip:b@{str(caller.own).strip('[]').replace(':', '-')}.example.org>",
                   c.request(c.a, "OPTIONS", tagged=False, uri="sips:bob@example.org")))

with case("S6", "numbers-like-addresses"):
    c = call()
    c.a.say(re.sub("Contact: .*", "Contact: <sip:10.0.0.2@example.org>, <sip:a@10.0.0.2.3>, <sip:a@110.0.0.2>, <sip:a@10.0.0.20>, <sip:a@10.0.0.256>, <sip:a@010.0.0.2x>",
                   c.request(c.a, "OPTIONS", tagged=False)))

with case("S6", "line-feeds"):
    # not what the RFC says, but said
    c, mine, its = call(), Media(caller), Media(callee)
    text = raw(c.invite("X")).replace(b"\r\n", b"\n")[:-1] + sdp(mine).encode()
    c.a.say(text)
    c.b.say(c.answer("200 OK", sdp(its)))
    talk(mine, its)
END
all_cases
