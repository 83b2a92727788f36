# SPDX-License-Identifier: GPL-2.0
"""Usage: explain_agrees.py FOLDER

FOLDER holds what "ctalg explain --json" says of captures made on either side of a router, in0.json and out0.json,
and what the kernel says, stats.json and pinholes.json; or, if there is a file "policy", in0.json and stats.json; or, if there is
a file "events.log" with what "ctalg monitor" said of calls, in0.json, stats.json, pinholes.json and that. Exits 1 at the first difference.
"""
import collections
import json
import os
import sys

# Of when a data flow has ended the kernel learns late.
LATE = {"pinhole-ended"}
# What is no message.
NO_MESSAGE = ("pinhole", "session", "stream", "gap")
# What explain calls an event of a pinhole, and what the kernel counts it as.
EVENTS = {"open": "pinhole-opened", "kept": "pinhole-kept", "used": "pinhole-used"}


def read(name):
    with open("%s/%s.json" % (sys.argv[1], name)) as f:
        return json.load(f)


def same(what, explained, kernel):
    if explained != kernel and isinstance(kernel, collections.Counter):
        explained, kernel = explained - kernel, kernel - explained
    if explained != kernel:
        sys.exit("%s: explain says\n%s\nand the kernel\n%s" % (what, explained, kernel))


def counted(findings):
    """Everything that the kernel counts, as it counts it."""
    n = collections.Counter()
    for f in findings:
        def count(reason, times=1, way=f["dir"]):
            n[f["proto"], reason, way] += times
        if f["kind"] not in NO_MESSAGE:
            count("message")
            # what comes from outside was changed before it came to where this was recorded
            count("edit", bool(f["called"]) or any("hidden" not in edit for edit in f["edits"]))
        if f["reason"]:
            count(f["reason"])
        if f.get("policy", {}).get("reason"):
            count(f["policy"]["reason"])
        for event in f["pinholes"]:
            if event["event"] in EVENTS:
                count(EVENTS[event["event"]], 1, event["dir"])
            if event["event"] == "closed" and event["reason"] not in LATE:
                count(event["reason"], 1, event["dir"])
    return sorted((key, times) for key, times in n.items() if times)


def counters(stats):
    return sorted(((proto, reason, way), times) for proto, reasons in stats.items() for reason, by in reasons.items()
                  for way, times in by.items() if times and reason not in LATE)


WHERE = ("from", "outside", "outside_port", "inside", "inside_port", "l4")


def place(pinhole):
    return tuple(pinhole[key] for key in WHERE)


def still_known(findings):
    """Pinholes that the kernel lists: those open, and those used, whose data flows it remembers for minutes."""
    known = []
    for f in findings:
        for event in f["pinholes"]:
            if event["event"] == "open":
                known.append(place(event) + (f["session"],))
            if event["event"] == "closed" and event["reason"] not in LATE:
                known.remove(place(event) + (f["session"],))
    return sorted(known, key=str)


def announced(findings):
    """The endpoints that are data flows' ends, with what their receiver is to be told, in the order of the flows."""
    told = collections.defaultdict(list)
    for f in findings:
        opened = [e for e in f["pinholes"] if e["event"] in ("open", "kept")]
        for endpoint, event in zip(f["endpoints"], opened):
            told[f["flow"]].append((f["kind"], endpoint, event))
    return [told[flow] for flow in sorted(told)]


def check_messages(inside, outside):
    """What was said outside is what explain makes of what was said inside."""
    for ins, outs in zip(announced(inside), announced(outside)):
        same("messages", [kind for kind, _, _ in ins], [kind for kind, _, _ in outs])
        for (kind, endpoint, event), (_, seen, _) in zip(ins, outs):
            if endpoint["addr"]:
                same(kind, (event["outside"], event["outside_port"]), (seen["addr"], seen["port"]))
            elif endpoint["port"]:
                same(kind, event["outside_port"], seen["port"])


def uses(findings):
    return sorted((e["outside"], e["outside_port"]) for f in findings for e in f["pinholes"] if e["event"] == "used")


def under_policy():
    """Only the inside is compared: outside, what was refused has been replaced."""
    inside = read("in0")
    said = {f["policy"]["reason"] for f in inside if f.get("policy")}
    same("what policy said", {"policy-denied", "policy-answered", "policy-malformed", "policy-rate-limit", "policy-opaque",
                              "policy-hidden", "policy-hide"} - said, set())
    same("gaps", [f for f in inside if f["kind"] == "gap" or f["mid_stream"]], [])
    same("counters", counted(inside), counters(read("stats")))
    print("%d messages" % sum(f["kind"] not in NO_MESSAGE for f in inside))


