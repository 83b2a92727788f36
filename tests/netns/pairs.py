"""Which combinations of FTP server, client, mode, family and NAT to run on one kernel.

    pairs.py SERVER KERNEL SEED     the pairwise cover; SEED full: all combinations

Prints lines "nat client how family way". The cover, over the three kernels together: every server x client x
how x family once, and every pair of values of any two factors. The same seed gives the same cover.
"""
import random
import sys

KERNELS = ("6.1", "6.12", "7.2")
SERVERS = ("vsftpd", "proftpd", "pure-ftpd")
CLIENTS = ("curl", "lftp", "tnftp", "ncftp")
HOWS = ("active", "passive")
FAMILIES = ("4", "6")
NATS = ("snat", "masquerade", "dnat", "both", "none")
WAYS = ("down", "up")


def possible(client, family):
    return not (client == "ncftp" and family == "6")  # it knows none


def wholes():
    return [(s, c, h, f) for s in SERVERS for c in CLIENTS for h in HOWS for f in FAMILIES if possible(c, f)]


def pairs_of(row):
    return {(i, a, j, b) for i, a in enumerate(row) for j, b in enumerate(row) if i < j}


def with_all(whole):
    return [whole + (k, n, way) for k in KERNELS for n in NATS for way in WAYS]


def full():
    return [row for whole in wholes() for row in with_all(whole)]


def cover(seed):
    """Each whole gets the kernel, NAT and way that meet most pairs not met yet, kernels evenly; then what is left."""
    rng = random.Random(seed)
    rows, met, all_pairs = [], set(), set().union(*map(pairs_of, full()))
    load = dict.fromkeys(KERNELS, 0)
    todo = wholes()
    rng.shuffle(todo)
    while todo or met != all_pairs:
        choices = with_all(todo.pop()) if todo else full()
        rng.shuffle(choices)
        best = max(choices, key=lambda row: (len(pairs_of(row) - met), -load[row[4]]))
        met |= pairs_of(best)
        load[best[4]] += 1
        rows.append(best)
    return rows


def main():
    server, kernel, seed = sys.argv[1:4]
    rows = full() if seed == "full" else cover(seed)
    mine = [r for r in rows if r[0] == server and r[4] == kernel]
    for row in sorted(mine, key=lambda r: NATS.index(r[5])):
        print(row[5], row[1], row[2], row[3], row[6])


if __name__ == "__main__":
    main()
