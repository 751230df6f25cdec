"""Archives with the program, its manual pages, its completions and its licences."""

import os
import re
import subprocess

import build
import papers
from context import ROOT, gz, put, run, tar, zipped

# Where shells look for them, below /usr/share; debian.py and rpm.py go by it.
COMPLETIONS = {
    "bash": "bash-completion/completions/certkit",
    "zsh": "zsh/{zsh}/_certkit",
    "fish": "fish/vendor_completions.d/certkit.fish",
}


def pages(release):
    """Manual pages and completions, as the program for this machine writes them: (name, text) each."""
    program = release.once(build.linux)
    verbs = re.findall(r"^  ([a-z]+) ", run(program, "--help").decode().split("Options:")[0], re.M)
    manual = {"certkit.1": run(program, "man")} | {f"certkit-{verb}.1": run(program, "man", verb) for verb in verbs}
    shells = {shell: run(program, "completions", shell) for shell in (*COMPLETIONS, "powershell")}
    return manual, shells


def texts(release, folder):
    """The files that every archive has beside the program."""
    for name in ("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"):
        put(folder, name, (ROOT / name).read_bytes())
    put(folder, "THIRD-PARTY.txt", release.once(papers.third_party))


def for_linux(release, name, make):
    folder = release.folder(name)
    put(folder, "certkit", release.once(make).read_bytes(), 0o755)
    manual, shells = release.once(pages)
    for page, text in manual.items():
        put(folder, f"man/man1/{page}", text)
    for shell in COMPLETIONS:
        put(folder, f"completions/certkit.{shell}", shells[shell])
    texts(release, folder)
    whole = f"certkit-{release.version}-{name}"
    return put(release.dist, f"{whole}.tar.gz", gz(tar(folder, release.epoch, f"{whole}/")))


def linux(release):
    return for_linux(release, "x86_64-linux", build.linux)


def static(release):
    return for_linux(release, "x86_64-linux-static", build.static)


def arm64(release):
    return for_linux(release, "aarch64-linux", build.arm64)


def signed(release, path, unsigned):
    """Signs a file of Windows where a certificate is named. The signature's time is that of the release."""
    certificate = os.environ.get("CERTKIT_SIGN_CERT")
    if not certificate:
        put(path.parent, path.name, unsigned.read_bytes())
        return path
    path.unlink(missing_ok=True)
    words = ["osslsigncode", "sign", "-h", "sha256", "-n", "certkit", "-st", release.epoch, "-certs", certificate]
    words += ["-key", os.environ["CERTKIT_SIGN_KEY"]]
    if password := os.environ.get("CERTKIT_SIGN_PASSWORD_FILE"):
        words += ["-readpass", password]
    run(*words, "-in", unsigned, "-out", path, stderr=subprocess.DEVNULL)
    return path


def exe(release):
    """certkit.exe, signed where it is to be."""
    return signed(release, release.work / "certkit.exe", release.once(build.windows))


def windows(release):
    folder = release.folder("x86_64-windows")
    put(folder, "certkit.exe", release.once(exe).read_bytes(), 0o755)
    put(folder, "completions/certkit.ps1", release.once(pages)[1]["powershell"])
    texts(release, folder)
    whole = f"certkit-{release.version}-x86_64-windows"
    return put(release.dist, f"{whole}.zip", zipped(folder, release.epoch, f"{whole}/"))
