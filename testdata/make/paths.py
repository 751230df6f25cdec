#!/usr/bin/env python3
"""Makes testdata/paths: small worlds of certificates that ordinary tools do not make.

    testdata/make/paths.py

Keys are new in every run, all else is the same.
"""

from pathlib import Path

from x509 import *

OUT = Path(__file__).resolve().parent.parent / "paths"
DSA_SHA256 = "dsa-sha256"
ALGORITHMS[DSA_SHA256] = (seq(oid("2.16.840.1.101.3.4.3.2")), "sha256")
CA = (constraints(True), key_usage("keyCertSign", "cRLSign"))


def inner(der):
    """The contents of an element, and what follows it."""
    length, start = der[1], 2
    if length & 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(der[2:start], "big")
    return der[start : start + length], der[start + length :]


class Inheriting:
    """A DSA key that leaves its parameters to its issuer's key (RFC 3279 section 2.3.2)."""

    def __init__(self, key):
        _, public = inner(inner(key.spki)[0])
        self.key, self.spki = key, seq(seq(oid("1.2.840.10040.4.1")), public)

    def identifier(self):
        return self.key.identifier()

    def sign(self, digest, message):
        return self.key.sign(digest, message)


def dsa_inherited():
    """leaf <- sub (no parameters) <- low (no parameters) <- upper (parameters) <- root, and a twin of upper."""
    root = Template("CN=root", Key.ec(), None, "2020-01-01", "2040-01-01", CA)
    upper = Template("CN=upper", Key.dsa(), root, "2020-01-01", "2040-01-01", CA)
    shared = str(Path(upper.key.file).parent / "dsa-parameters.pem")
    low = Template("CN=low", Inheriting(Key("-paramfile", shared)), upper, extensions=CA, algorithm=DSA_SHA256)
    sub = Template("CN=sub", Inheriting(Key("-paramfile", shared)), low, extensions=CA, algorithm=DSA_SHA256)
    leaf = Template("CN=leaf", Key.ec(), sub, algorithm=DSA_SHA256)
    # Of the same name, with other parameters.
    twin = Template("CN=upper", Key.dsa(), root, "2021-01-01", "2040-01-01", CA)
    return {"root": root, "upper": upper, "low": low, "sub": sub, "leaf": leaf, "twin": twin}


def main():
    for folder, world in {"dsa-inherited": dsa_inherited()}.items():
        (OUT / folder).mkdir(parents=True, exist_ok=True)
        for name, template in world.items():
            (OUT / folder / f"{name}.pem").write_text(pem(template.der()))


if __name__ == "__main__":
    main()
