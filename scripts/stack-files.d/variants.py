"""Folders with one file each, in the names and encodings that people give to certificates and revocation lists.

usage: variants.py FOLDER    makes FOLDER/NUMBER/{certs,crl}/FILE, FOLDER/variants.json that says what is what, and FOLDER/other

A certificate of its own and a list that a CA has signed, in each; CAs are short-lived and nobody's.
"""

import datetime
import json
import sys
from base64 import b64encode
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
# Of the certificate that the lists have.
SERIAL = 0x1234567890

CERTIFICATE_NAMES = [
    "a.der", "a.DER", "a.pem", "a.PEM", "a.crt", "a.cer", "a.pfx", "a.txt", "a", "a.der.crt", "a.pem.crt",
    "a.der.bak", "aderb", "order.crt", "Plant CA [0123].der", "Plant CA[0123]", ".a.der", ".a.pem", "a.p7b",
]
LIST_NAMES = [
    "a.crl", "a.CRL", "a.der", "a.pem", "a.crl.der", "a.crl.pem", "a.der.crl", "a.pem.crl", "a", "order.crl",
    "a.crt", "a.txt", ".a.crl", "Plant CA [0123].crl", "Plant CA [0123].crl.pem", "crl_[0123].pem",
]
# A list in DER of less than 256 octets has a length of another form.
CERTIFICATE_FORMS = ["der", "pem", "der-two", "pem-two", "base64", "p7b", "text"]
LIST_FORMS = ["der", "der-short", "pem", "text"]


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(name, key, issuer=None, serial=None):
    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer or name))
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def revocation_list(name, key, serials):
    builder = x509.CertificateRevocationListBuilder().issuer_name(named(name)).last_update(NOW - DAY).next_update(NOW + DAY)
    for serial in serials:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - DAY).build()
        )
    return builder.sign(key, hashes.SHA256())


def written(form, key):
    """The bytes of a certificate in a form, and its DER."""
    one = certificate("a", key)
    der = one.public_bytes(Encoding.DER)
    two = certificate("b", key)
    forms = {
        "der": lambda: der,
        "pem": lambda: one.public_bytes(Encoding.PEM),
        "der-two": lambda: der + two.public_bytes(Encoding.DER),
        "pem-two": lambda: one.public_bytes(Encoding.PEM) + two.public_bytes(Encoding.PEM),
        "base64": lambda: b64encode(der),
        "p7b": lambda: pkcs7.serialize_certificates([one], Encoding.DER),
        "text": lambda: b"the certificate of the plant's CA\n",
    }
    return forms[form](), der, two.public_bytes(Encoding.DER)


def listed(form, key, serial):
    """The bytes of a revocation list in a form, with a serial number in it."""
    serials = [serial] if form == "der-short" else [serial, *range(1, 12)]
    made = revocation_list("a", key, serials)
    der = made.public_bytes(Encoding.DER)
    assert (len(der) < 256) == (form == "der-short"), len(der)
    if form == "text":
        return b"the list of the plant's CA\n"
    return made.public_bytes(Encoding.PEM) if form == "pem" else der


def main():
    root, variants = Path(sys.argv[1]), []
    key = ec.generate_private_key(ec.SECP256R1())
    authority = certificate("a", key).public_bytes(Encoding.DER)
    revoked = certificate("leaf", key, "a", SERIAL).public_bytes(Encoding.DER)
    (root / "other").mkdir(parents=True)
    (root / "other/other.der").write_bytes(certificate("other", key).public_bytes(Encoding.DER))
    for holds, names, forms in (
        ("certificate", CERTIFICATE_NAMES, CERTIFICATE_FORMS),
        ("list", LIST_NAMES, LIST_FORMS),
    ):
        for name in names:
            for form in forms:
                place = root / str(len(variants))
                for folder in ("certs", "crl"):
                    (place / folder).mkdir(parents=True)
                variant = {"holds": holds, "name": name, "form": form}
                if holds == "certificate":
                    content, der, second = written(form, key)
                    (place / "certs" / name).write_bytes(content)
                    variant |= {"der": der.hex(), "second": second.hex()}
                else:
                    (place / "crl" / name).write_bytes(listed(form, key, SERIAL))
                    variant |= {"serial": SERIAL, "authority": authority.hex(), "revoked": revoked.hex()}
                variants.append(variant)
    (root / "variants.json").write_text(json.dumps(variants))


main()
