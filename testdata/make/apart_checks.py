"""Specimens of the checks for revocation lists and requests that are judged by themselves.

`checks.py` runs this; see there.
"""

import hashlib
from collections import defaultdict
from textwrap import wrap

from x509 import *

AT = "2026-06-01T00:00:00Z"

KEYS_AT_HAND = [Key.ec() for _ in range(3)]
CA_USAGE = key_usage("keyCertSign", "cRLSign")
ROOT = Template("CN=Plant Root,O=Example Plant", KEYS_AT_HAND[0], None, "2020-01-01", "2040-01-01", (constraints(True), CA_USAGE))
SIGNS_NO_LISTS = ROOT.but(extensions=(constraints(True), key_usage("keyCertSign")))
LEAF = Template("CN=Pump Control,O=Example Plant", KEYS_AT_HAND[1], ROOT)

made = defaultdict(dict)


def specimen(check, file, text, header, parts):
    lines = ["# " + line for line in wrap(text, 100)]
    lines += [f"{key}: {value}" for key, values in {"profile": "ca", "at": AT, **header}.items() if key != "also"
              for value in (values if isinstance(values, list) else [values])]
    lines += [f"also: {other}" for other in header.get("also", ())]
    for part, label, der in parts:
        lines += [f"part: {part}", pem(der, label)]
    made[check][file] = "\n".join(lines).rstrip("\n") + "\n"


def both(make):
    def of(kind):
        return lambda check, text, *what, variant="", **header: specimen(
            check, f"{kind}{variant and '-' + variant}.pem", text, header, make(*what))
    return of("bad"), of("good")


# ---- revocation lists


@dataclass(frozen=True)
class Bare(List):
    """A list whose parts are given as they are encoded."""

    times: tuple = (time("2026-05-01"), time("2026-07-01"))
    parts: tuple = None

    def der(self):
        algorithm, digest = ALGORITHMS[self.algorithm]
        authority = extension("2.5.29.35", seq(tlv(0x80, self.issuer.key.identifier())))
        parts = (authority, extension("2.5.29.20", integer(self.number))) if self.parts is None else self.parts
        tbs = seq(integer(1), algorithm, name(self.issuer.subject), *self.times, tlv(0xA0, seq(*parts)) if parts else b"")
        return seq(tbs, algorithm, bits((self.signer or self.issuer.key).sign(digest, tbs)))


def with_parts(*parts, issuer=ROOT, number=True):
    authority = extension("2.5.29.35", seq(tlv(0x80, issuer.key.identifier())))
    return Bare(issuer, algorithm="ec-sha256", parts=(authority, extension("2.5.29.20", integer(7)), *parts))


def list_of(issuer=ROOT, **changes):
    return List(issuer, algorithm="ec-sha256", **changes)


bad, good = both(lambda item, *authorities: [
    ("crl", "X509 CRL", item.der()), *(("untrusted", "CERTIFICATE", it.der()) for it in authorities)])

bad("crl-signature-invalid", "Another key has signed the list.", list_of(signer=KEYS_AT_HAND[2]), ROOT)
bad("crl-signature-invalid", "The CA was made anew with another key.", list_of(), ROOT.but(key=KEYS_AT_HAND[2]), variant="renewed")
good("crl-signature-invalid", "The CA has signed the list.", list_of(), ROOT)
good("crl-signature-invalid", "The CA is not at hand.", list_of(), variant="alone")
good("crl-signature-invalid", "Two CAs of one name, of which one has signed the list.", list_of(), ROOT.but(key=KEYS_AT_HAND[2]), ROOT,
     variant="two")

bad("crl-signer-may-not", "The keyUsage of the CA has no cRLSign.", list_of(), SIGNS_NO_LISTS)
good("crl-signer-may-not", "The keyUsage of the CA has cRLSign.", list_of(), ROOT)

bad("crl-not-yet-valid", "The list starts on the next day.", list_of(this_update="2026-06-02", next_update="2026-08-01"), ROOT)
good("crl-not-yet-valid", "The list starts in this second.", list_of(this_update="2026-06-01"), ROOT)

bad("crl-overdue", "The successor was due in May.", list_of(next_update="2026-05-01"), ROOT)
good("crl-overdue", "The successor is due in this second.", list_of(next_update="2026-06-01"), ROOT)

bad("crl-time-misspelt", "GeneralizedTime before 2050.",
    Bare(ROOT, algorithm="ec-sha256", times=(tlv(0x18, b"20260501000000Z"), time("2026-07-01"))), ROOT)
