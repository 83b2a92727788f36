#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Usage: tests/fuzz/seeds.py FOLDER: writes FOLDER/ftp/* and FOLDER/tftp/*, one file for each test vector, and
FOLDER/explain/*, one for each capture of tests/tool; FOLDER/policy_file/*, the examples and what the unit test reads."""
import pathlib
import re
import sys

out = pathlib.Path(sys.argv[1])
top = pathlib.Path(__file__).resolve().parents[1]
number = 0
for path in sorted((top / "vectors").glob("*.md")):
    for proto, block in re.findall(r"^```in (\w+)\n(.*?)^```", path.read_text(), re.M | re.S):
        segments = [(line[0] == "<", line[2:].encode().decode("unicode_escape").encode("latin-1"))
                    for line in block.splitlines() if line]
        seeds = []
        if proto == "ftp":
            seeds = [b"".join(bytes([min(len(s[i:i + 127]), 127) << 1 | d]) + s[i:i + 127]
                              for d, s in segments for i in range(0, len(s), 127))]
        elif proto == "tftp":
            seeds = [bytes([d]) + s for d, s in segments]
        for seed in seeds:
            number += 1
            folder = out / proto
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"vector-{number:03}").write_bytes(seed)

sys.dont_write_bytecode = True
sys.path.insert(0, str(top / "tool"))
import captures  # noqa: E402

for name, (make, _) in captures.CASES.items():
    capture = make()
    seed = capture if isinstance(capture, bytes) else capture.file()
    folder = out / "explain"
    folder.mkdir(parents=True, exist_ok=True)
    if len(seed) < 16384:
        (folder / name).write_bytes(b"\x20" + seed)

folder = out / "policy_file"
folder.mkdir(parents=True, exist_ok=True)
for path in (top.parent / "tools" / "etc" / "examples").glob("*.policy"):
    (folder / path.stem).write_bytes(path.read_bytes())
for name in "mistakes", "oddities", "canonical":
    cases = (top / "unit" / "golden" / f"policy-{name}").read_bytes().split(b"---\n")[1:]
    for number, case in enumerate(cases):
        (folder / f"{name}-{number:03}").write_bytes(re.split(rb"^(?:error|warning|nothing|->)", case, flags=re.M)[0])
