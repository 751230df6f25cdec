"""Servers made of asyncua, on loopback, each with a certificate by asyncua's own generator.

usage: asyncua_servers.py FOLDER PORT PORT

The first offers None, Sign and SignAndEncrypt; the second nothing without security. FOLDER gets NAME.der
for each, as asyncua wrote it.
"""

import asyncio
import logging
import sys
from pathlib import Path

from asyncua import Server, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

P = ua.SecurityPolicyType
PARTS = {
    "asyncua": [P.NoSecurity, P.Basic256Sha256_Sign, P.Basic256Sha256_SignAndEncrypt],
    "asyncua-secure-only": [
        P.Basic256Sha256_SignAndEncrypt,
        P.Aes128Sha256RsaOaep_SignAndEncrypt,
        P.Aes256Sha256RsaPss_SignAndEncrypt,
    ],
}


async def start(folder: Path, name: str, port: int, policies: list[P]) -> Server:
    uri = f"urn:localhost:plant:{name}"
    key, certificate = folder / f"{name}.pem", folder / f"{name}.der"
    usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    subject = {"commonName": name, "organizationName": "Plant"}
    await setup_self_signed_certificate(key, certificate, uri, "localhost", usage, subject)
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/plant")
    server.set_server_name(f"Plant {name}")
    await server.set_application_uri(uri)
    await server.load_certificate(str(certificate))
    await server.load_private_key(str(key))
    server.set_security_policy(policies)
    await server.start()
    return server


async def main() -> None:
    folder = Path(sys.argv[1])
    ports = map(int, sys.argv[2:])
    servers = [await start(folder, *part) for part in ((n, p, s) for (n, s), p in zip(PARTS.items(), ports, strict=True))]
    await asyncio.Event().wait()
    del servers


logging.basicConfig(level=logging.WARNING)
asyncio.run(main())