bad("crl-time-misspelt", "A time without seconds.",
    Bare(ROOT, algorithm="ec-sha256", times=(time("2026-05-01"), tlv(0x17, b"2607010000Z"))), ROOT, variant="seconds")
good("crl-time-misspelt", "UTCTime.", list_of(), ROOT)
good("crl-time-misspelt", "GeneralizedTime after 2049.", list_of(next_update="2051-01-01"), ROOT, variant="late")

delta = extension("2.5.29.27", integer(1), critical=True)
users = extension("2.5.29.28", seq(tlv(0x81, b"\xff")), critical=True)
indirect = extension("2.5.29.28", seq(tlv(0x84, b"\xff")), critical=True)
reasons = extension("2.5.29.28", seq(tlv(0x83, b"\x05\x60")), critical=True)
bad("crl-scope-partial", "A delta.", with_parts(delta), ROOT)
bad("crl-scope-partial", "A list of end entities.", with_parts(users), ROOT, variant="users")
bad("crl-scope-partial", "An indirect list.", with_parts(indirect), ROOT, variant="indirect")
bad("crl-scope-partial", "A list of two reasons.", with_parts(reasons), ROOT, variant="reasons")
good("crl-scope-partial", "A list of everything.", list_of(), ROOT)

bad("crl-empty-bare", "Neither entries nor extensions.", Bare(ROOT, algorithm="ec-sha256", parts=()), ROOT, also=("revocation-list-departs",))
good("crl-empty-bare", "No entries, and extensions.", list_of(), ROOT)

# ---- requests

NAMES = alt_names("DNS:plc7.plant.example")
SIGNS = key_usage("digitalSignature")


def asked(subject, key, *wanted, digest="sha256", signer=None, changed=False):
    """A request for a certificate with these extensions."""
    attributes = tlv(0xA0, seq(oid("1.2.840.113549.1.9.14"), tlv(0x31, seq(*wanted))) if wanted else b"")
    info = seq(integer(0), name(subject), key.spki, attributes)
    rsa = key.spki.find(bytes.fromhex("2a864886f70d010101")) >= 0
    algorithm, _ = ALGORITHMS["rsa-sha256" if rsa else "ec-sha256"]
    signature = bytearray((signer or key).sign(digest, info))
    return seq(info, algorithm, bits(bytes(signature)))


bad, good = both(lambda der: [("request", "CERTIFICATE REQUEST", der)])
HTTPS = {"profile": "https"}
EC = KEYS_AT_HAND[1]
SOUND = asked("CN=plc7.plant.example", EC, NAMES, SIGNS)

bad("request-undecodable", "A request that was cut off.", SOUND[:-40], **HTTPS)
good("request-undecodable", "A whole request.", SOUND, **HTTPS)

bad("request-signature-invalid", "Another key has signed the request.",
    asked("CN=plc7.plant.example", EC, NAMES, SIGNS, signer=KEYS_AT_HAND[2]), **HTTPS)
good("request-signature-invalid", "The key has signed the request.", SOUND, **HTTPS)

bad("request-asks-for-ca", "A server asks to be a CA.", asked("CN=plc7.plant.example", EC, NAMES, constraints(True)), **HTTPS)
bad("request-asks-for-ca", "An application asks to be a CA.",
    asked("CN=Pump Control,O=Example Plant", Key.rsa(), alt_names("URI:urn:plc7:Plant:Pump", "DNS:plc7.plant.example"), constraints(True)),
    variant="opcua", profile="opcua")
good("request-asks-for-ca", "A CA asks to be one.", asked("CN=Plant Issuing CA", EC, constraints(True), CA_USAGE), variant="ca")
good("request-asks-for-ca", "A server asks to be none.", asked("CN=plc7.plant.example", EC, NAMES, constraints(False)), **HTTPS)

bad("request-asks-too-much", "A server asks for keyCertSign.",
    asked("CN=plc7.plant.example", EC, NAMES, key_usage("digitalSignature", "keyCertSign")), **HTTPS)
good("request-asks-too-much", "A server asks for digitalSignature.", SOUND, **HTTPS)

bad("key-too-weak", "A request for an RSA key of 1024 bits.", asked("CN=plc7.plant.example", Key.rsa(1024), NAMES, SIGNS),
    variant="request", **HTTPS)
good("key-too-weak", "A request for an RSA key of 2048 bits.", asked("CN=plc7.plant.example", Key.rsa(), NAMES, SIGNS),
     variant="request", **HTTPS)


# ---- the form of lists


