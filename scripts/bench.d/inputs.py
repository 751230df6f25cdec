"""What is measured with: the programs, a chain, a server, bundles of certificates."""

import hashlib
import pathlib
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))
from ports import free_port
from rounds import ENVIRONMENT, NotMeasured

LEAF_NAME = "plc7.plant.example"

CONFIGURATION = f"""
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth
subjectAltName = DNS:{LEAF_NAME},DNS:localhost,IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""

# A week, so that what is kept stays within the validity of 30 days.
STALE = 7 * 86_400


class Tools:
    """The programs that were built.

    certkit is measured as a copy, as its peers were copied when they were installed: the file as the linker
    leaves it lies in the page cache in small pieces, and starting it takes a tenth longer until it is read anew.
    """

    def __init__(self, wanted, made):
        release = pathlib.Path(wanted.target).resolve() / "release"
        if wanted.jobs != ["counts"]:
            self.certkit = str(shutil.copy(release / "certkit", made.folder / "certkit"))
        self.counted, self.keeps = wanted.certkit, wanted.keep
        self.decode = str(release / "decode")
        self.corpus = str(release / "corpus")
        self.paths = str(release / "paths")
        self.fleet = str(release / "fleet")


class Made:
    """Inputs, made once: a root, an issuing CA and an RSA-2048 leaf; bundles when they are asked for."""

    def __init__(self, target):
        self.folder = pathlib.Path(target).resolve() / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.leaf, self.key = self.folder / "leaf.pem", self.folder / "leaf.key"
        self.issuer = self.folder / "issuer.pem"
        if not self.leaf.exists() or time.time() - self.leaf.stat().st_mtime > STALE:
            self.make_chain()

    def make_chain(self):
        (self.folder / "openssl.cnf").write_text(CONFIGURATION)
        self.make("root", "Bench Root", "ca", None)
        self.make("issuer", "Bench Issuing CA", "ca", "root")
        self.make("leaf", LEAF_NAME, "leaf", "issuer")

    def make(self, file, common_name, section, issuer):
        by = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"] if issuer else []
        self.openssl(
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{file}.key", "-out", f"{file}.pem"]
            + ["-subj", f"/C=CH/O=Plant/CN={common_name}", "-days", "30", "-sha256"]
            + ["-config", "openssl.cnf", "-extensions", section]
            + by
        )

    def openssl(self, arguments):
        command = ["openssl", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, check=False)
        if done.returncode != 0:
            raise NotMeasured(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")

    def corpus(self, maker, count):
        """A bundle of so many certificates, made anew where the program that makes it has changed."""
        version = hashlib.sha256(pathlib.Path(maker).read_bytes()).hexdigest()[:8]
        path = self.folder / f"corpus-{count}-{version}.pem"
        if not path.exists():
            for old in self.folder.glob(f"corpus-{count}-*"):
                old.unlink()
            part = path.with_suffix(".part")
            with part.open("wb") as output:
                if subprocess.run([maker, str(count)], stdout=output, check=False).returncode != 0:
                    raise NotMeasured(f"{maker} made no bundle")
            part.rename(path)
        return str(path)


class Server:
    """An openssl s_server on loopback that speaks TLS 1.3, for as long as the block lasts."""

    def __init__(self, made):
        self.made = made

    def __enter__(self):
        self.address = f"127.0.0.1:{free_port()}"
        command = ["openssl", "s_server", "-accept", self.address, "-tls1_3", "-www", "-quiet"]
        chain = ["-cert", str(self.made.leaf), "-key", str(self.made.key), "-cert_chain", str(self.made.issuer)]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command + chain, env=ENVIRONMENT, **streams)
        host, port = self.address.split(":")
        for _ in range(100):
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise NotMeasured("openssl s_server does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
