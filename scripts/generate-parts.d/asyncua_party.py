"""An OPC UA application made of asyncua that lives off a PKI folder, as server or as client.

usage: asyncua_party.py server PKI PORT         until it is stopped
       asyncua_party.py warden PKI PORT         the same, going by the files in trusted/certs when a client comes;
                                                what is refused goes to rejected/certs
       asyncua_party.py client PKI URL POLICY   one session, SignAndEncrypt; exit status 1 where there is none

PKI has own/certs, own/private, trusted/certs and trusted/crl (OPC 10000-12 annex F.1). The peer's
certificate is checked with everything that asyncua has: time, ApplicationUri, usages, trust and revocation. A
client tells the ApplicationUri of CERTKIT_APPLICATION_URI, or that of its certificate.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

from asyncua import Client, Server, ua
from asyncua.common.utils import ServiceError
from asyncua.crypto import security_policies
from asyncua.crypto.truststore import TrustStore
from asyncua.crypto.validator import CertificateValidator, CertificateValidatorOptions
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding

SECURE = [
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
]


class Pki:
    def __init__(self, root: Path) -> None:
        [self.certificate] = (root / "own/certs").iterdir()
        [self.key] = (root / "own/private").iterdir()
        self.trusted, self.lists = root / "trusted/certs", root / "trusted/crl"
        self.rejected = root / "rejected/certs"

    def uri(self) -> str:
        certificate = x509.load_der_x509_certificate(self.certificate.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return names.get_values_for_type(x509.UniformResourceIdentifier)[0]

    async def validator(self, peer: CertificateValidatorOptions) -> CertificateValidator:
        store = TrustStore([self.trusted], [self.lists])
        await store.load()
        return CertificateValidator(CertificateValidatorOptions.TRUSTED_VALIDATION | peer, store)


    async def admit(self, certificate: x509.Certificate, _: ua.ApplicationDescription) -> None:
        der = certificate.public_bytes(Encoding.DER)
        if any(file.read_bytes() == der for file in self.trusted.iterdir()):
            return
        self.rejected.mkdir(parents=True, exist_ok=True)
        (self.rejected / f"{certificate.fingerprint(SHA1()).hex().upper()}.der").write_bytes(der)
        raise ServiceError(ua.StatusCodes.BadCertificateUntrusted)


async def serve(pki: Pki, port: int, validator) -> None:
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/plant")
    await server.set_application_uri(pki.uri())
    await server.load_certificate(str(pki.certificate))
    await server.load_private_key(str(pki.key))
    server.set_security_policy(SECURE)
    server.set_certificate_validator(validator or await pki.validator(CertificateValidatorOptions.PEER_CLIENT))
    async with server:
        await asyncio.Event().wait()


async def connect(pki: Pki, url: str, policy: str) -> None:
    client = Client(url, timeout=10)
    client.application_uri = os.environ.get("CERTKIT_APPLICATION_URI") or pki.uri()
    client.certificate_validator = await pki.validator(CertificateValidatorOptions.PEER_SERVER)
    security = getattr(security_policies, f"SecurityPolicy{policy.replace('_', '')}")
    await client.set_security(
        security, str(pki.certificate), str(pki.key), mode=ua.MessageSecurityMode.SignAndEncrypt
    )
    async with client:
        await client.nodes.server_state.read_value()


logging.basicConfig(level=logging.ERROR)
what, root, *rest = sys.argv[1:]
if what == "server":
    asyncio.run(serve(Pki(Path(root)), int(rest[0]), None))
elif what == "warden":
    pki = Pki(Path(root))
    asyncio.run(serve(pki, int(rest[0]), pki.admit))
else:
    asyncio.run(connect(Pki(Path(root)), *rest))
