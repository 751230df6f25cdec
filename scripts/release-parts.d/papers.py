"""papers.py sbom FILE | winget|chocolatey|homebrew DIST: what those who read these files demand of them."""

import hashlib
import pathlib
import re
import sys
import xml.etree.ElementTree
import zipfile

import jsonschema
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

WORDS = {"type": "string", "minLength": 1, "maxLength": 256}
COMMON = {
    "PackageIdentifier": {"type": "string", "pattern": r"^[^\.\s\\/:\*\?\"<>\|]{1,32}(\.[^\.\s\\/:\*\?\"<>\|]{1,32}){1,7}$"},
    "PackageVersion": {"type": "string", "pattern": r"^[^\\/:\*\?\"<>\|\x01-\x1f]+$", "maxLength": 128},
    "ManifestVersion": {"type": "string", "pattern": r"^1\.\d+\.0$"},
}
GUID = r"^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$"
INSTALLER = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Architecture", "InstallerType", "InstallerUrl", "InstallerSha256"],
    "properties": {
        "Architecture": {"enum": ["x86", "x64", "arm", "arm64", "neutral"]},
        "InstallerType": {"enum": ["msi", "wix", "zip", "exe"]},
        "Scope": {"enum": ["user", "machine"]},
        "InstallerUrl": {"type": "string", "pattern": r"^https?://", "maxLength": 2048},
        "InstallerSha256": {"type": "string", "pattern": r"^[A-F0-9]{64}$"},
        "ProductCode": {"type": "string", "pattern": GUID},
    },
}
# What the schemas 1.6.0 of winget demand of the fields that are used here.
WINGET = {
    "version": ({"DefaultLocale": {"type": "string", "pattern": "^[a-z]{2}-[A-Z]{2}$"}}, ["DefaultLocale"]),
    "installer": (
        {
            "Installers": {"type": "array", "minItems": 1, "items": INSTALLER},
            "Commands": {"type": "array", "items": WORDS, "maxItems": 16},
            "UpgradeBehavior": {"enum": ["install", "uninstallPrevious", "deny"]},
        },
        ["Installers"],
    ),
    "defaultLocale": (
        {name: WORDS for name in ("PackageLocale", "Publisher", "PackageName", "License", "ShortDescription")}
        | {"Description": {"type": "string", "minLength": 3, "maxLength": 10000}, "Moniker": WORDS}
        | {"Tags": {"type": "array", "items": WORDS, "maxItems": 16, "uniqueItems": True}},
        ["PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"],
    ),
}


def sbom(path):
    text = path.read_text()
    errors = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    assert errors is None, errors
    for name in ("aws-lc-sys", "rustls", "libsqlite3-sys", "certkit-core"):
        assert f'"pkg:cargo/{name}@' in text, name


def sum_of(folder, name):
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()


def winget(dist):
    kinds = set()
    for path in sorted((dist / "winget").iterdir()):
        document = yaml.safe_load(path.read_text())
        kind = document["ManifestType"]
        fields, needed = WINGET[kind]
        properties = COMMON | fields | {"ManifestType": {"const": kind}}
        schema = {"type": "object", "additionalProperties": False, "properties": properties}
        jsonschema.validate(document, schema | {"required": [*COMMON, "ManifestType", *needed]})
        for installer in document.get("Installers", ()):
            name = installer["InstallerUrl"].rsplit("/", 1)[1]
            assert installer["InstallerSha256"].lower() == sum_of(dist, name), name
        kinds.add(kind)
    assert kinds == set(WINGET), kinds


def chocolatey(dist):
    (path,) = dist.glob("certkit-cli.*.nupkg")
    with zipfile.ZipFile(path) as package:
        spec = xml.etree.ElementTree.fromstring(package.read("certkit-cli.nuspec"))
        script = package.read("tools/chocolateyinstall.ps1").decode()
        for name in ("[Content_Types].xml", "_rels/.rels"):
            xml.etree.ElementTree.fromstring(package.read(name))
    space = "{http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd}"
    for name in ("id", "version", "authors", "description"):
        assert spec.findtext(f"{space}metadata/{space}{name}"), name
    url, checksum = re.search(r"-Url64bit '(\S+)'.*-Checksum64 '(\w+)'", script).groups()
    assert checksum == sum_of(dist, url.rsplit("/", 1)[1]), url


def homebrew(dist):
    pairs = re.findall(r'url "(\S+)"\s+sha256 "(\w+)"', (dist / "certkit-cli.rb").read_text())
    assert len(pairs) == 2, pairs
    for url, checksum in pairs:
        assert checksum == sum_of(dist, url.rsplit("/", 1)[1]), url


{"sbom": sbom, "winget": winget, "chocolatey": chocolatey, "homebrew": homebrew}[sys.argv[1]](pathlib.Path(sys.argv[2]))
