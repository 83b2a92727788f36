"""FTP dialogs. In a text {hp}, {ep} and {p} are endpoints of the side that speaks, {hp-} and so on such as nobody uses;
{port} and {227} are what the address family has: PORT and 227, or EPRT and 229. {!DELE x} is a command that policy
refuses, so that NOOP arrives, and {?200 ok} the reply to that, in whose place the client gets the refusal; the lines of a
longer one stand with | between."""
import random
import re

from wire import CLIENT, PUSH, SERVER, TICK, WAIT, Dialog, Swap, Token, Turn

FAMILY = {4: {"{port}": "PORT {hp}", "{port-}": "PORT {hp-}", "{227}": "227 Entering Passive Mode ({hp}).",
              "{=227}": "{hp}", "{pasv}": "PASV"},
          6: {"{port}": "EPRT {ep}", "{port-}": "EPRT {ep-}", "{227}": "229 Entering Extended Passive Mode (|||{p}|)",
              "{=227}": "(|||{p}|)", "{pasv}": "EPSV"}}
CODE = {4: "227", 6: "229"}


def items(text, v):
    for name, value in FAMILY[v].items():
        text = text.replace(name, value)
    text = text.replace("{code}", CODE[v])
    parts = re.split(r"\{(hp-?|ep-?|p|!.*?|\?.*?)\}", text)
    made = [item(p) if i % 2 else p.encode("latin-1") for i, p in enumerate(parts)]
    return [i for i in made if i]


def item(word):
    if word[0] not in "!?":
        return Token(word.rstrip("-"), word[-1] != "-")
    said = "".join(line + "\r\n" for line in word[1:].split("|"))
    if word[0] == "!":
        return Swap(said.encode("latin-1"), b"NOOP\r\n")
    return Swap(said.encode("latin-1"), b"550-No.\r\n" * word.count("|") + b"550 No.\r\n")


def talk(v, *lines):
    """Lines "C text" and "S text"; lines of one side that follow each other are one turn."""
    turns = []
    for line in lines:
        side, text = (CLIENT, SERVER)[line[0] == "S"], line[2:]
        if turns and turns[-1].side == side:
            turns[-1].items.extend(items(text, v))
        else:
            turns.append(Turn(side, items(text, v)))
    return turns


HELLO = ("S 220 Ready\r\n", "C USER a\r\n", "S 230 In\r\n")


def whole(v):
    """Dialogs of some 200 bytes for each side, whose every cut is tried."""
    return {
        "list": talk(
            v, "S 220-Welcome\r\n 220 of it\r\n220 Ready\r\n", "C USER ann\r\n", "S 331 Who?\r\n", "C PASS x@y\r\n",
            "S 230 In\r\n", "C SYST\r\n", "S 215 UNIX Type: L8\r\n", "C FEAT\r\n",
            "S 211-Features:\r\n EPRT\r\n UTF8\r\n211 End\r\n", "C TYPE I\r\n", "S 200 I\r\n", "C {port}\r\n", "S 200 ok\r\n",
            "C LIST\r\n", "S 150 Here\r\n226 Done\r\n", "C QUIT\r\n", "S 221 Bye\r\n"),
        "passive": talk(
            v, *HELLO, "C {pasv}\r\n", "S {227}\r\n", "C RETR some/longer path/of a file\r\n", "S 150 Here\r\n226 Done\r\n",
            "C EPSV\r\n", "S 229 Extended (|||{p}|)\r\n", "C STOR b\r\n", "S 150 Go\r\n", "S 226 Got it\r\n", "C QUIT\r\n",
            "S 221 Bye\r\n"),
        "together": talk(
            v, "S 220 Ready\r\n", "C USER a\r\nPASS b\r\n{port}\r\n", "S 230 In\r\n202 So\r\n200 ok\r\n",
            "C {port}\r\nNLST\r\n EPRT {ep} \r\n", "S 200 ok\r\n150 Here\r\n226 Done\r\n200 ok\r\n",
            "C {pasv}\r\nEPSV\r\n", "S {227}\r\n229 (|||{p}|)\r\n"),
        "odd": talk(
            v, "S 220-\r\n 227 (1,2,3)\r\n220 \r\n", "C user a\n", "S 230 In\n", "C  eprt  {ep}  \n", "S 200 ok\r\n", "C {pasv}\n",
            "S {code}-It is\r\n {=227}\r\n{code} Yes\r\n", "C XQQZ \xc3\xa4 {} |||1|\r\n\r\n", "S 500 What?\r\n",
            "C {port}\r\r\n", "S 200 \r\n", "C SITE PORT 1,2,3\r\n", "S 502 No (|||9|)\r\n"),
    }


