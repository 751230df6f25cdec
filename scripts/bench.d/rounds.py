"""Runs commands in rounds, each once per round, so that what slows the machine slows them all."""

import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

# As on a stock Debian: elsewhere openssl reads a bundle of CAs at every start, which takes longer than its work.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "SSL_CERT_FILE": "/nonexistent/absent.pem",
    "SSL_CERT_DIR": "/nonexistent",
}

# The share of the machine that other processes may take in a quiet moment, and how long one looks.
QUIET, GLANCE = 0.15, 0.03


class NotMeasured(Exception):
    """Something could not be run, or did not do its work."""


class Samples:
    """The middle and the least of some numbers."""

    def __init__(self, numbers):
        self.median = statistics.median(numbers)
        self.least = min(numbers)


def peak_kb(command):
    """The most memory that a command holds, in kB: the middle of three runs.

    GNU time starts it: what a process holds counts from before its program is loaded, and that is then
    what this interpreter holds.
    """
    peaks = []
    for _ in range(3):
        with tempfile.NamedTemporaryFile("r") as told:
            watched = ["time", "--quiet", "--format=%M", f"--output={told.name}", *command]
            streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(watched, env=ENVIRONMENT, check=False, **streams)
            peaks.append(int(told.read()))
    return statistics.median(peaks)


class Patience:
    """Waits for quiet moments until its seconds are used up."""

    def __init__(self, seconds):
        self.left = seconds

    def wait(self):
        while self.left > 0:
            start = time.monotonic()
            before = busy()
            time.sleep(GLANCE)
            after = busy()
            if after[0] - before[0] <= QUIET * (after[1] - before[1]):
                return
            time.sleep(0.1)
            self.left -= time.monotonic() - start


def busy():
    """Ticks in which a processor worked, and all ticks."""
    with open("/proc/stat", encoding="ascii") as lines:
        ticks = [int(tick) for tick in lines.readline().split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def processes(commands, count, patience, says):
    """Takes the wall time of whole processes, in seconds. What each writes must contain `says`."""
    usual = {name: first_run(command, says) for name, command in commands.items()}
    taken = {name: [] for name in commands}
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1, 2)]
    for _ in range(count):
        patience.wait()
        for name in random.sample(list(commands), len(commands)):
            program = shutil.which(commands[name][0])
            start = time.perf_counter()
            process = os.posix_spawn(program, commands[name], ENVIRONMENT, file_actions=streams)
            _, status = os.waitpid(process, 0)
            taken[name].append(time.perf_counter() - start)
            if status != usual[name]:
                raise NotMeasured(f"{name} ended with {status}, the first time with {usual[name]}")
    os.close(nowhere)
    return {name: Samples(numbers) for name, numbers in taken.items()}


def first_run(command, says):
    """Runs a command to see that it does its work; gives its wait status."""
    done = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if says.encode() not in done.stdout:
        raise NotMeasured(f"{' '.join(command)} does not show {says!r}: {done.stderr.decode(errors='replace')}")
    return done.returncode << 8 if done.returncode >= 0 else -done.returncode


def reports(commands, count, patience):
    """Collects what commands say of themselves: one line of JSON each. Texts must stay the same."""
    told = {name: [] for name in commands}
    for _ in range(count):
        patience.wait()
        for name in random.sample(list(commands), len(commands)):
            done = subprocess.run(commands[name], env=ENVIRONMENT, capture_output=True, check=False)
            if done.returncode != 0:
                raise NotMeasured(f"{name}: {done.stderr.decode(errors='replace')}")
            told[name].append(json.loads(done.stdout))
    return {name: summed_up(name, lines) for name, lines in told.items()}


def said(command):
    """Gives what a command says of itself in one line of JSON."""
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    if done.returncode != 0:
        raise NotMeasured(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


def summed_up(name, lines):
    summary = {}
    for key, first in lines[0].items():
        values = [line[key] for line in lines]
        if isinstance(first, str):
            if len(set(values)) != 1:
                raise NotMeasured(f"{name}: {key} is not the same in every round")
            summary[key] = first
        else:
            summary[key] = Samples(values)
    return summary
