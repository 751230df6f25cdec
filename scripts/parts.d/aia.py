"""A web server that holds the issuers' certificates, and some of its kind that do not work.

Usage: aia.py PORT FOLDER LOG. Writes one line to LOG for each request: method, path, status.

/NAME          the file of FOLDER, or 404
/silent/...    the request is read, no answer ever comes
/endless/...   an answer that does not end; status 200 in the log when it begins
"""

import asyncio
import os
import sys

TYPES = {".cer": "application/pkix-cert", ".p7c": "application/pkcs7-mime"}


def head(status, more):
    return ("HTTP/1.1 %s\r\nConnection: close\r\n%s\r\n" % (status, more)).encode()


async def endless(writer):
    """Begins like a DER certificate of two gigabytes."""
    writer.write(head("200 OK", "Content-Type: application/pkix-cert\r\n"))
    writer.write(b"\x30\x84\x7f\xff\xff\xff")
    while True:
        writer.write(bytes(65536))
        await writer.drain()


def answer(folder, path):
    name = os.path.basename(path)
    if path != "/" + name or name not in os.listdir(folder):
        return "404", head("404 Not Found", "Content-Length: 0\r\n")
    with open(os.path.join(folder, name), "rb") as file:
        body = file.read()
    kind = TYPES[os.path.splitext(name)[1]]
    return "200", head("200 OK", "Content-Type: %s\r\nContent-Length: %d\r\n" % (kind, len(body))) + body


def handler(folder, log):
    def note(method, path, status):
        log.write("%s %s %s\n" % (method, path, status))
        log.flush()

    async def handle(reader, writer):
        try:
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            method, path = request.decode("latin-1").split(" ", 2)[:2]
            if path.startswith("/silent/"):
                note(method, path, "-")
                await reader.read()
            elif path.startswith("/endless/"):
                note(method, path, "200")
                await endless(writer)
            else:
                status, octets = answer(folder, path)
                note(method, path, status)
                writer.write(octets)
                await writer.drain()
        except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    return handle


async def main(port, folder, path):
    with open(path, "a") as log:
        server = await asyncio.start_server(handler(folder, log), "127.0.0.1", int(port))
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
