"""The specimens of the checks for trust stores.

`checks.py` runs this; see there.
"""

from collections import defaultdict
from textwrap import wrap

from x509 import *

AT = "2026-06-01T00:00:00Z"

P256 = [Key.ec() for _ in range(4)]
CA_USAGE = key_usage("keyCertSign", "cRLSign")
ROOT = Template("CN=Plant Root,O=Example Plant", P256[0], None, "2020-01-01", "2040-01-01", (constraints(True), CA_USAGE))
OTHER = ROOT.but(subject="CN=Other Root,O=Example Plant", key=P256[1])
ISSUING = Template("CN=Plant Issuing CA,O=Example Plant", P256[2], ROOT, "2022-01-01", "2032-01-01",
                   (constraints(True, 0), CA_USAGE))
LEAF = Template("CN=Pump Control,O=Example Plant", P256[3], ROOT,
                extensions=(constraints(False), key_usage("digitalSignature"), alt_names("URI:urn:plc7:Plant:Pump")))
OWN = LEAF.but(issuer=None)
KEY = "-----BEGIN PRIVATE KEY-----\nTm8ga2V5IGF0IGFsbC4=\n-----END PRIVATE KEY-----\n"

made = defaultdict(dict)


class File:
    """The file of a PKI folder that a member lies in, such as certs/ca.crt, and its encoding."""

    def __init__(self, name, encoding):
        self.line = f"file: {name} {encoding}"


def specimen(check, file, text, kind, members, also=()):
    """Writes one file; a member is its list, what it is and perhaps its name or file. Certificates of the owner are
    `own-certificate`, keys `own-key` (that of a certificate) or `own-key-damaged`, each with the name of its file."""
    lines = ["# " + line for line in wrap(text, 100)]
    lines += ["profile: ca", f"at: {AT}", f"store: {kind}"]
    lines += [f"also: {other}" for other in also]
    for part, what, *name in members:
        if part.startswith("own-"):
            lines.append(f"{part}: {' '.join(name) or what}")
            lines += [pem(what.der())] if name else []
            continue
        lines.append(f"part: {part}")
        lines += [it.line if isinstance(it, File) else f"name: {it}" for it in name]
        if isinstance(what, List):
            lines.append(pem(what.der(), "X509 CRL"))
        elif what == KEY:
            lines.append(KEY)
        elif isinstance(what, str):
            lines.append(f"unread: {what}\n")
        else:
            lines.append(pem(what.der()))
    made[check][file] = "\n".join(lines).rstrip("\n") + "\n"


def bad(check, text, kind, *members, variant="", also=()):
    specimen(check, f"bad{variant and '-' + variant}.pem", text, kind, members, also)


def good(check, text, kind, *members, variant="", also=()):
    specimen(check, f"good{variant and '-' + variant}.pem", text, kind, members, also)


ROOT_LIST = List(ROOT, algorithm="ec-sha256")

bad("private-key-in-import", "A CA comes with its private key.", "jks", ("offered", ROOT, "root"), ("offered", KEY))
good("private-key-in-import", "A CA comes alone.", "jks", ("offered", ROOT, "root"))

bad("already-in-store", "The CA is there under another name.", "jks", ("trusted", ROOT, "old name"), ("offered", ROOT, "root"))
good("already-in-store", "Another CA is there.", "jks", ("trusted", OTHER, "other"), ("offered", ROOT, "root"))
good("already-in-store", "It is there under this name.", "jks", ("trusted", ROOT, "root"), ("offered", ROOT, "root"),
     variant="same")

bad("store-key-material", "A private key lies beside trusted certificates.", "jks", ("trusted", ROOT), ("trusted", KEY))
good("store-key-material", "The store has a key of its own.", "jks", ("trusted", ROOT), ("own", KEY))

bad("store-trusted-and-rejected", "An application is trusted, and among the rejected ones.", "opcua",
    ("trusted", OWN), ("rejected", OWN))
