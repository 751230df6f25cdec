"""Asks other programs about specimens, and keeps what they say."""

import csv
import io
import ipaddress
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import textwrap
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKS = HERE.parent.parent / "testdata" / "checks"
TABLE = HERE.parent.parent / "testdata" / "programs.csv"
PROFILES = {"tls", "https", "alwayson", "rfc5280", "webpki"}
PARTS = {"presented", "trust", "crl"}
# What stands in a header and is not asked of these programs in a way that they have in common.
UNASKED = {"email", "policy", "max-depth", "names-compared", "connection", "anchors", "distrusted", "lost", "store", "peer", "endpoint", "form"}
BLOCK = re.compile(r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----\n(?P<body>.*?)-----END (?P=label)-----", re.S)
ACCEPTS = "accepts"


@dataclass
class Case:
    """A specimen, taken apart."""

    name: str
    seconds: int
    usage: str = "server"
    host: str | None = None
    parts: dict = field(default_factory=lambda: {part: [] for part in PARTS})

    def line(self, folder):
        return f"{folder} {self.seconds} {self.usage} {self.host or '-'}"


def case_of(file):
    """The case of a specimen; None where it is no TLS chain to a trusted certificate."""
    text = file.read_text()
    settings = dict(re.findall(r"^([a-z-]+): (.*)$", text, re.M))
    is_known_from_elsewhere = "\npart: untrusted\n" in text
    if settings.get("profile") not in PROFILES or UNASKED & settings.keys() or is_known_from_elsewhere:
        return None
    moment = datetime.fromisoformat(settings["at"].replace("Z", "+00:00"))
    name = f"{file.parent.name}/{file.name}"
    case = Case(name, int(moment.timestamp()), settings.get("usage", "server"), settings.get("host"))
    part = "presented"
    for found in re.finditer(r"^part: (?P<part>[^\n]*)$|" + BLOCK.pattern, text, re.M | re.S):
        if found["part"]:
            part = found["part"]
        elif part in PARTS:
            case.parts[part].append(b64decode(found["body"]))
    return case if case.parts["presented"] and case.parts["trust"] else None


def write(case, folder):
    """Writes the parts in DER and PEM."""
    for part, members in case.parts.items():
        label = "X509 CRL" if part == "crl" else "CERTIFICATE"
        pem = ""
        for at, der in enumerate(members):
            (folder / f"{part}{at}.der").write_bytes(der)
            body = "\n".join(textwrap.wrap(b64encode(der).decode(), 64))
            pem += f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"
        (folder / f"{part}.pem").write_text(pem)


def is_address(host):
    try:
        return bool(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return False


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          env={**os.environ, "TZ": "UTC", "LC_ALL": "C"})
    return done.returncode, done.stdout + done.stderr


def openssl(case, folder, *more):
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime", case.seconds, "-purpose", f"ssl{case.usage}"]
    command += ["-CAfile", folder / "trust.pem", "-untrusted", folder / "presented.pem", *more]
    if case.host:
        command += ["-verify_ip" if is_address(case.host) else "-verify_hostname", case.host.strip("[]")]
    if case.parts["crl"]:
        command += ["-crl_check_all", "-CRLfile", folder / "crl.pem"]
    (folder / "leaf.pem").write_text(BLOCK.search((folder / "presented.pem").read_text())[0] + "\n")
    status, said = run(*command, folder / "leaf.pem")
    error = re.search(r"^error (\d+) at \d+ depth lookup: ?(.*)$", said, re.M)
    if error:
        return f"{error[1]} {error[2]}"
    if status == 0:
        return ACCEPTS
    return "cannot decode it" if "Unable to load" in said or "Could not" in said else said.strip().splitlines()[-1]


def openssl_strict(case, folder):
    return openssl(case, folder, "-x509_strict", "-partial_chain")


def gnutls(case, folder):
    moment = datetime.fromtimestamp(case.seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    purpose = "1.3.6.1.5.5.7.3.1" if case.usage == "server" else "1.3.6.1.5.5.7.3.2"
    command = ["faketime", moment, "certtool", "--verify", f"--verify-purpose={purpose}"]
    command += ["--load-ca-certificate", folder / "trust.pem", "--infile", folder / "presented.pem"]
    if case.parts["crl"]:
        command += ["--load-crl", folder / "crl.pem"]
    if case.host:
        command.append(f"--verify-hostname={case.host.strip('[]')}")
    status, said = run(*command)
    verdict = re.search(r"Chain verification output: (.*)$", said, re.M)
    if verdict:
        words = verdict[1].strip()
        return ACCEPTS if words.startswith("Verified") and status == 0 else words
    return ACCEPTS if status == 0 else said.strip().splitlines()[-1]


class Streamed:
    """A program of ours that judges a case a line, with a library that has no command of its own."""

    def __init__(self, command, prepare):
        self.command, self.prepare, self.process = command, prepare, None

    def __call__(self, case, folder):
        if self.process is None:
            self.home = tempfile.TemporaryDirectory()
            command = self.prepare(Path(self.home.name))
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(case.line(folder) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


def java_program(home):
    subprocess.run(["javac", "-d", home, HERE / "Judge.java"], check=True)
    return ["java", "-Duser.language=en", "-cp", home, "Judge"]


def go_program(home):
    subprocess.run(["go", "build", "-o", home / "judge", HERE / "judge.go"], check=True, cwd=home)
    return [home / "judge"]


def python_program(home):
    return [sys.executable, "-B", HERE / "judge.py"]


def webpki_program(home):
    root = HERE.parent.parent
    subprocess.run(["cargo", "build", "--quiet", "--locked", "-p", "certkit-core", "--example", "webpki"], check=True, cwd=root)
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    return [root / target / "debug/examples/webpki"]


def python_version():
    return f"{sys.version.split()[0]}+{ssl.OPENSSL_VERSION.split()[1]}"


def webpki_version():
    lock = (HERE.parent.parent / "Cargo.lock").read_text()
    return re.search(r'name = "rustls-webpki"\nversion = "([^"]+)"', lock)[1]


def version(*command, pattern):
    found = re.search(pattern, run(*command)[1])
    return found[1] if found else "?"


@dataclass
class Program:
    """A program that is asked."""

    name: str
    needs: str
    ask: object
    version: object

    def is_there(self):
        return all(map(shutil.which, self.needs.split()))


PROGRAMS = [
    Program("openssl", "openssl", openssl, lambda: version("openssl", "version", pattern=r"OpenSSL (\S+)")),
    Program("openssl-strict", "openssl", openssl_strict, lambda: version("openssl", "version", pattern=r"OpenSSL (\S+)")),
    Program("java", "javac", Streamed("java", java_program), lambda: version("java", "-version", pattern=r'version "([^"]+)"')),
    Program("gnutls", "certtool faketime", gnutls, lambda: version("certtool", "--version", pattern=r"certtool (\S+)")),
    Program("go", "go", Streamed("go", go_program), lambda: version("go", "version", pattern=r"go(\d\S+)")),
    Program("python", "python3 faketime", Streamed("python", python_program), python_version),
    Program("webpki", "cargo", Streamed("webpki", webpki_program), webpki_version),
]


def answers(files, programs):
    rows = {}
    for file in files:
        case = case_of(file)
        if case is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            write(case, Path(folder))
            said = {it.name: it.ask(case, Path(folder)).replace(folder, "") for it in programs}
        rows[case.name] = {name: re.sub(r"\s+", " ", words) for name, words in said.items()}
    return rows


def written(rows):
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["specimen", *(f"{it.name} {it.version()}" for it in PROGRAMS)])
    table.writerows([name, *(said[it.name] for it in PROGRAMS)] for name, said in rows.items())
    return out.getvalue()


def differences(rows, programs):
    """Compares verdicts, and words only where the same version speaks."""
    with TABLE.open(newline="") as file:
        head, *kept = csv.reader(file)
    columns = {words.split(" ")[0]: (at, words.split(" ")[1]) for at, words in enumerate(head)if at}
    kept = {row[0]: row for row in kept}
    for name in sorted(rows.keys() ^ kept.keys()):
        yield f"{name}: {'not in the table' if name in rows else 'no such specimen'}"
    for program in programs:
        at, known = columns[program.name]
        is_same = program.version() == known
        for name in rows.keys() & kept.keys():
            now, then = rows[name][program.name], kept[name][at]
            if (now != then) if is_same else ((now == ACCEPTS) != (then == ACCEPTS)):
                yield f"{name}: {program.name} said {then!r} and says {now!r}"


def main(arguments):
    there = [it for it in PROGRAMS if it.is_there()]
    specimens = sorted(CHECKS.glob("*/*.pem"))
    match arguments:
        case []:
            if len(there) < len(PROGRAMS):
                missing = {it.needs for it in PROGRAMS if not it.is_there()}
                print(f"scripts/programs: missing: {', '.join(sorted(missing))}", file=sys.stderr)
                return 3
            TABLE.write_text(written(answers(specimens, PROGRAMS)))
            return 0
        case ["--check"]:
            if not there:
                print("scripts/programs: none of the programs is installed", file=sys.stderr)
                return 3
            found = list(differences(answers(specimens, there), there))
            print("\n".join(found), end="\n" if found else "")
            return 1 if found else 0
        case ["--show", *files] if files:
            for name, said in answers([Path(it).resolve() for it in files], there).items():
                print(name, *(f"  {program}: {words}" for program, words in said.items()), sep="\n")
            return 0
    print((HERE.parent / "programs").read_text().split("\n#\n")[1].replace("#   ", "usage: "), file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
