"""Writes what a fuzz target starts from, out of testdata: seeds.py TARGET FOLDER."""

import base64
import hashlib
import itertools
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

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
    answers = DATA / "ocsp"
    authority = blocks(answers / "ca.pem")[0]
    for answer in sorted(answers.glob("*.der")):
        about = answer.name.split("-")[0]
        if (answers / f"{about}.pem").exists():
            yield b"\x01" + blocks(answers / f"{about}.pem")[0] + authority + answer.read_bytes()
    for number in blocks(answers / "list.pem"):
        yield b"\x01" + blocks(answers / "good.pem")[0] + authority + number


def opcua():
    for path in sorted((DATA / "opcua").glob("*.bin")):
        yield path.read_bytes()


def pem():
    for path in sorted(DATA.glob("**/*.pem")):
        yield path.read_bytes()
        yield from blocks(path)[:1]


def lists():
    for path in sorted(DATA.glob("**/*.pem")):
        for name, body in BLOCK.findall(path.read_bytes()):
            if name == b"X509 CRL":
                yield base64.b64decode(body)


def responses():
    for path in sorted((DATA / "ocsp").glob("*.der")):
        yield path.read_bytes()


def some_certificates():
    return [blocks(path)[0] for path in sorted((DATA / "ocsp").glob("*.pem")) if b"CERTIFICATE" in path.read_bytes()][:3]


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def made(*commands):
    """Runs OpenSSL in a folder with a certificate and its key; each command's output is a seed."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=plant",
                "-keyout", key, "-out", certificate)
        for command in commands:
            words = command.format(key=key, certificate=certificate).split()
            yield openssl(*words)


def pkcs7():
    return made(
        "crl2pkcs7 -nocrl -certfile {certificate} -outform DER",
        "crl2pkcs7 -nocrl -certfile {certificate}",
        "crl2pkcs7 -nocrl -certfile {certificate} -certfile {certificate} -outform DER",
        "smime -sign -binary -in {certificate} -signer {certificate} -inkey {key} -nodetach -outform DER",
    )


def without_mac(store):
    """The store without the MAC that would keep changed bytes from ever being decrypted."""
    outer = 4 if store[1] == 0x82 else 3 if store[1] == 0x81 else 2
    at = outer + 3
    length = store[at + 1]
    end = at + 2 + length
    if length & 0x80:
        count = length & 0x7F
        end = at + 2 + count + int.from_bytes(store[at + 2:at + 2 + count], "big")
    content = store[outer:end]
    return b"\x30\x82" + struct.pack(">H", len(content)) + content


def pkcs12():
    export = "pkcs12 -export -in {certificate} -inkey {key} -passout pass:changeit"
    for store in made(
        export, f"{export} -keypbe NONE -certpbe NONE", f"{export} -nomac", f"{export} -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
        f"{export} -iter 1", f"{export} -certpbe NONE -iter 1",
    ):
        yield store
        yield without_mac(store)


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def java(magic, password, certificates):
    """A Java keystore of trusted certificates, with the digest that the password gives."""
    body = struct.pack(">III", magic, 2, len(certificates))
    for number, certificate in enumerate(certificates):
        body += struct.pack(">I", 2) + text(f"ca{number}") + struct.pack(">Q", 1_700_000_000_000)
        body += text("X.509") + struct.pack(">I", len(certificate)) + certificate
    return body + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def jks():
    certificates = some_certificates()
    for magic, count in itertools.product([0xFEEDFEED, 0xCECECECE], range(4)):
        yield java(magic, "changeit", certificates[:count])
    # A key entry: sealed bytes, then its chain.
    entry = struct.pack(">IIII", 0xFEEDFEED, 2, 1, 1) + text("key") + struct.pack(">Q", 0)
    entry += struct.pack(">I", 64) + bytes(range(64)) + struct.pack(">I", 1) + text("X.509")
    yield entry + struct.pack(">I", len(certificates[0])) + certificates[0] + bytes(20)
    # A secret key of JCEKS: a serialized object.
    sealed = bytes.fromhex("aced0005737200196a617661782e63727970746f2e5365616c65644f626a656374")
    yield struct.pack(">IIII", 0xCECECECE, 2, 1, 3) + text("secret") + struct.pack(">Q", 0) + sealed + bytes(64)


def pkcs8():
    return made(
        "pkcs8 -topk8 -nocrypt -in {key}", "pkcs8 -topk8 -nocrypt -in {key} -outform DER", "ec -in {key}",
        "pkcs8 -topk8 -in {key} -passout pass:changeit -iter 1", "pkcs8 -topk8 -in {key} -passout pass:changeit -scrypt -scrypt_N 2",
        "pkcs8 -topk8 -in {key} -passout pass:changeit -iter 1 -outform DER", "ec -in {key} -aes128 -passout pass:changeit",
        "pkcs8 -topk8 -in {key} -passout pass:changeit -v1 PBE-SHA1-3DES -iter 1 -outform DER",
    )


def containers():
    return itertools.chain(pem(), lists(), responses(), pkcs7(), pkcs12(), jks(), pkcs8())


def block24(value):
    return struct.pack(">I", len(value))[1:] + value


def message(kind, body):
    return bytes([kind]) + block24(body)


def record(kind, body):
    return bytes([kind, 3, 3]) + struct.pack(">H", len(body)) + body


def flight():
    """ServerHello, Certificate, CertificateRequest and ServerHelloDone of TLS 1.2, and alerts."""
    hello = message(2, b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00" + b"\x00\x00")
    chain = message(11, block24(b"".join(block24(der) for der in some_certificates())))
    asked = message(13, b"\x01\x40" + b"\x00\x02\x04\x03" + b"\x00\x04\x00\x02\x30\x00")
    done = message(14, b"")
    yield record(22, hello + chain + asked + done)
    yield record(22, hello) + record(22, chain) + record(22, asked + done)
    yield record(21, b"\x02\x28")
    yield record(21, b"\x01\x70") + record(22, hello + done)
    yield b"HTTP/1.1 400 Bad Request\r\n\r\n"
    yield b"SSH-2.0-OpenSSH_9.2p1\r\n"


RECORD = (
    b'{"schema":"certkit.trust-log/1","sequence":1,"time":"2026-06-01T12:00:00Z","user":"root","called_by":null,'
    b'"action":"add","reason":null,"accepted":["expired"],"certificates":[{"subject_dn":"CN=plant",'
    b'"fingerprint_sha256":"00","from":null,"to":"trusted","group":"application"}],"revocation_lists":[],"undoes":null,'
    b'"files":[{"path":"trusted/certs/plant.der","before":"absent","after":{"file":"00"}},'
    b'{"path":"../outside","before":{"link":"x"},"after":"absent"}]}'
)


def journal():
    yield RECORD
    yield b'{"record":' + RECORD + b"}"
    mark = b'{"device":1,"number":2,"seconds":3,"nanoseconds":4}'
    yield b'{"set":[{"folder":{"Unix":[47]},"name":{"Unix":[120]},"number":0,"new":' + mark + b',"old":' + mark + b"}]}"
    yield b'{"beside":{"Unix":[47,116,109,112]}}'


def inventory():
    yield b"""[defaults]
