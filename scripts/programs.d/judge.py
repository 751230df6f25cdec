"""Judges chains as a TLS client of Python does: a line `DIRECTORY SECONDS server|client HOST` each (HOST `-` for none).

Nobody has the keys of the chains. But a client of TLS 1.2 judges the certificates as soon as they are sent, before it
wants to see the key, so a server that breaks off after its certificates is enough.
"""

import os
import shutil
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path


def record(kind, body):
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    parts = [message[at : at + 16000] for at in range(0, len(message), 16000)]
    return b"".join(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part for part in parts)


# TLS 1.2, a cipher of every client, and the extension that says that nobody renegotiates in the old way.
HELLO = record(2, b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00" + b"\x00\x05\xff\x01\x00\x01\x00")


def members(folder, part):
    at = 0
    while (file := folder / f"{part}{at}.der").exists():
        yield file.read_bytes()
        at += 1


def judge(folder, host):
    context = ssl.create_default_context(cadata=b"".join(members(folder, "trust")))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = host is not None
    if next(members(folder, "crl"), None):
        context.load_verify_locations(cafile=folder / "crl.pem")
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    sent, answered = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(sent, answered, server_hostname=host)
    chain = b"".join(len(der).to_bytes(3, "big") + der for der in members(folder, "presented"))
    sent.write(HELLO + record(11, len(chain).to_bytes(3, "big") + chain))
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return "accepts"
    except ssl.SSLCertVerificationError as error:
        return f"{error.verify_code} {error.verify_message.split(', certificate is not valid for')[0]}"
    except ssl.SSLError as error:
        # The certificates were fine; their key is not the one of the cipher.
        reason = error.reason or "cannot decode it"
        return "accepts" if reason == "WRONG_CERTIFICATE_TYPE" else reason.replace("_", " ").lower()
    return "accepts"


def at_its_time():
    """Judges with the clock that this process was given."""
    for line in sys.stdin:
        folder, _, _, host = line.split()
        try:
            said = judge(Path(folder), None if host == "-" else host)
        except (ssl.SSLError, ValueError, OSError) as error:
            said = f"{type(error).__name__}: {error}".replace("\n", " ")
        print(said, flush=True)


def main():
    clocks = {}
    for line in sys.stdin:
        seconds, usage = line.split()[1:3]
        if usage == "client":
            print("not asked", flush=True)
            continue
        if seconds not in clocks:
            moment = datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M:%S")
            command = [shutil.which("faketime"), "-f", moment, sys.executable, "-B", __file__, "--here"]
            clocks[seconds] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                               env={**os.environ, "TZ": "UTC"})
        clocks[seconds].stdin.write(line)
        clocks[seconds].stdin.flush()
        print(clocks[seconds].stdout.readline().strip(), flush=True)


if __name__ == "__main__":
    at_its_time() if sys.argv[1:] == ["--here"] else main()
