#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Usage: tests/fuzz/seeds.py FOLDER: writes FOLDER/ftp/*, FOLDER/sip/* and FOLDER/tftp/*, one file for each test vector,
FOLDER/sdp/*, one for each example of the unit tests, FOLDER/explain/*, one for each capture of tests/tool, FOLDER/policy_image/*, one for each chain of rules, and
FOLDER/policy_file/*, the examples and what the unit test reads."""
import pathlib
import re
import struct
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
    for proto, block in re.findall(r"^```message (\w+)\n(.*?)^```", path.read_text(), re.M | re.S):
        message = b""
        for line in block.split("\n")[:-1]:
            goes_on = re.search(r"(?<!\\)(?:\\\\)*\\$", line)
            message += (line[:-1] if goes_on else line).encode().decode("unicode_escape").encode("latin-1")
            message += b"" if goes_on else b"\r\n"
        for transport in 0, 2:
            number += 1
            folder = out / proto
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"vector-{number:03}").write_bytes(bytes([transport]) + message)

STRING = r'"((?:[^"\\\n]|\\.)*)"'


def c_strings(code):
    """The texts of a piece of C, of which neighbours are one; without the marks that the tests put in."""
    joined = ["".join(re.findall(STRING, m.group(0))) for m in re.finditer(rf"{STRING}(?:\s*{STRING})*", code)]
    return [re.sub(rb"\{\d[a-z]:|\}", b"", t.encode().decode("unicode_escape").encode("latin-1")) for t in joined]


HEAD = b"v=0\r\no=alice 1 1 IN IP4 10.0.0.2\r\ns=-\r\nt=0 0\r\n"
folder = out / "sdp"
folder.mkdir(parents=True, exist_ok=True)
for name, with_type in ("sdp", False), ("mime", True):
    code = (top / "unit" / f"{name}_test.c").read_text()
    code = re.sub(r"#define .*", "", code)
    code = re.sub(r"SDP\(\s*\d,\s*(\d+)\)", r'"v=0\\r\\nc=IN IP4 10.0.0.2\\r\\nm=audio \1 RTP/AVP 0\\r\\n"', code)
    code = code.replace("SDP_TYPE", '"Content-Type: application/sdp\\r\\n"').replace("PLAIN", '"v=0\\r\\n"')
    for number, case in enumerate(re.findall(r"^\t\{ (\"\w.*?) \},$", code, re.M | re.S)):
        texts = c_strings(case)
        seed = texts[1] + b"\n" + texts[2] if with_type else b"application/sdp\n" + HEAD + texts[1]
        (folder / f"{name}-{number:03}").write_bytes(seed)

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


def policy(chain, action, criteria, args):
    """An image with one rule; a criterion is (field, negated, [value, ...]), a value a number or a text."""
    strings, values, table = b"", [], b""
    for field, negated, wanted in criteria:
        table += struct.pack("=BBHI", field, negated, len(wanted), len(values))
        for value in wanted:
            if isinstance(value, bytes):
                strings += value
                value = len(strings) - len(value) << 8 | len(value)
            values.append(value)
    prefixes = [bytes([4, 24, 0, 0, 10]) + bytes(15), bytes([6, 32, 0, 0, 0x20, 1, 13, 184]) + bytes(12)]
    parts = [(1, struct.pack("=3I", 0, 0, 2)), (2, b"".join(prefixes)), (1, struct.pack("=6I", 0, 20, 1000, 40, 0, 1)),
             (1, struct.pack("=2I2BHI3I", 0, 7, chain, action, len(criteria), 0, *args)), (len(criteria), table),
             (len(values), struct.pack(f"={len(values)}I", *values)), (len(strings), strings)]
    body = b"".join(part for _, part in parts)
    body += bytes(-len(body) % 4)
    return struct.pack("=3I7I", 0x63746C70, 1, 40 + len(body), *(n for n, _ in parts)) + body


ALLOW, DENY, DROP, RESET, ON, OFF, RANGE, DETACH = range(8)
POLICIES = [
    (0, DENY, [(0, 0, [b"STOR", b"@writes"]), (1, 0, [b"al*", b"bob"]), (2, 1, [b"*.exe", b"/pub/?*", b"a\\*"])], (550, 0, 0)),
    (0, ALLOW, [(3, 0, [0]), (4, 1, [0]), (5, 0, [16, 240, 1, 0xFFFFFFFF]), (6, 0, [3, 65535])], (0, 0, 0)),
    (1, RESET, [(1, 0, [b"anonymous", b"*"])], (0, 0, 0)),
    (2, ON, [(6, 0, [0])], (0, 0, 0)),
    (5, ON, [], (0, 0, 0)),
    (6, RANGE, [(3, 1, [0])], (50000 << 16 | 50010, 0, 0)),
    (7, ON, [], (2000 << 16 | 2999, 0, 0)),
    (8, ON, [(7, 0, [b"denied", b"policy-denied"])], (5, 4, 0)),
]
(out / "policy_image").mkdir(parents=True, exist_ok=True)
for number, rule in enumerate(POLICIES):
    (out / "policy_image" / f"rule-{number}").write_bytes(bytes(range(16, 256, 12)) + policy(*rule))
folder = out / "policy_file"
folder.mkdir(parents=True, exist_ok=True)
for path in (top.parent / "tools" / "etc" / "examples").glob("*.policy"):
    (folder / path.stem).write_bytes(path.read_bytes())
for name in "mistakes", "oddities", "canonical":
    cases = (top / "unit" / "golden" / f"policy-{name}").read_bytes().split(b"---\n")[1:]
    for number, case in enumerate(cases):
        (folder / f"{name}-{number:03}").write_bytes(re.split(rb"^(?:error|warning|nothing|->)", case, flags=re.M)[0])
