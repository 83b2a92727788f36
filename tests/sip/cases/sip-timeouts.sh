#!/bin/bash
# S9: what nobody ends ends by itself: calls that are not answered, ring too long, are not refreshed, whose BYE gets no answer, and
# registrations that expire. Each at its time, and with it exactly its own pinholes, of many on one flow.
# REQUIRES: ctalg
# KERNELS: 6.12
# CLOCK: leaps
# TIME: 20000
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted snat <<'PYTHON'
from router import told

began = time.monotonic()
# The reaper comes every two seconds; what is over is closed so many seconds later, and not so many before.
SLACK = 8


def until(seconds):
    time.sleep(max(0, began + seconds - time.monotonic()))


class Timed:
    """A call: how long it may last, and the media that were named in it."""
    all = []

    def __init__(self, name, seconds, ends):
        self.name, self.seconds, self.call = name, seconds, Call(*ends, name + "-")
        self.mine, self.its = Media(caller), Media(callee)
        self.failed = None
        Timed.all.append(self)

    def from_now(self, seconds):
        self.seconds = time.monotonic() - began + seconds

    def offer(self, **more):
        self.call.a.say(self.call.invite(sdp(self.mine), **more))
        self.invited = self.call.last

    def answer(self, status="200 OK", body=True, **more):
        self.call.b.say(self.call.answer(status, sdp(self.its) if body else "", to=self.invited, **more))

    def ack(self):
        self.call.a.say(self.call.request(self.call.a, "ACK", seq=self.invited[1]))

    def up(self, **more):
        self.offer()
        self.answer(**more)
        self.ack()


def open_calls():
    """How many pinholes each call has, by its Call-ID."""
    return {s["key"]: s["pinholes"] for s in told("sessions") if s["kind"] == "call" and s["pinholes"]}


def all_as_due():
    """Those that are over have no pinhole, and the others have theirs: two for each description."""
    now, there = time.monotonic() - began, open_calls()
    for t in Timed.all:
        n = there.get(t.call.id, 0)
        if now >= t.seconds + SLACK:
            check(not n, "at %d s %s has %d pinholes" % (now, t.name, n))
        elif now < t.seconds:
            check(n >= t.least, "at %d s %s has %d pinholes" % (now, t.name, n))


def a_call(name, least, ends):
    t = Timed(name, 0, ends)
    t.least = least
    return t


for kind in "udp", "tcp":
    ends = flow(kind, caller, callee)
    with case("S9", "timed-out-begin-" + kind):
        t = a_call("unanswered", 2, ends)
        t.offer()
        t.from_now(200)

        t = a_call("trying", 2, ends)
        t.offer()
        t.answer("100 Trying", body=False)
        t.from_now(200)

        t = a_call("rings", 4, ends)
        t.offer()
        t.answer("183 Session Progress")
        t.from_now(200)
        rings = t

        t = a_call("cancelled", 2, ends)
        t.offer()
        t.call.a.say(t.call.request(t.call.a, "CANCEL", seq=t.invited[1], tagged=False))
        t.from_now(32)

        t = a_call("timer", 4, ends)
        t.up(more="Session-Expires: 90;refresher=uac\n")
        t.from_now(90 + 32)

        t = a_call("refreshed", 4, ends)
        t.up(more="Session-Expires: 90;refresher=uac\n")
        t.from_now(90 + 32)
        refreshed = t

        t = a_call("no-timer", 4, ends)
        t.up()
        t.from_now(3600)

        t = a_call("bye-unanswered", 4, ends)
        t.up()
        t.call.a.say(t.call.request(t.call.a, "BYE"))
        t.from_now(32)

    with case("S9", "timed-out-" + kind):
        zero = time.monotonic() - began
        all_as_due()
        until(zero + 30)
        all_as_due()
        until(zero + 32 + SLACK)
        all_as_due()
        until(zero + 100)
        # both of these are heard of once more
        rings.answer("180 Ringing", body=False)
        rings.from_now(200)
        refreshed.call.a.say(refreshed.call.request(refreshed.call.a, "UPDATE", more="Session-Expires: 90;refresher=uac\n"))
        refreshed.call.b.say(refreshed.call.answer("200 OK", more="Session-Expires: 90;refresher=uac\n"))
        refreshed.from_now(90 + 32)
        for seconds in 120, 122 + SLACK, 198, 200 + SLACK, 220, 222 + SLACK, 298, 300 + SLACK:
            until(zero + seconds)
            all_as_due()
        over = [t for t in Timed.all if t.name != "no-timer"]
        shut(*((Stranger(callee), t.mine) for t in over), *((Stranger(caller), t.its) for t in over if t.its.where(caller.side)))
        no_timer = next(t for t in Timed.all if t.name == "no-timer")
        talk(no_timer.mine, no_timer.its)
        if kind == "tcp":
            no_timer.call.bye()
            Timed.all.clear()
            continue
        # media that goes on is a sign of life
        until(zero + 3590)
        talk(no_timer.mine, no_timer.its)
        until(zero + 3700)
        check(open_calls().get(no_timer.call.id), "it has ended, and was heard of not long ago")
        until(zero + 2 * 3600 + 300)
        check(not open_calls(), "there are calls: %r" % open_calls())
        Timed.all.clear()