good("store-trusted-and-rejected", "Another application was rejected.", "opcua", ("trusted", OWN), ("rejected", LEAF))

bad("store-unreadable", "A file that is no certificate.", "jks", ("trusted", ROOT), ("trusted", "no certificate"))
good("store-unreadable", "A certificate.", "jks", ("trusted", ROOT))

bad("store-duplicate", "A CA stands twice.", "jks", ("trusted", ROOT, "one"), ("trusted", ROOT, "two"))
good("store-duplicate", "Two CAs.", "jks", ("trusted", ROOT, "one"), ("trusted", OTHER, "two"))
good("store-duplicate", "The chains of two keys end in one root.", "jks", ("own", ROOT, "one"), ("own", ROOT, "two"),
     variant="chains")

bad("store-name-twin", "Two roots of one name with different keys.", "jks", ("trusted", ROOT), ("trusted", ROOT.but(key=P256[1])))
good("store-name-twin", "A root and its renewal with the same key.", "jks",
     ("trusted", ROOT), ("trusted", ROOT.but(not_after="2041-01-01")))

bad("store-leaf-among-issuers", "An application among the issuers.", "opcua", ("issuer", OWN))
good("store-leaf-among-issuers", "A CA among the issuers.", "opcua", ("issuer", ROOT), ("issuer", ROOT_LIST))

bad("store-orphan", "The root of an issuing CA is missing.", "jks", ("trusted", ISSUING))
bad("store-orphan", "A root of the same name has another key.", "jks",
    ("trusted", ISSUING), ("trusted", ROOT.but(key=P256[1])), variant="namesake")
good("store-orphan", "Both are there.", "jks", ("trusted", ISSUING), ("trusted", ROOT))

bad("store-crl-missing", "A CA in an OPC UA store.", "opcua", ("trusted", ROOT))
bad("store-crl-missing", "One CA has a list and the other has none.", "jks",
    ("trusted", ROOT), ("trusted", ROOT_LIST), ("trusted", OTHER), variant="other")
bad("store-crl-missing", "The list lies beside the other list.", "opcua",
    ("trusted", ROOT), ("issuer", ROOT_LIST), variant="astray")
good("store-crl-missing", "A CA with its list.", "opcua", ("trusted", ROOT), ("trusted", ROOT_LIST))
good("store-crl-missing", "A self-signed application.", "opcua", ("trusted", OWN), variant="application")

bad("store-crl-orphan", "The list of a CA that is not there.", "jks", ("trusted", ROOT_LIST))
good("store-crl-orphan", "A CA with its list.", "opcua", ("trusted", ROOT), ("trusted", ROOT_LIST))

bad("store-crl-overdue", "The successor was due in May.", "opcua",
    ("trusted", ROOT), ("trusted", List(ROOT, next_update="2026-05-01", algorithm="ec-sha256")))
good("store-crl-overdue", "A CA with its list.", "opcua", ("trusted", ROOT), ("trusted", ROOT_LIST))

REVOKING = List(ROOT, revoked=(LEAF,), algorithm="ec-sha256")

bad("store-revoked", "The list of its CA names an application that is trusted.", "opcua",
    ("issuer", ROOT), ("issuer", REVOKING), ("trusted", LEAF))
bad("store-revoked", "The list that names it is out of date.", "opcua",
    ("issuer", ROOT), ("trusted", LEAF),
    ("issuer", List(ROOT, revoked=(LEAF,), next_update="2026-05-01", algorithm="ec-sha256")),
    variant="overdue", also=("store-crl-overdue",))
good("store-revoked", "The list names another certificate.", "opcua",
     ("issuer", ROOT), ("issuer", List(ROOT, revoked=(ISSUING,), algorithm="ec-sha256")), ("trusted", LEAF))
