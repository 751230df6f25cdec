"""release.py VERSION [--only KIND]... [--dist DIR] [--unclean]: see scripts/release."""

import argparse
import pathlib
import sys

import archives
import channels
import context
import crates
import debian
import msi
import oci
import papers
import rpm

KINDS = {
    "linux": archives.linux,
    "static": archives.static,
    "arm64": archives.arm64,
    "windows": archives.windows,
    "deb": debian.packages,
    "rpm": rpm.packages,
    "msi": msi.packages,
    "oci": oci.image,
    "channels": channels.all_of_them,
    "crates": crates.packages,
    "papers": papers.all_of_them,
}


class Parser(argparse.ArgumentParser):
    """Bad usage ends as every release does that is not made."""

    def error(self, message):
        raise context.Failed(f"{message}; see scripts/release --help")


def main():
    parser = Parser(prog="scripts/release", add_help=False)
    parser.add_argument("version")
    parser.add_argument("--only", action="append", choices=KINDS, default=[])
    parser.add_argument("--dist", type=pathlib.Path, default=context.ROOT / "dist")
    parser.add_argument("--unclean", action="store_true")
    arguments = parser.parse_args()
    release = context.Release(arguments.version, arguments.unclean, arguments.dist)
    for kind, make in KINDS.items():
        if kind in (arguments.only or KINDS):
            release.once(make)
    papers.sums(release)
    release.finish()


if __name__ == "__main__":
    try:
        main()
    except context.Failed as failure:
        print(f"release: error: {failure}", file=sys.stderr)
        sys.exit(3)
