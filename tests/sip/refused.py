"""What a router says that refuses: the answer that the asker gets, what it counts, and its log. For the scripts of scenarios, beside
peers.py, under a policy that says "log denied group 7".
"""
import collections
import contextlib
import os
import re
import select
import sys

import peers
import router
from peers import check

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "policy"))
import log_group  # noqa: E402

# A moment in which what may come does.
MOMENT = 0.1


def logger():
    router.space.enter()
    group = log_group.Group(7)
    group.sock.settimeout(peers.WAIT)
    return group


log = logger()


def lines(n):
    """So many lines of the log, and no more."""
    seen = []
    while len(seen) < n and select.select([log.sock], [], [], peers.WAIT)[0]:
        seen += map(log_group.words, log.messages())
    while select.select([log.sock], [], [], 0)[0]:
        seen += map(log_group.words, log.messages())
    return seen


expected = collections.Counter()


@contextlib.contextmanager
def refuses(**reasons):
    """What is done here is refused so often for each of these reasons (_ stands for -), and for no other: each time the log has a line."""
    wanted = {name.replace("_", "-"): n for name, n in reasons.items()}
    expected.update(wanted)
    lines(0)
    yield
    logged = dict(collections.Counter(line.split()[2] for line in lines(sum(wanted.values()))))
    check(logged == wanted, "the log has %r, not %r" % (logged, wanted))


def all_counted():
    """Of all that was refused so far, each reason has its counter."""
    counted = {name: n for name, n in router.counters().items() if name.startswith("policy-")}
    check(counted == expected, "counted %r, not %r" % (counted, dict(expected)))


def headers(message):
    head, end, body = message.partition(b"\r\n\r\n")
    check(end and not body, "%r is no answer without a body" % message[-40:])
    start, *rest = head.split(b"\r\n")
    return start.decode(), [tuple(part.decode() for part in re.split(rb"\s*:\s*", line, maxsplit=1)) for line in rest]


def all_of(headers_, name):
    return [value for n, value in headers_ if n.lower() == name.lower()]


def is_answer(got, request, code, words=None):
    """A server's own answer to the request could not be another."""
    start, said = headers(got)
    version, status, phrase = start.split(" ", 2)
    check((version, int(status)) == ("SIP/2.0", code), "%s, not %d" % (start, code))
    check(phrase and (words is None or phrase == words), "%r, not %r" % (phrase, words))
    asked = headers(request.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")[1]
    for name in "From", "Call-ID", "CSeq":
        check(all_of(said, name) == all_of(asked, name), "%s is %r, not %r" % (name, all_of(said, name), all_of(asked, name)))
    vias, wanted = all_of(said, "Via"), all_of(asked, "Via")
    # a server may say where the request came from (RFC 3261, 18.2.1; RFC 3581)
    check(len(vias) == len(wanted) and vias[1:] == wanted[1:], "Via is %r, not %r" % (vias, wanted))
    first = re.sub(r";received=[^;]*|(?<=;rport)=\d+", "", vias[0])
    check(first == wanted[0], "Via is %r, not %r" % (vias[0], wanted[0]))
    to, = all_of(said, "To")
    tagged, = all_of(asked, "To")
    check(to == tagged if ";tag=" in tagged else re.fullmatch(re.escape(tagged) + r";tag=[\w.~-]{4,}", to), "To is %r" % to)
    check(all_of(said, "Content-Length") == ["0"], "the length of nothing")
    return dict(said)


def quiet(*ends):
    """Nothing comes to any of them."""
    for sock in select.select([end.sock for end in ends], [], [], MOMENT)[0]:
        check(False, "%r came" % sock.recv(300))


def comes(end, wanted):
    """Over TCP, these bytes and none else so far."""
    while len(end.buffer) < len(wanted):
        end.more()
    got, end.buffer = end.buffer, b""
    check(got == wanted, "%r came, not %r" % (got, wanted))


def denied(end, text, code, words=None, next_message=None):
    """
    The request does not come to the other end, and is answered by the router. Over TCP the other end gets bytes that say nothing, and
    the answer comes before what that end says next: the answer to such bytes (RFC 5626), or a message.
    """
    request = peers.render(text, end.side)
    end.send(request)
    if end.kind == "udp":
        got = end.receive()
        quiet(end.other)
        return is_answer(got, request, code, words)
    comes(end.other, b"\r\n\r\n")
    end.other.send(peers.render(next_message, end.other.side) if next_message else b"\r\n")
    said = is_answer(end.receive(), request, code, words)
    if next_message:
        end.hear(next_message)
    else:
        comes(end, b"\r\n")
    return said
