"""What the command tells on the router, for the scripts of scenarios."""
import json
import os
import shutil
import subprocess

import peers

space = peers.Space(os.environ["RT"])
COMMAND = shutil.which("ctalg")


def told(*words):
    said = subprocess.run([COMMAND, "--json", *words], preexec_fn=space.enter, stdout=subprocess.PIPE, check=True)
    return json.loads(said.stdout)


def counters():
    """Of SIP, by reason."""
    return {reason: n.get("orig", 0) + n.get("reply", 0) for reason, n in told("stats")["sip"].items() if isinstance(n, dict)}
