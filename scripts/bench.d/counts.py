"""Counts instructions: they do not depend on the machine's speed, nor on what else it does."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / folder) for folder in ("linear.d", "attack.d")]

import jobs
from rounds import NotMeasured

COUNTED = [
    "check-files", "check-in-one-file", "check-authorities", "inspect-in-one-file", "verify-batch", "verify-in-one-file",
    "convert-pem", "trust-add", "trust-list", "trust-audit", "expiry-files", "explain-log",
]
"""The jobs of `scripts/linear` that are counted."""

SIZE = 8
"""What each is given: enough for the work to outweigh the start, and little, since counting takes fifty times as long."""

PROFILER = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


def instructions(certkit, words, folder):
    """How many instructions a run takes."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    done = subprocess.run([*PROFILER, certkit, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    told = re.search(rb"I +refs: +([\d,]+)", done.stderr)
    if done.returncode not in (0, 1, 2) or not told:
        raise NotMeasured(f"certkit {' '.join(words)}: {done.stderr.decode(errors='replace')[-300:]}")
    return int(told[1].replace(b",", b""))


def measured(certkit):
    """The instructions of each job in millions, by its name. A start without work is taken off: it depends on the linker."""
    counted = {}
    with tempfile.TemporaryDirectory(prefix="certkit-counts.") as root:
        start = instructions(certkit, ["version"], root)
        for job in (job for job in jobs.ALL if job.name in COUNTED):
            folder = pathlib.Path(tempfile.mkdtemp(dir=root))
            job.make(folder, SIZE)
            counted[job.name] = instructions(certkit, job.words, folder) - start
    return {name: round(count / 1e6, 2) for name, count in counted.items()}
