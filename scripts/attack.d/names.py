"""Name constraints, hosts, keys and OPC UA steps that must not be talked around."""

import ipaddress

import der
from cases import add, case
from der import alternative_names, ca, certificate_pem, constraints, general, key, leaf
from sandbox import Failed

PROFILES = {
    "check-https": ["check", "leaf.pem", "--profile", "https", "--trust", "root.pem"],
    "check-alwayson": ["check", "leaf.pem", "--profile", "alwayson", "--trust", "root.pem"],
    "check-rfc5280": ["check", "leaf.pem", "--profile", "rfc5280", "--trust", "root.pem"],
    "check-webpki": ["check", "leaf.pem", "--profile", "webpki", "--trust", "root.pem"],
    "verify-tls": ["verify", "leaf.pem", "--trust", "root.pem"],
    "verify-rfc5280": ["verify", "leaf.pem", "--profile", "rfc5280", "--trust", "root.pem"],
    "verify-webpki": ["verify", "leaf.pem", "--profile", "webpki", "--trust", "root.pem"],
}


def below(constraint, chain_leaf):
    """A leaf below a CA that is constrained so."""

    def run_with(words):
        def run(box):
            box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
            middle = ca("Plant CA", key("middle"), "Plant Root", key("root"), [constraint])
            box.file("leaf.pem", certificate_pem(chain_leaf(), middle))
            box.certkit(*words).ends(2)

        return run

    return run_with


def plain_leaf(names, subject="plc"):
    return lambda: leaf(subject, key("leaf"), "Plant CA", key("middle"), names=names)


def mapped(text):
    return b"\0" * 10 + b"\xff\xff" + ipaddress.IPv4Address(text).packed


def foul(kind, value):
    return der.seq(der.tlv(0x31, der.seq(der.oid("2.5.4.3"), der.tlv(kind, value))))


FOUL_NAME = foul(0x0C, b"\xff\xfe\xfd")
CASES = {
    "excluded-dns": (constraints(excluded=[general(2, "plant.test")]), plain_leaf([general(2, "a.plant.test")])),
    "not-permitted-dns": (constraints(permitted=[general(2, "plant.test")]), plain_leaf([general(2, "bank.example")])),
    "excluded-case": (constraints(excluded=[general(2, "PLANT.test")]), plain_leaf([general(2, "a.plant.TEST")])),
    "excluded-wildcard": (constraints(excluded=[general(2, "a.plant.test")]), plain_leaf([general(2, "*.plant.test")])),
    "excluded-ip": (constraints(excluded=[general(7, bytes([10, 0, 0, 0, 255, 0, 0, 0]))]), plain_leaf([general(7, bytes([10, 1, 2, 3]))])),
    "mapped-ip": (constraints(excluded=[general(7, bytes([10, 0, 0, 0, 255, 0, 0, 0]))]), plain_leaf([general(7, mapped("10.1.2.3")), general(2, "plant.test")])),
    "undecodable-constraints": (der.extension("2.5.29.30", b"\x30\x03garbage", True), plain_leaf([general(2, "plant.test")])),
    "undecodable-subject": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test")], FOUL_NAME)),
    "undecodable-bmp": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test")], foul(0x1E, b"\0b\0a\0n\0k\0"))),
    "surrogates": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test")], foul(0x1E, b"\xd8\0"))),
    "undecodable-universal": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test")], foul(0x1C, b"\0\x11\0\0"))),
    "permitted-undecodable": (constraints(permitted=[general(4, FOUL_NAME)]), plain_leaf([general(2, "plant.test")], FOUL_NAME)),
    "undecodable-alternative": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test"), general(4, FOUL_NAME)])),
    "undecodable-constraint": (constraints(excluded=[general(4, FOUL_NAME)]), plain_leaf([general(2, "plant.test")])),
    "excluded-directory": (constraints(excluded=[general(4, der.name("bank"))]), plain_leaf([general(2, "plant.test")], "bank")),
}
for label, (constraint, make) in CASES.items():
    for verb, words in PROFILES.items():
        add("names", f"{label}-{verb}", "Names are held to the constraints of the CAs above, under every profile.", below(constraint, make)(words))


