"""The same attacks on every command and every option: devices, secrets, addresses, states, journals."""

import json
import os
import pathlib
import re
import struct
import subprocess

import budgets
import der
import stores
from cases import add, case
from der import ca, certificate_pem, crl, crl_pem, key, leaf
from sandbox import Failed

RAW = b"s3cr\xe9t-P\xff-passw0rd"
FOLDER = pathlib.PurePath("plant")


def plant(box):
    """What a plant has: a root, a leaf with its key, a request, lists, a store and a PKI folder."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("root.key", key("root").pem)
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"))))
    box.file("leaf.key", key("leaf").pem)
    box.file("list.crl", crl("Plant Root", key("root")))
    box.file("pki/trusted/certs/root.der", ca("Plant Root", key("root")))
    box.path("pki/trusted/crl/x")
    box.path("pki/issuer/certs/x")
    box.file("folder/root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("password", "changeit\n")
    box.file("plc.csr", der.openssl("req", "-new", "-key", str(box.path("leaf.key")), "-subj", "/CN=plc"))


COMMANDS = {
    "inspect": ["inspect", "ODD"], "check": ["check", "ODD"], "check-trust": ["check", "leaf.pem", "--trust", "ODD"], "check-crl": ["check", "leaf.pem", "--trust", "root.pem", "--crl", "ODD"],
    "check-untrusted": ["check", "leaf.pem", "--trust", "root.pem", "--untrusted", "ODD"], "verify": ["verify", "ODD", "--trust", "root.pem"],
    "verify-untrusted": ["verify", "leaf.pem", "--trust", "root.pem", "--untrusted", "ODD"], "verify-ocsp": ["verify", "leaf.pem", "--trust", "root.pem", "--ocsp", "ODD"],
    "verify-pki": ["verify", "leaf.pem", "--profile", "opcua", "--pki", "ODD"], "verify-trusted": ["verify", "leaf.pem", "--profile", "opcua", "--trust", "ODD"],
    "preflight-own": ["preflight", "ODD", "leaf.pem"], "preflight-peer": ["preflight", "leaf.pem", "ODD"], "preflight-pki": ["preflight", "leaf.pem", "leaf.pem", "--pki", "ODD"],
    "preflight-peer-crl": ["preflight", "leaf.pem", "leaf.pem", "--trust", "root.pem", "--peer-crl", "ODD"], "convert-second": ["convert", "leaf.pem", "ODD", "-o", "new.p12", "--new-password-file", "password"],
    "convert-new-password": ["convert", "leaf.pem", "-o", "new.p12", "--new-password-file", "ODD"], "trust-list": ["trust", "list", "ODD"], "trust-pem": ["trust", "list", "pem:ODD"],
    "trust-p12": ["trust", "list", "p12:ODD"], "trust-jks": ["trust", "list", "jks:ODD"], "trust-opcua": ["trust", "audit", "opcua:ODD"], "trust-hashed": ["trust", "list", "hashed:ODD"],
    "trust-add": ["trust", "add", "pem:root.pem", "ODD"], "trust-add-into": ["trust", "add", "pem:ODD", "leaf.pem"], "trust-remove": ["trust", "remove", "pem:ODD", "1"], "trust-undo": ["trust", "undo", "pem:ODD"],
    "trust-undo-unnamed": ["trust", "undo", "ODD"], "trust-diff": ["trust", "diff", "root.pem", "ODD"], "trust-export": ["trust", "export", "ODD", "-o", "out.pem"], "trust-reject": ["trust", "reject", "opcua:pki", "ODD"],
    "trust-approve": ["trust", "approve", "opcua:pki", "ODD"], "generate-key": ["generate", "https", "--name", "plant.test", "--key", "ODD", "--cert-out", "new.pem"],
    "generate-issuer": ["generate", "https", "--name", "plant.test", "--issuer", "ODD", "--issuer-key", "root.key", "--cert-out", "new.pem", "--key-out", "new.key", "--no-password"],
    "generate-issuer-key": ["generate", "https", "--name", "plant.test", "--issuer", "root.pem", "--issuer-key", "ODD", "--cert-out", "new.pem", "--key-out", "new.key", "--no-password"],
    "request-key": ["request", "https", "--name", "plant.test", "--key", "ODD", "-o", "new.csr"], "sign": ["sign", "ODD", "--issuer", "root.pem", "--issuer-key", "root.key", "--cert-out", "new.pem"],
    "sign-issuer": ["sign", "plc.csr", "--issuer", "ODD", "--cert-out", "new.pem"], "sign-issuer-key": ["sign", "plc.csr", "--issuer", "root.pem", "--issuer-key", "ODD", "--cert-out", "new.pem"],
    "renew": ["renew", "ODD", "--key", "leaf.key", "--cert-out", "new.pem"], "renew-key": ["renew", "leaf.pem", "--key", "ODD", "--cert-out", "new.pem"],
    "renew-partners": ["renew", "root.pem", "--key", "root.key", "--partners", "ODD", "--cert-out", "new.pem"], "revoke": ["revoke", "ODD", "--issuer", "root.pem", "--issuer-key", "root.key", "--crl", "new.crl"],
    "revoke-crl": ["revoke", "leaf.pem", "--issuer", "root.pem", "--issuer-key", "root.key", "--crl", "ODD"], "expiry": ["expiry", "ODD"], "expiry-store": ["expiry", "pem:ODD"],
    "expiry-config": ["expiry", "--config", "ODD"], "expiry-merge": ["expiry", "merge", "ODD"], "expiry-history": ["expiry", "history", "--state", "ODD"], "expiry-trust": ["expiry", "leaf.pem", "--findings", "--trust", "ODD"],
    "password": ["trust", "list", "root.pem", "--password-file", "ODD"], "key-password": ["renew", "leaf.pem", "--key", "leaf.key", "--key-password-file", "ODD", "--cert-out", "new.pem"],
    "issuer-password": ["revoke", "leaf.pem", "--issuer", "root.pem", "--issuer-key", "root.key", "--issuer-password-file", "ODD", "--crl", "new.crl"],
    "export-force": ["trust", "export", "root.pem", "-o", "ODD", "--force"], "convert-force": ["convert", "root.pem", "--as", "pem", "-o", "ODD", "--force"],
    "expiry-out": ["expiry", "root.pem", "--format", "csv", "-o", "ODD"], "key-out": ["request", "https", "--name", "plant.test", "--key-type", "ec:p256", "--no-password", "--key-out", "ODD", "-o", "new.csr"],
}
SAFE_OUT = ("export-force", "convert-force", "expiry-out", "key-out")


def with_odd(words, odd):
    return [word.replace("ODD", odd) for word in words]


def device(words, kind):
    def run(box):
        plant(box)
        if kind == "fifo":
            os.mkfifo(box.path("odd"))
        elif kind == "folder-of-fifos":
            for name in ["a.pem", "b.der", "c.crl", "trusted/certs/x.der", "trusted/crl/x.crl", "issuer/certs/y.der", "own/certs/z.der", "00000000.0", "00000000.r0"]:
                os.mkfifo(box.path(f"odd/{name}"))
        elif kind == "socket":
            os.mknod(box.path("odd"), 0o140644)
        elif kind == "loop":
            os.symlink("odd", box.path("odd"))
        elif kind == "dev-full":
            os.symlink("/dev/full", box.path("odd"))
        else:
            os.symlink("/dev/zero", box.path("odd"))
        box.certkit(*with_odd(words, "odd"), deadline=20).is_printable()

    return run


for kind in ["fifo", "folder-of-fifos", "socket", "loop", "link-to-zero"]:
    for verb, words in COMMANDS.items():
        if kind in ("fifo", "folder-of-fifos") or verb in ("inspect", "trust-add-into", "sign", "renew-key", "revoke-crl", "expiry-history", "preflight-own", "trust-undo", "expiry-merge"):
            if not (kind == "link-to-zero" and verb in SAFE_OUT):
                add("every-option", f"{kind}-{verb}", "Whatever option a FIFO, socket or device is named with, nothing waits for it.", device(words, kind))

SECRETS = {
    "password": ("--password-env", [["inspect", "store.p12"], ["check", "store.p12"], ["convert", "store.p12", "-o", "new.pem"], ["trust", "list", "store.p12"], ["trust", "audit", "store.p12"], ["trust", "add", "p12:store.p12", "root.pem"],
                                    ["trust", "remove", "p12:store.p12", "1"], ["trust", "undo", "p12:store.p12"], ["trust", "export", "store.p12", "-o", "new.pem"], ["trust", "diff", "store.p12", "root.pem"], ["expiry", "store.p12"],
                                    ["generate", "client", "--name", "x", "--key-type", "ec:p256", "--cert-out", "new.pem", "--key-out", "new.key"], ["request", "client", "--name", "x", "--key-type", "ec:p256", "--key-out", "new.key", "-o", "new.csr"]]),
    "new-password": ("--new-password-env", [["convert", "leaf.pem", "leaf.key", "-o", "new.p12"], ["convert", "leaf.pem", "leaf.key", "-o", "new.jks"], ["convert", "leaf.pem", "leaf.key", "-o", "new.p12", "--for", "java8"]]),
    "trust-password": ("--trust-password-env", [["verify", "leaf.pem", "--trust", "p12:store.p12"]]),
    "key-password": ("--key-password-env", [["renew", "leaf.pem", "--key", "sealed.key", "--cert-out", "new.pem"], ["request", "client", "--name", "x", "--key", "sealed.key", "-o", "new.csr"],
                                            ["generate", "client", "--name", "x", "--key", "sealed.key", "--cert-out", "new.pem"]]),
    "issuer-password": ("--issuer-password-env", [["sign", "plc.csr", "--issuer", "root.pem", "--issuer-key", "sealed.key", "--cert-out", "new.pem"], ["revoke", "leaf.pem", "--issuer", "root.pem", "--issuer-key", "sealed.key", "--crl", "new.crl"],
                                                  ["generate", "client", "--name", "x", "--issuer", "root.pem", "--issuer-key", "sealed.key", "--cert-out", "new.pem", "--no-password"],
                                                  ["renew", "leaf.pem", "--issuer", "root.pem", "--issuer-key", "sealed.key", "--cert-out", "new.pem"]]),
}


def secret(words, option, form):
    def run(box):
        plant(box)
        budget = budgets.store(mac=budgets.mac(1000))
        box.file("store.p12", budget)
        box.file("sealed.key", der.openssl("pkcs8", "-topk8", "-in", str(box.path("leaf.key")), "-passout", "pass:other"))
        box.certkit(*words, option, "PW", *form, env={b"PW": RAW}).hides("s3cr", "passw0rd")
        box.file("raw", RAW + b"\n")
        box.certkit(*words, option.replace("env", "file"), "raw", *form).hides("s3cr", "passw0rd")
        for path in box.inside.rglob("*"):
            if path.is_file() and path.name not in ("raw",) and (b"passw0rd" in path.read_bytes() or b"s3cr" in path.read_bytes()):
                raise Failed(f"the password stands in {path.name}")

    return run


for label, (option, lines) in SECRETS.items():
    for words in lines:
        for form in [[], ["--json"]]:
            if not (form and words[:2] in (["trust", "undo"],)):
                add("every-secret", f"{label}-{'-'.join(words[:2])}{len(words)}{'-json' if form else ''}".replace("/", "-"), "No password of any bytes stands in any output.", secret(words, option, form))

ADDRESSES = ["https://user:hunter2@127.0.0.1:1", "opc.tcp://user:hunter2@127.0.0.1:1/x", "tls://user:hunter2@127.0.0.1:1", "https://user:hunter2@[::1", "HTTPS://user:hunter2@127.0.0.1:1/?q=hunter2",
             "https://user:hun%74er2:hunter2@127.0.0.1:99999", "thingworx://user:hunter2@127.0.0.1:1"]
URLS = {
    "inspect": ["inspect", "ODD"], "check": ["check", "ODD"], "fetch": ["fetch", "ODD", "--timeout", "1s"], "verify": ["verify", "ODD", "--trust", "root.pem"], "verify-trust": ["verify", "leaf.pem", "--trust", "ODD"],
    "verify-crl": ["verify", "leaf.pem", "--trust", "root.pem", "--crl", "ODD"], "preflight-own": ["preflight", "ODD", "leaf.pem"], "preflight-peer": ["preflight", "leaf.pem", "ODD", "--timeout", "1s"],
    "expiry": ["expiry", "ODD", "--timeout", "1s", "--retries", "0"], "convert": ["convert", "ODD", "-o", "new.pem"], "trust-list": ["trust", "list", "ODD"], "trust-add": ["trust", "add", "pem:root.pem", "ODD"],
    "trust-diff": ["trust", "diff", "root.pem", "ODD"], "trust-undo": ["trust", "undo", "ODD"], "generate-issuer": ["generate", "https", "--name", "x.test", "--issuer", "ODD"], "sign": ["sign", "ODD", "--issuer", "root.pem", "--issuer-key", "root.key"],
    "renew": ["renew", "ODD"], "revoke": ["revoke", "ODD", "--issuer", "root.pem", "--issuer-key", "root.key", "--crl", "new.crl"], "host": ["verify", "leaf.pem", "--trust", "root.pem", "--host", "ODD"],
    "explain": ["explain", "ODD"], "application-uri": ["request", "opcua", "--name", "x", "--application-uri", "ODD", "--key-type", "ec:p256", "--no-password", "--key-out", "new.key", "-o", "new.csr"],
    "proxy": ["fetch", "https://plant.test", "--proxy", "ODD", "--timeout", "1s"], "expiry-state": ["expiry", "root.pem", "--state", "ODD"], "expiry-merge": ["expiry", "merge", "ODD"], "batch": ["verify", "--trust", "root.pem", "--batch", "ODD"],
}


def addressed(words, address, form):
    def run(box):
        plant(box)
        box.certkit(*with_odd(words, address), *form, deadline=20).hides("hunter2")

    return run


for verb, words in URLS.items():
    for number, address in enumerate(ADDRESSES):
        for form in [[], ["--json"]]:
            if number < 3 or verb in ("fetch", "check", "expiry", "preflight-peer", "trust-list"):
                if verb not in ("explain", "application-uri") and not (form and verb in ("trust-undo",)) and not ("?q=" in address):
                    add("every-address", f"{verb}-{number}{'-json' if form else ''}", "The password of an address stands in no output.", addressed(words, address, form))

STATES = {
    "file": lambda path: path.write_bytes(b"x"), "fifo": os.mkfifo, "link-out": lambda path: os.symlink("../outside/etc", path), "link-nowhere": lambda path: os.symlink("nowhere", path),
    "link-to-itself": lambda path: os.symlink(path.name, path), "lock-is-fifo": lambda path: (path.mkdir(), os.mkfifo(path / "lock")), "lock-is-folder": lambda path: (path / "lock").mkdir(parents=True),
    "log-is-fifo": lambda path: (path.mkdir(), os.mkfifo(path / "log.jsonl")), "backup-is-file": lambda path: (path.mkdir(), (path / "backup").write_bytes(b"x")), "journal-is-folder": lambda path: (path / "journal.json").mkdir(parents=True),
    "open-to-all": lambda path: (path.mkdir(), os.chmod(path, 0o777)), "unreadable": lambda path: (path.mkdir(), os.chmod(path, 0)), "new-0-is-fifo": lambda path: (path.mkdir(), os.mkfifo(path / "new-0")),
    "lock-hard-link": lambda path: (path.mkdir(), (path.parent / "mine").write_bytes(b"mine"), os.link(path.parent / "mine", path / "lock")),
    "log-hard-link": lambda path: (path.mkdir(), (path.parent / "mine").write_bytes(b""), os.link(path.parent / "mine", path / "log.jsonl")),
}


def own_state(make, words, is_folder):
    def run(box):
        plant(box)
        box.file("bundle.pem", certificate_pem(ca("Plant Root", key("root"))))
        path = box.path("pki/.certkit") if is_folder else box.path("bundle.pem.certkit")
        make(path)
        mine = path.parent / "mine"
        before = mine.read_bytes() if mine.exists() else None
        box.certkit(*with_odd(words, "opcua:pki" if is_folder else "pem:bundle.pem"), deadline=20)
        if before is not None and mine.read_bytes() != before:
            raise Failed("a hard link was written through")

    return run


for label, make in STATES.items():
    for verb, words in {"add": ["trust", "add", "ODD", "leaf.pem", "--accept", "not-a-ca", "--accept", "anchor-unknown", "--reason", "x"], "list": ["trust", "list", "ODD"], "undo": ["trust", "undo", "ODD"], "audit": ["trust", "audit", "ODD"]}.items():
        for is_folder in [False, True]:
            add("own-state", f"{label}-{verb}-{'folder' if is_folder else 'file'}", "Whatever stands where certkit keeps its own holds nothing up and leads nowhere.", own_state(make, words, is_folder))

ODD_JSON = {
    "duplicate-keys": '{"record":RECORD,"record":RECORD}', "huge-number": '{"record":{"sequence":1e999}}', "huge-integer": '{"record":{"sequence":' + "9" * 400 + "}}", "negative": '{"record":{"sequence":-1}}',
    "deep": '{"record":' + "[" * 100_000, "deep-objects": '{"record":' + '{"a":' * 50_000, "null": "null", "empty": "", "array": "[]", "unknown-schema": '{"record":RECORD2}', "nul": "\0" * 1000, "bom": "\ufeff{}",
    "surrogate": '{"record":{"action":"\\ud800"}}', "long-string": '{"record":{"action":"' + "a" * 5_000_000 + '"}}', "two-documents": "{}{}",
}


def odd_json(text, name, words):
    def run(box):
        address, where = stores.opcua_store(box)
        record = stores.record([{"path": "trusted/certs/root.der", "before": "absent", "after": "absent"}])
        text_here = text.replace("RECORD2", json.dumps({**record, "schema": "certkit.trust-log/99"})).replace("RECORD", json.dumps(record))
        (where / name).write_bytes(text_here.encode())
        before = sorted(str(path) for path in box.path("pki/trusted").rglob("*"))
        box.certkit(*[address if word == "STORE" else word for word in words], deadline=20).is_printable()
        if words[1] in ("list", "audit", "export") and before != sorted(str(path) for path in box.path("pki/trusted").rglob("*")):
            raise Failed("a look has changed the store")
        if not box.path("pki/trusted/certs/root.der").exists():
            raise Failed("a certificate of the store is gone")

    return run


for label, text in ODD_JSON.items():
    for name in ["journal.json", "log.jsonl"]:
        for verb in ["list", "audit", "export", "add", "undo"]:
            words = {**stores.LOOKS, **stores.CHANGES}[verb]
            add("own-state", f"json-{label}-{name.split('.')[0]}-{verb}", "Odd JSON in what lies beside a store is one clear error.", odd_json(text, name, words))


@case("every-list")
def lists_with_odd_bytes(box):
    """A list with anything before, behind or within it clears nothing."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), serial=4711)))
    good, revoking = crl("Plant Root", key("root"), number=1), crl("Plant Root", key("root"), [4711], number=2)
    words = ["verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test"]
    cases = {
        "bom": b"\xef\xbb\xbf" + revoking, "newline": b"\n" + revoking, "trailing": revoking + b"\0", "twice": good + revoking, "utf16": crl_pem(revoking).encode("utf-16"), "cut": revoking[:-1], "zip": b"PK\3\4" + revoking,
        "lower-case": crl_pem(revoking).lower().encode(), "other-label": crl_pem(revoking).replace("X509 CRL", "CERTIFICATE").encode(), "base64": b"".join(crl_pem(revoking).encode().splitlines()[1:-1]),
        "crlf-cut": crl_pem(revoking).encode().replace(b"-----END", b"-----ENDE"), "pem-in-text": b"# list\n" + crl_pem(revoking).encode() + b"\ngarbage", "indefinite": b"\x30\x80" + revoking[4:] + b"\0\0",
    }
    for label, content in cases.items():
        for order in [["good.crl", "odd.crl"], ["odd.crl", "good.crl"]]:
            box.file("good.crl", good)
            box.file("odd.crl", content)
            run = box.certkit(*words, *[word for name in order for word in ("--crl", name)])
            if run.status in (0, 1):
                run.fail(f"{label}, {order}: cleared")
            box.file("lists/a.crl", good if order[0] == "good.crl" else content)
            box.file("lists/b.crl", content if order[0] == "good.crl" else good)
            run = box.certkit(*words, "--crl", "lists")
            if run.status in (0, 1):
                run.fail(f"{label}, a folder {order}: cleared")


