# SPDX-License-Identifier: GPL-2.0
"""What the style checks share: the files of a tree, and how problems are told.

Every check is a program `check [DIR]` that prints "file:line: message" for each
problem in DIR (default: this tree) and exits with status 1 if there was one.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
args = [a for a in sys.argv[1:] if not a.startswith("-")]
TOP = os.path.abspath(args[0]) if args else os.path.dirname(os.path.dirname(HERE))
found = 0


def problem(path, line, message):
    global found
    found += 1
    print(f"{path}:{line}: {message}")


def done():
    sys.exit(1 if found else 0)


def files(*patterns):
    """Paths below TOP that git would commit (or all, without git) and that match one of the regular expressions."""
    git = ["git", "-c", "safe.directory=*", "-C", TOP]
    listed = subprocess.run(git + ["ls-files", "-z", "-co", "--exclude-standard", "--deduplicate"],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = [n for n in listed.stdout.split("\0") if n]
    else:
        names = [os.path.relpath(os.path.join(d, f), TOP)
                 for d, subdirs, fs in os.walk(TOP) for f in fs]
    return sorted(n for n in names if os.path.isfile(os.path.join(TOP, n)) and
                  (not patterns or any(re.search(p, n) for p in patterns)))


def text(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def code(path):
    """The text of a C file with comments blanked, so that line numbers stay."""
    blank = lambda m: m.group(0) if m.group(0)[0] in "\"'" else re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', blank, text(path), flags=re.S)
