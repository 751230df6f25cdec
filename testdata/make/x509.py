"""Makes certificates byte by byte, so that they can be wrong in ways that no tool offers.

Python's standard library encodes; openssl makes the keys and the signatures. Keys live in a
temporary folder and are gone when the program ends.
"""

import base64
import hashlib
import ipaddress
import subprocess
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

# ---- DER


def tlv(tag, *contents):
    value = b"".join(contents)
    if len(value) < 0x80:
        length = bytes([len(value)])
    else:
        octets = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + value


def seq(*contents):
    return tlv(0x30, *contents)


def octets(value):
    return tlv(0x04, value)


def bits(value, unused=0):
    return tlv(0x03, bytes([unused]), value)


def integer(number):
    length = max(1, (number.bit_length() + 8) // 8) if number >= 0 else (number + 1).bit_length() // 8 + 1
    return tlv(0x02, number.to_bytes(length, "big", signed=True))


def oid(dotted):
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    out = bytearray()
    for arc in [40 * first + second, *rest]:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        out += bytes(reversed(septets))
    return tlv(0x06, bytes(out))


def time(text):
    """Takes 2026-01-01 or 2026-01-01T00:00:00Z."""
    plain = (text if "T" in text else text + "T00:00:00Z").translate(str.maketrans("", "", "-:T"))
    return tlv(0x17, plain[2:].encode()) if plain < "2050" else tlv(0x18, plain.encode())


# ---- names and extensions

ATTRIBUTES = {"CN": "2.5.4.3", "O": "2.5.4.10", "DC": "0.9.2342.19200300.100.1.25"}


def name(text):
    """Takes `CN=plc7,O=Example Plant`, most specific part first; octets are taken as they are."""
    if isinstance(text, bytes):
        return text
    parts = [part.split("=", 1) for part in text.split(",") if part]
    return seq(*(tlv(0x31, seq(oid(ATTRIBUTES[key]), tlv(0x0C, value.encode()))) for key, value in reversed(parts)))


def extension(identifier, value, critical=False):
    return seq(oid(identifier), tlv(0x01, b"\xff") if critical else b"", octets(value))


def general_name(text):
    """Takes DNS:, IP: or URI: names."""
    kind, value = text.split(":", 1)
    match kind:
        case "DNS":
            return tlv(0x82, value.encode())
        case "IP":
            return tlv(0x87, ipaddress.ip_address(value).packed)
        case "URI":
            return tlv(0x86, value.encode())
    raise ValueError(text)


def alt_names(*names):
    return extension("2.5.29.17", seq(*map(general_name, names)))


USAGES = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign"]


def key_usage(*usages):
    octet = sum(0x80 >> USAGES.index(usage) for usage in usages)
    return extension("2.5.29.15", bits(bytes([octet]), (octet & -octet).bit_length() - 1), critical=True)


PURPOSES = {
    "any": "2.5.29.37.0",
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "emailProtection": "1.3.6.1.5.5.7.3.4",
}


def purposes(*names, critical=False):
    return extension("2.5.29.37", seq(*(oid(PURPOSES[each]) for each in names)), critical)


def constraints(ca, path_length=None, critical=True):
    value = seq(tlv(0x01, b"\xff") if ca else b"", b"" if path_length is None else integer(path_length))
    return extension("2.5.29.19", value, critical)


def issuer_address(url):
    return extension("1.3.6.1.5.5.7.1.1", seq(seq(oid("1.3.6.1.5.5.7.48.2"), general_name("URI:" + url))))


# ---- keys and signatures

ALGORITHMS = {
    "ec-sha1": (seq(oid("1.2.840.10045.4.1")), "sha1"),
    "ec-sha256": (seq(oid("1.2.840.10045.4.3.2")), "sha256"),
    "ec-sha3-256": (seq(oid("2.16.840.1.101.3.4.3.10")), "sha3-256"),
    "ec-sha384": (seq(oid("1.2.840.10045.4.3.3")), "sha384"),
    "rsa-md5": (seq(oid("1.2.840.113549.1.1.4"), tlv(0x05)), "md5"),
    "rsa-sha1": (seq(oid("1.2.840.113549.1.1.5"), tlv(0x05)), "sha1"),
    "ec-sha256-null": (seq(oid("1.2.840.10045.4.3.2"), tlv(0x05)), "sha256"),
    "rsa-sha256-bare": (seq(oid("1.2.840.113549.1.1.11")), "sha256"),
    "rsa-sha256": (seq(oid("1.2.840.113549.1.1.11"), tlv(0x05)), "sha256"),
    "rsa-sha384": (seq(oid("1.2.840.113549.1.1.12"), tlv(0x05)), "sha384"),
}

KEYS = tempfile.TemporaryDirectory()


def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


class Key:
    """A key that openssl makes from the arguments of its genpkey."""

    def __init__(self, *arguments):
        self.file = Path(KEYS.name) / f"{len(list(Path(KEYS.name).iterdir()))}.pem"
        openssl("genpkey", "-out", str(self.file), *arguments)
        self.spki = openssl("pkey", "-in", str(self.file), "-pubout", "-outform", "DER")

    @staticmethod
    def ec(curve="P-256", encoding="named_curve"):
        return Key("-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-pkeyopt", f"ec_param_enc:{encoding}")

    @staticmethod
    def rsa(size=2048, exponent=65537):
        return Key("-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{size}", "-pkeyopt", f"rsa_keygen_pubexp:{exponent}")

    @staticmethod
    def dsa():
        parameters = Path(KEYS.name) / "dsa-parameters.pem"
        openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:2048", "-out", str(parameters))
        return Key("-paramfile", str(parameters))

    def identifier(self):
        return hashlib.sha1(self.spki).digest()

    def sign(self, digest, message):
        return openssl("dgst", "-" + digest, "-sign", str(self.file), stdin=message)


@dataclass
class RawKey:
    """A public key of which nobody has the private half."""

    spki: bytes

    def identifier(self):
        return hashlib.sha1(self.spki).digest()


def without_small_factors(modulus):
    """The next number that no prime below 752 divides."""
    while any(modulus % it == 0 for it in range(3, 752, 2)):
        modulus += 2
    return modulus


def rsa_with_exponent(exponent, size=2048):
    """An RSA key with an exponent that no tool makes."""
    modulus = int.from_bytes(hashlib.shake_256(b"modulus").digest(size // 8), "big") | 1 << size - 1 | 1
    modulus = without_small_factors(modulus)
    numbers = seq(integer(modulus), integer(exponent))
    return RawKey(seq(seq(oid("1.2.840.113549.1.1.1"), tlv(0x05)), bits(numbers)))


def rsa_with_modulus(modulus):
    """An RSA key with a modulus that no tool makes."""
    numbers = seq(integer(modulus), integer(65537))
    return RawKey(seq(seq(oid("1.2.840.113549.1.1.1"), tlv(0x05)), bits(numbers)))


def edwards(algorithm, point):
    """A key on Curve25519 or Curve448 that is this point."""
    identifier = {"X25519": "1.3.101.110", "X448": "1.3.101.111", "Ed25519": "1.3.101.112", "Ed448": "1.3.101.113"}[algorithm]
    return RawKey(seq(seq(oid(identifier)), bits(point)))


CURVES = {"P-256": "1.2.840.10045.3.1.7", "P-521": "1.3.132.0.35", "brainpoolP256r1": "1.3.36.3.3.2.8.1.1.7"}


def ec_point(point, curve="P-256"):
    """An EC key that is these octets."""
    return RawKey(seq(seq(oid("1.2.840.10045.2.1"), oid(CURVES[curve])), bits(point)))


def dsa(prime, subprime, generator, value):
    """A DSA key with these numbers."""
    parameters = seq(integer(prime), integer(subprime), integer(generator))
    return RawKey(seq(seq(oid("1.2.840.10040.4.1"), parameters), bits(integer(value))))


# ---- certificates


@dataclass(frozen=True)
class Template:
    """What stands in a certificate. `but` gives a variant."""

    subject: str
    key: object
    issuer: "Template | None" = None
    not_before: str = "2026-01-01"
    not_after: str = "2027-06-30"
    extensions: tuple = ()
    key_identifiers: bool = True
    own_authority: bool = False
    version: int = 3
    serial: bytes | None = None
    algorithm: str = "ec-sha256"
    inner_algorithm: str | None = None
    issuer_name: str | None = None
    not_after_der: bytes | None = None
    signer: object = None
    patch_signature: bool = False
    empty_list: bool = False
    unique_identifier: bytes = b""
    _made: dict = field(default_factory=dict, compare=False)

    def but(self, **changes):
        return replace(self, _made={}, **changes)

    def der(self):
        if not self._made:
            self._made["der"] = self._make()
        return self._made["der"]

    def has_no_identifier(self):
        """Whether it is no CA's and does not identify its key, though it could."""
        stated = any(oid("2.5.29.14") in each or constraints(True)[:-8] in each for each in self.extensions)
        return self.version == 3 and not self.key_identifiers and not stated

    def serial_number(self):
        # Serial numbers are digests of what is certified, so that they stay the same from run to run.
        label = f"{self.subject}/{self.not_before}/{self.not_after}/{len(self.extensions)}".encode()
        return self.serial if self.serial is not None else b"\x10" + hashlib.sha256(label).digest()[:15]

    def _make(self):
        issuer = self.issuer or self
        signer = self.signer or issuer.key
        algorithm, digest = ALGORITHMS[self.algorithm]
        inner = ALGORITHMS[self.inner_algorithm or self.algorithm][0]
        serial = self.serial_number()
        extensions = list(self.extensions)
        if self.key_identifiers and self.version == 3:
            extensions.append(extension("2.5.29.14", octets(self.key.identifier())))
            if issuer is not self or self.own_authority:
                extensions.append(extension("2.5.29.35", seq(tlv(0x80, issuer.key.identifier()))))
        tbs = seq(
            tlv(0xA0, integer(self.version - 1)) if self.version > 1 else b"",
            tlv(0x02, serial),
            inner,
            name(issuer.subject if self.issuer_name is None else self.issuer_name),
            seq(time(self.not_before), self.not_after_der or time(self.not_after)),
            name(self.subject),
            self.key.spki,
            self.unique_identifier,
            tlv(0xA3, seq(*extensions)) if extensions or self.empty_list else b"",
        )
        signature = bytearray(signer.sign(digest, tbs))
        if self.patch_signature:
            signature[-5] ^= 1
        return seq(tbs, algorithm, bits(bytes(signature)))


# ---- revocation lists


@dataclass(frozen=True)
class List:
    """What stands in a revocation list."""

    issuer: Template
    revoked: tuple = ()
    this_update: str = "2026-01-01"
    next_update: str = "2028-01-01"
    algorithm: str = "rsa-sha256"
    signer: object = None
    number: int | None = 7

    def der(self):
        algorithm, digest = ALGORITHMS[self.algorithm]
        entries = [seq(tlv(0x02, each.serial_number()), time("2026-02-01")) for each in self.revoked]
        extensions = [extension("2.5.29.35", seq(tlv(0x80, self.issuer.key.identifier())))]
        if self.number is not None:
            extensions.append(extension("2.5.29.20", integer(self.number)))
        tbs = seq(
            integer(1),
            algorithm,
            name(self.issuer.subject),
            time(self.this_update),
            time(self.next_update),
            seq(*entries) if entries else b"",
            tlv(0xA0, seq(*extensions)),
        )
        return seq(tbs, algorithm, bits((self.signer or self.issuer.key).sign(digest, tbs)))


def pem(der, label="CERTIFICATE"):
    text = base64.b64encode(der).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
