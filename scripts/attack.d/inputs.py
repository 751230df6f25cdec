"""Stores whose password fails, secrets in the wrong bytes, files that hold something else."""

import hashlib
import hmac
import json
import os
import subprocess

import der
from cases import add, case
from der import NULL, ca, certificate_pem, explicit, integer, key, leaf, octets, oid, seq, tlv

SECRET = "Tr0ub4dor-Plant!"


def trust_p12(box, password=SECRET, extra=()):
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"))))
    subprocess.run(["openssl", "pkcs12", "-export", "-nokeys", "-in", box.path("root.pem"), "-out", box.path("trust.p12"), "-passout", f"pass:{password}", *extra],
                   check=True, capture_output=True)
    box.file("password.txt", password + "\n")


def trusting(words, spoil, statuses=(3,)):
    def run(box):
        trust_p12(box, extra=["-certpbe", "NONE", "-macalg", "sha256"])
        spoil(box)
        box.certkit(*words).ends(*statuses)

    return run


def wrong_password(box):
    box.file("password.txt", "another password\n")


def broken_mac(box):
    store = bytearray(box.path("trust.p12").read_bytes())
    # The digest stands before salt (8 octets) and iterations at the end.
    store[-20] ^= 0xFF
    box.file("trust.p12", bytes(store))


def unknown_mac(box):
    store = box.path("trust.p12").read_bytes()
    sha256 = bytes.fromhex("608648016503040201")
    at = store.rindex(sha256)
    box.file("trust.p12", store[:at] + sha256[:-1] + b"\x7f" + store[at + len(sha256):])


def mac_with_a_key_of(length):
    """A store whose PBMAC1 is under a key of so many octets; of none, it is made without the password."""

    def spoil(box):
        data = oid("1.2.840.113549.1.7.1")
        attributes = tlv(0x31, seq(oid("2.16.840.1.113894.746875.1.1"), tlv(0x31, oid("2.5.29.37.0"))))
        authority = ca("Plant Root", key("root"))
        held = seq(oid("1.2.840.113549.1.9.22.1"), explicit(0, octets(authority)))
        safe = seq(seq(data, explicit(0, octets(seq(seq(oid("1.2.840.113549.1.12.10.1.3"), explicit(0, held), attributes))))))
        hmac_sha256 = seq(oid("1.2.840.113549.2.9"), NULL)
        derivation = seq(oid("1.2.840.113549.1.5.12"), seq(octets(b"saltsalt"), integer(1000), integer(length), hmac_sha256))
        own = hashlib.pbkdf2_hmac("sha256", SECRET.encode(), b"saltsalt", 1000, length) if length else b""
        made = seq(seq(oid("1.2.840.113549.1.5.14"), seq(derivation, hmac_sha256)), octets(hmac.digest(own, safe, "sha256")))
        box.file("trust.p12", seq(integer(3), seq(data, explicit(0, octets(safe))), seq(made, octets(b""), integer(1))))
        box.file("root.pem", certificate_pem(authority))

    return spoil


TRUSTING = {
    "verify": ["verify", "leaf.pem", "--trust", "p12:trust.p12", "--trust-password-file", "password.txt", "--host", "plant.test"],
    "check": ["check", "leaf.pem", "--trust", "p12:trust.p12", "--trust-password-file", "password.txt", "--host", "plant.test"],
    "list": ["trust", "list", "p12:trust.p12", "--password-file", "password.txt"],
    "check-store": ["check", "trust.p12", "--password-file", "password.txt"],
}
for verb, words in TRUSTING.items():
    add("stores", f"mac-yardstick-{verb}", "The yardstick: with its password the store is read.", trusting(words, lambda box: None, (0, 1, 2)))
    for spoil in [wrong_password, broken_mac, unknown_mac]:
        if verb != "check-store":
            add("stores", f"{spoil.__name__}-{verb}".replace("_", "-"), "A PKCS#12 store whose MAC fails becomes no anchors.", trusting(words, spoil))
    for length in [0, 1, 19] if verb != "check-store" else []:
        add("stores", f"pbmac1-key-of-{length}-octets-{verb}", "A PBMAC1 whose key is so short that anybody can guess it proves nothing.",
            trusting(words, mac_with_a_key_of(length)))
    add("stores", f"pbmac1-yardstick-{verb}", "The yardstick: with a key of 20 octets the store is read.", trusting(words, mac_with_a_key_of(20), (0, 1, 2)))

RAW = b"s3cr\xe9t-P\xff-passw0rd"


def secret(words, env):
    def run(box):
        trust_p12(box)
        box.certkit(*words, env=env).hides("s3cr", "passw0rd", "hunter2", SECRET)

    return run


