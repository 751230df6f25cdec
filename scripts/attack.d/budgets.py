"""Small files with big bills, and inputs whose number makes a quadratic way long."""

import hashlib
import os
import struct

import der
from cases import add, case
from der import DAY, HOUR, NULL, ca, certificate_pem, crl, crl_pem, explicit, integer, key, leaf, octets, oid, seq, tlv

LONG = 25
"""The deadline of what has thousands of parts, in seconds: linear work of a debug build stays far below."""


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def java(magic, *entries, password="changeit"):
    body = struct.pack(">III", magic, 2, len(entries)) + b"".join(entries)
    return body + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def trusted_entry(name, certificate):
    return struct.pack(">I", 2) + text(name) + bytes(8) + text("X.509") + struct.pack(">I", len(certificate)) + certificate


def key_entry(name, sealed, chain):
    body = struct.pack(">I", 1) + text(name) + bytes(8) + struct.pack(">I", len(sealed)) + sealed + struct.pack(">I", len(chain))
    return body + b"".join(text("X.509") + struct.pack(">I", len(each)) + each for each in chain)


def java_pbe(iterations):
    """A key that Java's own PBE would seal, with its count."""
    algorithm = seq(oid("1.3.6.1.4.1.42.2.19.1"), seq(octets(bytes(8)), integer(iterations)))
    return seq(algorithm, octets(bytes(64)))


def secret_entry(name, depth):
    """A sealed object of Java's whose arrays are nested, each claiming two thousand million parts."""
    stream = b"\xac\xed\x00\x05" + (b"ur\x00\x13[Ljava.lang.Object;" + bytes(8) + b"\x02\x00\x00xp" + struct.pack(">i", 0x7FFFFFFF)) * depth
    return struct.pack(">I", 3) + text(name) + bytes(8) + stream


def class_chain(name, count, kept):
    """A sealed object with a chain of classes, each above the next by reference, and arrays of the last one."""
    describe = lambda above: b"r\x00\x02[L" + bytes(8) + b"\x02\x00\x00x" + above
    stream = b"\xac\xed\x00\x05ur\x00\x02[L" + bytes(8) + b"\x02\x00\x00xp" + struct.pack(">i", 0x7FFFFFFF)
    for number in range(count):
        stream += b"u" + describe(b"q" + struct.pack(">I", 0x7E0000 + 2 * number)) + bytes(4)
    return struct.pack(">I", 3) + text(name) + bytes(8) + stream + b"uq" * kept


JKS, JCEKS = 0xFEEDFEED, 0xCECECECE


def pbkdf2(iterations, length=None):
    parts = [octets(b"saltsalt"), integer(iterations)] + ([integer(length)] if length else [])
    return seq(oid("1.2.840.113549.1.5.12"), seq(*parts, seq(oid("1.2.840.113549.2.9"), NULL)))


def scrypt(cost, block, parallel):
    return seq(oid("1.3.6.1.4.1.11591.4.11"), seq(octets(b"saltsalt"), integer(cost), integer(block), integer(parallel)))


def pbes2(derivation):
    cipher = seq(oid("2.16.840.1.101.3.4.1.42"), octets(bytes(16)))
    return seq(oid("1.2.840.113549.1.5.13"), seq(derivation, cipher))


def sealed_key(derivation):
    return seq(pbes2(derivation), octets(bytes(64)))


DATA, ENCRYPTED = oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.7.6")


def store(contents=b"", mac=b""):
    safe = seq(DATA, explicit(0, octets(seq(contents))))
    return seq(integer(3), safe, mac)


def sealed_part(algorithm):
    inner = seq(integer(0), seq(DATA, algorithm, tlv(0x80, bytes(64))))
    return seq(ENCRYPTED, explicit(0, inner))


def pbmac1(iterations, length):
    algorithm = seq(oid("1.2.840.113549.1.5.14"), seq(pbkdf2(iterations, length), seq(oid("1.2.840.113549.2.9"), NULL)))
    return seq(seq(algorithm, octets(bytes(32))), octets(b"saltsalt"), integer(1))


def mac(iterations, digest="2.16.840.1.101.3.4.2.1", length=32):
    return seq(seq(seq(oid(digest), NULL), octets(bytes(length))), octets(b"saltsalt"), integer(iterations))


def pkcs12_scheme(number, iterations):
    return seq(oid(f"1.2.840.113549.1.12.1.{number}"), seq(octets(b"saltsalt"), integer(iterations)))


