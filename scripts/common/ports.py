"""Ports of 127.0.0.1 for servers to come.

Usage: ports.py COUNT. Prints as many ports as are wanted, free a moment ago.

They lie below the range from which the kernel takes ports for outgoing connections: within it another program's
connection could take the port, and a client that asks whether somebody listens could connect to itself. The
blocks that hostile.py claims begin above them.
"""

import random
import socket
import sys

FIRST, LAST = 10000, 20000


def free_ports(count):
    held = []
    for port in random.sample(range(FIRST, LAST), LAST - FIRST):
        if len(held) == count:
            break
        try:
            held.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def free_port():
    return free_ports(1)[0]


if __name__ == "__main__":
    print(*free_ports(int(sys.argv[1])))
