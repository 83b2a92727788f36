"""Reads Prometheus' text exposition format 0.0.4, and takes nothing that the format does not allow.

    prometheus.py FILE [SAMPLE=VALUE…]

SAMPLE is a name with its labels as they stand there. Each has to be in FILE, with that value.
"""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(r"(%s)(\{%s(?:,%s)*\})? (\S+)" % (NAME, LABEL, LABEL))
TYPES = {"counter", "gauge"}


def fail(number, line, why):
    sys.exit("line %d: %s: %r" % (number, why, line))


def read(path):
    with open(path, newline="") as f:
        text = f.read()
    if not text.endswith("\n") or "\r" in text or "\n\n" in text:
        sys.exit("lines do not end as they have to")
    samples, types, helps, ended, current = {}, {}, set(), set(), None
    for number, line in enumerate(text[:-1].split("\n"), 1):
        head = re.fullmatch(r"# (HELP|TYPE) (%s) (\S.*)" % NAME, line)
        sample = SAMPLE.fullmatch(line)
        if not head and not sample:
            fail(number, line, "neither HELP, TYPE nor a sample")
        name = head.group(2) if head else sample.group(1)
        if name != current:
            if current:
                ended.add(current)
            current = name
        if name in ended:
            fail(number, line, "lines of one metric do not stand together")
        if head and head.group(1) == "HELP":
            if name in helps or name in types:
                fail(number, line, "a second HELP, or one after TYPE")
            helps.add(name)
        elif head:
            if name in types or head.group(3) not in TYPES:
                fail(number, line, "a second TYPE, or an unknown one")
            types[name] = head.group(3)
        else:
            if name not in types or name not in helps:
                fail(number, line, "a sample without TYPE or HELP")
            if (types[name] == "counter") != name.endswith("_total"):
                fail(number, line, "counters, and they alone, end in _total")
            key = line[:sample.start(3) - 1]
            if key in samples:
                fail(number, line, "the same sample again")
            if len(set(re.findall(r'[{,]([a-zA-Z0-9_]+)="', key))) != len(re.findall(r'[{,][a-zA-Z0-9_]+="', key)):
                fail(number, line, "the same label again")
            samples[key] = float(sample.group(3))
    return samples


def main():
    samples = read(sys.argv[1])
    for want in sys.argv[2:]:
        key, value = want.rsplit("=", 1)
        if samples.get(key) != float(value):
            sys.exit("%s is %s, not %s" % (key, samples.get(key), value))


if __name__ == "__main__":
    main()
