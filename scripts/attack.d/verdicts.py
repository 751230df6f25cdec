"""Certificates whose signature or path nobody could decide, and roots that are not those of --trust."""

import os

import der
from cases import add, case
from der import ca, certificate_pem, key, leaf
from network import TlsServer
from sandbox import Failed

DECIDERS = {
    "check": ["check", "leaf.pem", "--host", "plant.test", "--trust", "root.pem"],
    "check-strict": ["check", "leaf.pem", "--host", "plant.test", "--trust", "root.pem", "--strict"],
    "check-without-trust": ["check", "leaf.pem", "--host", "plant.test", "--profile", "https"],
    "verify": ["verify", "leaf.pem", "--host", "plant.test", "--trust", "root.pem"],
    "verify-rfc5280": ["verify", "leaf.pem", "--profile", "rfc5280", "--trust", "root.pem"],
    "verify-webpki": ["verify", "leaf.pem", "--host", "plant.test", "--profile", "webpki", "--trust", "root.pem"],
}


def undecided(make, words, statuses=(2,)):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file("leaf.pem", certificate_pem(*make()))
        box.certkit(*words).ends(*statuses)

    return run


def unknown_algorithm():
    return [leaf("plc", key("leaf"), "Plant Root", key("root"), algorithm=der.UNKNOWN, signature=os.urandom(71))]


def garbage_signature():
    return [leaf("plc", key("leaf"), "Plant Root", key("root"), signature=os.urandom(71))]


def empty_signature():
    return [leaf("plc", key("leaf"), "Plant Root", key("root"), signature=b"")]


def junk_authorities():
    """80 CAs of the root's name, with keys of their own, before the leaf's only path."""
    junk = [ca("Plant Root", key("root"), spki=key(f"junk{number % 4}").spki, signature=os.urandom(70)) for number in range(80)]
    return [leaf("plc", key("leaf"), "Plant Root", key("impostor")), *junk]


def long_chain():
    """40 CAs one below another, and no root."""
    chain = [leaf("plc", key("leaf"), "CA 0", key("ca0"))]
    for number in range(40):
        chain.append(ca(f"CA {number}", key(f"ca{number % 2}"), f"CA {number + 1}", key(f"ca{(number + 1) % 2}")))
    return chain


for make, what in {
    unknown_algorithm: "A leaf whose signature algorithm is unknown is an error.",
    garbage_signature: "A leaf whose signature is garbage is an error.",
    empty_signature: "A leaf without a signature is an error.",
    junk_authorities: "80 junk CAs of the root's name do not spend the budget into an acceptance.",
    long_chain: "A chain of 40 without a root is an error.",
}.items():
    for verb, words in DECIDERS.items():
        add("verdicts", f"{make.__name__}-{verb}".replace("_", "-"), what,
            # Without the issuer there is nothing that could verify: then the chain is incomplete, never fine.
            undecided(make, words, (1, 2) if verb == "check-without-trust" else (2,)))


def odd_authority(make, words):
    def run(box):
        box.file("evil.pem", certificate_pem(make()))
        box.file("bundle.pem", certificate_pem(ca("Other Root", key("other"))))
        before = box.path("bundle.pem").read_bytes()
        box.certkit(*words).refuses()
        if box.path("bundle.pem").read_bytes() != before:
            raise Failed("the store was changed")

    return run


def unknown_ca():
    return ca("Plant Root", key("root"), algorithm=der.UNKNOWN, signature=os.urandom(71))


def self_issued_by_another_key():
    return ca("Plant Root", key("root"), by=key("impostor"))


def undecodable_key():
    return ca("Plant Root", key("root"), spki=der.seq(der.ECDSA_SHA256, der.bits(b"\x04garbage")))


for make, what in {
    unknown_ca: "A CA whose signature algorithm is unknown is not taken into a store.",
    self_issued_by_another_key: "A self-issued CA that another key signed is not the top of a chain.",
    undecodable_key: "A CA whose key cannot be decoded is not taken into a store.",
}.items():
    add("verdicts", f"{make.__name__}-add".replace("_", "-"), what, odd_authority(make, ["trust", "add", "pem:bundle.pem", "evil.pem"]))
    add("verdicts", f"{make.__name__}-check-ca".replace("_", "-"), what, odd_authority(make, ["check", "evil.pem", "--profile", "ca"]))


