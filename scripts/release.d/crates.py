"""The crates, as they would be published."""

import json
import os

from context import ROOT, Failed, put, run

# What every crate has to hold; and what nobody who uses one needs, or would be wrong about.
WANTED = {"README.md", "LICENSE-MIT", "LICENSE-APACHE"}
UNWANTED = ("tests/", "fuzz/", "proptest-regressions/")


def packages(release):
    command = ["cargo", "metadata", "--no-deps", "--locked", "--format-version", "1"]
    members = json.loads(run(*command, cwd=ROOT))["packages"]
    # An empty list of registries: not for others.
    names = sorted(it["name"] for it in members if it["publish"] != [])
    for name in names:
        listed = run("cargo", "package", "--list", "--allow-dirty", "-p", name, cwd=ROOT).decode().split()
        if stray := [it for it in listed if it.startswith(UNWANTED)]:
            raise Failed(f"{name} would be published with {stray[0]}")
        if missing := WANTED - set(listed):
            raise Failed(f"{name} would be published without {', '.join(sorted(missing))}")
    seen = os.environ | {"CARGO_TARGET_DIR": str(release.target)}
    words = ["--locked", "--allow-dirty", "--no-verify", "--quiet"]
    words += [word for name in names for word in ("-p", name)]
    for command in (["publish", "--dry-run"], ["package"]):
        run("cargo", *command, *words, cwd=ROOT, env=seen)
    for name in names:
        packed = release.target / "package" / f"{name}-{release.version}.crate"
        put(release.dist, packed.name, packed.read_bytes())