warn = "30d"
critical = 7
owner = "line 3"

[group.plc]
warn = "20%"
note = "ask first"

[[source]]
at = ["opc.tcp://plc7:4840", "https://twx.plant.example", "pki", "p12:store.p12", "windows:CurrentUser\\\\Root", "-", "system"]
group = "plc"
crl-warn = "12h"

[[source.waiver]]
reason = "the line stands still"
until = 2027-01-31
fingerprint-sha256 = '""" + b"00" * 32 + b"""'
"""
    yield b"[[source]]\nat = \"x\"\ngroup = \"plcs\"\n[group.plc]\n[[source]]\nat = \"y\"\nwarm = 3\n"


def values():
    for word in (
        "30d 12h 90m 20% 0/8 2026-06-01 2026-06-01T12:00:00Z https://plant.example:8443/path?x thingworx://twx.plant.example "
        "opc.tcp://[fe80::1%25eth0]:4840/UA tls://192.0.2.1 plant:8883 http://user:secret@proxy:3128 p12:store.p12 "
        "windows:CurrentUser\\Root opcua:/opt/pki system CN=plc7,O=Plant\\,X,DC=plant xn--bcher-kva.example b\u00fccher.example"
    ).split():
        yield word.encode()


TARGETS = {
    "validation": validation, "opcua": opcua, "containers": containers, "pem": pem, "pkcs7": pkcs7, "pkcs12": pkcs12, "jks": jks,
    "pkcs8": pkcs8, "crl": lists, "ocsp": responses, "flight": flight, "journal": journal, "values": values, "inventory": inventory,
}


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    for seed in TARGETS[target]():
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


if __name__ == "__main__":
    main()