def served(chain_of, trust, statuses=(2,), verb="check"):
    def run(box):
        box.file("plant-root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file("trust.pem", certificate_pem(trust()))
        server = TlsServer(box, chain_of(), key("leaf"))
        box.certkit(verb, f"tls://127.0.0.1:{server.port}", "--trust", "trust.pem").ends(*statuses)

    return run


def honest(**how):
    names = [der.general(2, "plant.test"), der.general(7, b"\x7f\0\0\1")]
    return [leaf("plc", key("leaf"), "Plant Root", key("root"), names=names, **how), ca("Plant Root", key("root"))]


def honest_but_unknown():
    return honest(algorithm=der.UNKNOWN, signature=os.urandom(71))


add("trust-given", "honest-server", "The yardstick: a server whose chain ends in --trust has no error.",
    served(honest, lambda: ca("Plant Root", key("root")), (0, 1)))
for verb in ["check", "fetch"]:
    add("trust-given", f"foreign-root-{verb}", "A chain to a root that is not the one of --trust is an error.",
        served(honest, lambda: ca("Other Root", key("other")), verb=verb))
    add("trust-given", f"impostor-root-{verb}", "A chain to an impostor root of the same name is an error.",
        served(honest, lambda: ca("Plant Root", key("impostor")), verb=verb))
    add("trust-given", f"unknown-algorithm-{verb}", "A served leaf whose signature nobody can verify is no complete chain.",
        served(honest_but_unknown, lambda: ca("Plant Root", key("root")), verb=verb))


@case("trust-given")
def foreign_root_of_a_file(box):
    """A file whose chain ends in a root that is not the one of --trust is an error."""
    box.file("chain.pem", certificate_pem(*honest()))
    box.file("trust.pem", certificate_pem(ca("Other Root", key("other"))))
    box.certkit("check", "chain.pem", "--profile", "https", "--host", "plant.test", "--trust", "trust.pem").ends(2)


def listed(folder, *words):
    """The root of the chain stands in a folder of an OPC UA store that trusts another one."""
    def run(box):
        box.file("pki/trusted/certs/other.pem", certificate_pem(ca("Other Root", key("other"))))
        box.file(f"pki/{folder}/certs/root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file("chain.pem", certificate_pem(*honest()))
        box.certkit(*words).ends(2)

    return run


for folder in ["issuer", "rejected"]:
    for name, words in {
        "check": ["check", "chain.pem", "--profile", "tls", "--trust", "opcua:pki"],
        "verify": ["verify", "chain.pem", "--trust", "opcua:pki"],
        "verify-folder": ["verify", "chain.pem", "--trust", "pki"],
        "verify-opcua": ["verify", "chain.pem", "--profile", "opcua", "--revocation", "off", "--trust", "pki"],
        "preflight": ["preflight", "chain.pem", "chain.pem", "--trust", "pki"],
    }.items():
        add("trust-given", f"root-in-{folder}-{name}", "What only completes chains, or was rejected, is no anchor.",
            listed(folder, *words))


@case("trust-given")
def foreign_root_is_not_handed_out(box):
    """The top of a chain that --trust speaks against is not written as the CA to import."""
    box.file("trust.pem", certificate_pem(ca("Other Root", key("other"))))
    server = TlsServer(box, honest(), key("leaf"))
    box.certkit("fetch", f"tls://127.0.0.1:{server.port}", "--trust", "trust.pem", "--part", "ca", "-o", "ca.cer").ends(2)
    if box.path("ca.cer").exists():
        raise Failed("the foreign root was written")


@case("trust-given")
def certificate_beside_a_list(box):
    """A certificate that lies in the file of a revocation list is not trusted for it."""
    box.file("trust.pem", certificate_pem(ca("Other Root", key("other"))))
    list_of_root = der.crl_pem(der.crl("Plant Root", key("root")))
    box.file("both.pem", certificate_pem(ca("Plant Root", key("root"))) + list_of_root)
    box.file("chain.pem", certificate_pem(*honest()))
    box.certkit("preflight", "chain.pem", "chain.pem", "--trust", "trust.pem", "--crl", "both.pem").ends(2)
    box.certkit("verify", "chain.pem", "--trust", "trust.pem", "--crl", "both.pem").ends(2)
