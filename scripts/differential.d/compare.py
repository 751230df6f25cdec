"""Compares the judgements of certkit, OpenSSL and rustls-webpki; `scripts/differential` has built the maker."""

import argparse
import base64
import collections
import json
import subprocess
import sys

import openssl
import reasons

HOST, MOMENT = "plc7.plant.example", 1_780_272_000


def explain(case, accepted, errors, table):
    """The reasons of a difference, and what of it has none: identifiers of ours, or errors of theirs."""
    ours, stories = case["partial"], set(case["story"])
    if accepted:
        # What we refuse and they accept: they must be known not to look at any of it.
        found = {it: [row.reason for row in table.overlooked if row.holds(it, stories)] for it in ours["errors"]}
    else:
        # What they refuse and we accept: we have warned, or it is known why.
        warned = {it.removesuffix("@anchor") for it in ours["warnings"]}
        rows = [row for row in table.refused if row.reason in warned or row.reason in reasons.HABITS]
        found = {f"accepted, but: {it}": [row.reason for row in rows if row.holds(it, stories)] for it in errors}
    return [names[0] for names in found.values() if names], [it for it, names in found.items() if not names]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--maker", required=True)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    wanted = parser.parse_args()
    judge = openssl.OpenSSL(HOST, MOMENT)
    command = [wanted.maker, str(wanted.count), str(wanted.seed)]
    counts, whys, open_ones, shown = collections.Counter(), collections.Counter(), collections.Counter(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as maker:
        for line in maker.stdout:
            case = json.loads(line)
            # OpenSSL is asked with partial chains, as webpki always is: a path ends at any anchor.
            ours = case["partial"]
            counts["cases"] += 1
            counts["accepted by certkit"] += ours["accepted"]
            ders = [[base64.b64decode(text) for text in case[kind]] for kind in ("others", "anchors")]
            error = judge.judge(base64.b64decode(case["leaf"]), *ders)
            theirs = {
                "openssl": (error == 0, [error], reasons.OPENSSL),
                "webpki": (case["webpki"]["accepted"], case["webpki"]["errors"], reasons.WEBPKI),
            }
            for name, (accepted, errors, table) in theirs.items():
                agrees = accepted == ours["accepted"]
                counts[f"{name} agrees" if agrees else f"{name} differs"] += 1
                if agrees:
                    continue
                known, unknown = explain(case, accepted, errors, table)
                whys.update(f"{name}: {reason}" for reason in known)
                for what in unknown:
                    open_ones[f"{name}: {what}"] += 1
                    if shown < wanted.show:
                        shown += 1
                        print(f"case {case['number']}, {name}: {what}; {case['story']}; certkit {ours}", file=sys.stderr)
    if maker.returncode != 0 or counts["cases"] != wanted.count:
        print("scripts/differential: the maker did not make every case", file=sys.stderr)
        return 3
    print(f"{judge.version}, seed {wanted.seed}")
    for what, count in counts.items():
        print(f"{count:8} {what}")
    for what, count in whys.most_common():
        print(f"{count:8}   because of {what}")
    for what, count in open_ones.most_common():
        print(f"{count:8} UNEXPLAINED {what}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
