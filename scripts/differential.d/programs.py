"""Compares what certkit says that OpenSSL, Java, GnuTLS and Go do with what they do; `scripts/differential` has built the maker.

The profile `tls` promises what OpenSSL and Java do: a chain that it accepts and one of them refuses is counted apart.
"""

import argparse
import base64
import collections
import concurrent.futures
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "programs.d"))

import ask
import openssl
import reasons

HOST, MOMENT = "plc7.plant.example", 1_780_272_000
STRICT = ("openssl", "java")
ASKED = [it for it in ask.PROGRAMS if it.name in reasons.PROGRAMS]
CHAIN = "Not verified. The certificate is NOT trusted. "


def case_of(line):
    """A case of the maker as `scripts/programs` has them."""
    ders = {kind: [base64.b64decode(text) for text in line[kind]] for kind in ("others", "anchors")}
    parts = {"presented": [base64.b64decode(line["leaf"]), *ders["others"]], "trust": ders["anchors"], "crl": []}
    return ask.Case(str(line["number"]), MOMENT, "server", HOST, parts)


class Judges:
    """The programs, each asked as `scripts/programs` asks it."""

    def __init__(self):
        self.openssl = openssl.OpenSSL(HOST, MOMENT, flags=0)
        self.streamed = {it.name: it for it in ASKED if it.name in ("java", "go")}
        self.versions = {it.name: it.version() for it in ASKED}

    def gnutls(self, case):
        with tempfile.TemporaryDirectory() as home:
            ask.write(case, Path(home))
            return ask.gnutls(case, Path(home))

    def others(self, case, folder):
        """OpenSSL in this process, Java and Go each in one of its own."""
        for file in folder.iterdir():
            file.unlink()
        for part, members in case.parts.items():
            for at, der in enumerate(members):
                (folder / f"{part}{at}.der").write_bytes(der)
        leaf, *presented = case.parts["presented"]
        error = self.openssl.judge(leaf, presented, case.parts["trust"])
        said = {"openssl": ask.ACCEPTS if error == 0 else str(error)}
        return said | {name: program.ask(case, folder) for name, program in self.streamed.items()}


def reason(name, words, line):
    """Why a difference is known; None where it is not."""
    foretold, stories = line["foretold"][name], set(line["story"])
    table = reasons.PROGRAMS[name]
    if words == ask.ACCEPTS:
        rows = [row for row in table.overlooked if all(row.holds(check, stories) for check in foretold["why"])]
    else:
        rows = [row for row in table.refused if row.begins(words.removeprefix(CHAIN), stories)]
    return rows[0].reason if rows else None


def broken_promise(name, line):
    """What the profile `tls` lets pass though certkit knows that the program refuses it; None where a warning is enough."""
    silent = set(line["foretold"][name]["why"]) - reasons.WARNED_OF
    return f"tls accepts what is refused for {sorted(silent)}" if silent else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--maker", required=True)
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    wanted = parser.parse_args()
    missing = sorted({word for it in ASKED for word in it.needs.split() if not shutil.which(word)})
    if missing:
        print(f"scripts/differential: missing: {', '.join(missing)}", file=sys.stderr)
        return 3
    judges, counts = Judges(), collections.Counter()
    known, unknown, shown = collections.Counter(), collections.Counter(), 0
    command = [wanted.maker, str(wanted.count), str(wanted.seed)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as maker,
        concurrent.futures.ThreadPoolExecutor() as pool,
        tempfile.TemporaryDirectory() as home,
    ):
        waiting = collections.deque()
        lines = map(json.loads, maker.stdout)
        while True:
            while len(waiting) < 64 and (line := next(lines, None)):
                case = case_of(line)
                waiting.append((line, judges.others(case, Path(home)), pool.submit(judges.gnutls, case)))
            if not waiting:
                break
            line, said, gnutls = waiting.popleft()
            said["gnutls"] = gnutls.result()
            counts["cases"] += 1
            for name, words in said.items():
                accepted, foretold = words == ask.ACCEPTS, line["foretold"][name]
                agrees = accepted == foretold["accepted"]
                counts[f"{name} as foretold" if agrees else f"{name} otherwise"] += 1
                is_promise = name in STRICT and line["certkit"]["accepted"] and not accepted
                counts[f"accepted under tls, refused by {name}"] += is_promise
                if agrees:
                    why, what = None, broken_promise(name, line) if is_promise else None
                    if not what:
                        continue
                else:
                    why = reason(name, words, line)
                    what = f"accepted, foretold {foretold['why']}" if accepted else f"{words[:160]}, foretold to be accepted"
                if why:
                    known[f"{name}: {why}"] += 1
                    continue
                unknown[f"{name}: {what}"] += 1
                if shown < wanted.show:
                    shown += 1
                    print(f"case {line['number']}, {name}: {what}; {line['story']}; {line['certkit']['facts']}", file=sys.stderr)
    if maker.returncode != 0 or counts["cases"] != wanted.count:
        print("scripts/differential: the maker did not make every case", file=sys.stderr)
        return 3
    print(", ".join(f"{name} {version}" for name, version in judges.versions.items()), f"seed {wanted.seed}", sep=", ")
    for what, count in sorted(counts.items()):
        print(f"{count:8} {what}")
    for what, count in known.most_common():
        print(f"{count:8}   because of {what}")
    for what, count in unknown.most_common():
        print(f"{count:8} UNEXPLAINED {what}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