good("store-revoked", "What was revoked is rejected.", "opcua",
     ("issuer", ROOT), ("issuer", REVOKING), ("rejected", LEAF), variant="rejected")
good("store-revoked", "Somebody else has signed the list.", "opcua",
     ("issuer", ROOT), ("issuer", List(ROOT, revoked=(LEAF,), signer=OTHER.key, algorithm="ec-sha256")),
     ("trusted", LEAF), variant="forged", also=("crl-signature-invalid",))

bad("crl-signature-invalid", "A store with a CA and a list that another key has signed.", "opcua",
    ("trusted", ROOT), ("trusted", List(ROOT, signer=OTHER.key, algorithm="ec-sha256")), variant="store")
bad("crl-not-yet-valid", "A store with a CA and a list that starts on the next day.", "opcua",
    ("trusted", ROOT), ("trusted", List(ROOT, this_update="2026-06-02", algorithm="ec-sha256")), variant="store")



class Copied(List):
    """A list that is signed once, so that it can stand in two files."""

    def __init__(self, of):
        self.bytes = of.der()

    def der(self):
        return self.bytes


COPIED = Copied(ROOT_LIST)

bad("store-file-not-read", "A list that asyncua does not see.", "opcua",
    ("trusted", ROOT, File("certs/root.der", "der")), ("trusted", ROOT_LIST, File("crl/root.crl", "der")))
bad("store-file-not-read", "A certificate in DER under a name that UA .NET Standard and others do not look at.", "opcua",
    ("trusted", OWN, File("certs/plc.crt", "der")), variant="name")
bad("store-file-not-read", "PEM in a file that is called DER keeps asyncua from reading anything.", "opcua",
    ("trusted", OWN, File("certs/plc.der", "pem")), variant="encoding")
bad("store-file-not-read", "A list in the folder of certificates.", "opcua",
    ("trusted", ROOT, File("certs/root.der", "der")), ("trusted", ROOT_LIST, File("certs/root.crl", "der")), variant="folder")
good("store-file-not-read", "As certkit writes them: the list in two files, each for those who do not read the other.",
    "opcua", ("trusted", ROOT, File("certs/Plant Root [01].der", "der")),
    ("trusted", COPIED, File("crl/Plant Root [01].crl", "der")),
    ("trusted", COPIED, File("crl/Plant Root [01].crl.pem", "pem")))
good("store-file-not-read", "What was rejected is read by nobody.", "opcua",
    ("rejected", OWN, File("certs/plc.crt", "der")), variant="rejected")

TWIN = OWN.but(key=P256[1])
bad("own-key-mismatch", "The key under the name of the certificate is of another one.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", TWIN, "plc.pem"))
bad("own-key-mismatch", "The key is cut.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key-damaged", "plc.pem"), variant="damaged")
bad("own-key-mismatch", "The only key is of another certificate.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", TWIN, "old.key"), variant="only", also=("own-key-missing",))
good("own-key-mismatch", "Certificate and key of one name.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", OWN, "plc.pem"))

bad("own-key-missing", "There is no key.", "opcua", ("own-certificate", OWN, "plc.der"))
bad("own-key-missing", "The key has another name than the certificate.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", OWN, "private_key.pem"), variant="name")
good("own-key-missing", "Certificate and key of one name.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", OWN, "plc.pfx"))

bad("own-name-twin", "A certificate and the one before it.", "opcua",
    ("own-certificate", OWN, "new.der"), ("own-key", OWN, "new.pem"),
    ("own-certificate", TWIN, "old.der"), ("own-key", TWIN, "old.pem"))
BY_RSA = OWN.but(key=Key.rsa(2048), algorithm="rsa-sha256")
good("own-name-twin", "A certificate for each kind of key.", "opcua",
    ("own-certificate", OWN, "plc.der"), ("own-key", OWN, "plc.pem"),
    ("own-certificate", BY_RSA, "rsa.der"), ("own-key", BY_RSA, "rsa.pem"))
