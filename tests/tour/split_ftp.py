# SPDX-License-Identifier: GPL-2.0
"""Usage: split_ftp.py HOST NAME FILE SECONDS

An active FTP download whose PORT command leaves in two TCP segments. Prints the dialog as curl -v does.
"""
import ftplib
import socket
import struct
import sys
import time

PAUSE = 0.05  # long enough that the two halves cannot leave as one


def in_two(ftp, first, rest):
    ftp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for part in (first, rest):
        print(">", part.strip(), flush=True)
        ftp.sock.sendall(part.encode())
        time.sleep(PAUSE)


def heard(reply):
    print("<", reply, flush=True)
    return reply


def download(host, name, to, seconds):
    ftp = ftplib.FTP(timeout=seconds)
    ftp.connect(host)
    # at the end all is reset: nothing of a dialog that got stuck is sent again into the next one
    ftp.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    ftp.login()
    ftp.voidcmd("TYPE I")
    own = ftp.sock.getsockname()[0]
    listener = socket.create_server((own, 0))
    listener.settimeout(seconds)
    port = listener.getsockname()[1]
    a, b, c, d = own.split(".")
    in_two(ftp, f"PORT {a},{b},{c}", f",{d},{port >> 8},{port & 255}\r\n")
    heard(ftp.getresp())
    ftp.putcmd("RETR " + name)
    data = listener.accept()[0]
    with open(to, "wb") as out:
        while part := data.recv(65536):
            out.write(part)
    data.close()
    heard(ftp.getmultiline())
    heard(ftp.voidresp())


try:
    download(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
except ftplib.Error as error:
    heard(str(error))
    sys.exit(1)
except OSError as error:
    print("* no answer:", error)
    sys.exit(1)
