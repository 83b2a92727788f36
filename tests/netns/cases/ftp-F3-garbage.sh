#!/bin/bash
# Lines that are nothing, NUL bytes, telnet IAC, CR without LF, 64 KiB in one line: all pass as they were.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
FETCH_TIME=60 ftp_script <<'END'
noise = os.urandom(3000).replace(b"\n", b"?")
JUNK = (
    "\r\n", "\n", " \r\n", "XYZZY\r\n", "1234\r\n", "PORTAL 1,2,3\r\n", "NOOP\0\r\n",
    "\0PORT {hp}\r\n", "PORT {hp}\0\r\n", "PO\0RT {hp}\r\n",
    "\xff\xf4\xff\xf2PORT {hp}\r\n", "PORT {hp}\xff\xfb\x01\r\n",
    "PORT\r{hp}\r\n", "PORT {hp}\rNOOP\r\n",
    "NOOP " + "x" * 65536 + " PORT {hp}\r\n",
    "PORT {hp} " + "9" * 70000 + "\r\n",
    noise.decode("latin-1") + "\r\n",
)
f = Ftp()
f.start_log()
where = f.listen()
for junk in JUNK:
    f.send(fill(junk, where))
    f.reply()
f.same_on_both_sides()
f.listener.settimeout(0.2)
try:
    f.listener.accept()
    raise Failed("something was let in")
except socket.timeout:
    pass
f.sock.close()
END
counted ftp pinhole-opened 0
counted ftp nul-or-telnet-bytes 7
counted ftp edit 0
all_well
