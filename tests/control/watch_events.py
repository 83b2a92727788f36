"""What the command told, for the scenarios to ask. The folder TOLD has the events heard and the lists taken."""
import json
import os


def heard(log):
    with open("%s/%s.log" % (os.environ["TOLD"], log)) as lines:
        return [json.loads(line) for line in lines]


def J(name):
    with open("%s/%s.json" % (os.environ["TOLD"], name)) as f:
        return json.load(f)


def named(name):
    """A list of things with names, by name."""
    return {item["name"]: item for item in J(name)}


def those(events, kind, **members):
    return [e for e in events if e["kind"] == kind and all(e.get(k) == v for k, v in members.items())]


def one(events, kind, **members):
    found = those(events, kind, **members)
    assert len(found) == 1, "%d events %s %r" % (len(found), kind, members)
    return found[0]


def has(what, **members):
    for name, value in members.items():
        assert name in what or value is not None, "no %s in %r" % (name, what)
        assert what.get(name) == value, "%s is %r, not %r, in %r" % (name, what.get(name), value, what)


def in_order(events, *kinds):
    """The kinds happened in this order, whatever else did between."""
    seen = [e["kind"] for e in events]
    at = 0
    for kind in kinds:
        assert kind in seen[at:], "no %s after %r" % (kind, seen[:at])
        at = seen.index(kind, at) + 1
