"""Writes DER, and certificates and lists that no honest tool would write. OpenSSL makes RSA keys and their signatures."""

import base64
import datetime
import hashlib
import os
import subprocess
import tempfile
import textwrap
import threading


def tlv(tag, *parts):
    body = b"".join(parts)
    length = len(body)
    if length < 0x80:
        return bytes([tag, length]) + body
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + body


def seq(*parts):
    return tlv(0x30, *parts)


def explicit(number, *parts):
    return tlv(0xA0 | number, *parts)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value):
    return tlv(0x04, value)


def bits(value, unused=0):
    return tlv(0x03, bytes([unused]) + value)


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\0")


NULL = b"\x05\x00"


def oid(text):
    first, second, *rest = map(int, text.split("."))
    body = b""
    for number in [first * 40 + second, *rest]:
        group = [number & 0x7F]
        while number := number >> 7:
            group.insert(0, 0x80 | number & 0x7F)
        body += bytes(group)
    return tlv(0x06, body)


def time(when):
    return tlv(0x17, when.strftime("%y%m%d%H%M%SZ").encode())


def name(common, kind=0x0C):
    value = common if isinstance(common, bytes) else common.encode()
    return seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(kind, value))))


def general(kind, value):
    """A GeneralName: dns 2, uri 6, ip 7, directory 4."""
    if kind == 4:
        return tlv(0xA4, value)
    return tlv(0x80 | kind, value if isinstance(value, bytes) else value.encode())


def pem(label, der):
    text = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {label}-----\n{text}\n-----END {label}-----\n"


def certificate_pem(*ders):
    return "".join(pem("CERTIFICATE", der) for der in ders)


def openssl(*words, stdin=None):
    return subprocess.run(["openssl", *words], input=stdin, check=True, capture_output=True).stdout


ECDSA_SHA256 = seq(oid("1.2.840.10045.4.3.2"))
RSA_SHA256 = seq(oid("1.2.840.113549.1.1.11"), NULL)
RSA_SHA1 = seq(oid("1.2.840.113549.1.1.5"), NULL)
RSA_MD5 = seq(oid("1.2.840.113549.1.1.4"), NULL)
UNKNOWN = seq(oid("1.3.6.1.4.1.55555.1"))

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


class RsaKey:
    """A key pair of OpenSSL's, of 2048 bits."""

    algorithm = RSA_SHA256

    def __init__(self):
        self.pem = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048").decode()
        self.spki = openssl("pkey", "-pubout", "-outform", "DER", stdin=self.pem.encode())

    def sign(self, message, digest="sha256"):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self.pem)
            file.flush()
            return openssl("dgst", f"-{digest}", "-sign", file.name, stdin=message)


# P-256: y^2 = x^3 - 3x + b over the field of PRIME, with a generator of ORDER.
PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def _plus(one, other):
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % PRIME == 0:
        return None
    slope = (3 * x * x - 3) * pow(2 * y, -1, PRIME) if one == other else (v - y) * pow(u - x, -1, PRIME)
    w = (slope * slope - x - u) % PRIME
    return w, (slope * (x - w) - y) % PRIME


def _times(scalar, point):
    total = None
    while scalar:
        if scalar & 1:
            total = _plus(total, point)
        point, scalar = _plus(point, point), scalar >> 1
    return total


class EcKey:
    """A key pair on P-256 that signs fast and safely enough for a test: its nonce is always 1."""

    algorithm = ECDSA_SHA256

    def __init__(self, label):
        self.secret = int.from_bytes(hashlib.sha256(b"attack " + label.encode()).digest(), "big") % ORDER
        x, y = _times(self.secret, GENERATOR)
        point = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        algorithm = seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
        self.spki = seq(algorithm, bits(point))
        inner = seq(integer(1), octets(self.secret.to_bytes(32, "big")), explicit(1, bits(point)))
        self.pem = pem("PRIVATE KEY", seq(integer(0), algorithm, octets(inner)))

    def sign(self, message, digest="sha256"):
        hashed = int.from_bytes(hashlib.new(digest, message).digest()[:32], "big")
        r = GENERATOR[0] % ORDER
        return seq(integer(r), integer((hashed + r * self.secret) % ORDER))


