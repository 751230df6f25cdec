"""Packages for Debian and Ubuntu: certkit-cli, for amd64 and arm64."""

import gzip
import hashlib
import os
import pathlib
import subprocess

import archives
import build
import papers
from context import files_below, put, run

PACKAGING = pathlib.Path(__file__).parent / "packaging"
SUMMARY = "certificates and trust stores in industrial IT"
ABOUT = """\
 Gets, judges and explains the certificates of ThingWorx AlwaysOn, Kepware,
 OPC UA, HTTPS and MQTT: fetches the CA behind an endpoint, checks files
 before they are imported, fills and audits trust stores, warns before
 anything ends. The command is called certkit.
"""


def system_files(release, program, systemd, zsh):
    """What a package of Linux installs, as (path, content, mode)."""
    manual, shells = release.once(archives.pages)
    files = [("usr/bin/certkit", program.read_bytes(), 0o755)]
    files += [(f"usr/share/man/man1/{page}.gz", gzip.compress(text, 9, mtime=0), 0o644) for page, text in manual.items()]
    places = archives.COMPLETIONS.items()
    files += [(f"usr/share/{place.format(zsh=zsh)}", shells[shell], 0o644) for shell, place in places]
    files += [(f"{systemd}/{unit}", text, 0o644) for unit, text in release.once(units).items()]
    return files + [("etc/certkit/inventory.toml", (PACKAGING / "inventory.toml").read_bytes(), 0o644)]


def units(release):
    """The service and the timer, as the program itself writes them, for the place where it will be."""
    program, folder = release.once(build.linux), release.folder("units")
    words = ("--config", "/etc/certkit/inventory.toml", "--state", "/var/lib/certkit/state.db")
    run(program, "expiry", "install", "--systemd", "-o", folder, "--", *words, cwd="/", stderr=subprocess.DEVNULL)
    return {it.name: it.read_text().replace(str(program), "/usr/bin/certkit") for it in sorted(folder.iterdir())}


def package(release, architecture, program):
    folder = release.folder(f"deb-{architecture}")
    for path, content, mode in system_files(release, program, "lib/systemd/system", "vendor-completions"):
        put(folder, path, content, mode)
    (folder / "var/lib/certkit").mkdir(parents=True)
    documents = "usr/share/doc/certkit-cli"
    changes = f"certkit-cli ({release.version}) unstable; urgency=medium\n\n  * See the notes of this release.\n\n"
    changes += f" -- {release.maintainer}  {release.date('%a, %d %b %Y %H:%M:%S +0000')}\n"
    put(folder, f"{documents}/changelog.gz", gzip.compress(changes.encode(), 9, mtime=0))
    put(folder, f"{documents}/third-party.txt.gz", gzip.compress(release.once(papers.third_party).encode(), 9, mtime=0))
    put(folder, f"{documents}/copyright", (PACKAGING / "copyright").read_text())
    put(folder, "usr/share/lintian/overrides/certkit-cli", (PACKAGING / "lintian-overrides").read_text())
    control(release, folder, architecture)
    for path in files_below(folder):
        if path.is_dir():
            path.chmod(0o755)
    name = f"certkit-cli_{release.version}_{architecture}.deb"
    seen = os.environ | {"SOURCE_DATE_EPOCH": str(release.epoch)}
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder, release.dist / name, env=seen)
    return release.dist / name


def control(release, folder, architecture):
    installed = [it for it in files_below(folder) if it.is_file()]
    size = sum(it.stat().st_size for it in installed) // 1024
    sums = [f"{hashlib.md5(it.read_bytes()).hexdigest()}  {it.relative_to(folder)}\n" for it in installed]
    fields = {
        "Package": "certkit-cli",
        "Version": release.version,
        "Architecture": architecture,
        "Maintainer": release.maintainer,
        "Installed-Size": size,
        "Depends": f"libc6 (>= {build.GLIBC})",
        "Recommends": "ca-certificates",
        "Section": "utils",
        "Priority": "optional",
        "Description": f"{SUMMARY}\n{ABOUT}".rstrip(),
    }
    put(folder, "DEBIAN/control", "".join(f"{name}: {value}\n" for name, value in fields.items()))
    put(folder, "DEBIAN/md5sums", "".join(sums))
    put(folder, "DEBIAN/conffiles", "/etc/certkit/inventory.toml\n")
    for script in ("postinst", "prerm", "postrm"):
        put(folder, f"DEBIAN/{script}", (PACKAGING / f"deb.{script}").read_text(), 0o755)


def packages(release):
    package(release, "amd64", release.once(build.linux))
    package(release, "arm64", release.once(build.arm64))
