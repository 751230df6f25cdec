"""What package managers of others read: winget, Chocolatey, Homebrew. Each names the files of this release by their sum."""

import json
import uuid

import archives
import msi
from context import put, sha256, zipped

ABOUT = "Gets, judges and explains the certificates of ThingWorx AlwaysOn, Kepware, OPC UA, HTTPS and MQTT."
SHORT = "Certificates and trust stores in industrial IT"
NAME = "Certkit.Certkit"
LICENSE = "MIT OR Apache-2.0"


def yaml(fields):
    """Plain YAML of dictionaries, lists and words; JSON's words are YAML's."""

    def lines(value, indent):
        pad = "  " * indent
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, (dict, list)):
                    yield f"{pad}{key}:"
                    yield from lines(inner, indent)
                else:
                    yield f"{pad}{key}: {json.dumps(inner)}"
        else:
            for inner in value:
                if isinstance(inner, dict):
                    first, *rest = list(lines(inner, indent + 1))
                    yield f"{pad}- {first.strip()}"
                    yield from rest
                else:
                    yield f"{pad}- {json.dumps(inner)}"

    return "\n".join(lines(fields, 0)) + "\n"


def installer(release, scope):
    path = release.once({"machine": machine, "user": user}[scope])
    code = uuid.uuid5(uuid.UUID(msi.UPGRADE_CODES[scope]), release.version)
    return {
        "Architecture": "x64",
        "InstallerType": "wix",
        "Scope": scope,
        "InstallerUrl": f"{release.downloads}/{path.name}",
        "InstallerSha256": sha256(path.read_bytes()).upper(),
        "ProductCode": f"{{{str(code).upper()}}}",
    }


def machine(release):
    return msi.package(release, "machine")


def user(release):
    return msi.package(release, "user")


def winget(release):
    """Three files, as the winget repository has them (manifest version 1.6.0)."""
    common = {"PackageIdentifier": NAME, "PackageVersion": release.version}
    version = {"ManifestVersion": "1.6.0"}
    texts = {
        "PackageLocale": "en-US",
        "Publisher": "certkit",
        "PackageName": "certkit",
        "License": LICENSE,
        "ShortDescription": SHORT,
        "Description": ABOUT,
        "Moniker": "certkit-cli",
        "Tags": ["certificate", "kepware", "opc-ua", "thingworx", "x509"],
    }
    documents = {
        "": common | {"DefaultLocale": "en-US", "ManifestType": "version"},
        ".installer": common
        | {"Installers": [installer(release, scope) for scope in msi.UPGRADE_CODES], "Commands": ["certkit"]}
        | {"UpgradeBehavior": "install", "ManifestType": "installer"},
        ".locale.en-US": common | texts | {"ManifestType": "defaultLocale"},
    }
    for name, fields in documents.items():
        put(release.dist, f"winget/{NAME}{name}.yaml", yaml(fields | version))


NUSPEC = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd">
  <metadata>
    <id>certkit-cli</id>
    <version>{version}</version>
    <title>certkit</title>
    <authors>certkit</authors>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <description>{about}</description>
    <summary>{short}</summary>
    <tags>certificate kepware opc-ua thingworx x509</tags>
  </metadata>
</package>
"""
INSTALL = """\
$ErrorActionPreference = 'Stop'
Install-ChocolateyPackage -PackageName 'certkit-cli' -FileType 'msi' -SilentArgs '/qn /norestart' `
  -Url64bit '{url}' -Checksum64 '{sum}' -ChecksumType64 'sha256' -ValidExitCodes @(0, 3010)
"""
TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="nuspec" ContentType="application/octet"/>\
<Default Extension="ps1" ContentType="application/octet"/>\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>
"""
RELATIONS = """\
<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/certkit-cli.nuspec" Id="R1"/>\
</Relationships>
"""


def chocolatey(release):
    path = release.once(machine)
    folder = release.folder("chocolatey")
    put(folder, "certkit-cli.nuspec", NUSPEC.format(version=release.version, about=ABOUT, short=SHORT))
    url, checksum = f"{release.downloads}/{path.name}", sha256(path.read_bytes())
    put(folder, "tools/chocolateyinstall.ps1", INSTALL.format(url=url, sum=checksum))
    put(folder, "[Content_Types].xml", TYPES)
    put(folder, "_rels/.rels", RELATIONS)
    put(release.dist, f"certkit-cli.{release.version}.nupkg", zipped(folder, release.epoch))


FORMULA = """\
class CertkitCli < Formula
  desc "{short}"
  homepage "{downloads}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

  on_linux do
    on_intel do
      url "{downloads}/{intel}"
      sha256 "{intel_sum}"
    end
    on_arm do
      url "{downloads}/{arm}"
      sha256 "{arm_sum}"
    end
  end

  def install
    bin.install "certkit"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/certkit.bash" => "certkit"
    zsh_completion.install "completions/certkit.zsh" => "_certkit"
    fish_completion.install "completions/certkit.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/certkit --version")
    system bin/"certkit", "selftest"
  end
end
"""


def homebrew(release):
    intel, arm = release.once(archives.linux), release.once(archives.arm64)
    text = FORMULA.format(
        short=SHORT,
        downloads=release.downloads,
        version=release.version,
        intel=intel.name,
        intel_sum=sha256(intel.read_bytes()),
        arm=arm.name,
        arm_sum=sha256(arm.read_bytes()),
    )
    put(release.dist, "certkit-cli.rb", text)


def all_of_them(release):
    for make in (winget, chocolatey, homebrew):
        make(release)