_keys, _keys_lock = {}, threading.Lock()


def key(label):
    """A P-256 key for each label; labels that begin with rsa get one of RSA. Every thread gets the same."""
    with _keys_lock:
        if label not in _keys:
            _keys[label] = RsaKey() if label.startswith("rsa") else EcKey(label)
        return _keys[label]


def extension(number, value, critical=False):
    return seq(oid(number), boolean(True) if critical else b"", octets(value))


def key_id(spki):
    return hashlib.sha1(spki).digest()


CA_FLAG = extension("2.5.29.19", seq(boolean(True)), True)
CA_USAGE = extension("2.5.29.15", bits(b"\x06", 1), True)
LEAF_USAGE = extension("2.5.29.15", bits(b"\xa0", 5), True)
SERVER_AUTH = extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1")))


def alternative_names(*names, critical=False):
    return extension("2.5.29.17", seq(*names), critical)


def constraints(permitted=(), excluded=(), critical=True):
    subtree = lambda names: b"".join(seq(name) for name in names)
    value = seq(tlv(0xA0, subtree(permitted)) if permitted else b"", tlv(0xA1, subtree(excluded)) if excluded else b"")
    return extension("2.5.29.30", value, critical)


def make(subject, own, issuer=None, by=None, extensions=(), algorithm=None, signature=None, spki=None, serial=None,
         days=(-1, 300), digest="sha256"):
    """A certificate; `subject` and `issuer` are texts or whole names in DER."""
    by = by or own
    subject = subject if isinstance(subject, bytes) else name(subject)
    issuer = subject if issuer is None else issuer if isinstance(issuer, bytes) else name(issuer)
    algorithm = algorithm or by.algorithm
    spki = spki or own.spki
    if serial is None:
        serial = int.from_bytes(os.urandom(12), "big") | 1 << 90
    identifiers = [extension("2.5.29.14", octets(key_id(spki))), extension("2.5.29.35", seq(tlv(0x80, key_id(by.spki))))]
    inner = seq(
        explicit(0, integer(2)), integer(serial), algorithm, issuer, seq(time(NOW + days[0] * DAY), time(NOW + days[1] * DAY)),
        subject, spki, explicit(3, seq(*extensions, *identifiers)),
    )
    return seq(inner, algorithm, bits(by.sign(inner, digest) if signature is None else signature))


def ca(subject, own, issuer=None, by=None, extensions=(), **how):
    return make(subject, own, issuer, by, [CA_FLAG, CA_USAGE, *extensions], **how)


def leaf(subject, own, issuer, by, names=None, extensions=(), **how):
    names = names if names is not None else [general(2, "plant.test")]
    named = [alternative_names(*names)] if names else []
    return make(subject, own, issuer, by, [LEAF_USAGE, SERVER_AUTH, *named, *extensions], **how)


def crl(issuer, by, revoked=(), number=1, ago=HOUR, until=7 * DAY, extensions=(), algorithm=None, digest="sha256"):
    """A list of the CA of this name; `revoked` are serial numbers or whole entries in DER."""
    issuer = issuer if isinstance(issuer, bytes) else name(issuer)
    algorithm = algorithm or by.algorithm
    entries = [it if isinstance(it, bytes) else seq(integer(it), time(NOW - DAY)) for it in revoked]
    inner = seq(
        integer(1), algorithm, issuer, time(NOW - ago), time(NOW + until), seq(*entries) if entries else b"",
        explicit(0, seq(extension("2.5.29.20", integer(number)), extension("2.5.29.35", seq(tlv(0x80, key_id(by.spki)))),
                        *extensions)),
    )
    return seq(inner, algorithm, bits(by.sign(inner, digest)))


def crl_pem(*ders):
    return "".join(pem("X509 CRL", der) for der in ders)
