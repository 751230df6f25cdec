"""Stands between a client and an OPC UA server for one connection, and notes what the server sends.

usage: record.py SERVER_PORT FILE [RECEIVE_BUFFER]

Prints the port to connect to. With RECEIVE_BUFFER, the client's hello is changed to announce a buffer of
that size, so that the server has to send its answers in several chunks.
"""

import asyncio
import struct
import sys
from pathlib import Path


async def copy(source, sink, change=lambda data: data, note=None):
    while data := await source.read(65536):
        data = change(data)
        if note:
            note.write(data)
        sink.write(data)
        await sink.drain()
    sink.close()


async def main():
    port, file, buffer = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]

    def smaller(data):
        if buffer and data.startswith(b"HEL"):
            data = data[:12] + struct.pack("<I", int(buffer[0])) + data[16:]
        return data

    done = asyncio.Event()

    async def relay(reader, writer):
        theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        with file.open("wb") as note:
            await asyncio.gather(copy(reader, ours, smaller), copy(theirs, writer, note=note), return_exceptions=True)
        done.set()

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()


asyncio.run(main())
