"""Fails when a process listens anywhere but on loopback, or does not listen at all. Linux only; elsewhere it is silent.

usage: loopback-only.py PID ...
"""

import os
import re
import sys

LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


def listeners():
    """The address and port of every listening socket, by its inode."""
    found = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if os.path.exists(table):
            with open(table, encoding="ascii") as lines:
                for line in list(lines)[1:]:
                    fields = line.split()
                    if fields[3] == "0A":
                        found[fields[9]] = fields[1].split(":")
    return found


def sockets_of(pid):
    """The inodes of the sockets that a process holds."""
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            match = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(f"/proc/{pid}/fd/{fd}"))
        except FileNotFoundError:
            continue  # Closed meanwhile.
        if match:
            yield match.group(1)


def main():
    if not os.path.exists("/proc/net/tcp"):
        return 0
    known = listeners()
    result = 0
    for pid in sys.argv[1:]:
        sockets = [known[inode] for inode in sockets_of(pid) if inode in known]
        if not sockets:
            print(f"Process {pid} does not listen.", file=sys.stderr)
            result = 1
        for address, port in sockets:
            if address not in LOOPBACK:
                print(f"Process {pid} listens on port {int(port, 16)} of more than loopback.", file=sys.stderr)
                result = 1
    return result


sys.exit(main())
