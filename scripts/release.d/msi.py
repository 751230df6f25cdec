"""Installers for Windows, one for a machine and one for a user alone. Both leave what users have made."""

import os
import pathlib
import uuid

import archives
from context import ROOT, files_below, put, run

TEMPLATE = pathlib.Path(__file__).parent / "packaging" / "certkit.wxs"
# For ever: by them a later version finds an earlier one and takes its place.
UPGRADE_CODES = {"machine": "6F0A3C0E-7C0C-4B53-9D3C-6A1F0C4F2B11", "user": "B4D1F3A8-2F57-4C56-8F0E-0D9B5D6C7E22"}


def package(release, scope):
    folder = release.folder(f"msi-{scope}")
    put(folder, "certkit.exe", release.once(archives.exe).read_bytes(), 0o755)
    archives.texts(release, folder)
    put(folder, "certkit.ico", (ROOT / "certkit-cli" / "windows" / "certkit.ico").read_bytes())
    identity = uuid.uuid5(uuid.UUID(UPGRADE_CODES[scope]), release.version)
    package_code = f"{{{str(uuid.uuid5(identity, release.commit)).upper()}}}"
    defined = {
        "Version": release.version,
        "Scope": "perMachine" if scope == "machine" else "perUser",
        "Root": "HKLM" if scope == "machine" else "HKCU",
        "Base": "ProgramFiles64Folder" if scope == "machine" else "LocalAppDataFolder",
        "UpgradeCode": UPGRADE_CODES[scope],
        "ProductCode": str(identity).upper(),
    }
    words = [word for name, value in defined.items() for word in ("-D", f"{name}={value}")]
    unsigned = folder / "certkit.msi"
    # wixl notes the time, of the files and of its own run.
    for path in files_below(folder):
        os.utime(path, (release.epoch, release.epoch))
    at_release = ("faketime", "-f", release.date("%Y-%m-%d %H:%M:%S"))
    run(*at_release, "wixl", "-a", "x64", *words, "-o", unsigned, TEMPLATE, cwd=folder, env=os.environ | {"TZ": "UTC"})
    finish(at_release, folder, unsigned, "=-*PATH" if scope == "machine" else "=-PATH", package_code)
    name = f"certkit-{release.version}-x64{'' if scope == 'machine' else '-user'}.msi"
    return archives.signed(release, release.dist / name, unsigned)


def finish(at_release, folder, path, variable, package_code):
    """Does what wixl has no word for: the folder of the program in PATH while it is installed, and a package code."""
    columns = "Environment\tName\tValue\tComponent_\r\ns72\tl255\tL255\ts72\r\nEnvironment\tEnvironment\r\n"
    table = put(folder, "Environment.idt", f"{columns}Path\t{variable}\t[~];[INSTALLDIR]\tProgram\r\n")
    run(*at_release, "msibuild", path, "-i", table)
    run(*at_release, "msibuild", path, "-s", "certkit", "certkit", "x64;1033", package_code)
    for action, order in (("RemoveEnvironmentStrings", 3300), ("WriteEnvironmentStrings", 5200)):
        columns = "(`Action`, `Sequence`)"
        run(*at_release, "msibuild", path, "-q", f"INSERT INTO `InstallExecuteSequence` {columns} VALUES ('{action}', {order})")


def packages(release):
    for scope in UPGRADE_CODES:
        package(release, scope)
