"""Runs sets of FTP dialogs through a router, and checks every byte: see wire.py.

    dialogs.py CLIENT ROUTER SERVER TO SET… [OPTION=VALUE…]

CLIENT, ROUTER and SERVER are namespaces, TO is the address that the client calls. Sets are cuts (of the dialogs in
names=A,B), bytes, several, big, bulk, random; denied and denied-random, for a policy that refuses. Options:

    delay=nodelay|nagle    the sockets' writes (nodelay)
    names=A,B              dialogs of set cuts (all)
    own=A,B                of set cuts: the addresses that client and server have
    how=push,wait          how the parts of a cut follow each other, in turns
    count=N seed=N         of set random
    lossless=yes           no segment is lost, so none may be sent twice
    use=no                 of announced endpoints no use is made, for comparison with networks that let none in
    many=N give_up=S       dialogs at a time (48), and how long to wait for one (60)
    judge=no               the exit status does not tell

Ends with "N of M", how many dialogs were right; those that were not come before, each with what was wrong.
"""
import sys
import time

import talks
from wire import CLIENT, PORTS, SERVER, Dialog, Loop, Namespace, Token

SHOWN = 12


def sets(v, names, options):
    nodelay = options["delay"] == "nodelay"
    mss = 1448 if v == 4 else 1428
    for name in names:
        if name == "cuts":
            chosen = {k: t for k, t in talks.whole(v).items() if k in options["names"].split(",")}
            yield name, list(cuts(v, chosen, nodelay, options))
        elif name == "denied":
            yield name, [*cuts(v, talks.denied(v), nodelay, options), *talks.byte_at_a_time(talks.denied(v), nodelay)]
        elif name in ("random", "denied-random"):
            yield name, [talks.random_dialog(v, options["seed"], i, name != "random") for i in range(int(options["count"]))]
        else:
            made = {"bytes": lambda: talks.byte_at_a_time(talks.whole(v), nodelay), "several": lambda: talks.several(v, nodelay),
                    "big": lambda: talks.big(v, mss, nodelay), "bulk": lambda: talks.bulk(v, nodelay)}
            yield name, list(made[name]())


def cuts(v, dialogs, nodelay, options):
    """Each dialog as it is, and with every cut."""
    for name, turns in dialogs.items():
        yield Dialog(name, turns, nodelay=nodelay)
        lengths = turn_lengths(turns, options["own"].split(","))
        yield from talks.every_cut(turns, name, lengths, nodelay, options["how"].split(","))


def turn_lengths(turns, own):
    """Per side, of its turns, as it says them; ports are all of one width."""
    return [[sum(len(i) if isinstance(i, bytes) else len(i.write(own[side], PORTS[0])) for i in t.items)
             for t in turns if t.side == side] for side in (CLIENT, SERVER)]


def unused(dialogs):
    for item in (i for d in dialogs for t in d.turns for i in t.items):
        if isinstance(item, Token):
            item.used = False


def differences(spaces, before):
    after = [s.counters() for s in spaces]
    return [{k: n - b.get(k, 0) for k, n in a.items()} for a, b in zip(after, before)]


def network_problems(counts, lossless):
    client, router, server = counts
    for name, c in (("client", client), ("server", server)):
        if c["TcpInCsumErrors"]:
            yield "%s: %d wrong checksums" % (name, c["TcpInCsumErrors"])
        again = c["TcpRetransSegs"] - c["TcpExtTCPSynRetrans"]
        if lossless and again:
            yield "%s: %d segments sent twice, %d timeouts" % (name, again, c["TcpExtTCPTimeouts"])
    for name in "IpFragCreates", "Ip6FragCreates", "IpFragFails", "Ip6FragFails":
        if router[name]:
            yield "router: %s %d" % (name, router[name])


def main():
    words = [w for w in sys.argv[5:] if "=" not in w]
    options = {"delay": "nodelay", "names": "list,passive,together,odd", "how": "push,wait", "count": "300", "seed": "1",
               "lossless": "", "many": "48", "give_up": "60", "judge": "yes", "use": "yes"}
    options.update(w.split("=", 1) for w in sys.argv[5:] if "=" in w)
    client, router, server, to = sys.argv[1:5]
    loop = Loop(client, server, to, float(options["give_up"]), int(options["many"]))
    spaces = loop.spaces[0], Namespace(router), loop.spaces[1]
    before = [s.counters() for s in spaces]
    made = dict(sets(6 if ":" in to else 4, words, options))
    every = sum(made.values(), [])
    if options["use"] == "no":
        unused(every)
    began = time.monotonic()
    loop.run(every)
    print("%d dialogs in %.1f s; the slowest, %s, in %.1f s" % (
        len(every), time.monotonic() - began, *max((d.took, d.name) for d in every)[::-1]))
    for name, dialogs in made.items():
        bad = [d for d in dialogs if d.failed]
        print("%s: %d of %d" % (name, len(dialogs) - len(bad), len(dialogs)))
        for d in bad[:SHOWN]:
            print("  %s: %s" % (d.name, d.failed))
        for d in dialogs:
            if options["lossless"] and any(side.again for side in d.sides):
                print("  %s: sent again, by client and server: %s" % (d.name, [side.again for side in d.sides]))
    good, tried = sum(not d.failed for d in every), len(every)
    counts = differences(spaces, before)
    problems = list(network_problems(counts, options["lossless"]))
    for problem in problems:
        print(problem)
    print("segments sent again: client %d, server %d; timeouts: %d, %d" % tuple(
        counts[i][name] for name in ("TcpRetransSegs", "TcpExtTCPTimeouts") for i in (0, 2)))
    print("%d of %d" % (good, tried))
    sys.exit(options["judge"] == "yes" and (good != tried or bool(problems) or not tried))


main()
