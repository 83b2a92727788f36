# SPDX-License-Identifier: GPL-2.0
"""Usage: explain_agrees.py FOLDER

FOLDER holds what "ctalg explain --json" says of captures made on either side of a router, in0.json and out0.json,
and what the kernel says, stats.json and pinholes.json; or, if there is a file "policy", in0.json and stats.json. Exits 1 at the first difference.
"""
import collections
import json
import os
import sys

# Of when a data flow has ended the kernel learns late.
LATE = {"pinhole-ended"}
# What explain calls an event of a pinhole, and what the kernel counts it as.
EVENTS = {"open": "pinhole-opened", "kept": "pinhole-kept", "used": "pinhole-used"}


def read(name):
    with open("%s/%s.json" % (sys.argv[1], name)) as f:
        return json.load(f)


def same(what, explained, kernel):
    if explained != kernel:
        sys.exit("%s: explain says\n%s\nand the kernel\n%s" % (what, explained, kernel))


def counted(findings):
    """Everything that the kernel counts, as it counts it."""
    n = collections.Counter()
    for f in findings:
        def count(reason, times=1, way=f["dir"]):
            n[f["proto"], reason, way] += times
        if f["kind"] not in ("pinhole", "stream", "gap"):
            count("message")
            count("edit", any("hidden" not in edit for edit in f["edits"]))
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
    print("%d messages" % sum(f["kind"] not in ("pinhole", "stream", "gap") for f in inside))


def main():
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
          (sum(f["kind"] not in ("pinhole", "stream", "gap") for f in inside), sum(bool(f["edits"]) for f in inside),
           len(uses(inside))))


main()
