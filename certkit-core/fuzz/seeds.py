"""Writes what a fuzz target starts from, out of testdata: seeds.py TARGET FOLDER."""

import base64
import hashlib
import itertools
import pathlib
import re
import sys

DATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"
BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s([^-]+)-----END")


def blocks(path):
    return [base64.b64decode(body) for _, body in BLOCK.findall(path.read_bytes())]


def validation():
    """The first byte says which certificates after the leaf are anchors."""
    for path in sorted(DATA.glob("checks/*/*.pem")) + sorted(DATA.glob("paths/*/*.pem")):
        values = blocks(path)
        yield bytes([1 << max(len(values) - 2, 0) & 0xFF]) + b"".join(values)
    signatures = [blocks(path) for path in sorted(DATA.glob("signatures/*.pem"))]
    for value in itertools.chain.from_iterable(signatures):
        yield b"\x01" + value + value
    ocsp = DATA / "ocsp"
    authority = blocks(ocsp / "ca.pem")[0]
    for answer in sorted(ocsp.glob("*.der")):
        about = answer.name.split("-")[0]
        if (ocsp / f"{about}.pem").exists():
            yield b"\x01" + blocks(ocsp / f"{about}.pem")[0] + authority + answer.read_bytes()
    for number in blocks(ocsp / "list.pem"):
        yield b"\x01" + blocks(ocsp / "good.pem")[0] + authority + number


def opcua():
    for path in sorted((DATA / "opcua").glob("*.bin")):
        yield path.read_bytes()


def containers():
    for path in sorted(DATA.glob("**/*")):
        if path.is_file() and path.suffix in {".pem", ".der", ".p12", ".jks", ".p7b", ".key", ".crl", ".csr"}:
            whole = path.read_bytes()
            yield whole
            yield from (blocks(path)[:1] if b"-----BEGIN" in whole else [])


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    for seed in {"validation": validation, "opcua": opcua, "containers": containers}[target]():
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


if __name__ == "__main__":
    main()