def left_open(findings):
    """Pinholes of calls that the kernel lists: those that have not closed, for whom they are open by now."""
    known = collections.Counter()
    for f in findings:
        for event in f["pinholes"]:
            where = place(event)
            if event["event"] == "open":
                known[where] += 1
            if event["event"] == "closed":
                known[where] -= 1
            if event["event"] == "admits":
                known[where] += 1
                known[was_for(known, where)] -= 1
    return sorted((+known).items(), key=str)


def was_for(known, where):
    """The same place, when somebody else might come."""
    others = [other for other in +known if other[1:] == where[1:] and other != where]
    return others[0] if others else where


def whose(event):
    return tuple(event[key] for key in WHERE if key != "from")


def closings(findings):
    return collections.Counter((whose(e), e["reason"]) for f in findings for e in f["pinholes"]
                               if e["event"] == "closed" and e["reason"] not in LATE)


def told(kind):
    with open(sys.argv[1] + "/events.log") as f:
        return [e for e in map(json.loads, f) if e["kind"] == kind]


def changes(findings):
    """What is called otherwise, in the order of the messages of each flow; flows are told apart by their ports."""
    return collections.Counter((f["src_port"], f["dir"], f["kind"], c["addr"], c["port"], c["new"], c["new_port"])
                               for f in findings for c in f["called"])


def sessions(findings, member):
    return collections.Counter((f["talk"]["kind"], f["talk"]["key"]) for f in findings if f.get("talk", {}).get(member))


def of_calls():
    """What was recorded on one side tells all."""
    inside = read("in0")
    seen = {(e["event"], e.get("because")) for f in inside for e in f["pinholes"]}
    want = {("open", None), ("kept", None), ("used", None), ("closed", "replaced"), ("closed", "cancelled"),
            ("closed", "bye"), ("closed", "another-accepted")}
    same("what happened", want - seen, set())
    same("gaps", [f for f in inside if f["kind"] == "gap" or f["mid_stream"]], [])
    same("counters", counted(inside), counters(read("stats")))
    same("pinholes", left_open(inside), sorted(collections.Counter(map(place, read("pinholes"))).items(), key=str))
    same("closings", closings(inside), collections.Counter(
        (whose({**e, "l4": e["pinhole_l4"]}), e["reason"]) for e in told("pinhole-closed") if e["reason"] not in LATE))
    same("changes", changes(inside), collections.Counter(
        (e["src_port"], e["direction"], e["message"], e["old"], e["old_port"] or None, e["new"], e["new_port"] or None)
        for e in told("edit")))
    for member, kind in ("begins", "session-begin"), ("ends", "session-end"):
        same(kind, sessions(inside, member), collections.Counter(
            (e["session_kind"], e["session_key"]) for e in told(kind) if e.get("session_key")))
    print("%d messages, %d pinholes, %d closed, %d calls and registrations" % (
        sum(f["kind"] not in NO_MESSAGE for f in inside), sum(e["event"] == "open" for f in inside for e in f["pinholes"]),
        sum(closings(inside).values()), sum(sessions(inside, "begins").values())))


def main():
    if os.path.exists(sys.argv[1] + "/events.log"):
        return of_calls()
    if os.path.exists(sys.argv[1] + "/policy"):
        return under_policy()
    inside, outside = read("in0"), read("out0")
    # Without these nothing would be compared.
    kinds = {f["kind"] for f in inside if f["endpoints"]}
    same("kinds of messages", {"PORT", "EPRT", "227", "229", "RRQ", "WRQ"} - kinds, set())
    same("gaps", [f for f in inside + outside if f["kind"] == "gap" or f["mid_stream"]], [])
    same("counters", counted(inside), counters(read("stats")))
    same("pinholes", still_known(inside), sorted((place(p) + (p["user"],) for p in read("pinholes")), key=str))
    check_messages(inside, outside)
    same("data flows", uses(inside), uses(outside))
    print("%d messages, %d rewritten, %d pinholes used" %
          (sum(f["kind"] not in NO_MESSAGE for f in inside), sum(bool(f["edits"]) for f in inside),
           len(uses(inside))))


main()
