"""bom.py FILE: holds a bill of materials against the schema of CycloneDX 1.6, and each reference against what it names."""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if error is not None:
    sys.exit(f"{sys.argv[1]}: {error}")
bom = json.loads(text)
names = [component["bom-ref"] for component in bom["components"]]
if len(names) != len(set(names)):
    sys.exit("two components have one reference")
named = {"algorithmRef", "signatureAlgorithmRef", "subjectPublicKeyRef"}
wanted = {it for row in bom["dependencies"] for it in [row["ref"], *row["dependsOn"]]}
for component in bom["components"]:
    for part in component["cryptoProperties"].values():
        if isinstance(part, dict):
            wanted |= {part[name] for name in named & part.keys()}
if missing := wanted - set(names):
    sys.exit(f"references to nothing: {sorted(missing)[:5]}")
print(f"{len(names)} components")