for label, words, env in [
    ("password-env", ["trust", "list", "p12:trust.p12", "--password-env", "PW"], {b"PW": RAW}),
    ("trust-password-env", ["verify", "leaf.pem", "--trust", "p12:trust.p12", "--trust-password-env", "PW"], {b"PW": RAW}),
    ("new-password-env", ["convert", "root.pem", "-o", "x.p12", "--new-password-env", "PW"], {b"PW": RAW}),
    ("issuer-password-env", ["revoke", "--issuer", "root.pem", "--issuer-key", "root.pem", "--issuer-password-env", "PW", "--crl", "x.crl"], {b"PW": RAW}),
    ("proxy-env", ["fetch", "https://plant.test", "--proxy", "env:PX", "--timeout", "1s"], {b"PX": b"http://user:s3cr\xe9t\xff@127.0.0.1:1"}),
    ("proxy-env-url", ["fetch", "https://plant.test", "--proxy", "env:PX", "--timeout", "1s"], {b"PX": b"http://user:hunter2@127.0.0.1:1"}),
    ("proxy", ["fetch", "https://plant.test", "--proxy", "http://user:hunter2@127.0.0.1:1", "--timeout", "1s"], {}),
    ("proxy-broken", ["fetch", "https://plant.test", "--proxy", "http://user:hunter2@[::1", "--timeout", "1s"], {}),
    ("url", ["fetch", "https://user:hunter2@127.0.0.1:1", "--timeout", "1s"], {}),
    ("url-json", ["fetch", "https://user:hunter2@127.0.0.1:1", "--timeout", "1s", "--json"], {}),
    ("url-check", ["check", "https://user:hunter2@127.0.0.1:1"], {}),
    ("url-expiry", ["expiry", "https://user:hunter2@127.0.0.1:1", "--json"], {}),
    ("url-expiry-csv", ["expiry", "https://user:hunter2@127.0.0.1:1", "--format", "csv"], {}),
    ("url-inspect", ["inspect", "tls://user:hunter2@127.0.0.1:1"], {}),
    ("url-broken", ["fetch", "https://user:hunter2@[zz]:99999"], {}),
    ("url-opcua", ["fetch", "opc.tcp://user:hunter2@127.0.0.1:1"], {}),
    ("trust-url", ["check", "root.pem", "--trust", "https://user:hunter2@127.0.0.1"], {}),
]:
    add("secrets", label, "No secret stands in any message.", secret(words, env))


MISSPELT = ["https:/u:hunter2@h", "//u:hunter2@h", "https%3A//u:hunter2@h", "u:hunter2@127.0.0.1:1", "HTTPS://u:hunter2/x@127.0.0.1:1", "pem:u:hunter2@h",
            "https://u:a/hunter2/x@127.0.0.1:1"]


def misspelt(words):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        for address in MISSPELT:
            for more in [[], ["--json"]]:
                box.certkit(*[word.replace("ADDRESS", address) for word in words], *more).hides("hunter2")

    return run


for words in [["check", "ADDRESS"], ["inspect", "ADDRESS"], ["expiry", "ADDRESS"], ["inventory", "ADDRESS"], ["review", "ADDRESS"], ["explain", "ADDRESS"],
              ["convert", "ADDRESS", "-o", "x.pem"], ["sign", "ADDRESS"], ["renew", "ADDRESS"], ["preflight", "root.pem", "ADDRESS"], ["trust", "list", "ADDRESS"],
              ["trust", "audit", "ADDRESS"], ["trust", "diff", "root.pem", "ADDRESS"], ["check", "root.pem", "--trust", "ADDRESS"], ["check", "root.pem", "--trust=ADDRESS"],
              ["check", "root.pem", "--crl", "ADDRESS"], ["check", "root.pem", "--host", "ADDRESS"], ["verify", "root.pem", "--trust", "ADDRESS"],
              ["verify", "ADDRESS", "--trust", "root.pem"], ["fetch", "https://127.0.0.1:1", "--server-name", "ADDRESS"], ["fetch", "https://127.0.0.1:1", "--connect", "ADDRESS"],
              ["revoke", "--issuer", "ADDRESS", "--issuer-key", "root.pem", "--crl", "x.crl"]]:
    add("secrets", "misspelt-" + "-".join(word.strip("-") for word in words if word != "root.pem"), "A password in an address that is misspelt is not repeated.",
        misspelt(words))


