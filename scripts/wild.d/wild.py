"""Runs certkit over every file of a folder and compares what it reads with other readers; see scripts/wild."""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

# What cryptography will refuse in years to come it reads today, and warns of each.
warnings.simplefilter("ignore")
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes

LARGEST = 1 << 20
SLOW = 10.0
COMMANDS = {
    "inspect": ["inspect", "--json"],
    "inspect --full": ["inspect", "--full"],
    "check": ["check", "--json"],
    "verify": ["verify", "--at", "2026-06-01", "--trust", "system"],
    "trust list": ["trust", "list"],
    "expiry": ["expiry"],
}

def files(folder):
    """Every file up to a size, each content once, in the order of their digests: what the time allows is a fair sample."""
    found = {}
    for root, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            try:
                if not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
                    continue
                content = path.read_bytes()
            except OSError:
                continue
            is_text = content.lstrip()[:2] in (b"//", b"/*", b"#!") or name.endswith((".rs", ".toml", ".md", ".c", ".h", ".S"))
            if not is_text:
                found.setdefault(hashlib.sha256(content).digest(), path)
    return [path for _, path in sorted(found.items())]


def run(certkit, arguments, path):
    start = time.monotonic()
    try:
        done = subprocess.run([certkit, *arguments, str(path)], capture_output=True, timeout=3 * SLOW, stdin=subprocess.DEVNULL)
        status, out, err = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        status, out, err = "timeout", b"", b""
    return status, time.monotonic() - start, out, err


def is_panic(status, err):
    return status == 101 or (isinstance(status, int) and status < 0) or b"panicked at" in err


def by_cryptography(path):
    """What cryptography reads of a file: a list of certificates, or the reason why it reads none."""
    content = path.read_bytes()
    try:
        if content.startswith(b"\x30"):
            found = [x509.load_der_x509_certificate(content)]
        else:
            found = x509.load_pem_x509_certificates(content)
    except Exception as error:  # whatever a reader of another world raises is its reason
        return None, f"{type(error).__name__}: {error}"
    return found, None


def described(certificate):
    """Of one certificate of cryptography, field by field; a field that it refuses is left out."""
    fields = {}

    def take(name, read):
        try:
            fields[name] = read()
        except Exception:
            pass

    take("serial", lambda: certificate.serial_number)
    take("version", lambda: certificate.version.value + 1)
    take("not_before", lambda: int(certificate.not_valid_before_utc.timestamp()))
    take("not_after", lambda: int(certificate.not_valid_after_utc.timestamp()))
    take("extensions", lambda: [extension.oid.dotted_string for extension in certificate.extensions])
    take("is_ca", lambda: certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    return fields


def ours(certificate):
    moment = lambda text: int(time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone) if text else None
    return {
        "serial": int(certificate["serial_number"]),
        "version": certificate["version"],
        "not_before": moment(certificate["not_before"]),
        "not_after": moment(certificate["not_after"]),
        "extensions": [extension["oid"] for extension in certificate["extensions"]],
        "is_ca": certificate["is_ca"],
    }


def by_parser(entry):
    if entry is None:
        return None
    number = int(entry["serial"] or "0", 16)
    bits = 4 * len(entry["serial"])
    return {**entry, "serial": number - (1 << bits) if bits and number >> (bits - 1) else number}


def compare(mine, other, differences, path, reader):
    for name in mine.keys() & other.keys():
        if mine[name] != other[name]:
            differences.append(f"{path}: {name}: certkit {mine[name]}, {reader} {other[name]}")


def main():
    parser = argparse.ArgumentParser()
    for option in ("--certkit", "--fields", "--seconds"):
        parser.add_argument(option, required=True)
    parser.add_argument("folder")
    args = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()

    paths = files(args.folder)
    end = time.monotonic() + float(args.seconds)
    statuses, times, panics, slow, left, documents = collections.Counter(), collections.Counter(), [], [], 0, {}

    def all_of(path):
        if time.monotonic() > end:
            return None
        return [(name, *run(args.certkit, arguments, path)) for name, arguments in COMMANDS.items()]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, runs in zip(paths, pool.map(all_of, paths)):
            if runs is None:
                left += 1
                continue
            for name, status, taken, out, err in runs:
                statuses[name, status] += 1
                times[name] += taken
                if is_panic(status, err):
                    panics.append(f"{name} {path}: {err.decode(errors='replace').strip()[:300]}")
                if taken > SLOW or status == "timeout":
                    slow.append(f"{name} {path}: {taken:.1f} s")
                # Where nothing could be read, the document is the error.
                if name == "inspect" and out and "certificates" in (document := json.loads(out)):
                    documents[path] = document

    listed = subprocess.run([args.fields], input="\n".join(map(str, documents)), capture_output=True, text=True, check=True)
    parsed = {Path(entry["path"]): entry["certificates"] for entry in map(json.loads, listed.stdout.splitlines())}
    differences, only_ours, only_theirs, compared = [], collections.Counter(), [], 0
    for path in paths:
        if path not in documents and left:
            continue
        found, why = by_cryptography(path)
        document = documents.get(path)
        mine = {it["fingerprint_sha256"]: ours(it) for it in document["certificates"]} if document else {}
        if found is None:
            if mine:
                only_ours[why.split("\n")[0][:90]] += 1
        for certificate in found or []:
            own = mine.get(certificate.fingerprint(hashes.SHA256()).hex())
            if own is None:
                only_theirs.append(f"{path}: cryptography reads a certificate, certkit does not")
                continue
            compared += 1
            compare(own, described(certificate), differences, path, "cryptography")
        others = [it for it in map(by_parser, parsed.get(path, [])) if it]
        numbers = {own["serial"]: own for own in mine.values()}
        for other in others:
            if other["serial"] not in numbers:
                only_theirs.append(f"{path}: x509-parser reads a certificate, certkit does not")
            elif len(mine) == len(numbers):
                compare(numbers[other["serial"]], other, differences, path, "x509-parser")

    print(f"{len(paths)} files, {len(paths) - left} of them run, {left} left when the time was over")
    for name in COMMANDS:
        counted = ", ".join(f"{status}: {count}" for (which, status), count in sorted(statuses.items(), key=str) if which == name)
        print(f"  {name:15} {times[name]:7.1f} s   statuses {counted}")
    print(f"{compared} certificates compared; {sum(only_ours.values())} files that certkit reads and cryptography does not:")
    for why, count in only_ours.most_common(12):
        print(f"  {count:5}  {why}")
    for title, entries in (("panics", panics), ("slow", slow), ("read by others alone", only_theirs), ("fields that differ", differences)):
        print(f"{title}: {len(entries)}")
        for entry in entries[:40]:
            print(f"  {entry}")
    return 1 if panics or slow or only_theirs or differences else 0


sys.exit(main())