with case("S9", "timed-out-alone"):
    # on a flow that nobody ever answers: UDP's own timeout is the end
    t = a_call("alone", 2, udp_flow(caller, callee))
    t.offer()
    check(open_calls().get(t.call.id), "there is no call")
    time.sleep(30 + SLACK)
    port = t.call.a.place.calls[t.call.a.side][1]
    left = [f for f in told("flows") if f["src_port"] == port]
    check(not left and not told("pinholes"), "left: %r %r" % (left, told("pinholes")))


class Phone:
    """Registered at a port of its own, beside others on the flow."""

    def __init__(self, user, ends, expires):
        self.user, self.ends = user, ends
        self.port = 7000 + next(numbers)
        self.place = ends[0].host.place(self.port)
        self.register(expires)

    def register(self, expires):
        a, b = self.ends
        c = Call(a, b, self.user)
        lines = [re.sub("Contact: .*", f"Contact: <sip:{self.user}@{self.place}>;expires={expires}", text).replace(
            "alice@", self.user + "@").replace("bob@example.org", self.user + "@example.org")
            for text in (c.request(a, "REGISTER", tagged=False, uri="sip:example.org"), c.answer("200 OK"))]
        a.say(lines[0])
        b.say(lines[1])

    def invited(self):
        """Does an INVITE of the registrar get there?"""
        sock = caller.udp(self.port)
        drain(sock)
        text = Call(self.ends[1], self.ends[0], "to-" + self.user).invite(uri=f"sip:{self.user}@{self.place}")
        callee.udp(5060).sendto(render(text, callee.side), self.place.called(callee.side))
        return bool(select.select([sock], [], [], 0.2)[0])


def paths():
    return {p["inside_port"] for p in told("pinholes") if p["kind"] == "path"}


with case("S8", "expires-beside-others"):
    began = time.monotonic()
    ends = udp_flow(caller, callee)
    soon, later, renewed, gone = (Phone(user, ends, expires) for user, expires in (
        ("soon", 60), ("later", 3600), ("renewed", 60), ("gone", 3600)))
    until(50)
    check(paths() == {p.port for p in (soon, later, renewed, gone)}, "at 50 s: %r" % paths())
    renewed.register(600)
    gone.register(0)
    check(paths() == {p.port for p in (soon, later, renewed)}, "one was withdrawn: %r" % paths())
    until(60)
    check(soon.port in paths(), "too early")
    until(61 + SLACK)
    check(paths() == {later.port, renewed.port}, "at 60 s: %r" % paths())
    check(not soon.invited() and not gone.invited() and later.invited() and renewed.invited(), "who is reached at 60 s")
    until(50 + 600)
    check(paths() == {later.port, renewed.port}, "too early")
    until(50 + 601 + SLACK)
    check(paths() == {later.port}, "at 650 s: %r" % paths())
    # not so late that the way which that INVITE takes is still open for the next one
    until(3500)
    check(later.invited() and not renewed.invited(), "who is reached at 3500 s")
    until(3600)
    check(paths() == {later.port}, "too early")
    until(3601 + SLACK)
    check(not paths() and not later.invited(), "it has expired")
PYTHON
expect_none
all_cases
