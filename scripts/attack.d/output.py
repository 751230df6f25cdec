"""Text from outside that would act on a terminal, a spreadsheet or a parser."""

import json
import struct

import budgets
import der
from cases import add, case
from der import ca, certificate_pem, general, key, leaf

ESCAPE = "\x1b]0;owned\x07\x1b[2J"
BIDI = "\u202egnp.exe"
FOUL = {"escape": ESCAPE, "bidi": BIDI, "c1": "\x9b31m", "newline": "a\n  0 errors\nb", "return": "a\rOK", "isolate": "\u2066x\u2069", "line-separator": "a\u2028b"}


def printed(make, words):
    def run(box):
        make(box)
        box.certkit(*words).is_printable()

    return run


def file_named(name):
    def make(box):
        box.file(f"folder/{name}.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file(f"folder/{name}.crl", b"junk")
        box.file(f"folder/{name}/x.pem", b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n")

    return make


for label, foul in FOUL.items():
    for verb, words in {"check": ["check", "folder"], "inspect": ["inspect", "folder"], "expiry": ["expiry", "folder", "--all"], "list": ["trust", "list", "folder:folder"], "expiry-nagios":
                        ["expiry", "folder", "--format", "nagios"], "audit": ["trust", "audit", "folder:folder"], "prometheus": ["expiry", "folder", "--format", "prometheus"],
                        "json": ["check", "folder", "--json"], "csv": ["expiry", "folder", "--format", "csv"]}.items():
        if verb in ("check", "inspect", "expiry") or label in ("escape", "bidi"):
            if not (verb == "csv" and label == "newline"):
                add("output", f"file-name-{label}-{verb}", "A file's name reaches no terminal with controls.", printed(file_named(foul), words))


def subject_of(name):
    def make(box):
        made = leaf(name, key("leaf"), name, key("root"), names=[general(2, name.encode()), general(6, ("urn:" + name).encode()), general(1, name.encode())])
        box.file("leaf.pem", certificate_pem(made))
        box.file("list.crl", der.crl(name, key("root"), [5]))

    return make


for label, foul in FOUL.items():
    for verb, words in {"check": ["check", "leaf.pem"], "inspect": ["inspect", "leaf.pem", "list.crl"], "verify": ["verify", "leaf.pem", "--trust", "leaf.pem", "--crl", "list.crl"],
                        "expiry": ["expiry", "leaf.pem", "list.crl", "--all"], "html": ["expiry", "leaf.pem", "--format", "html"], "ics": ["expiry", "leaf.pem", "--format", "ics"]}.items():
        if verb in ("check", "inspect") or label in ("escape", "bidi"):
            add("output", f"subject-{label}-{verb}", "A subject reaches no terminal with controls.", printed(subject_of(foul), words))


def echoed(words):
    def run(box):
        box.certkit(*words).ends(3).is_printable()

    return run


for label, words in {
    "command": [ESCAPE], "option": ["check", "--" + ESCAPE], "value": ["check", "x", "--profile", ESCAPE], "value-bidi": ["check", "x", "--profile", BIDI], "input": ["check", ESCAPE], "input-json": ["check", BIDI, "--json"],
    "url": ["fetch", f"https://{ESCAPE}"], "time": ["check", "x", "--at", ESCAPE], "duration": ["expiry", "x", "--warn", ESCAPE], "explain": ["explain", ESCAPE], "explain-bidi": ["explain", BIDI],
    "store": ["trust", "list", "folder:" + ESCAPE], "oid": ["verify", "x", "--trust", "x", "--policy", ESCAPE], "host": ["verify", "x", "--trust", "x", "--host", ESCAPE], "schema": ["schema", ESCAPE],
    "raw": ["check", b"\xff\xfe\x1b[31m"], "output": ["convert", "x", "-o", ESCAPE], "env": ["trust", "list", "x", "--password-env", ESCAPE],
}.items():
    add("output", f"echo-{label}", "What was typed is repeated without controls.", echoed(words))


@case("output")
def java_aliases_and_kinds(box):
    """Aliases and kinds of entries in a Java keystore reach no terminal with controls."""
    kind = lambda text: struct.pack(">H", len(text)) + text
    certificate = ca("Plant Root", key("root"))
    odd = struct.pack(">I", 2) + kind(ESCAPE.encode()) + bytes(8) + kind(("X" + ESCAPE + BIDI).encode()) + struct.pack(">I", len(certificate)) + certificate
    box.file("store.jks", budgets.java(budgets.JKS, budgets.trusted_entry(BIDI, certificate), odd))
    box.file("password", "changeit\n")
    for words in [["trust", "list", "jks:store.jks"], ["inspect", "store.jks"], ["check", "store.jks"], ["expiry", "store.jks", "--all"]]:
        box.certkit(*words, "--password-file", "password").is_printable()
        box.certkit(*words).is_printable()


@case("output")
def pem_labels(box):
    """Labels of PEM blocks and text around them reach no terminal with controls."""
    box.file("odd.pem", f"-----BEGIN {ESCAPE}-----\nAAAA\n-----END {ESCAPE}-----\n-----BEGIN X{BIDI}-----\nAAAA\n")
    box.certkit("inspect", "odd.pem").is_printable()
    box.certkit("check", "odd.pem").is_printable()


@case("output")
def csv_formulas(box):
    """A cell of CSV that a spreadsheet would calculate does not begin with its sign."""
    for number, name in enumerate(["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3"]):
        box.file(f"{number}.pem", certificate_pem(ca(name, key("root"))))
    run = box.certkit("expiry", ".", "--format", "csv")
    for line in run.out.splitlines():
        for cell in line.split(","):
            if cell.strip('"').startswith(("=cmd", "+1+1", "@SUM", "-2+3")):
                run.fail(f"the cell {cell!r}")


@case("output")
def markup_in_html(box):
    """Markup in a subject is text on the HTML page."""
    box.file("odd.pem", certificate_pem(ca("</script><script>alert(1)</script><img src=x onerror=alert(1)>", key("root"))))
    box.certkit("expiry", "odd.pem", "--format", "html").hides("<script>alert(1)", "<img src=x")


@case("output")
def json_stays_json(box):
    """Quotes, NULs and broken UTF-8 in names leave JSON one document."""
    box.file("odd.pem", certificate_pem(ca(der.name(b'a"\0\xff\xed\xa0\x80\\'), key("root"))))
    for words in [["check", "odd.pem", "--json"], ["inspect", "odd.pem", "--json"], ["expiry", "odd.pem", "--json"]]:
        box.certkit(*words).json()


@case("output")
def prometheus_labels(box):
    """A newline in a subject makes no metric of its own."""
    box.file("odd.pem", certificate_pem(ca('x"} 1\nowned_metric 1\n#', key("root"))))
    run = box.certkit("expiry", "odd.pem", "--format", "prometheus")
    if any(line.startswith("owned_metric") for line in run.out.splitlines()):
        run.fail("a metric of the attacker's")


@case("output")
def record_of_changes_is_one_line(box):
    """A reason and a subject with line ends make no line of their own in the record."""
    box.file("odd.pem", certificate_pem(ca('x\n{"schema":"certkit.trust-log/1"}\n', key("root"))))
    box.certkit("trust", "add", "pem:bundle.pem", "odd.pem", "--create", "--reason", 'because\n{"x":1}', "--accept", "expired")
    for path in box.inside.rglob("log.jsonl"):
        for line in path.read_text().splitlines():
            if "schema" in json.loads(line) and len(json.loads(line)) < 3:
                raise AssertionError("a line of the attacker's")
