# SPDX-License-Identifier: GPL-2.0
"""Usage: ctalg stats --json | counters.py HELPER: the helper's counters that are not zero, on one line."""
import json
import sys

counters = json.load(sys.stdin)[sys.argv[1]]
sums = {name: sum(way.values()) for name, way in counters.items() if isinstance(way, dict)}
print(", ".join(f"{name} {n}" for name, n in sums.items() if n))
