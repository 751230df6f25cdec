"""OPC UA stacks: applications with one fault each, as servers and as clients, and what both sides say."""

import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from programs import free_port, running, said

EXTENSIONS = (
    "basicConstraints=critical,CA:false\n"
    "keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyCertSign\n"
    "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=URI:urn:localhost:{name},DNS:localhost,IP:127.0.0.1\n"
    "subjectKeyIdentifier=hash"
)
POLICY = "Basic256Sha256"


class Applications:
    """The parties of one stack; each has a PKI folder of its own."""

    def __init__(self, stack, pki, folder):
        self.stack, self.pki, self.folder = stack, pki, folder
        cache, parties = Path(os.environ["OPCUA_CACHE"]), Path(os.environ["OPCUA_PARTIES"])
        if stack == "asyncua":
            self.program = [cache / "venv/bin/python", parties / "asyncua_party.py"]
        else:
            self.program = ["node", parties / "node_party.js"]
        self.more = {"CERTKIT_NODE_MODULES": str(cache)}

    def folder_of(self, name, certificate, trusted):
        """The PKI folder of an application with this certificate, which trusts these."""
        root = self.folder / self.stack / name
        for part in ("own/certs", "own/private", "trusted/certs", "trusted/crl", "issuers/certs", "issuers/crl", "rejected"):
            (root / part).mkdir(parents=True)
        own, key = self.pki.path(f"{certificate}.pem"), self.pki.path(f"{certificate}.key")
        if self.stack == "asyncua":
            shutil.copy(self.pki.path(f"{certificate}.der"), root / "own/certs/own.der")
        else:
            shutil.copy(own, root / "own/certs/certificate.pem")
            shutil.copy(own, root / "own/certs/client_certificate.pem")
        shutil.copy(key, root / "own/private/private_key.pem")
        for one in trusted:
            shutil.copy(self.pki.path(f"{one}.der"), root / "trusted/certs")
        return root

    def server(self, name, certificate, trusted):
        """A server that is being started: its port and log."""
        port, log = free_port(), self.folder / f"{self.stack}-{name}.log"
        words = [*self.program, "server", self.folder_of(name, certificate, trusted), port]
        return running(words, port, log, self.more), port, log

    def client(self, name, certificate, trusted, port):
        """One session: the words of the client, and whether it went well."""
        root = self.folder_of(name, certificate, trusted)
        return said(*self.program, "client", root, f"opc.tcp://localhost:{port}/plant", POLICY, more=self.more)


def applications(pki):
    """The certificates: self-signed, as applications make them."""
    for name, days in (("ua-server", 365), ("ua-client", 365), ("ua-server-expired", -3), ("ua-client-expired", -3)):
        pki.make(name, extensions=EXTENSIONS.format(name=name), key="rsa2048", start=-60, end=days)
        subprocess.run(["openssl", "x509", "-in", pki.path(f"{name}.pem"), "-outform", "DER", "-out", pki.path(f"{name}.der")], check=True)


def opcua(pki, folder, case):
    """Each stack with itself: what the side says that refuses, and what its partner learns."""
    applications(pki)
    untrusted = ["opcua-certificate-untrusted"]
    # A server tells no stranger why it refuses him.
    hidden = [*untrusted, "by design", "ended the connection"]
    for stack in ("asyncua", "node"):
        parties = Applications(stack, pki, folder)
        with ExitStack() as started:
            servers = {
                name: parties.server(name, certificate, trusted)
                for name, certificate, trusted in (
                    ("strict", "ua-server", ["ua-server"]),
                    ("open", "ua-server", ["ua-client", "ua-client-expired"]),
                    ("expired", "ua-server-expired", ["ua-client"]),
                )
            }
            for server, _, _ in servers.values():
                started.enter_context(server)
            port = {name: it[1] for name, it in servers.items()}
            log = {name: it[2] for name, it in servers.items()}
            fine = []

            def cured():
                if not fine:
                    fine.append(parties.client("fine", "ua-client", ["ua-server"], port["open"]))
                return fine[0]

            # name, the client's certificate, what it trusts, the server, causes that it says or learns, the cure
            for name, certificate, trusted, server, causes, cure in (
                ("server unknown", "ua-client", ["ua-client"], "open", untrusted, ["trust"]),
                ("server expired", "ua-client", ["ua-server-expired"], "expired", ["expired"], None),
                ("client unknown", "ua-client", ["ua-server"], "strict", hidden, None),
                ("client expired", "ua-client-expired", ["ua-server"], "open", ["expired", *hidden], None),
            ):
                begin = log[server].stat().st_size
                session = parties.client(name.replace(" ", "-"), certificate, trusted, port[server])
                case(f"{stack} client: {name}", lambda: session, cured, causes, cure)
                if name.startswith("client"):
                    words = log[server].read_bytes()[begin:].decode(errors="replace")
                    own = untrusted if name.endswith("unknown") else ["expired"]
                    case(f"{stack} server: {name}", lambda: (words, False), None, own, None)
