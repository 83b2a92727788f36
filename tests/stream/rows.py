"""Networks to run streams through: python3 rows.py KERNEL SEED; SEED full: all.

Prints lines "nat family delay offloads", those of one network together. With a seed it is a pairwise cover, over the three
kernels together, of kernel x nat x family x delay x offloads.
"""
import itertools
import random
import sys

FACTORS = (("snat", "dnat", "both", "none"), ("4", "6"), ("nodelay", "nagle"), ("on", "off"), ("6.1", "6.12", "7.2"))


def pairs_of(row):
    return {(i, a, j, b) for i, a in enumerate(row) for j, b in enumerate(row) if i < j}


def cover(seed):
    rng, rows = random.Random(seed), []
    every = list(itertools.product(*FACTORS))
    todo = set().union(*map(pairs_of, every))
    while todo:
        rng.shuffle(every)
        rows.append(max(every, key=lambda row: len(pairs_of(row) & todo)))
        todo -= pairs_of(rows[-1])
    return rows


kernel, seed = sys.argv[1:]
chosen = list(itertools.product(*FACTORS)) if seed == "full" else cover(seed)
for chosen_row in sorted((r for r in chosen if r[4] == kernel), key=lambda r: (r[0], r[3])):
    print(*chosen_row[:4])
