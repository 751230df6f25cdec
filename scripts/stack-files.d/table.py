"""The table of what stacks read.

usage: table.py VARIANTS.json NAME=FILE...    prints it; FILE has what NAME says of each variant, a line each
"""

import csv
import json
import sys
from pathlib import Path

variants = json.loads(Path(sys.argv[1]).read_text())
said = {}
for argument in sys.argv[2:]:
    name, file = argument.split("=")
    said[name] = Path(file).read_text().splitlines()
    assert len(said[name]) == len(variants), (name, len(said[name]), len(variants))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["holds", "name", "form", *said])
for at, variant in enumerate(variants):
    out.writerow([variant["holds"], variant["name"], variant["form"], *(lines[at] for lines in said.values())])
