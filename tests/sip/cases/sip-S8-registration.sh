#!/bin/bash
# S8: whoever is registered is reached, as long as the registration says and however short UDP's timeout is; and not after it.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

UDP_TIMEOUT=2
# the phones are inside: who is outside is reached as the rules say
scripted snat masquerade none none6 nat66-snat <<'END'
# Longer than UDP's timeout; and longer than what is granted below, with what the router adds to it
SLEEP, EXPIRES = 8, 13


class Phone(Call):
    """One that registers: its flow, and what it says."""

    def __init__(self, host=caller, port=0):
        super().__init__(*udp_flow(host, callee, port), "r")
        self.contact = self.a
        self.user = "alice"

    def lines(self, text, expires):
        contact = f"Contact: <sip:{self.user}@{self.contact}>" + (f";expires={expires}" if expires is not None else "")
        return re.sub("Contact: .*", contact, text).replace("alice@example.org>", self.user + "@example.org>").replace("bob@example.org>", self.user + "@example.org>")

    def register(self, expires=3600, status="200 OK", granted=None, more=""):
        self.a.say(self.lines(self.request(self.a, "REGISTER", tagged=False, uri="sip:example.org", more=more), expires))
        answer = self.lines(self.answer(status), expires if granted is None else granted)
        if expires is None and granted is None:
            answer = answer.replace("Content-Length", more + "Content-Length")
        self.b.say(answer if status == "200 OK" and expires != 0 else re.sub("Contact: .*\n", "", answer))

    def called(self):
        """The registrar calls the contact; the phone answers, and they talk."""
        a, b = self.a, self.b
        if self.contact is not self.a:
            a = UdpEnd(self.a.host, self.contact, self.contact.calls[self.a.side][1])
            b = UdpEnd(callee, self.b.place, 5060)
            a.other, b.other = b, a
        call = Call(b, a, "i")
        its, mine = Media(b.host), Media(a.host)
        b.say(call.invite(sdp(its), uri=f"sip:{self.user}@{a}"))
        a.say(call.answer("200 OK", sdp(mine)))
        b.say(call.request(b, "ACK", seq=2))
        talk(its, mine)
        call.bye()

    def not_reached(self, sender=None):
        text = Call(self.b, self.a, "n").invite(uri=f"sip:{self.user}@{self.a}")
        sock = sender.udp(5060) if sender else self.b.sock
        sock.sendto(render(text, OUTSIDE if callee is outside else INSIDE), self.a.place.called(self.b.side))
        check(not select.select([self.a.sock], [], [], 0.1)[0], "an INVITE gets to the phone, and must not")


phones = {}


@contextlib.contextmanager
def registered(name):
    """What a phone does before the time passes; how it is reached then is another part of the same case."""
    try:
        phone = Phone()
        phones[name] = phone
        yield phone
    except (Failed, OSError) as e:
        phones[name] = e


with registered("3600") as p:
    p.register()
    p.called()
with registered("header") as p:
    p.register(None, more="Expires: 3600\n")
with registered("default") as p:
    p.register(None, granted=3600)
with registered("registrar-does-not-say") as p:
    # it has to (RFC 3261, 10.3), and some do not: as the phone has asked
    p.register(None)
with registered("again") as p:
    for i in range(3):
        p.register()
with registered("challenged") as p:
    p.register(status="401 Unauthorized")
    p.register(more='Authorization: Digest username="alice", realm="r", nonce="n", uri="sip:example.org", response="r"\n')
with registered("two-users") as p:
    p.register()
    p.user = "bob"
    p.id = "bobs" + p.id
    p.register()
    p.user = "alice"
    p.register(0)
    p.user = "bob"
with registered("unregistered") as p:
    p.register()
    p.register(0)
with registered("star") as p:
    p.register()
    p.a.say(re.sub("Contact: .*", "Contact: *", p.request(p.a, "REGISTER", tagged=False, uri="sip:example.org", more="Expires: 0\n")).replace(
        "bob@", "alice@"))
    p.b.say(re.sub("Contact: .*\n", "", p.answer("200 OK").replace("bob@", "alice@")))
with registered("expired") as p:
    p.register(1)
with registered("granted-less") as p:
    p.register(3600, granted=1)
with registered("refused") as p:
    p.register(status="403 Forbidden")
with registered("other-port") as p:
    # the phone sends from one port and listens at another
    p.contact = p.a.host.place(6060 + next(numbers))
    p.register()
with registered("from-others") as p:
    p.register()

registered_all = time.monotonic()
time.sleep(SLEEP)


def after(name, reached=True, words=""):
    with case("S8", name, words):
        phone = phones[name]
        if not isinstance(phone, Phone):
            raise phone
        if reached:
            phone.called()
        else:
            phone.not_reached()


for name in "3600", "header", "default", "registrar-does-not-say", "again", "challenged", "two-users", "other-port":
    after(name)
# without NAT in between, and where who registers is outside, it is the rules that say who gets to whom
time.sleep(max(0, registered_all + EXPIRES - time.monotonic()))
for name in "unregistered", "star", "expired", "granted-less", "refused":
    after(name, False)
with case("S8", "from-others"):
    if not isinstance(phones["from-others"], Phone):
        raise phones["from-others"]
    phones["from-others"].not_reached(outside2 if callee is outside else inside2)
    phones["from-others"].called()
END
all_cases
