"""What the page is tried with: certificates, hostile ones among them, a server with a private chain, and certkit itself."""

import pathlib
import socket
import ssl
import subprocess
import threading
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "Tall-Kettle-Orbit-97!"
# Markup, a name that turns the direction of what follows, one that overwrites a line, one without an end.
HOSTILE = [
    "<img src=x onerror=document.title='taken'>",
    "</script><script>document.title='taken'</script>",
    "good\u202egpj.exe",
    "ok\r\x1b[2Jverified\x07",
    "javascript:document.title='taken'",
    "{{7*7}}${7*7}%s%n",
    "\u0430dmin.plant.example",
    "x" * 3000,
]


def name(common_name):
    # Longer ones than the standard lets are what hostile certificates have.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name, _validate=False)])


def issue(common_name, issuer=None, days=300, authority=False, hosts=()):
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc).replace(microsecond=0)
    by, signer = issuer if issuer else (None, key)
    builder = x509.CertificateBuilder(by.subject if by else name(common_name), name(common_name), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=20)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if by:
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    return builder.sign(signer, hashes.SHA256()), key


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class Server:
    """Shows a chain over TLS, and answers 404; one that is dead takes the connection and says nothing."""

    def __init__(self, chain_file, key_file, is_dead=False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain_file, key_file)
        self.is_dead = is_dead
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.kept = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            stream, _ = self.socket.accept()
            if self.is_dead:
                self.kept.append(stream)
                continue
            threading.Thread(target=self.answer, args=(stream,), daemon=True).start()

    def answer(self, stream):
        try:
            with self.context.wrap_socket(stream, server_side=True) as tls:
                tls.recv(65536)
                tls.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except OSError:
            pass


class Plant:
    """A folder with everything in it."""

    def __init__(self, folder, certkit):
        self.home = pathlib.Path(folder) / "home"
        self.outside = pathlib.Path(folder) / "outside"
        self.home.mkdir()
        self.outside.mkdir()
        self.certkit = certkit
        root, root_key = issue("Plant Root CA", authority=True, days=3000)
        issuing, issuing_key = issue("Plant Issuing CA", (root, root_key), authority=True, days=1500)
        host = [x509.IPAddress(__import__("ipaddress").ip_address("127.0.0.1")), x509.DNSName("localhost")]
        leaf, leaf_key = issue("twx.plant.example", (issuing, issuing_key), hosts=host)
        self.root = root
        (self.home / "root.pem").write_bytes(pem(root))
        (self.home / "leaf.pem").write_bytes(pem(leaf))
        (self.home / "chain.pem").write_bytes(pem(leaf) + pem(issuing) + pem(root))
        (self.outside / "chain.pem").write_bytes(pem(leaf) + pem(issuing) + pem(root))
        (self.outside / "key.pem").write_bytes(key_pem(leaf_key))
        (self.home / "locked.p12").write_bytes(pkcs12.serialize_key_and_certificates(
            b"plc7", leaf_key, leaf, [issuing], serialization.BestAvailableEncryption(PASSWORD.encode())))
        many = self.home / "many"
        many.mkdir()
        for number in range(200):
            certificate, _ = issue(f"plc{number}.plant.example", (issuing, issuing_key), days=number - 10)
            (many / f"plc{number}.pem").write_bytes(pem(certificate))
        hostile = self.home / "hostile"
        hostile.mkdir()
        for number, common_name in enumerate(HOSTILE):
            certificate, _ = issue(common_name)
            (hostile / f"{number}.pem").write_bytes(pem(certificate))
        self.server = Server(self.outside / "chain.pem", self.outside / "key.pem")
        self.dead = Server(self.outside / "chain.pem", self.outside / "key.pem", is_dead=True)
        for side in ("own", "peer"):
            self.run("generate", "opcua", "--name", f"{side} application", "-o", f"{side}-pki")
        rejected = self.home / "own-pki" / "rejected" / "certs"
        if not rejected.exists():
            rejected = self.home / "own-pki" / "rejected"
        for file in (self.home / "peer-pki" / "own" / "certs").iterdir():
            (rejected / file.name).write_bytes(file.read_bytes())

    def run(self, *words):
        return subprocess.run([self.certkit, *words], cwd=self.home, capture_output=True, text=True, stdin=subprocess.DEVNULL)


class Ui:
    """A `certkit ui` of a folder."""

    def __init__(self, certkit, home):
        self.process = subprocess.Popen([certkit, "ui", "--no-browser", "--folder", str(home)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.link = self.process.stdout.readline().strip()
        self.origin = "/".join(self.link.split("/")[:3])

    def memory(self):
        """What it occupies, in MiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self.process.stderr.read()
