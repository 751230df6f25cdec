"""HTTP proxies on loopback: one for all, one that wants a password, one that refuses.

Usage: proxy.py OPEN_PORT AUTH_PORT DENY_PORT LOG, with PROXY_USER and PROXY_PASSWORD in the environment.
Writes one line to LOG for each request: which proxy, method, target, status.

CONNECT and plain GET are passed on, to loopback only. Names under plant.test lead there too, which no
resolver knows: a client that reaches them has left the resolving to the proxy.
"""

import asyncio
import base64
import os
import sys
from urllib.parse import urlsplit


def loopback(host):
    """The address that a name stands for here, or None for the world outside."""
    if host in ("localhost", "127.0.0.1") or (host or "").endswith(".plant.test"):
        return "127.0.0.1"
    return host if host == "::1" else None


async def pump(reader, writer):
    try:
        while octets := await reader.read(65536):
            writer.write(octets)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


def refusal(status, more=""):
    return ("HTTP/1.1 %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n" % (status, more)).encode()


class Proxy:
    def __init__(self, name, log, credentials):
        self.name = name
        self.log = log
        self.credentials = credentials

    def note(self, method, target, status):
        self.log.write("%s %s %s %s\n" % (self.name, method, target, status))
        self.log.flush()

    def objection(self, fields):
        """The answer to a client that may not pass, or None."""
        if self.name == "deny":
            return refusal("403 Forbidden")
        if self.name == "auth" and fields.get("proxy-authorization") != self.credentials:
            return refusal("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="plant"\r\n')
        return None

    async def serve(self, reader, writer):
        request = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode("latin-1")
        first, *lines = request.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        fields = {}
        for line in lines:
            name, _, value = line.partition(":")
            fields[name.strip().lower()] = value.strip()

        refused = self.objection(fields)
        if refused is None:
            url = urlsplit("//" + target if method == "CONNECT" else target)
            address = loopback(url.hostname)
            try:
                if address is None:
                    raise OSError("not on loopback")
                up_reader, up_writer = await asyncio.open_connection(address, url.port or 80)
            except OSError:
                refused = refusal("502 Bad Gateway")
        if refused is not None:
            self.note(method, target, refused.split(b" ")[1].decode())
            writer.write(refused)
            await writer.drain()
            return

        self.note(method, target, "200")
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = url.path + ("?" + url.query if url.query else "")
            kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
            passed = ["%s %s HTTP/1.1" % (method, path or "/"), *kept, "Connection: close", "", ""]
            up_writer.write("\r\n".join(passed).encode("latin-1"))
        try:
            await asyncio.gather(pump(reader, up_writer), pump(up_reader, writer))
        finally:
            up_writer.close()

    async def handle(self, reader, writer):
        try:
            await self.serve(reader, writer)
        except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()


async def main(open_port, auth_port, deny_port, path):
    pair = os.environ["PROXY_USER"] + ":" + os.environ["PROXY_PASSWORD"]
    credentials = "Basic " + base64.b64encode(pair.encode()).decode()
    with open(path, "a") as log:
        servers = [
            await asyncio.start_server(Proxy(name, log, credentials).handle, "127.0.0.1", int(port))
            for name, port in (("open", open_port), ("auth", auth_port), ("deny", deny_port))
        ]
        await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main(*sys.argv[1:]))