@dataclass(frozen=True)
class Odd(List):
    """A list whose entries and extensions are given as they are encoded."""

    entries: bytes = b""
    extensions: bytes | None = None

    def der(self):
        algorithm, digest = ALGORITHMS[self.algorithm]
        authority = extension("2.5.29.35", seq(tlv(0x80, self.issuer.key.identifier())))
        plain = tlv(0xA0, seq(authority, extension("2.5.29.20", integer(7))))
        extensions = plain if self.extensions is None else self.extensions
        tbs = seq(integer(1), algorithm, name(self.issuer.subject), time("2026-05-01"), time("2026-07-01"), self.entries, extensions)
        return seq(tbs, algorithm, bits((self.signer or self.issuer.key).sign(digest, tbs)))


def revokes(date="2026-04-01", reason=None):
    details = b"" if reason is None else seq(extension("2.5.29.21", tlv(0x0A, bytes([reason]))))
    return seq(seq(tlv(0x02, LEAF.serial_number()), time(date), details))


def odd(**changes):
    return Odd(ROOT, algorithm="ec-sha256", **changes)


bad, good = both(lambda item, *authorities: [
    ("crl", "X509 CRL", item.der()), *(("untrusted", "CERTIFICATE", it.der()) for it in authorities)])

bad("crl-signature-parameters-unfit", "ECDSA with NULL.", Odd(ROOT, algorithm="ec-sha256-null"), ROOT)
good("crl-signature-parameters-unfit", "ECDSA without parameters.", odd(), ROOT)

bad("crl-entries-empty", "A list of entries without one.", odd(entries=seq()), ROOT)
good("crl-entries-empty", "No list of entries.", odd(), ROOT)

bad("crl-entry-after-list", "An entry of the day after the list.", odd(entries=revokes("2026-05-02")), ROOT)
good("crl-entry-after-list", "An entry of the moment of the list.", odd(entries=revokes("2026-05-01")), ROOT)

for reason, words in ((0, "unspecified"), (7, "which does not exist"), (8, "removeFromCRL"), (11, "beyond the last")):
    bad("crl-reason-unfit", f"An entry with reason {reason}, {words}.", odd(entries=revokes(reason=reason)), ROOT, variant=str(reason))
good("crl-reason-unfit", "An entry with reason 4, superseded.", odd(entries=revokes(reason=4)), ROOT)

bad("crl-extensions-empty", "A list of extensions without one.", odd(extensions=tlv(0xA0, seq())), ROOT,
    also=["revocation-list-departs", "crl-empty-bare"])
good("crl-extensions-empty", "A list of extensions with two.", odd(), ROOT)

# ---- files with private keys

AUTHORITY = Template("CN=Plant Issuing CA,O=Example Plant", KEYS_AT_HAND[2], ROOT, extensions=(constraints(True, 0), CA_USAGE))
SERVER = Template("CN=plc7.plant.example,O=Example Plant", KEYS_AT_HAND[1], AUTHORITY, extensions=(constraints(False), SIGNS, NAMES))
FIELD = AUTHORITY.but(subject="CN=Field CA,O=Example Plant")


def held(kind):
    def of(check, text, store, *certificates, variant="", **header):
        file = f"{kind}{variant and '-' + variant}.pem"
        items = [("presented", "CERTIFICATE", it.der()) for it in certificates]
        specimen(check, file, text, {"profile": "https", "key-store": store, **header}, items)
    return of


bad, good = held("bad"), held("good")
bad("key-certificate-mismatch", "The certificate was issued for another request.", "pem", SERVER, key="server of-none")
bad("key-certificate-mismatch", "The key entry has the certificate of another key.", "jks", SERVER, key="server of-none chain 0", variant="entry")
good("key-certificate-mismatch", "The key is that of the certificate.", "pem", SERVER, AUTHORITY, key="server of 0")
good("key-certificate-mismatch", "The key is encrypted, and nobody has named a password.", "pem", SERVER, key="server locked", variant="locked")

bad("key-entry-missing", "The certificate was imported, and not its key.", "jks", SERVER, AUTHORITY)
bad("key-entry-missing", "The same in PKCS#12.", "p12", SERVER, AUTHORITY, variant="p12", **{"trusted-entry": "0", "also": ["trusted-entries-unseen"]})
good("key-entry-missing", "Key and certificate.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0,1")
good("key-entry-missing", "Two CAs: a store of trusted certificates.", "jks", ROOT, AUTHORITY, variant="trust")
good("key-entry-missing", "A PEM file has its key beside it.", "pem", SERVER, AUTHORITY, variant="pem")

bad("key-entry-leaf-only", "The issuing CA was imported as an entry of its own.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0")
good("key-entry-leaf-only", "The chain of the entry has the issuing CA.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0,1")
good("key-entry-leaf-only", "The root has issued it, which need not be sent.", "jks", SERVER.but(issuer=ROOT), ROOT, key="server of 0 chain 0", variant="root")

