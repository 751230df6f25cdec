"""The programs. One toolchain builds them all: Debian's, with zig as the C compiler and linker for Linux.

Where Debian has no standard library for a target, cargo builds it from Debian's source, which stable allows only under
RUSTC_BOOTSTRAP. Panics abort, since nothing here catches one, and an unwinder would be a second thing to have per target.
"""

import os
import pathlib
import sys

from context import ROOT, Failed, run

BUILD_STD = ("-Z", "build-std=std,panic_abort")
GLIBC = "2.17"
# What a build takes from this user's environment: where things are, how crates are had, and how hard to optimise.
KEPT = (
    ("HOME", "LANG", "LC_", "TERM", "TMPDIR", "XDG_CACHE_HOME")
    + ("CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_PROFILE_RELEASE_")
    + ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_")
)


def environment(release, flags):
    """What the build sees: nothing of this user's own settings, and no path of this machine in what comes out."""
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    source = pathlib.Path("/usr/lib/rustlib/src/rust").resolve()
    mapped = [(ROOT, "/certkit"), (home, "/cargo"), (source, "/rust")]
    rustflags = [f"--remap-path-prefix={path}={name}" for path, name in mapped]
    kept = {key: value for key, value in os.environ.items() if key.startswith(KEPT)}
    return kept | {
        "PATH": f"{pathlib.Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "CARGO": "/usr/bin/cargo",
        "RUSTC": "/usr/bin/rustc",
        "RUSTC_BOOTSTRAP": "1",
        "RUSTFLAGS": " ".join(rustflags + flags),
        "CFLAGS": " ".join(f"-ffile-prefix-map={path}={name}" for path, name in mapped),
        "CARGO_TARGET_DIR": str(release.target),
        "CARGO_PROFILE_RELEASE_PANIC": "abort",
        "CERTKIT_COMMIT": release.commit,
        "SOURCE_DATE_EPOCH": str(release.epoch),
    }


def cargo(release, command, target, std, flags=()):
    """Builds certkit; gives its file."""
    arguments = ["--release", "--locked", "--package", "certkit-cli", "--bin", "certkit", "--target", target]
    run("nice", *command, *arguments, *(std or ()), cwd=ROOT, env=environment(release, list(flags)))
    name = "certkit.exe" if "windows" in target else "certkit"
    built = release.target / target.removesuffix(f".{GLIBC}") / "release" / name
    if not built.is_file():
        raise Failed(f"the build for {target} left no {built}")
    return built


ZIG = ("cargo-zigbuild", "zigbuild")


def linux(release):
    """Linux, x86-64, any glibc from 2.17 on."""
    return cargo(release, ZIG, f"x86_64-unknown-linux-gnu.{GLIBC}", None)


def static(release):
    """Linux, x86-64, needs nothing but the kernel: zig brings musl, which Debian's rustc does not have."""
    return cargo(release, ZIG, "x86_64-unknown-linux-musl", BUILD_STD, ["-Clink-self-contained=no"])


def arm64(release):
    """Linux, arm64, any glibc from 2.17 on."""
    return cargo(release, ZIG, f"aarch64-unknown-linux-gnu.{GLIBC}", BUILD_STD)


def windows(release):
    """Windows, x86-64. The linker would note the time of the build."""
    flags = ["-Clink-arg=-Wl,--no-insert-timestamp"]
    return cargo(release, ("/usr/bin/cargo", "build"), "x86_64-pc-windows-gnu", BUILD_STD, flags)