@case("secrets")
def misspelt_addresses_in_files(box):
    """A password in a misspelt address of a batch or an inventory is not repeated."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    for address in MISSPELT[:4]:
        box.file("batch.jsonl", json.dumps({"leaf": address}) + "\n")
        box.certkit("verify", "--trust", "root.pem", "--batch", "batch.jsonl").hides("hunter2")
        box.file("plant.toml", f'[[source]]\nat = "{address}"\n')
        for form in ["text", "json", "csv", "html"]:
            box.certkit("expiry", "--config", "plant.toml", "--format", form).hides("hunter2")


@case("secrets")
def inventory_with_a_secret(box):
    """An inventory whose URL has a password does not have it repeated."""
    box.file("plant.toml", '[[source]]\nurl = "https://user:hunter2@127.0.0.1:1"\n[[sources]]\nurl = "https://user:hunter2@127.0.0.1:1"\n')
    for form in ["text", "json", "csv", "html", "prometheus"]:
        box.certkit("expiry", "--config", "plant.toml", "--format", form).hides("hunter2")


@case("secrets")
def password_of_any_bytes_opens(box):
    """A PEM key whose password is not UTF-8 opens from a file and from the environment."""
    raw = b"pl\xe4nt-\xff-secret"
    box.file("plain.key", key("leaf").pem)
    box.file("raw", raw + b"\n")
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", box.path("plain.key"), "-out", box.path("sealed.key"), "-passout", f"file:{box.path('raw')}"], check=True,
                   capture_output=True)
    box.certkit("convert", "sealed.key", "-o", "one.key", "--password-file", "raw", "--no-password").ends(0, 1)
    box.certkit("convert", "sealed.key", "-o", "two.key", "--password-env", "PW", "--no-password", env={b"PW": raw}).ends(0, 1)


@case("verdicts")
def undecodable_first_certificate(box):
    """Where the first certificate of the file cannot be decoded, no other one's verdict is given."""
    root = ca("Plant Root", key("root"))
    box.file("root.pem", certificate_pem(root))
    good = leaf("plc", key("leaf"), "Plant Root", key("root"))
    for name, broken in {"a": good[:200], "b": b"\x30\x03abc", "c": b"\x30\x80" + good[4:]}.items():
        box.file(f"{name}.pem", certificate_pem(broken, good))
        box.certkit("verify", f"{name}.pem", "--trust", "root.pem", "--host", "plant.test").refuses()
    box.file("d.pem", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n" + certificate_pem(good))
    box.certkit("verify", "d.pem", "--trust", "root.pem", "--host", "plant.test").refuses()


def huge(words, name):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        with open(box.path(name), "wb") as file:
            file.truncate(1 << 30)
        # A log is read to its end, and the build of the tests is a slow one.
        box.certkit(*words, deadline=60 if words[0] == "explain" else 10)

    return run


for label, words in {
    "input": ["check", "huge"], "store": ["trust", "list", "huge"], "trust": ["verify", "root.pem", "--trust", "huge"], "crl": ["verify", "root.pem", "--trust", "root.pem", "--crl", "huge"],
    "password-file": ["trust", "list", "root.pem", "--password-file", "huge"], "batch": ["verify", "--trust", "root.pem", "--batch", "huge"],
    "config": ["expiry", "--config", "huge"], "inspect": ["inspect", "huge"], "convert": ["convert", "huge", "-o", "x.der"], "expiry": ["expiry", "huge"],
    "key": ["generate", "https", "--name", "plant.test", "--key", "huge", "--cert-out", "x.pem"], "explain": ["explain", "--log", "huge"],
}.items():
    add("bounded", f"sparse-gigabyte-{label}", "A file of a gigabyte of zeros is bounded in memory and time.", huge(words, "huge"))


@case("bounded")
def batch_of_one_endless_line(box):
    """A batch that is one line of 60 MB, or is not UTF-8, is one clear error."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("long", b'{"leaf":"' + b"A" * (60 << 20))
    box.certkit("verify", "--trust", "root.pem", "--batch", "long").refuses()
    box.file("raw", b"\xff\xfe\x00\n" * 100)
    box.certkit("verify", "--trust", "root.pem", "--batch", "raw").refuses()


@case("bounded")
def nested_inventory(box):
    """An inventory of brackets nested a hundred thousand deep is one clear error."""
    box.file("plant.toml", "a = " + "[" * 100_000)
    box.certkit("expiry", "--config", "plant.toml").ends(3)
    box.file("batch", '{"leaf":' + "[" * 100_000)
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.certkit("verify", "--trust", "root.pem", "--batch", "batch").refuses()


@case("bounded")
def empty_password_file(box):
    """A password file that is empty or not text is one clear error, and nothing of it is repeated."""
    trust_p12(box)
    for content in [b"", b"\n", bytes(range(256))]:
        box.file("password.txt", content)
        box.certkit("trust", "list", "p12:trust.p12", "--password-file", "password.txt").ends(3)