def denied(v):
    """The same, with commands that a policy refuses: deny DELE, STOR, "MKD" answer 550 "No."."""
    return {
        "denied": talk(
            v, *HELLO, "C {!DELE some/file}", "S {?200 Fine}", "C {port}\r\n{!STOR b}NOOP\r\n",
            "S 200 ok\r\n{?200-Nothing|200 done}200 ok\r\n", "C {!MKD a/longer name of a folder}{!DELE c}{pasv}\r\n",
            "S {?200 1}{?500 2}{227}\r\n", "C RETR a\r\n", "S 150 Here\r\n226 Done\r\n", "C QUIT\r\n", "S 221 Bye\r\n"),
    }


def every_cut(turns, name, lengths, nodelay, how):
    """For each offset inside a turn, of either side, a dialog with that cut: one of each side at a time. Where one side has
    fewer, they come again. lengths: of the turns, per side."""
    offsets = [inside(turns) for turns in lengths]
    for i in range(max(map(len, offsets))):
        cuts = [(o[i % len(o)],) for o in offsets]
        yield Dialog("%s cut at %d, %d" % (name, *cuts[0], *cuts[1]), turns, cuts, how[i % len(how)], nodelay)


def inside(lengths):
    """Offsets in a stream at which no turn begins or ends."""
    found, at = [], 0
    for n in lengths:
        found.extend(range(at + 1, at + n))
        at += n
    return found


def byte_at_a_time(dialogs, nodelay):
    for name, turns in dialogs.items():
        for how in PUSH, TICK, WAIT:
            yield Dialog("%s in bytes, %s" % (name, how), turns, (range(20000), range(20000)), how, nodelay)


def several(v, nodelay):
    """Several messages in a segment, edits in one and in many that are not acknowledged."""
    n = 12
    said = {
        "one in each line": ["C " + "{port}\r\n" * n, "S " + "200 ok\r\n" * n, "C " + "{pasv}\r\n" * n, "S " + "{227}\r\n" * n],
        "one in the last": ["C SYST\r\nNOOP\r\nTYPE I\r\n{port}\r\n", "S 215 L8\r\n200 a\r\n200 b\r\n200 c\r\n200 d\r\n{227}\r\n"],
        "one in the first": ["C {port}\r\nSYST\r\nNOOP\r\nTYPE I\r\n", "S {227}\r\n200 b\r\n200 c\r\n200 d\r\n"],
        "two kinds": ["C {port}\r\nEPRT {ep}\r\n", "S 200 a\r\n200 b\r\n", "C {port}\r\nNOOP\r\nEPRT {ep}\r\nNOOP\r\n",
                      "S 200 a\r\n200 b\r\n200 c\r\n200 d\r\n", "C PASV\r\nEPSV\r\n", "S {227}\r\n229 (|||{p}|)\r\n"],
        "many, mostly unused": ["C " + "{port-}\r\nNOOP\r\n" * 100 + "{port}\r\n", "S " + "200 ok\r\n" * 201],
    }
    for name, lines in said.items():
        turns = talk(v, *HELLO, *lines)
        for what, every in (("whole", 0), ("in 29 bytes", 29), ("in 40 bytes", 40), ("in 7 bytes", 7)):
            at = range(every, 20000, every) if every else ()
            for how in (PUSH, WAIT) if every else (PUSH,):
                yield Dialog("%s, %s, %s" % (name, what, how), turns, (at, at), how, nodelay)


