#!/usr/bin/env python3
"""Makes testdata/opcua/generators: application certificates as the stacks' own generators make them.

    testdata/make/opcua_generators.py [--real FOLDER]

Those of UA .NET Standard, open62541 and async-opcua are made here after their sources. Those of opcua-asyncio and
node-opcua come from these programs themselves, from FOLDER: asyncua.der of asyncua's setup_self_signed_certificate,
self.pem and issued.pem of `node-opcua-pki certificate`.
"""

import re
import sys
from pathlib import Path

from opcua_checks import FOUR, NO_CA, NAMES, URI
from x509 import *

OUT = Path(__file__).resolve().parent.parent / "opcua" / "generators"
AT = "2027-01-15T00:00:00Z"
SUBJECT = "CN=Pump Control,O=Example Plant,DC=plc7"


def critical(der):
    """The same extension, marked critical."""
    identifier, value = der[2 : 2 + 2 + der[3]], der[2 + 2 + der[3] :]
    return seq(identifier, tlv(0x01, b"\xff"), value)


def write(name, text, policy, pem_text, uri=URI):
    head = f"# {text}\nprofile: opcua\nat: {AT}\napplication-uri: {uri}\npeer: application\nsecurity-policy: {policy}\npart: presented\n"
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.pem").write_text(head + pem_text)


FIVE = key_usage(*FOUR, "keyCertSign")
BOTH = purposes("serverAuth", "clientAuth")
DATES = {"not_before": "2026-11-01", "not_after": "2028-11-01"}


def own(key, extensions, **changes):
    return pem(Template(SUBJECT, key, None, extensions=extensions, **DATES, **changes).der())


key = Key.rsa()
write("net-rsa", "UA .NET Standard, RSA: everything critical but the names.", "Basic256Sha256",
      own(key, (NO_CA, FIVE, critical(BOTH), NAMES), algorithm="rsa-sha256", own_authority=True))
for name, curve, algorithm in [("net-p256", "P-256", "ec-sha256"), ("net-p384", "P-384", "ec-sha384")]:
    uses = key_usage("digitalSignature", "nonRepudiation", "keyAgreement", "keyCertSign")
    policy = "ECC_nistP" + curve[2:]
    write(name, f"UA .NET Standard, {curve}: further uses and no extKeyUsage.", policy,
          own(Key.ec(curve), (NO_CA, uses, NAMES), algorithm=algorithm, own_authority=True))
write("open62541", "open62541: 4096 bits, no authorityKeyIdentifier.", "Aes256_Sha256_RsaPss",
      own(Key.rsa(4096), (NO_CA, FIVE, BOTH, NAMES), algorithm="rsa-sha256"))
write("async-opcua", "async-opcua.", "Aes128_Sha256_RsaOaep",
      own(Key.rsa(), (NO_CA, FIVE, BOTH, NAMES), algorithm="rsa-sha256", own_authority=True))

if sys.argv[1:2] == ["--real"]:
    real = Path(sys.argv[2])
    write("asyncua", "opcua-asyncio 2.1: CA:TRUE with path length 0, nothing critical, two common names.", "Basic256Sha256",
          pem((real / "asyncua.der").read_bytes()), uri="urn:plc7:Plant:asyncua")
    for name, file, text in [("node-opcua", "self.pem", "node-opcua-pki 6.21, self-signed: extKeyUsage critical, the URI last."),
                             ("node-opcua-issued", "issued.pem", "node-opcua-pki 6.21, with the CA that issued it.")]:
        blocks = re.findall(r"-----BEGIN CERTIFICATE.*?END CERTIFICATE-----\n", (real / file).read_text(), re.S)
        write(name, text, "Basic256Sha256", "".join(blocks), uri="urn:plc7:Plant:nodeopcua")
