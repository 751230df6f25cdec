"""Packages for RHEL, Fedora and SUSE: certkit-cli, for x86_64 and aarch64."""

import os

import build
import debian
import papers
from context import put, run

SPEC = """\
Name: certkit-cli
Version: {version}
Release: 1
Summary: {summary}
License: {license}
Packager: {maintainer}
Recommends: ca-certificates

%description
{about}
%install
cp -a {tree}/. %{{buildroot}}/

%files
{files}
%config(noreplace) /etc/certkit/inventory.toml
%dir /etc/certkit
%dir /var/lib/certkit

%changelog
* {day} {maintainer} - {version}-1
- See the notes of this release.
"""


def package(release, architecture, program):
    top = release.folder(f"rpm-{architecture}")
    tree = top / "tree"
    files = debian.system_files(release, program, "usr/lib/systemd/system", "site-functions")
    third_party = release.once(papers.third_party).encode()
    files.append(("usr/share/licenses/certkit-cli/third-party.txt", third_party, 0o644))
    for path, content, mode in files:
        put(tree, path, content, mode)
    (tree / "var/lib/certkit").mkdir(parents=True)
    listed = "\n".join(f"/{path}" for path, _, _ in files if not path.startswith("etc/"))
    about = "".join(line.removeprefix(" ") for line in debian.ABOUT.splitlines(keepends=True))
    spec = SPEC.format(
        version=release.version,
        summary=debian.SUMMARY.capitalize(),
        license=release.license,
        maintainer=release.maintainer,
        about=about,
        tree=tree,
        files=listed,
        day=release.date("%a %b %d %Y"),
    )
    settings = {
        "_topdir": top,
        "_rpmdir": release.dist,
        "_build_name_fmt": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        "_buildhost": "certkit",
        "_binary_payload": "w9.gzdio",
        "_build_id_links": "none",
        "debug_package": "%{nil}",
        "__os_install_post": "%{nil}",
        "__strip": "/bin/true",
        "use_source_date_epoch_as_buildtime": 1,
        "clamp_mtime_to_source_date_epoch": 1,
        "_changelog_trimtime": 0,
    }
    words = [word for name, value in settings.items() for word in ("--define", f"{name} {value}")]
    put(top, "certkit-cli.spec", spec)
    seen = os.environ | {"SOURCE_DATE_EPOCH": str(release.epoch)}
    command = ["rpmbuild", "-bb", "--quiet", "--target", f"{architecture}-linux", *words, top / "certkit-cli.spec"]
    run(*command, env=seen)
    return release.dist / f"certkit-cli-{release.version}-1.{architecture}.rpm"


def packages(release):
    package(release, "x86_64", release.once(build.linux))
    package(release, "aarch64", release.once(build.arm64))
