"""Jobs of `certkit expiry`: many files, and many endpoints."""

import os
import pathlib
import shutil
import subprocess

import rounds

FILES = 100_000
ENDPOINTS = 2_000

# The seconds that a dead endpoint is waited for.
PATIENCE = 3


def peer(made):
    """The program of Go, built anew where its source has changed."""
    source = pathlib.Path(__file__).with_name("peer.go")
    program = made.folder / "peer"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        environment = dict(os.environ, GOCACHE=str(made.folder / "go"), GOFLAGS="-mod=mod", GO111MODULE="off")
        done = subprocess.run(
            ["go", "build", "-o", str(program), str(source)], env=environment, capture_output=True, check=False
        )
        if done.returncode != 0:
            raise rounds.NotMeasured(f"go build: {done.stderr.decode(errors='replace')}")
    return str(program)


def split(made, tools):
    """The certificates of a bundle, a file each, a thousand in a folder."""
    bundle = pathlib.Path(made.corpus(tools.corpus, FILES))
    folder = made.folder / "files"
    mark = folder / bundle.name
    if mark.exists():
        return folder / "pki"
    shutil.rmtree(folder, ignore_errors=True)
    number, lines = 0, []
    with bundle.open("rb") as text:
        for line in text:
            lines.append(line)
            if line.startswith(b"-----END"):
                place = folder / "pki" / f"{number // 1000:03}"
                place.mkdir(parents=True, exist_ok=True)
                (place / f"{number:06}.pem").write_bytes(b"".join(lines))
                number, lines = number + 1, []
    mark.touch()
    return folder / "pki"


def files(made, tools, patience, count):
    folder = split(made, tools)
    ours, theirs = "certkit expiry", "go, dates alone"
    commands = {ours: [tools.certkit, "expiry", str(folder)], theirs: [peer(made), "dates", str(folder)]}
    taken = rounds.processes(commands, count or 7, patience, says="")
    peak_kb = rounds.peak_kb(commands[ours])
    # Both bundles are made beforehand: making one removes those of other programs, not of other lengths.
    lengths = {"certkit expiry, 100,000": FILES, "certkit expiry, 1,000,000": 10 * FILES}
    commands = {
        name: [tools.certkit, "expiry", made.corpus(tools.corpus, length)] for name, length in lengths.items()
    }
    return taken, peak_kb, rounds.processes(commands, min(count or 3, 3), patience, says="")


class Fleet:
    """TLS servers on loopback, for as long as the block lasts."""

    def __init__(self, made, tools, dead):
        self.list = made.folder / f"fleet-{dead}.txt"
        self.inventory = made.folder / f"fleet-{dead}.toml"
        self.command = [tools.fleet, str(ENDPOINTS), str(dead)]

    def __enter__(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        limited = ["sh", "-c", 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"', "fleet"]
        self.process = subprocess.Popen(limited + self.command, text=True, **pipes)
        addresses = []
        for line in self.process.stdout:
            if line == "ready\n":
                break
            addresses.append(line.strip())
        if len(addresses) != ENDPOINTS:
            self.__exit__()
            raise rounds.NotMeasured("the servers did not start; 2,000 ports need as many open files")
        self.list.write_text("\n".join(addresses) + "\n")
        places = ", ".join(f'"{address}"' for address in addresses)
        self.inventory.write_text(f"[[source]]\nat = [{places}]\n")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def certkit(tools, fleet, concurrency):
    return [tools.certkit, "expiry", "--config", str(fleet.inventory), "--jobs", str(concurrency), "--retries", "0"]


def fleet(made, tools, patience, count):
    taken, peaks_kb = {}, {}
    with Fleet(made, tools, 0) as alive:
        for concurrency in (100, 500):
            ours = certkit(tools, alive, concurrency)
            commands = {
                f"certkit expiry --jobs {concurrency}": ours,
                "go, tls.Dial": [peer(made), "dial", str(alive.list), str(concurrency)],
            }
            taken[concurrency] = rounds.processes(commands, count or 7, patience, says="")
            peaks_kb[concurrency] = rounds.peak_kb(ours)
        with Fleet(made, tools, 10) as partly:
            slow = certkit(tools, partly, 100) + ["--timeout", f"{PATIENCE}s"]
            commands = {"one dead in ten": slow, "all alive": certkit(tools, alive, 100)}
            with_dead = rounds.processes(commands, min(count or 3, 3), patience, says="")
    return taken, peaks_kb, with_dead