def policies_of(words):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        demand = der.extension("2.5.29.36", der.seq(der.tlv(0x80, b"\0")), True)
        middle = ca("Plant CA", key("middle"), "Plant Root", key("root"), [demand])
        box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant CA", key("middle")), middle))
        box.certkit(*words).ends(2)

    return run


for verb, words in PROFILES.items():
    add("names", f"explicit-policy-{verb}", "A CA that demands a policy is obeyed, under every profile.", policies_of(words))


def host(presented, asked, words, statuses=(2,)):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), names=[general(2, presented)])))
        box.certkit(words[0], "leaf.pem", "--trust", "root.pem", "--host", asked, *words[1:]).ends(*statuses)

    return run


HOSTS = {
    "wildcard-of-a-suffix": ("*.com", "example.com"), "kelvin-sign": ("plan\u212a.test".encode(), "plank.test"), "nul": (b"bank.example\0.plant.test", "bank.example"),
    "deep-wildcard": ("*.plant.test", "a.b.plant.test"), "bare-wildcard": ("*", "localhost"), "partial-wildcard": ("p*.plant.test", "plc.plant.test"),
    "homograph": ("xn--80ak6aa92e.test", "apple.test"), "cyrillic": ("pl\u0430nt.test".encode(), "plant.test"), "long-s": ("\u017fite.test".encode(), "site.test"),
    "trailing-space": ("plant.test ", "plant.test"),
}
for label, (presented, asked) in HOSTS.items():
    for verb, words in {"check": ["check", "--profile", "https"], "verify": ["verify"], "verify-webpki": ["verify", "--profile", "webpki"]}.items():
        if label == "partial-wildcard" and verb != "verify-webpki":
            # OpenSSL and Java let it stand for the host, browsers do not: testdata/programs.csv.
            continue
        add("names", f"host-{label}-{verb}", "A name that resembles the host is not the host's.", host(presented, asked, words))
add("names", "host-itself", "The yardstick: the host itself is accepted.", host("plant.test", "plant.test", ["verify"], (0, 1)))


def bad_key(spki):
    def run_with(words):
        def run(box):
            box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
            box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), spki=spki)))
            box.certkit(*words).ends(2)

        return run

    return run_with


