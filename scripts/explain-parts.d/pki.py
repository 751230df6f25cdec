"""The certificates of the plant, made afresh with openssl: each with one fault, or none."""

import subprocess
from datetime import UTC, datetime, timedelta

CONFIG = """
[ca]
default_ca = plant
[plant]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
crlnumber = {folder}/crlnumber
default_crl_days = 30
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""

ROOT = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash"
LEAF = (
    "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
    "extendedKeyUsage={usage}\nsubjectAltName={names}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid"
)
HERE = "DNS:localhost,IP:127.0.0.1"


class Pki:
    """Makes certificates in a folder; every NAME becomes NAME.key and NAME.pem."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1001\n")
        (folder / "crlnumber").write_text("01\n")

    def path(self, name):
        return str(self.folder / name)

    def run(self, *words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout

    def make(self, name, issuer=None, *, names=HERE, usage="serverAuth", extensions=None, start=-30, end=365, key="p256", digest="sha256", more=()):
        """Makes a key and its certificate; days count from now."""
        if key.startswith("rsa"):
            how = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{key[3:]}"]
        else:
            how = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        self.run("openssl", "genpkey", *how, "-out", self.path(f"{name}.key"))
        subject = f"/CN=Plant {name}"
        config = self.path("openssl.cnf")
        self.run("openssl", "req", "-new", "-config", config, "-key", self.path(f"{name}.key"), "-subj", subject, "-out", self.path(f"{name}.csr"))
        (self.folder / f"{name}.ext").write_text(extensions or LEAF.format(usage=usage, names=names))
        by = ["-selfsign", "-keyfile", self.path(f"{name}.key")]
        if issuer:
            by = ["-cert", self.path(f"{issuer}.pem"), "-keyfile", self.path(f"{issuer}.key")]
        day = lambda days: (datetime.now(UTC) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
        self.run(
            "openssl", "ca", "-batch", "-notext", "-config", config, "-md", digest, *by, "-extfile", self.path(f"{name}.ext"),
            "-startdate", day(start), "-enddate", day(end), "-in", self.path(f"{name}.csr"), "-out", self.path(f"{name}.pem"), *more,
        )

    def joined(self, name, *parts):
        """Puts files one behind the other."""
        text = "".join((self.folder / part).read_text() for part in parts)
        (self.folder / name).write_text(text)
        return self.path(name)

    def list_of(self, name, issuer, revoked=()):
        """Makes the revocation list of a CA."""
        config = self.path("openssl.cnf")
        by = ["-cert", self.path(f"{issuer}.pem"), "-keyfile", self.path(f"{issuer}.key")]
        for one in revoked:
            self.run("openssl", "ca", "-config", config, *by, "-revoke", self.path(f"{one}.pem"))
        self.run("openssl", "ca", "-config", config, *by, "-gencrl", "-out", self.path(name))

    def packed(self, name, password, *, certificate, key, chain=None, alias="plant"):
        """Makes a PKCS#12 file."""
        more = ["-certfile", self.path(chain)] if chain else []
        self.run(
            "openssl", "pkcs12", "-export", "-inkey", self.path(key), "-in", self.path(certificate), *more,
            "-name", alias, "-passout", f"pass:{password}", "-out", self.path(name),
        )


def plant(folder):
    """Everything that the cases need."""
    pki = Pki(folder)
    pki.make("root", extensions=ROOT, start=-3000, end=3000)
    pki.make("issuing", "root", extensions=ROOT + "\nauthorityKeyIdentifier=keyid", start=-3000, end=3000)
    pki.make("elsewhere", extensions=ROOT, start=-3000, end=3000)
    pki.make("good", "root")
    pki.make("good-rsa", "root", key="rsa2048")
    pki.make("expired", "root", start=-60, end=-3)
    pki.make("not-yet", "root", start=3, end=60)
    pki.make("self-signed")
    pki.make("unknown-ca", "elsewhere")
    pki.make("wrong-host", "root", names="DNS:twx.plant.example")
    pki.make("weak-key", "root", key="rsa1024")
    pki.make("weak-digest", "root", digest="sha1")
    pki.make("below", "issuing")
    pki.make("for-clients", "root", usage="clientAuth")
    pki.make("revoked", "root")
    pki.make("client", "root", names="DNS:client.plant.example", usage="clientAuth")
    pki.make("client-expired", "root", names="DNS:client.plant.example", usage="clientAuth", start=-60, end=-3)
    pki.make("client-elsewhere", "elsewhere", names="DNS:client.plant.example", usage="clientAuth")
    pki.make("client-for-servers", "root", names="DNS:client.plant.example")
    pki.list_of("root.crl", "root", ["revoked"])
    pki.joined("below-chain.pem", "below.pem", "issuing.pem")
    pki.joined("root-with-list.pem", "root.pem", "root.crl")
    pki.packed("good.p12", "Plant-2026-right!", certificate="good-rsa.pem", key="good-rsa.key", chain="root.pem")
    return pki
