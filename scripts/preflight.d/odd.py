"""A self-signed application's certificate with a fault.

usage: odd.py KIND BASE URI     writes BASE.der and BASE.key

    expired   ended yesterday
    web       made for a web server: usages and clientAuth are missing
    uris      has a second URI, URI:second
"""

import datetime
import sys
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

kind, base, uri = sys.argv[1:]
now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
name = x509.Name([
    x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Plant"),
    x509.NameAttribute(NameOID.COMMON_NAME, Path(base).name),
])
names = [x509.UniformResourceIdentifier(uri)]
if kind == "uris":
    names.append(x509.UniformResourceIdentifier(f"{uri}:second"))
names += [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
is_web = kind == "web"
usage = x509.KeyUsage(
    digital_signature=True,
    content_commitment=not is_web,
    key_encipherment=True,
    data_encipherment=not is_web,
    key_agreement=False,
    key_cert_sign=not is_web,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
key_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
certificate = (
    x509.CertificateBuilder()
    .subject_name(name)
    .issuer_name(name)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - 30 * day)
    .not_valid_after(now - day if kind == "expired" else now + 30 * day)
    .add_extension(x509.SubjectAlternativeName(names), critical=False)
    .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    .add_extension(usage, critical=True)
    .add_extension(
        x509.ExtendedKeyUsage([Purpose.SERVER_AUTH] if is_web else [Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH]),
        critical=False,
    )
    .add_extension(key_id, critical=False)
    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), critical=False)
    .sign(key, hashes.SHA256())
)
Path(f"{base}.der").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
Path(f"{base}.key").write_bytes(
    key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
)
