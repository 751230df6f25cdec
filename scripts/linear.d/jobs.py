"""What is given in N and in 2N: files, certificates in a file, lists, entries, stores, endpoints, lines."""

import base64
import json
import shutil
from dataclasses import dataclass
from typing import Callable, Optional

import der
from budgets import JKS, java, trusted_entry
from der import ca, certificate_pem, crl, crl_pem, key, leaf, octets

ROOT, MIDDLE, PLC = "root", "middle", "leaf"


@dataclass
class Job:
    """One command over `size` of something."""

    name: str
    size: int
    make: Callable
    words: list
    again: Optional[Callable] = None
    """Puts the folder back as it was, before each run."""


def root(folder):
    (folder / "root.pem").write_text(certificate_pem(ca("Plant Root", key(ROOT))))


def one_leaf(folder):
    root(folder)
    (folder / "leaf.pem").write_text(certificate_pem(leaf("plc", key(PLC), "Plant Root", key(ROOT), serial=4711)))


def leaves(count):
    return [leaf(f"plc{number}", key(PLC), "Plant Root", key(ROOT), serial=number + 1) for number in range(count)]


def authorities(count):
    return [ca(f"CA {number}", key(f"ca{number % 8}"), serial=number + 1) for number in range(count)]


def files(folder, count):
    root(folder)
    (folder / "many").mkdir()
    for number, each in enumerate(leaves(count)):
        (folder / "many" / f"{number}.pem").write_text(certificate_pem(each))


def batch(folder, count):
    files(folder, count)
    (folder / "list.txt").write_text("".join(json.dumps({"leaf": f"many/{number}.pem"}) + "\n" for number in range(count)))


def in_one(folder, count):
    root(folder)
    (folder / "many.pem").write_text(certificate_pem(*leaves(count)))


def bundle(folder, count):
    (folder / "many.pem").write_text(certificate_pem(*authorities(count)))


def bundle_beside(folder, count):
    one_leaf(folder)
    bundle(folder, count)


def secret(folder, count):
    values = [base64.b64encode(certificate_pem(each).encode()).decode() for each in leaves(count)]
    data = "".join(f"  tls{number}.crt: {value}\n  note{number}: {'x' * 60}\n" for number, value in enumerate(values))
    (folder / "secret.yaml").write_text(f"apiVersion: v1\nkind: Secret\ndata:\n{data}")


def export(folder, count):
    def blob(each):
        octets = b"".join(part.to_bytes(4, "little") for part in (32, 1, len(each))) + each
        return ",\\\n  ".join(octets[at:at + 25].hex(",") for at in range(0, len(octets), 25))
    keys = [f'[HKEY_CURRENT_USER\\Software\\Microsoft\\SystemCertificates\\ROOT\\{number}]\n"Blob"=hex:{blob(each)}\n'
            for number, each in enumerate(authorities(count))]
    (folder / "root.reg").write_text("Windows Registry Editor Version 5.00\n\n" + "\n".join(keys))


def distrusted(folder, count):
    objects = ["[p11-kit-object-v1]\n" * 20 + certificate_pem(each) for each in authorities(count)]
    (folder / "many.p11-kit").write_text("".join(objects))


def lists(folder, count):
    one_leaf(folder)
    made = [crl("Plant Root", key(ROOT), [number + 1], number=number + 1) for number in range(count)]
    (folder / "lists.pem").write_text(crl_pem(*made))


def entries(folder, count):
    one_leaf(folder)
    (folder / "lists.pem").write_text(crl_pem(crl("Plant Root", key(ROOT), range(1 << 40, (1 << 40) + count))))


def namesakes(folder, count):
    one_leaf(folder)
    broken = [ca("Plant Root", key(ROOT), serial=number + 1, signature=bytes(70)) for number in range(count)]
    (folder / "beside.pem").write_text(certificate_pem(*broken))


def points(folder, count):
    root(folder)
    named = [der.seq(der.tlv(0xA0, der.tlv(0xA0, der.general(6, f"http://ca.test/{number}.crl")))) for number in range(count)]
    extension = der.extension("2.5.29.31", der.seq(*named))
    (folder / "leaf.pem").write_text(certificate_pem(leaf("plc", key(PLC), "Plant Root", key(ROOT), extensions=[extension])))
    (folder / "lists.pem").write_text(crl_pem(*[crl("Plant Root", key(ROOT), [], number=number + 1) for number in range(20)]))


def namesakes_of_all(folder, count):
    (folder / "many").mkdir()
    for number, each in enumerate(leaves(count)):
        (folder / "many" / f"{number}.pem").write_text(certificate_pem(each))
    others = [ca("Plant Root", key(f"other{number}"), serial=number + 1) for number in range(count)]
    (folder / "beside.pem").write_text(certificate_pem(*others))