bad("key-password-differs", "keytool -keypasswd.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0,1 own-password")
good("key-password-differs", "One password.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0,1")
good("key-password-differs", "A key in PEM has a password of its own by nature.", "pem", SERVER, key="server of 0 own-password", variant="pem")

bad("store-entries-unseen", "A CA that leads up from no key, and has no mark of trust.", "p12", SERVER, AUTHORITY, FIELD, key="server of 0")
good("store-entries-unseen", "The CA has the mark of trust.", "p12", SERVER, AUTHORITY, FIELD, key="server of 0", **{"trusted-entry": "2"})
good("store-entries-unseen", "A Java keystore, in which Java sees all.", "jks", SERVER, AUTHORITY, key="server of 0 chain 0", variant="jks", also=("key-entry-leaf-only",))
bad("trusted-entries-unseen", "Two CAs, of which one has the mark of trust.", "p12", AUTHORITY, FIELD, profile="ca", **{"trusted-entry": "0"})
good("trusted-entries-unseen", "Both CAs have the mark of trust.", "p12", AUTHORITY, FIELD, profile="ca", **{"trusted-entry": ["0", "1"]})
good("trusted-entries-unseen", "A Java keystore, in which Java sees all.", "jks", AUTHORITY, FIELD, variant="jks", profile="ca")

# ---- keys of which everybody can compute the private half


def is_prime(number):
    return all(number % it for it in range(3, 1000, 2)) and all(pow(it, number - 1, number) == 1 for it in (2, 3, 5, 7))


def prime(start, step=2):
    candidate = start
    while not is_prime(candidate):
        candidate += step
    return candidate


def drawn(text, octets=128):
    return int.from_bytes(hashlib.shake_256(text.encode()).digest(octets), "big") | 0xC0 << octets * 8 - 8 | 1


FIRST, SECOND, THIRD = (prime(drawn(it)) for it in ("first", "second", "third"))
PRODUCT = 2
for it in range(3, 168, 2):
    PRODUCT *= it if all(it % other for other in range(3, it, 2)) else 1


def marked(text):
    return prime(drawn(text) // PRODUCT * PRODUCT + pow(65537, drawn(text) % 1000, PRODUCT), PRODUCT)


def of_key(number, subject=f"CN=plc7.plant.example,O=Example Plant"):
    key = rsa_with_modulus(number)
    return Template(subject, key, ROOT, extensions=(constraints(False), SIGNS, purposes("serverAuth"), NAMES))


def alone(kind):
    def of(check, text, number, variant=""):
        items = [("presented", "CERTIFICATE", of_key(number).der()), ("trust", "CERTIFICATE", ROOT.der())]
        specimen(check, f"{kind}{variant and '-' + variant}.pem", text, {"profile": "https", "host": "plc7.plant.example"}, items)
    return of


bad, good = alone("bad"), alone("good")
bad("key-roca", "Primes as the library of Infineon's chips makes them.", marked("first") * marked("second"))
good("key-roca", "One prime of that form beside another one.", marked("first") * SECOND)
bad("key-fermat", "A prime and the next one.", FIRST * prime(FIRST + 2))
bad("key-fermat", "One prime twice.", FIRST * FIRST, variant="square")
good("key-fermat", "Two primes that have nothing to do with each other.", FIRST * SECOND)
bad("key-small-factor", "751 is a factor.", 751 * FIRST * prime(drawn("short", 127)))
good("key-small-factor", "Two large primes.", FIRST * SECOND)


def together(kind):
    def of(check, text, *certificates, known=bytes(32), variant=""):
        items = [("presented", "CERTIFICATE", it.der()) for it in certificates]
        header = {"profile": "https", "together": known.hex()}
        specimen(check, f"{kind}{variant and '-' + variant}.pem", text, header, items)
    return of


bad, good = together("bad"), together("good")
OTHER_NAME = "CN=plc8.plant.example,O=Example Plant"
ONE = of_key(FIRST * SECOND)
bad("key-shared-factor", "Two devices made one prime each that is the same.", ONE, of_key(FIRST * THIRD, OTHER_NAME))
good("key-shared-factor", "Two devices with the same key share no prime alone.", ONE, of_key(FIRST * SECOND, OTHER_NAME), variant="same")
good("key-shared-factor", "An RSA key and an EC key.", ONE, SERVER)
bad("key-known", "The list has the key.", ONE, known=hashlib.sha256(ONE.key.spki).digest())
good("key-known", "The list has another key.", ONE)
