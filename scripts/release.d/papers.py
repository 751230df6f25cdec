"""What goes along with the programs: bill of materials, licences of others, notes, sums."""

import json
import pathlib
import re
import uuid

from context import ROOT, SUMS, Failed, put, run, sha256

TARGETS = (
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-gnu",
)
LICENCES = re.compile(r"^(LICEN[SC]E|COPYING|COPYRIGHT|NOTICE|UNLICENSE)", re.I)


def dependencies(_release):
    """The packages that are linked into the command on any target, by what cargo has locked, and what needs what."""
    packages, edges = {}, {}
    for target in TARGETS:
        whole = json.loads(
            run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target, cwd=ROOT)
        )
        known = {it["id"]: it for it in whole["packages"]}
        nodes = {it["id"]: it for it in whole["resolve"]["nodes"]}
        start = next(it["id"] for it in whole["packages"] if it["name"] == "certkit-cli")
        wanted, seen = [start], set()
        while wanted:
            name = wanted.pop()
            if name in seen:
                continue
            seen.add(name)
            kinds = {it["pkg"]: [kind["kind"] for kind in it["dep_kinds"]] for it in nodes[name]["deps"]}
            linked = sorted(it for it, kind in kinds.items() if None in kind)
            packages[name] = known[name]
            edges.setdefault(name, set()).update(linked)
            wanted += linked
    ordered = sorted(packages.values(), key=lambda it: (it["name"], it["version"]))
    return ordered, edges


def address(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def bill_of_materials(release):
    """CycloneDX 1.5."""
    packages, edges = release.once(dependencies)
    own = next(it for it in packages if it["name"] == "certkit-cli")
    known = {it["id"]: address(it) for it in packages}

    def component(package, kind):
        part = {"type": kind, "bom-ref": address(package), "name": package["name"], "version": package["version"]}
        if package.get("description"):
            part["description"] = " ".join(package["description"].split())
        if package.get("license"):
            part["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        return part | {"purl": address(package)}

    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'certkit/{release.version}/{release.commit}')}",
        "version": 1,
        "metadata": {
            "timestamp": release.date("%Y-%m-%dT%H:%M:%SZ"),
            "component": component(own, "application"),
            "properties": [{"name": "certkit:commit", "value": release.commit}],
        },
        "components": [component(it, "library") for it in packages if it is not own],
        "dependencies": [
            {"ref": known[it["id"]], "dependsOn": sorted(known[name] for name in edges[it["id"]])} for it in packages
        ],
    }
    text = json.dumps(bill, indent=2, ensure_ascii=False) + "\n"
    return put(release.dist, f"certkit-{release.version}.cdx.json", text)


def third_party(release):
    """The licences of all that is linked in, each text once with those that it is of."""
    packages, _ = release.once(dependencies)
    others = [it for it in packages if it["source"]]
    texts = {}
    for package in others:
        folder = pathlib.Path(package["manifest_path"]).parent
        found = [it for it in sorted(folder.iterdir()) if it.is_file() and LICENCES.match(it.name)]
        if package["name"] == "aws-lc-sys":
            found += sorted((folder / "aws-lc").glob("LICENSE*"))
        for path in found:
            text = path.read_text(errors="replace").strip()
            texts.setdefault(text, []).append(f"{package['name']} {package['version']}")
        if not found and not package.get("license"):
            raise Failed(f"{package['name']} has no licence")
    lines = ["certkit contains these works of others, under these licences.", ""]
    lines += [f"{it['name']} {it['version']}: {it['license']}" for it in others]
    lines += ["", "The standard library of Rust: MIT OR Apache-2.0"]
    for text, names in sorted(texts.items(), key=lambda it: it[1]):
        lines += ["", "=" * 78, ", ".join(dict.fromkeys(names)), "=" * 78, "", text]
    return "\n".join(lines) + "\n"


def notes(release):
    """The part of the changelog that is about this version."""
    text = (ROOT / "CHANGELOG.md").read_text()
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    part = next((it for name, it in parts.items() if name.split()[0] == release.version), parts.get("Unreleased"))
    if not part:
        raise Failed(f"CHANGELOG.md says nothing of {release.version}")
    return put(release.dist, f"certkit-{release.version}-notes.md", f"# certkit {release.version}\n\n{part.strip()}\n")


def all_of_them(release):
    put(release.dist, f"certkit-{release.version}-third-party.txt", release.once(third_party))
    release.once(bill_of_materials)
    release.once(notes)


def sums(release):
    """The sums of all that was made."""
    names = sorted(it for it in release.dist.rglob("*") if it.is_file())
    lines = [f"{sha256(it.read_bytes())}  {it.relative_to(release.dist)}\n" for it in names]
    put(release.dist, SUMS, "".join(lines))
