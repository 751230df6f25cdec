"""Servers that do anything but TLS, and the claim on a block of ports for all other parts.

Usage: hostile.py FILE. Writes NAME_PORT=number lines to FILE, and NEXT_PORT, the first port left to others.

The first port of the block stays bound as long as this process lives, so two runs at once never share a
block. Blocks lie below the range from which the kernel takes ports for outgoing connections.
"""

import asyncio
import errno
import os
import random
import socket
import struct
import sys

BLOCK = 100
FIRST, LAST = 20000, 32000


async def silent(reader, writer):
    """Takes the connection and everything that comes, and never says a word."""
    while await reader.read(4096):
        pass


async def drip(reader, writer):
    """Begins a ServerHello in a record of 16 KiB, a byte every 200 ms: no single read ever times out."""
    hello = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"
    for octet in hello + bytes(0x4000):
        writer.write(bytes([octet]))
        await writer.drain()
        await asyncio.sleep(0.2)


async def garbage(reader, writer):
    """Sends 64 KiB of noise; the first octet is no TLS content type."""
    writer.write(b"\xff" + os.urandom(65535))
    await writer.drain()
    writer.write_eof()
    await silent(reader, writer)


async def plain_http(reader, writer):
    """Answers a ClientHello as a web server without TLS does."""
    await reader.read(1)
    body = b"Bad Request: this port speaks plain HTTP\n"
    writer.write(
        b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    await writer.drain()
    writer.write_eof()
    # Closing with unread octets would send a reset, and the client might never see the answer.
    await silent(reader, writer)


async def ssh_banner(reader, writer):
    """Greets first, as sshd does, and waits."""
    writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await writer.drain()
    await silent(reader, writer)


async def immediate_close(reader, writer):
    """Closes in order, before anything was said."""


async def reset(reader, writer):
    """Waits for the ClientHello and answers with a TCP reset."""
    await reader.read(1)
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )


PARTS = {
    "SILENT": silent,
    "DRIP": drip,
    "GARBAGE": garbage,
    "PLAIN_HTTP": plain_http,
    "SSH": ssh_banner,
    "CLOSE": immediate_close,
    "RESET": reset,
}


def listen(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def is_free(port):
    addresses = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    for family, address in addresses:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                # Without IPv6 there is no ::1 to be taken.
                if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                    return False
    return True


def claim():
    """Returns the first port of a free block and the listener that keeps it."""
    bases = list(range(FIRST, LAST, BLOCK))
    random.shuffle(bases)
    for base in bases:
        try:
            listener = listen(base)
        except OSError:
            continue
        if all(is_free(port) for port in range(base + 1, base + BLOCK)):
            return base, listener
        listener.close()
    sys.exit("no block of %d free ports between %d and %d" % (BLOCK, FIRST, LAST))


def closing(answer):
    async def handle(reader, writer):
        try:
            await answer(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()

    return handle


async def main(path):
    base, listener = claim()
    lines, servers = [], []
    for offset, (name, answer) in enumerate(PARTS.items()):
        if offset > 0:
            listener = listen(base + offset)
        servers.append(await asyncio.start_server(closing(answer), sock=listener))
        lines.append("%s_PORT=%d\n" % (name, base + offset))
    lines.append("NEXT_PORT=%d\n" % (base + len(PARTS)))
    with open(path + ".new", "w") as file:
        file.writelines(lines)
    os.rename(path + ".new", path)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main(sys.argv[1]))