@case("every-list")
def order_decides_nothing(box):
    """The order of inputs, anchors, candidates and lists changes no verdict."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("twin.pem", certificate_pem(ca("Plant Root", key("other"))))
    middle = ca("Plant CA", key("middle"), "Plant Root", key("root"))
    false = ca("Plant CA", key("middle2"), "Plant Root", key("other"))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant CA", key("middle"), serial=4711)))
    box.file("a.pem", certificate_pem(middle))
    box.file("b.pem", certificate_pem(false))
    box.file("1.crl", crl("Plant CA", key("middle"), number=1))
    box.file("2.crl", crl("Plant CA", key("middle"), [4711], number=2))
    box.file("3.crl", crl("Plant Root", key("root"), number=1))
    import itertools
    said = set()
    for trust in itertools.permutations(["root.pem", "twin.pem"]):
        for candidates in itertools.permutations(["a.pem", "b.pem"]):
            for lists in itertools.permutations(["1.crl", "2.crl", "3.crl"]):
                words = [word for name in trust for word in ("--trust", name)] + [word for name in candidates for word in ("--untrusted", name)] + [word for name in lists for word in ("--crl", name)]
                said.add(box.certkit("verify", "leaf.pem", "--host", "plant.test", *words).status)
    if said != {2}:
        raise Failed(f"statuses {said}")


@case("every-list")
def batches_of_odd_things(box):
    """What a batch names is opened like what is named outright, and one odd line hides no other."""
    plant(box)
    os.mkfifo(box.path("odd"))
    os.symlink("/dev/zero", box.path("zero"))
    lines = [{"leaf": name} for name in ["odd", "zero", "leaf.pem", "absent", "pki", "\u202e", "a\x1b[2J"]]
    box.file("batch", "".join(json.dumps(line) + "\n" for line in lines))
    run = box.certkit("verify", "--trust", "root.pem", "--batch", "batch", "--host", "plant.test", deadline=20).is_printable()
    box.file("both", '{"leaf":"leaf.pem","leaf":"odd"}\n{"leaf":"leaf.pem","crl":["odd"]}\n{"leaf":1e999}\n\n\n[]\n')
    box.certkit("verify", "--trust", "root.pem", "--batch", "both", "--host", "plant.test", deadline=20).is_printable()


FORMATS = ["text", "json", "jsonl", "csv", "nagios", "prometheus", "ics", "html"]
FOUL_NAMES = ["=cmd|' /C calc'!A0", "\t=1+1", "@SUM(1)", "a,b\"c;d", "x\u202egpj", "</td><script>alert(1)</script>", "a|b;c", "x\\n y", "\u200b\u2028\x85"]


@case("every-format")
def foul_subjects_and_places(box):
    """No name, place or source acts on a spreadsheet, a page, a calendar or a monitoring system."""
    for number, name in enumerate(FOUL_NAMES):
        box.file(f"in/{number}{name.replace('/', '_')}.pem", certificate_pem(ca(name, key("root"))))
    box.file("plant.toml", "".join(f"[[source]]\nat = \"in\"\nowner = {json.dumps(name)}\nnote = {json.dumps(name)}\n" for name in FOUL_NAMES))
    for form in FORMATS:
        for words in [["expiry", "in", "--all"], ["expiry", "--config", "plant.toml", "--all"]]:
            run = box.certkit(*words, "--format", form).ends(0, 1, 2)
            if form != "csv":
                run.is_printable()
            if form == "html":
                run.hides("<script>alert(1)", "</td><script")
            if form == "csv":
                for cell in re.findall(r'(?:^|,)"?([^",\n]*)', run.out, re.M):
                    if cell.startswith(("=", "+", "@", "\t", "\r")) or (cell.startswith("-") and not re.fullmatch(r"-?[\d.]*", cell)):
                        run.fail(f"the cell {cell!r}")
            if form == "nagios" and len([line for line in run.out.splitlines() if line.startswith("SSL_CERT")]) > 1:
                run.fail("two answers")
            if form == "json":
                run.json()
            if form == "ics":
                for line in run.out.splitlines():
                    if not re.match(r"[A-Z-]+[;:]| ", line):
                        run.fail(f"the line {line!r}")


def at_once(count, make, hold):
    def run(box):
        box.certkit("generate", "ca", "--name", "Plant CA", "--key-type", "ec:p256", "--no-password", "-o", "ca").ends(0, 1)
        lines = [make(box, number) for number in range(count)]
        for process, each in [(box.start(*each), each) for each in lines]:
            box.finish(process, each, 60).ends(0, 1)
        hold(box, count)

    return run


def requests(box, number):
    box.certkit("request", "client", "--name", f"c{number}", "--key-type", "ec:p256", "--no-password", "--key-out", f"{number}.key", "-o", f"{number}.csr").ends(0, 1)
    return ["sign", f"{number}.csr", "--issuer", "ca", "--cert-out", f"{number}.pem"]


def in_index(box, count):
    index = der.openssl("crl2pkcs7", "-nocrl", "-certfile", str(box.path("ca/index.pem")))
    serials = {der.openssl("x509", "-in", str(box.path(f"{number}.pem")), "-noout", "-serial") for number in range(count)}
    if len(serials) != count:
        raise Failed(f"{len(serials)} serial numbers for {count} certificates")
    text = box.path("ca/index.pem").read_text().lower()
    for serial in serials:
        if serial.decode().strip().split("=")[1].lower() not in text:
            raise Failed(f"{serial} is not in the index")
    if any(path.name.startswith(".certkit-") or path.name.endswith("lock") for path in box.inside.rglob("*")):
        raise Failed("something is left behind")


add("at-once", "sign", "Eight signatures at once have eight serial numbers, and all stand in the index.", at_once(8, requests, in_index))
add("at-once", "generate", "Eight certificates made at once have eight serial numbers, and all stand in the index.",
    at_once(8, lambda box, number: ["generate", "client", "--name", f"c{number}", "--key-type", "ec:p256", "--no-password", "--issuer", "ca", "--cert-out", f"{number}.pem", "--key-out", f"{number}.key"], in_index))


@case("at-once")
def forced_outputs(box):
    """Eight runs that replace one key and certificate leave a pair that belongs together."""
    words = ["generate", "client", "--name", "x", "--key-type", "ec:p256", "--no-password", "--cert-out", "pair/x.pem", "--key-out", "pair/x.key", "--force"]
    for _ in range(3):
        for process, each in [(box.start(*words), words) for _ in range(8)]:
            box.finish(process, each, 40)
        public = der.openssl("pkey", "-in", str(box.path("pair/x.key")), "-pubout")
        if public != der.openssl("x509", "-in", str(box.path("pair/x.pem")), "-noout", "-pubkey"):
            raise Failed("the key is another one's")
        left = [path.name for path in box.path("pair").iterdir() if path.name not in ("x.pem", "x.key")]
        if left:
            raise Failed(f"left behind: {left}")


@case("budgets")
def folder_of_hostile_stores(box):
    """Many stores, each within the budget of a file, cost together no more than the run's; the others are judged."""
    odd = budgets.store(mac=budgets.mac(3_000_000))
    for number in range(60):
        box.file(f"stores/{number:03}.p12", odd)
    box.file("stores/zz.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("password", "changeit\n")
    for words in [["expiry", "stores", "--all"], ["check", "stores"], ["verify", "stores/zz.pem", "--trust", "stores"]]:
        run = box.certkit(*words, deadline=60).says("all files of a run")
        if words[0] != "verify":
            run.says("zz.pem")


@case("environment")
def roots_of_the_system(box):
    """SSL_CERT_FILE and SSL_CERT_DIR that name a FIFO, a device or a monster hold nothing up."""
    plant(box)
    os.mkfifo(box.path("odd"))
    os.mkfifo(box.path("dir/odd"))
    with open(box.path("big/x"), "wb") as file:
        file.truncate(1 << 31)
    for env in [{"SSL_CERT_FILE": "odd"}, {"SSL_CERT_FILE": "/dev/zero"}, {"SSL_CERT_DIR": "dir"}, {"SSL_CERT_FILE": "big/x"}, {"SSL_CERT_DIR": "big"}, {"SSL_CERT_FILE": ""}, {"SSL_CERT_DIR": "::"}, {"SSL_CERT_FILE": b"\xff"},
                {"SSL_CERT_DIR": "folder:dir:/dev"}]:
        for words in [["verify", "leaf.pem", "--trust", "system", "--host", "plant.test"], ["check", "leaf.pem"], ["trust", "list", "system"], ["expiry", "system"]]:
            box.certkit(*words, env=env).is_printable()


@case("keys")
def rsa_of_20000_bits(box):
    """An RSA key of more bits than programs compute with is an error under every profile, and signs nothing that counts."""
    long = der.seq(der.seq(der.oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(der.seq(der.integer((1 << 19_999) + 1), der.integer(65537))))
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), spki=long)))
    for profile in ["https", "alwayson", "opcua", "client", "ca", "rfc5280", "tls"]:
        box.certkit("check", "leaf.pem", "--trust", "root.pem", "--profile", profile).ends(2, 3)
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test").refuses().says("16384")