def names(folder, count):
    root(folder)
    alternative = [der.general(2, f"plc{number}.plant.test") for number in range(count)]
    (folder / "leaf.pem").write_text(certificate_pem(leaf("plc", key(PLC), "Plant Root", key(ROOT), names=alternative)))


def extensions(folder, count):
    root(folder)
    more = [der.extension(f"1.3.6.1.4.1.55555.{number}", octets(b"x")) for number in range(count)]
    (folder / "leaf.pem").write_text(certificate_pem(leaf("plc", key(PLC), "Plant Root", key(ROOT), extensions=more)))


def pki(folder, count):
    for sub in ["trusted/certs", "trusted/crl", "issuers/certs", "issuers/crl"]:
        (folder / "pki" / sub).mkdir(parents=True)
    for number, each in enumerate(authorities(count)):
        (folder / "pki/trusted/certs" / f"{number}.der").write_bytes(each)
        (folder / "pki/trusted/crl" / f"{number}.crl").write_bytes(crl(f"CA {number}", key(f"ca{number % 8}")))


def jks(folder, count):
    made = java(JKS, *[trusted_entry(f"ca{number}", each) for number, each in enumerate(authorities(count))])
    (folder / "trust.jks").write_bytes(made)
    (folder / "password.txt").write_text("changeit\n")


def two_stores(folder, count):
    made = authorities(count)
    (folder / "one.pem").write_text(certificate_pem(*made))
    (folder / "two.pem").write_text(certificate_pem(*made[1:], *authorities(count + 1)[-1:]))


def inventory(folder, count):
    files(folder, count)
    lines = [f'[[source]]\nat = "many/{number}.pem"\nowner = "line {number % 7}"\n' for number in range(count)]
    (folder / "inventory.toml").write_text("\n".join(lines))


def dead_endpoints(folder, count):
    # Nothing listens on the port of TCP's multiplexer; the names differ, so that each is a source of its own.
    lines = [f'[[source]]\nat = "https://127.0.{number // 250}.{number % 250 + 1}:1"\n' for number in range(count)]
    (folder / "inventory.toml").write_text("\n".join(lines))


def log(folder, count):
    lines = [f"2026-11-29 12:00:{number % 60:02} ERROR host{number % 50}: PKIX path building failed: unable to find valid certification path\n"
             f"2026-11-29 12:00:{number % 60:02} INFO nothing of note number {number}\n" for number in range(count)]
    (folder / "server.log").write_text("".join(lines))


def project(folder, count):
    tags = [{"common.ALLTYPES_NAME": f"Tag{number}", "servermain.TAG_ADDRESS": f"K{number}"} for number in range(count)]
    device = {"common.ALLTYPES_NAME": "PLC", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "Simulator", "tags": tags}
    channel = {"common.ALLTYPES_NAME": "Line", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "Simulator", "devices": [device]}
    (folder / "line.json").write_text(json.dumps({"project": {"channels": [channel]}}))


