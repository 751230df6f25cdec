"""What all parts of a release share: where things are, what time it is, how archives are written."""

import gzip
import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The file of sums, by which a folder is known to be of a release.
SUMS = "SHA256SUMS"


class Failed(Exception):
    """A release that cannot be made, in one sentence."""


def run(*command, **options):
    """Runs a command that has to succeed; gives its standard output."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False, **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(words)[:300]} ended with {done.returncode}")
    return done.stdout


class Release:
    """One release: its version, its time, its commit and its folders."""

    def __init__(self, version, unclean, dist):
        with open(ROOT / "Cargo.toml", "rb") as file:
            workspace = tomllib.load(file)["workspace"]
        if version != workspace["package"]["version"]:
            raise Failed(f"{version} is not the version of Cargo.toml: {workspace['package']['version']}")
        self.version = version
        self.license = workspace["package"]["license"]
        if not unclean and run("git", "status", "--porcelain", cwd=ROOT):
            raise Failed("there are changes that are not committed; --unclean takes the tree as it is")
        commit = run("git", "show", "--no-patch", "--format=%H %ct", "HEAD", cwd=ROOT).decode().split()
        self.commit, self.epoch = commit[0], int(commit[1])
        if dist.exists() and any(dist.iterdir()) and not (dist / SUMS).exists():
            raise Failed(f"{dist} holds files that are not of a release: empty it, or name another folder")
        self.target = ROOT / "target-release"
        self.work = self.target / "work"
        self.maintainer = os.environ.get("CERTKIT_MAINTAINER", "certkit <maintainers@certkit.example>")
        self.downloads = os.environ.get("CERTKIT_DOWNLOADS", f"https://downloads.plant.example/certkit/{version}")
        self.made = {}
        self.result = dist
        self.dist = self.folder("dist")

    def date(self, form):
        return time.strftime(form, time.gmtime(self.epoch))

    def once(self, make):
        """What `make` gives for this release, made when it is first asked for."""
        if make not in self.made:
            start = time.monotonic()
            self.made[make] = make(self)
            name = f"{make.__module__}.{make.__name__}"
            print(f"{time.monotonic() - start:7.1f} s  {name}", file=sys.stderr, flush=True)
        return self.made[make]

    def folder(self, name):
        """An empty folder to work in."""
        folder = self.work / name
        if folder.exists():
            run("rm", "-rf", folder)
        folder.mkdir(parents=True)
        return folder

    def finish(self):
        """Puts what was made in place of what an earlier run has left."""
        if self.result.exists():
            shutil.rmtree(self.result)
        shutil.copytree(self.dist, self.result)


def put(folder, name, content, mode=0o644):
    """Writes a file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def files_below(folder):
    """Files and folders below a folder, in an order of their own."""
    return sorted(folder.rglob("*"))


def tar(folder, epoch, prefix=""):
    """A folder as a tar, its owner root and its time that of the release."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in files_below(folder):
            member = archive.gettarinfo(str(path), prefix + str(path.relative_to(folder)))
            member.mtime, member.uid, member.gid, member.uname, member.gname = epoch, 0, 0, "", ""
            with open(path, "rb") if path.is_file() else io.BytesIO() as content:
                archive.addfile(member, content if member.isfile() else None)
    return whole.getvalue()


def gz(content):
    """Compressed, without a name and a time."""
    return gzip.compress(content, 9, mtime=0)


def zipped(folder, epoch, prefix=""):
    """A folder as a zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files_below(folder):
            if path.is_file():
                member = zipfile.ZipInfo(prefix + str(path.relative_to(folder)), time.gmtime(epoch)[:6])
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system, member.external_attr = 3, (path.stat().st_mode & 0xFFFF) << 16
                archive.writestr(member, path.read_bytes())
    return whole.getvalue()


def sha256(content):
    return hashlib.sha256(content).hexdigest()