def padded(v, size, count=1):
    """Commands of so many bytes in all, and a PORT behind and before."""
    line = "SITE " + "x" * (size // count - 7) + "\r\n"
    return ["C {port}\r\n" + line * count + "{port}\r\n", "S 200 ok\r\n" + "200 no\r\n" * count + "200 ok\r\n"]


def big(v, mss, nodelay):
    """The edge of the segment size, messages over many segments."""
    port = len("PORT 10,0,0,2,110,110\r\n") if v == 4 else len("EPRT |2|fd00:1::2|28260|\r\n")
    for d in -8, -3, -1, 0, 1, 3, 8:
        yield Dialog("full segment %+d" % d, talk(v, *HELLO, *padded(v, mss - 2 * port + d)), nodelay=nodelay)
        yield Dialog("two full segments %+d" % d, talk(v, *HELLO, *padded(v, 2 * mss - 2 * port + d, 3)), nodelay=nodelay)
    for size in 1200, 1500, 3000, 6000, 12000, 15500:
        for cuts in ((), range(100, 20000, 1000), range(1, 20000, 1449)):
            lines = padded(v, size) + ["C {port}" + " " * size + "\r\n", "S 200-" + "y" * size + "\r\n200 ok\r\n", "C {pasv}\r\n",
                                       "S {code} " + "z" * size + " {=227}\r\n"]
            yield Dialog("message of %d, %d writes" % (size, len(cuts) + 1), talk(v, *HELLO, *lines), (cuts, cuts), nodelay=nodelay)


def bulk(v, nodelay):
    """Super-packets: many commands in a write."""
    for n in 300, 1000, 2000, 5000:
        lines = ["C " + ("NOOP\r\n" * n + "{port}\r\n") * 10, "S " + ("200 ok, good\r\n" * (n // 2) + "{227}\r\n") * 10]
        yield Dialog("%d commands in a write" % (n * 10), talk(v, *HELLO, *lines), nodelay=nodelay)


def random_dialog(v, seed, number, deny=False):
    rng = random.Random("%s %d" % (seed, number))
    turns = talk(v, *HELLO)
    for _ in range(rng.randint(3, 8)):
        turns.extend(random_exchange(v, rng, COMMANDS + REFUSED if deny else COMMANDS))
    bytes_most = sum(len(i) if isinstance(i, bytes) else 25 for t in turns for i in t.items)
    cuts = [sorted(rng.sample(range(1, bytes_most), min(rng.choice((0, 1, 3, 10, 40)), bytes_most - 1))) for _ in range(2)]
    return Dialog("random %d" % number, turns, cuts, rng.choice((PUSH, PUSH, TICK, WAIT)), rng.random() < 0.7)


# What is said, and replied. #N stands for up to N letters, %N for up to N lines.
COMMANDS = (("{port}\r\n", "200 ok\r\n"), ("EPRT {ep}\r\n", "200 ok\r\n"), ("{pasv}\r\n", "{227}\r\n"),
            ("EPSV\r\n", "229 Here (|||{p}|)\r\n"), ("RETR #600\r\n", "150 Here\r\n226 Done\r\n"), ("NOOP\r\n", "200 ok\r\n"),
            ("FEAT\r\n", "211-A\r\n B\r\n211 C\r\n"), ("CWD #2000\r\n", "250 #2000\r\n"), ("STAT\r\n", "211-%500\r\n211 .\r\n"))
REFUSED = (("{!DELE #600}", "{?200 #50}"), ("{!STOR a}", "{?200-#20|200 ok}"), ("{!MKD #2000}", "{?500 What?}")) * 2


def random_exchange(v, rng, kinds):
    """One or some commands in a write, and their replies."""
    commands, replies = "", ""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        command, reply = rng.choice(kinds)
        commands += lengthen(command, rng)
        replies += lengthen(reply, rng)
    made = talk(v, "C " + commands, "S " + replies)
    made[0].ahead = rng.random() < 0.2  # it does not wait for the reply before
    return made


def lengthen(text, rng):
    text = re.sub(r"#(\d+)", lambda found: "d" * rng.randint(1, int(found.group(1))), text)
    return re.sub(r"%(\d+)", lambda found: "f\r\n " * rng.randint(1, int(found.group(1))), text)
