"""Policies as the kernel has them: images.py get >FILE; images.py replace N ONE TWO, in turns, as fast as it takes them."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../control"))
from genl import Family, attribute  # noqa: E402

POLICY_GET, POLICY_SET = 9, 10
IMAGE, PIECE = 1, 32768


def get(family):
    return b"".join(data for answer in family.dump(POLICY_GET) for kind, data in answer if kind == IMAGE)


def put(family, image):
    pieces = [image[at:at + PIECE] for at in range(0, len(image), PIECE)]
    family.do(POLICY_SET, b"".join(attribute(IMAGE, piece) for piece in pieces))


def main():
    family = Family()
    if sys.argv[1] == "get":
        sys.stdout.buffer.write(get(family))
        return
    images = []
    for name in sys.argv[3:]:
        with open(name, "rb") as f:
            images.append(f.read())
    assert images[0] and images[1] and images[0] != images[1]
    began, n = time.monotonic(), int(sys.argv[2])
    for i in range(n):
        put(family, images[i % 2])
    assert get(family) == images[(n - 1) % 2]
    print("%d replacements in %.1f s" % (n, time.monotonic() - began))


main()
