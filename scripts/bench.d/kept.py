"""The figures that are kept in the repository, and what has become of them."""

import json
import pathlib

FILE = pathlib.Path(__file__).resolve().parent.parent.parent / "testdata/bench.json"

MOST = 1.05
"""How much worse than what is kept a figure may be."""


def read():
    return json.loads(FILE.read_text()) if FILE.exists() else {"instructions": {}, "ratios": {}}


def write(**figures):
    """Keeps these figures in the place of those of the same names."""
    known = read()
    for kind, values in figures.items():
        known[kind].update(values)
    FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def lost(claims):
    """Tells which ratios are worse than the kept ones."""
    before = read()["ratios"]
    for claim in claims:
        old = before.get(claim.job)
        worse = old and (old / claim.ratio if claim.is_speed else claim.ratio / old)
        if worse and worse > MOST:
            yield f"{claim.job}: {claim.ratio:.2f}x, kept {old:.2f}x"