EXPENSIVE = {
    "pbmac1-long-output": lambda: store(mac=pbmac1(100_000, 1 << 30)), "pbmac1-iterations": lambda: store(mac=pbmac1((1 << 31) - 1, 32)),
    "pbmac1-both": lambda: store(mac=pbmac1(10_000, 100_000)),
    "mac-iterations": lambda: store(mac=mac((1 << 31) - 1)), "scrypt-cost": lambda: sealed_key(scrypt(1 << 30, 8, 1)), "scrypt-block": lambda: sealed_key(scrypt(2, 1 << 26, 1)),
    "scrypt-parallel": lambda: sealed_key(scrypt(1 << 14, 8, 100_000)), "pbkdf2-iterations": lambda: sealed_key(pbkdf2((1 << 31) - 1)),
    "scrypt-in-every-part": lambda: store(b"".join([sealed_part(pbes2(scrypt(1 << 16, 8, 1)))] * 200)),
    "pbkdf2-in-every-part": lambda: store(b"".join([sealed_part(pbes2(pbkdf2(1_000_000)))] * 500)),
    "scrypt-in-every-block": lambda: "".join([der.pem("ENCRYPTED PRIVATE KEY", sealed_key(scrypt(1 << 16, 8, 1)))] * 300).encode(),
    "jceks-iterations": lambda: java(JCEKS, key_entry("k", java_pbe(5_000_000), []), password="changeit"),
    "jceks-many-keys": lambda: java(JCEKS, *[key_entry(f"k{number}", java_pbe(200_000), []) for number in range(1000)]),
    "scrypt-few-large-blocks": lambda: store(b"".join([sealed_part(pbes2(scrypt(2, 1 << 17, 8)))] * 100)),
    "scrypt-parallel-memory": lambda: sealed_key(scrypt(2, 1, 1 << 25)) + sealed_part(pbes2(scrypt(2, 1, 1 << 21))),
    "mac-sha512": lambda: store(mac=mac(2_600_000, "2.16.840.1.101.3.4.2.3", 64)),
    "pkcs12-in-every-part": lambda: store(b"".join([sealed_part(pkcs12_scheme(3, 1_000_000))] * 100)),
    "macs-in-every-block": lambda: "".join([der.pem("PKCS12", store(mac=mac(5_000_000)))] * 50).encode(),
    "jceks-in-every-block": lambda: "".join([der.pem("X", java(JCEKS, key_entry("k", java_pbe(2_000_000), [])))] * 50).encode(),
    "jceks-class-chain": lambda: java(JCEKS, *[class_chain(f"s{number}", 9000, 0) for number in range(4)]),
    "jceks-secrets": lambda: java(JCEKS, *[secret_entry(f"s{number}", 100) for number in range(100)]),
    "jceks-deep-secret": lambda: java(JCEKS, secret_entry("s", 25_000)),
    "jceks-chain-of-empty": lambda: java(JCEKS, key_entry("k", java_pbe(1), [b""] * 300_000)),
    "jceks-empty-entries": lambda: java(JCEKS, *[trusted_entry("", b"")] * 200_000),
    "jks-entries-claimed": lambda: struct.pack(">III", JKS, 2, 0x7FFFFFFF) + bytes(64), "jks-chain-claimed": lambda: struct.pack(">III", JKS, 2, 1) + struct.pack(">I", 1) + text("k")
    + bytes(8) + struct.pack(">I", 0x7FFFFFFF),
    "jceks-four-megabytes": lambda: java(JCEKS, *[trusted_entry(f"e{number}", b"\x30\x00") for number in range(130_000)]),
    "p12-many-empty-parts": lambda: store(seq(DATA, explicit(0, octets(seq()))) * 100_000),
}
for label, make in EXPENSIVE.items():
    for verb, words in {
        "inspect": ["inspect", "odd", "--password-file", "password"], "expiry": ["expiry", "odd", "--password-file", "password"],
        "verify": ["verify", "root.pem", "--trust", "odd", "--trust-password-file", "password"], "check": ["check", "odd", "--password-file", "password"],
    }.items():
        if verb in ("inspect", "expiry") or label.startswith(("pbmac1", "jceks-e")):
            def run(box, make=make, words=words):
                box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
                box.file("password", "changeit\n")
                box.file("odd", make())
                # 200,000 findings are printed by a slow build.
                box.certkit(*words, deadline=30 if words[0] == "check" else 10)

            add("budgets", f"{label}-{verb}", "The work of a file has one budget of time and memory, all factors multiplied.", run)


