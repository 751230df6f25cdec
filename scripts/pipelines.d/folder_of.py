"""folder_of.py CRATE METADATA: the folder of a crate's source, by what `cargo metadata` says."""

import json
import pathlib
import sys

packages = json.loads(pathlib.Path(sys.argv[2]).read_text())["packages"]
print(next(pathlib.Path(it["manifest_path"]).parent for it in packages if it["name"] == sys.argv[1]))