def rsa(modulus, exponent):
    return der.seq(der.seq(der.oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(der.seq(der.integer(modulus), der.integer(exponent))))


def ec(curve, point):
    return der.seq(der.seq(der.oid("1.2.840.10045.2.1"), der.oid(curve)), der.bits(point))


def dsa(generator=4, value=16):
    """Numbers of the right sizes that are no group."""
    prime, subprime = (1 << 2047) + 12345, (1 << 255) + 95
    parameters = der.seq(der.integer(prime), der.integer(subprime), der.integer(generator))
    return der.seq(der.seq(der.oid("1.2.840.10040.4.1"), parameters), der.bits(der.integer(value)))


def ed25519(point):
    return der.seq(der.seq(der.oid("1.3.101.112")), der.bits(point))


P521 = "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66" \
    "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"
"""The generator of P-521."""

MODULUS = (1 << 2047) + (1 << 1024) + 12345 | 1
KEYS = {
    "undecodable": ec("1.2.840.10045.3.1.7", b"\x04garbage"),
    "rsa-garbage": der.seq(der.seq(der.oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(b"garbage")),
    "rsa-exponent-1": rsa(MODULUS, 1), "rsa-exponent-even": rsa(MODULUS, 65536), "rsa-modulus-even": rsa(MODULUS - 1, 65537), "rsa-modulus-negative": rsa(-MODULUS, 65537),
    "rsa-modulus-one": rsa(1, 65537), "rsa-modulus-zero": rsa(0, 65537), "rsa-exponent-zero": rsa(MODULUS, 0),
    "p256-off-curve": ec("1.2.840.10045.3.1.7", b"\x04" + bytes(31) + b"\1" + bytes(31) + b"\1"),
    "rsa-power-of-3": rsa(3**1292, 65537), "rsa-multiple-of-751": rsa(751 * (MODULUS | 1 << 2038), 65537),
    "rsa-exponent-beyond": rsa(MODULUS, MODULUS + 2),
    "rsa-third-number": der.seq(der.seq(der.oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(der.seq(der.integer(MODULUS), der.integer(65537), der.integer(5)))),
    "p256-unused-bits": der.seq(der.seq(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.3.1.7")), der.bits(key("leaf").spki[-65:], 3)),
    "p256-infinity": ec("1.2.840.10045.3.1.7", b"\0"), "p256-nested": ec("1.2.840.10045.3.1.7", key("leaf").spki),
    "p256-compressed-off-curve": ec("1.2.840.10045.3.1.7", b"\x02" + bytes(31) + b"\1"),
    "p521-beyond": ec("1.3.132.0.35", b"\x02\x02" + bytes(65)), "secp256k1-off-curve": ec("1.3.132.0.10", b"\x04" + bytes(63) + b"\1"),
    "p224-off-curve": ec("1.3.132.0.33", b"\x04" + bytes(55) + b"\1"), "brainpool-off-curve": ec("1.3.36.3.3.2.8.1.1.7", b"\x04" + bytes(63) + b"\1"),
    "ed25519-off-curve": ed25519(b"\2" + bytes(31)), "ed25519-short": ed25519(bytes(31)),
    "ed448-zero": der.seq(der.seq(der.oid("1.3.101.113")), der.bits(bytes(57))),
    "dsa-generator-1": dsa(generator=1), "dsa-generator-0": dsa(generator=0), "dsa-value-1": dsa(value=1),
    "ed25519-zero": ed25519(bytes(32)), "ed25519-one": ed25519(b"\1" + bytes(31)),
    "ed25519-order-8": ed25519(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
    "ed25519-order-2": ed25519(b"\xec" + b"\xff" * 30 + b"\x7f"),
}
for label, spki in KEYS.items():
    for verb in ["check-https", "check-alwayson", "check-rfc5280", "check-webpki", "verify-tls", "verify-rfc5280", "verify-webpki"]:
        add("keys", f"{label}-{verb}", "A key that is none, or that anybody can sign under, is refused.", bad_key(spki)(PROFILES[verb]))


def trusted(spki, is_sound=False):
    def run(box):
        box.file("ca.pem", certificate_pem(ca("Plant CA", key("middle"), "Plant Root", key("root"), spki=spki)))
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.certkit("trust", "add", "pem:bundle.pem", "root.pem", "--create").ends(0, 1)
        added = box.certkit("trust", "add", "pem:bundle.pem", "ca.pem", "--accept", "ca-not-top", "--reason", "test")
        checked = box.certkit("check", "ca.pem", "--profile", "ca")
        if is_sound:
            added.ends(0, 1)
            checked.ends(0, 1)
        else:
            added.refuses()
            checked.ends(2)

    return run


add("keys", "trust-add-itself", "The yardstick: a CA with a sound key is trusted.", trusted(key("middle").spki, True))
for label, spki in KEYS.items():
    add("keys", f"{label}-trust-add", "A CA whose key is none, or that anybody can sign under, is not trusted.", trusted(spki))


def signed_by_nobody(algorithm, spki, signature):
    def run(box):
        root = ca("Plant Root", key("root"), spki=spki, algorithm=algorithm, signature=signature)
        box.file("root.pem", certificate_pem(root))
        made = leaf("plc", key("leaf"), "Plant Root", key("root"), algorithm=algorithm, signature=signature)
        box.file("leaf.pem", certificate_pem(made))
        box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test").refuses()
        box.certkit("check", "leaf.pem", "--trust", "root.pem", "--host", "plant.test").ends(2)
        box.certkit("check", "root.pem", "--profile", "ca").ends(2)

    return run


ED25519 = der.seq(der.oid("1.3.101.112"))
add("keys", "forged-under-small-order-ed25519", "No signature holds under an Ed25519 key of small order.",
    signed_by_nobody(ED25519, KEYS["ed25519-one"], b"\1" + bytes(63)))
add("keys", "forged-under-dsa-generator-1", "No signature holds under DSA parameters whose generator is 1.",
    signed_by_nobody(der.seq(der.oid("2.16.840.1.101.3.4.3.2")), dsa(1, 1), der.seq(der.integer(1), der.integer(1))))


@case("names")
def sign_refuses_a_wildcard_of_a_suffix(box):
    """`sign` issues no *.com from a request."""
    box.certkit("generate", "ca", "--name", "Plant CA", "--key-type", "ec:p256", "--no-password", "--cert-out", "ca.pem", "--key-out", "ca.key").ends(0, 1)
    box.file("key.pem", key("leaf").pem)
    der.openssl("req", "-new", "-key", str(box.path("key.pem")), "-subj", "/CN=x", "-addext", "subjectAltName=DNS:*.com", "-out", str(box.path("x.csr")))
    box.certkit("sign", "x.csr", "--kind", "https", "--issuer", "ca.pem", "--issuer-key", "ca.key", "--cert-out", "x.pem").refuses()
    if box.path("x.pem").exists():
        raise Failed("*.com was issued")


def opcua(authority_extensions, leaf_extensions=(), subject="plc", spki=None):
    def run(box):
        root = ca("Plant Root", key("rsa-root"))
        middle = ca("Plant CA", key("rsa-middle"), "Plant Root", key("rsa-root"), authority_extensions)
        usage = [der.extension("2.5.29.15", der.bits(b"\xf0", 4), True), der.extension("2.5.29.19", der.seq(), True),
                 der.extension("2.5.29.37", der.seq(der.oid("1.3.6.1.5.5.7.3.1"), der.oid("1.3.6.1.5.5.7.3.2")))]
        names = alternative_names(general(6, "urn:plant:plc"), general(2, "plant.test"))
        made = der.make(subject, key("rsa-leaf"), "Plant CA", key("rsa-middle"), [*usage, names, *leaf_extensions], spki=spki)
        box.file("plc.pem", certificate_pem(made))
        box.file("pki/trusted/certs/root.der", root)
        box.file("pki/issuer/certs/middle.der", middle)
        box.file("pki/trusted/crl/root.crl", der.crl("Plant Root", key("rsa-root")))
        box.file("pki/issuer/crl/middle.crl", der.crl("Plant CA", key("rsa-middle")))
        run = box.certkit("verify", "plc.pem", "--profile", "opcua", "--pki", "pki")
        if not authority_extensions and not leaf_extensions and subject == "plc" and not spki:
            run.ends(0, 1).says("Good")
        else:
            run.ends(2)
            if run.out.strip().splitlines()[-1:] == ["Good"]:
                raise Failed("the status code is Good")

    return run


add("opcua", "yardstick", "The yardstick: without any of this the status code is Good.", opcua([]))
USER = alternative_names(general(2, "other.test"))
for label, arguments in {
    "undecodable-constraints": ([der.extension("2.5.29.30", b"\x30\x03abc", True)],), "excluded-name": ([constraints(excluded=[general(2, "plant.test")])],),
    "undecodable-policy-constraints": ([der.extension("2.5.29.36", b"\x30\x03abc", True)],),
    "explicit-policy": ([der.extension("2.5.29.36", der.seq(der.tlv(0x80, b"\0")), True)],), "duplicate-extension": ([], [USER]),
    "duplicate-ca-extension": ([der.CA_USAGE],), "malformed-subject": ([], [], FOUL_NAME), "malformed-bmp-subject": ([], [], foul(0x1E, b"abc")), "unknown-critical": ([], [der.extension("1.3.6.1.4.1.55555.2", der.NULL, True)]),
    **{f"key-{label}": ([], [], "plc", spki) for label, spki in KEYS.items()},
    **{f"key-of-no-policy-{label}": ([], [], "plc", spki) for label, spki in {
        "unknown": der.seq(der.seq(der.oid("1.2.3.4.5")), der.bits(b"\x04" + bytes(64))), "x25519": der.seq(der.seq(der.oid("1.3.101.110")), der.bits(b"\x09" + bytes(31))),
        "p521": ec("1.3.132.0.35", bytes.fromhex(P521)), "dsa": dsa(),
    }.items()},
}.items():
    add("opcua", label, "What validation cannot decode or what is not met is not Good.", opcua(*arguments))