@case("budgets")
def expensive_file_among_others(box):
    """A file that goes beyond its budget is told, and the others of the run are still looked at."""
    box.file("certs/good.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("certs/odd.p12", EXPENSIVE["pbmac1-long-output"]())
    box.file("certs/odd.jceks", EXPENSIVE["jceks-empty-entries"]())
    box.certkit("expiry", "certs", "--all").says("Plant Root")


def many_certificates(count):
    return [ca("Plant Root", key("root"), signature=b"\x30\x06\x02\x01\x01\x02\x01\x01", serial=number + 1) for number in range(count)]


@case("linear")
def check_of_thousands(box):
    """`check` of 4,000 certificates of one name in one PEM is linear, or says that it is bounded."""
    box.file("many.pem", certificate_pem(*many_certificates(4000)))
    box.certkit("check", "many.pem", "--json", deadline=LONG)


@case("linear")
def verify_among_thousands(box):
    """`verify` with 8,000 candidates of the issuer's name is linear or bounded."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("many.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root")), *many_certificates(8000)))
    box.certkit("verify", "many.pem", "--trust", "root.pem", "--host", "plant.test", deadline=LONG)


@case("linear")
def thousands_of_lists(box):
    """10,000 small lists of one issuer are linear or bounded, and do not hide the one that revokes."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), serial=4711)))
    lists = [crl("Plant Root", key("root"), number=number + 1, ago=2 * DAY) for number in range(10_000)]
    lists.append(crl("Plant Root", key("root"), [4711], number=20_000))
    box.file("lists.pem", crl_pem(*lists))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--crl", "lists.pem", "--host", "plant.test", deadline=LONG).refuses()


@case("linear")
def thousands_of_distribution_points(box):
    """10,000 distribution points against 50 lists are linear or bounded."""
    points = [seq(explicit(0, explicit(0, der.general(6, f"http://crl.test/{number}")))) for number in range(10_000)]
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), extensions=[der.extension("2.5.29.31", seq(*points))])))
    scopes = [seq(explicit(0, explicit(0, *[der.general(6, f"http://other.test/{number}/{each}") for each in range(200)]))) for number in range(50)]
    lists = [crl("Plant Root", key("root"), number=number + 1, extensions=[der.extension("2.5.29.28", scope, True)]) for number, scope in enumerate(scopes)]
    box.file("lists.pem", crl_pem(*lists))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--crl", "lists.pem", "--host", "plant.test", deadline=LONG)


@case("linear")
def add_of_thousands(box):
    """`trust add` of 1,500 certificates is linear."""
    box.file("many.pem", certificate_pem(*[ca(f"CA {number}", key("root"), serial=number + 1) for number in range(1500)]))
    box.certkit("trust", "add", "pem:bundle.pem", "many.pem", "--create", deadline=LONG)


@case("linear")
def names_against_constraints(box):
    """5,000 names against 5,000 constraints are bounded."""
    names = [der.general(2, f"a{number}.plant.test") for number in range(5000)]
    subtrees = [der.general(2, f"b{number}.plant.test") for number in range(5000)]
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    middle = ca("Plant CA", key("middle"), "Plant Root", key("root"), [der.constraints(excluded=subtrees)])
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant CA", key("middle"), names=names), middle))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", deadline=LONG)


@case("linear")
def policy_tree(box):
    """A policy tree that doubles at each of 20 CAs is bounded."""
    mapping = der.extension("2.5.29.33", seq(*[seq(oid(f"1.3.6.1.4.1.55555.{a}"), oid(f"1.3.6.1.4.1.55555.{b}")) for a in range(1, 9) for b in range(1, 9)]))
    policies = der.extension("2.5.29.32", seq(*[seq(oid(f"1.3.6.1.4.1.55555.{a}")) for a in range(1, 9)]))
    chain = [leaf("plc", key("leaf"), "CA 0", key("ca0"), extensions=[policies])]
    chain += [ca(f"CA {n}", key(f"ca{n % 2}"), f"CA {n + 1}", key(f"ca{(n + 1) % 2}"), [policies, mapping]) for n in range(20)]
    box.file("root.pem", certificate_pem(ca("CA 20", key("ca0"))))
    box.file("leaf.pem", certificate_pem(*chain))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--explicit-policy", deadline=LONG)


@case("linear")
def maze_of_cross_signatures(box):
    """20 floors of 6 CAs of one name each that all sign for one another are bounded, and no acceptance."""
    chain = [leaf("plc", key("leaf"), "Floor 0", key("maze0"))]
    for floor in range(20):
        for number in range(6):
            chain.append(ca(f"Floor {floor}", key("maze0"), f"Floor {floor + 1}", key("maze0"), serial=floor * 100 + number + 1))
    box.file("leaf.pem", certificate_pem(*chain))
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", deadline=LONG).refuses()