def removed(folder):
    for path in [folder / "store.pem", folder / ".certkit"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def alike(folder, count):
    root(folder)
    (folder / "many").mkdir()
    for number in range(count):
        each = leaf("plc", key(PLC), "Plant Root", key(ROOT), serial=number + 1)
        (folder / "many" / f"{number}.pem").write_text(certificate_pem(each))


def for_a_store(folder, count):
    bundle(folder, count)
    (folder / "pki/trusted/certs").mkdir(parents=True)
    (folder / "password.txt").write_text("Sesame-Opens-417\n")


def lists_for_a_store(folder, count):
    lists(folder, count)
    (folder / "pki/trusted/certs").mkdir(parents=True)


def folder_store(folder, count):
    (folder / "many").mkdir()
    for number, each in enumerate(authorities(count)):
        (folder / "many" / f"{number}.pem").write_text(certificate_pem(each))


TRUSTED = ["--trust", "root.pem", "--host", "plant.test"]
DRY = ["--dry-run", "--accept", "anchor-unknown", "--reason", "test"]
SEALED = ["--password-file", "password.txt"]

ALL = [
    Job("check-files", 400, files, ["check", "many", "--trust", "root.pem"]),
    Job("check-files-tls", 400, files, ["check", "many", "--profile", "tls", "--trust", "root.pem"]),
    Job("check-files-opcua", 400, files, ["check", "many", "--profile", "opcua", "--json"]),
    Job("check-files-of-one-name", 400, alike, ["check", "many", "--trust", "root.pem"]),
    Job("check-namesakes-of-all", 300, namesakes_of_all, ["check", "many", "--untrusted", "beside.pem"]),
    Job("check-in-one-file", 400, in_one, ["check", "many.pem", "--trust", "root.pem", "--json"]),
    Job("check-without-trust", 400, in_one, ["check", "many.pem"]),
    Job("check-authorities", 400, bundle, ["check", "many.pem"]),
    Job("check-authorities-https", 400, bundle, ["check", "many.pem", "--profile", "https"]),
    Job("check-names", 20_000, names, ["check", "leaf.pem", "--trust", "root.pem", "--host", "plc1.plant.test"]),
    Job("check-extensions", 4000, extensions, ["check", "leaf.pem", "--trust", "root.pem"]),
    Job("check-lists-of-one-issuer", 1500, lists, ["check", "leaf.pem", "--trust", "root.pem", "--crl", "lists.pem"]),
    Job("inspect-in-one-file", 1500, in_one, ["inspect", "many.pem", "--json"]),
    Job("inspect-base64-in-text", 1500, secret, ["inspect", "secret.yaml", "--json"]),
    Job("inspect-registry", 1500, export, ["inspect", "root.reg", "--json"]),
    Job("inspect-p11-kit", 1500, distrusted, ["inspect", "many.p11-kit", "--json"]),
    Job("inspect-lists", 1500, lists, ["inspect", "lists.pem"]),
    Job("verify-batch", 500, batch, ["verify", "--batch", "list.txt", *TRUSTED]),
    Job("verify-in-one-file", 5000, in_one, ["verify", "many.pem", *TRUSTED]),
    Job("verify-untrusted", 3000, bundle_beside, ["verify", "leaf.pem", *TRUSTED, "--untrusted", "many.pem"]),
    Job("verify-lists-of-one-issuer", 3000, lists, ["verify", "leaf.pem", *TRUSTED, "--crl", "lists.pem"]),
    Job("verify-entries-of-a-list", 200_000, entries, ["verify", "leaf.pem", *TRUSTED, "--crl", "lists.pem"]),
    Job("verify-namesakes-of-the-root", 3000, namesakes, ["verify", "leaf.pem", *TRUSTED, "--untrusted", "beside.pem"]),
    Job("verify-distribution-points", 20_000, points, ["verify", "leaf.pem", *TRUSTED, "--crl", "lists.pem"]),
    Job("convert-p7b", 2000, bundle, ["convert", "many.pem", "-o", "out.p7b", "--force"]),
    Job("convert-pem", 2000, bundle, ["convert", "many.pem", "-o", "out.pem", "--force"]),
    Job("convert-jks", 1000, for_a_store, ["convert", "many.pem", "-o", "out.jks", "--force", "--new-password-file", "password.txt"]),
    Job("trust-add", 600, bundle, ["trust", "add", "pem:store.pem", "many.pem", "--create"], removed),
    Job("trust-add-jks", 400, for_a_store, ["trust", "add", "jks:new.jks", "many.pem", "--create", *DRY, *SEALED]),
    Job("trust-add-folder", 400, for_a_store, ["trust", "add", "folder:new", "many.pem", "--create", *DRY]),
    Job("trust-add-hashed", 400, for_a_store, ["trust", "add", "hashed:new", "many.pem", "--create", *DRY]),
    Job("trust-add-opcua", 400, for_a_store, ["trust", "add", "opcua:pki", "many.pem", *DRY]),
    Job("trust-add-lists", 500, lists_for_a_store, ["trust", "add", "opcua:pki", "root.pem", "lists.pem", *DRY]),
    Job("trust-list", 4000, bundle, ["trust", "list", "pem:many.pem"]),
    Job("trust-list-jks", 4000, jks, ["trust", "list", "jks:trust.jks", *SEALED]),
    Job("trust-audit", 500, pki, ["trust", "audit", "opcua:pki"]),
    Job("trust-audit-folder", 500, folder_store, ["trust", "audit", "folder:many"]),
    Job("trust-export", 1500, bundle, ["trust", "export", "pem:many.pem"]),
    Job("trust-diff", 2000, two_stores, ["trust", "diff", "pem:one.pem", "pem:two.pem"]),
    Job("expiry-files", 3000, files, ["expiry", "many"]),
    Job("expiry-in-one-file", 3000, in_one, ["expiry", "--all", "many.pem"]),
    Job("expiry-findings", 400, in_one, ["expiry", "--findings", "--trust", "root.pem", "--json", "many.pem"]),
    Job("expiry-state", 1000, files, ["expiry", "--state", "state", "--json", "many"]),
    Job("expiry-lists", 3000, lists, ["expiry", "lists.pem"]),
    Job("expiry-inventory", 3000, inventory, ["expiry", "--config", "inventory.toml"]),
    Job("expiry-endpoints", 1000, dead_endpoints, ["expiry", "--config", "inventory.toml"]),
    Job("explain-log", 5000, log, ["explain", "--log", "server.log"]),
    Job("review-tags", 100_000, project, ["review", "line.json"]),
]
