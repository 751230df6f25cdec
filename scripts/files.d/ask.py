"""Asks programs which forms of a file with certificates they read."""

import base64
import csv
import io
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLE = ROOT / "testdata" / "files.csv"
LIST = re.compile(r"-----BEGIN X509 CRL-----\n.*?-----END X509 CRL-----\n", re.S)
BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----\n.*?-----END CERTIFICATE-----\n", re.S)


def forms():
    """Two certificates, in every form."""
    text = (ROOT / "testdata/checks/chain-order/good.pem").read_text()
    first, second = BLOCK.findall(text)[:2]
    pem = first + second
    crl = LIST.search((ROOT / "testdata/checks/revocation-list-departs/good.pem").read_text())[0]
    html = pem.replace("\n", "<br>\n").replace("-----BEGIN", "<pre>-----BEGIN").replace("<pre>-----BEGIN", "<pre>-----BEGIN", 1)
    yield "plain", pem.encode()
    yield "text before", b"Subject: the CA of line 3\n" + pem.encode()
    yield "CR LF", pem.replace("\n", "\r\n").encode()
    yield "UTF-8 mark", b"\xef\xbb\xbf" + pem.encode()
    yield "UTF-16", pem.encode("utf-16")
    yield "glued", (first.rstrip("\n") + second).encode()
    yield "glued to BEGIN", pem.replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----").encode()
    yield "glued to END", pem.replace("\n-----END", "-----END").encode()
    yield "list beside", (first + crl + second).encode()
    yield "backslash n", pem.replace("\n", "\\n").encode()
    yield "CR alone", pem.replace("\n", "\r").encode()
    yield "blanks", re.sub(r"\n", " ", pem).encode()
    yield "indented", "".join("    " + line for line in pem.splitlines(True)).encode()
    yield "in its line", "".join("ca = " + block for block in (first, second)).encode()
    yield "markup", html.encode()
    yield "CR CR LF", pem.replace("\n", "\r\r\n").encode()
    yield "LF CR", pem.replace("\n", "\n\r").encode()
    yield "blank line", re.sub(r"\n-----END", "\n\n-----END", pem).encode()
    yield "double-spaced", pem.replace("\n", "\n\n").encode()
    yield "headers", pem.replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\nsubject: CA of line 3\n\n").encode()
    yield "no padding", re.sub(r"=+\n", "\n", pem).encode()
    yield "X509 label", pem.replace("CERTIFICATE", "X509 CERTIFICATE").encode()
    yield "TRUSTED label", pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE").encode()
    yield "other label", pem.replace("CERTIFICATE", "X.509 CERTIFICATE").encode()
    yield "hyphens", b"---------------- the CA of line 3\n" + pem.encode()
    yield "bare base64", base64.encodebytes(b"".join(ssl.PEM_cert_to_DER_cert(block) for block in (first, second)))
    yield "long lines", "".join(block.replace("\n", "").replace("E-----", "E-----\n").replace("-----END", "\n-----END") for block in (first, second)).encode()


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          env={**os.environ, "LC_ALL": "C"})
    return done.stdout + done.stderr


def openssl(file):
    return len(re.findall(r"^\d+: Certificate$", run("openssl", "storeutl", "-noout", "-certs", file), re.M))


def java(file):
    return len(re.findall(r"^Owner: ", run("keytool", "-printcert", "-file", file), re.M))


def gnutls(file):
    return len(re.findall(r"X\.509 Certificate Information", run("certtool", "--certificate-info", "--infile", file)))


def go(file):
    return int(subprocess.run(["go", "run", HERE / "count.go"], input=f"{file}\n", capture_output=True, text=True, check=True).stdout)


def python(file):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=file)
    except (ssl.SSLError, OSError):
        pass
    return context.cert_store_stats()["x509"]


PROGRAMS = [("openssl", "openssl", openssl), ("java", "keytool", java), ("gnutls", "certtool", gnutls), ("go", "go", go), ("python", "python3", python)]


def answers(programs):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificates.pem"
        for name, content in forms():
            file.write_bytes(content)
            yield [name, *(str(ask(file)) for _, _, ask in programs)]


def main(arguments):
    there = [it for it in PROGRAMS if shutil.which(it[1])]
    match arguments:
        case [] if len(there) == len(PROGRAMS):
            out = io.StringIO()
            table = csv.writer(out, lineterminator="\n")
            table.writerow(["form", *(name for name, _, _ in PROGRAMS)])
            table.writerows(answers(PROGRAMS))
            TABLE.write_text(out.getvalue())
            return 0
        case []:
            print("scripts/files: a program is missing", file=sys.stderr)
            return 3
        case ["--check"]:
            with TABLE.open(newline="") as file:
                kept = {row.pop("form"): row for row in csv.DictReader(file)}
            different = [f"{name}: {program} found {kept[name][program]} and finds {count}"
                         for name, *counts in answers(there) for (program, _, _), count in zip(there, counts)
                         if kept.get(name, {}).get(program) != count]
            print("\n".join(different), end="\n" if different else "")
            return 1 if different else 0
    print("usage: scripts/files [--check]", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
