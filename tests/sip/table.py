#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Usage: tests/sip/table.py MAINLINE.TXT < OUTPUT

Shows what tests/netns/run says, without the cases that work (SHOW=1: with them), and before its last line a table: for each
line of conformance, how many cases work, on each kernel, and with mainline's helper.
"""
import collections
import os
import re
import sys

WORDS = {
    "S1": "calls on one flow", "S2": "trunk", "S3": "media of every kind", "S4": "ICE", "S5": "lengths and multiparts",
    "S6": "grammar", "S7": "headers", "S8": "registrations", "S9": "offers, answers, dialogs", "S10": "TCP, MTU, hold",
    "S11": "traversed already", "S12": "tokens", "S13": "media elsewhere", "S14": "MSRP", "S15": "policy", "S16": "real programs",
    "S17": "same ports", "S18": "nothing dropped",
}
CASE = re.compile(r"^(\S+)  \s+CASE (works|fails) (S\d+)-([^@ ]*)@?(\S*)")


def recorded(path):
    """Of each line of conformance and kernel: how many cases work, and how many there are."""
    counts, kernels = collections.defaultdict(lambda: [0, 0]), []
    with open(path) as f:
        for words in map(str.split, f):
            if words and words[0] == "case":
                kernels = words[1:]
            elif words and words[0] != "#":
                for kernel, verdict in zip(kernels, words[1:]):
                    if verdict == "-":
                        continue
                    count = counts[words[0].split("-")[0], kernel]
                    count[0] += verdict == "works"
                    count[1] += 1
    return counts, [k for k in kernels if any(kernel == k for _, kernel in counts)]


def main():
    show, last, counts, kernels = os.environ.get("SHOW"), "", collections.defaultdict(lambda: [0, 0]), []
    quiet = False
    for line in sys.stdin:
        if re.match(r"\d+ passed, ", line):
            last = line
            continue
        m = CASE.match(line)
        if m:
            count = counts[m[3], m[1]]
            count[0] += m[2] == "works"
            count[1] += 1
            if m[1] not in kernels:
                kernels.append(m[1])
        if re.match("(PASS|FAIL|SKIP) ", line):
            quiet = line.startswith("PASS")
        elif line == "\n":  # the table of scenarios
            quiet = False
        elif re.match(r"\S+      ", line) and not show and (quiet or m and m[2] == "works"):
            continue
        sys.stdout.write(line)
        sys.stdout.flush()
    theirs, known = recorded(sys.argv[1])
    print("\n%-32s %s %s" % ("cases that work", "".join("%-10s" % k for k in kernels),
                              "".join("%-16s" % ("mainline " + k) for k in known)))
    for name in sorted({name for name, _ in counts}, key=lambda n: int(n[1:])):
        print("%-32s %s %s" % (name + " " + WORDS.get(name, ""),
                               "".join("%-10s" % ("%d of %d" % tuple(counts[name, k])) for k in kernels),
                               "".join("%-16s" % ("%d of %d" % tuple(theirs[name, k])) for k in known)))
    sys.stdout.write(last)


main()
