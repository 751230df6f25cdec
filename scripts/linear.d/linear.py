"""Runs each job with N and with 2N of something, and compares the processor time."""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "attack.d"))

import jobs

MOST = 2.4
"""How much more time twice as much may take."""

ROUNDS = 7
"""The most runs of a size. More than two only while the ratio is not met."""

DEADLINE = 120
"""The time for one run, in seconds."""


def spent(certkit, words, folder):
    """The processor time of one run, in seconds, and its exit status."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([certkit, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         stdin=subprocess.DEVNULL, timeout=DEADLINE, env={**os.environ, "NO_COLOR": "1", "HOME": str(folder)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode not in (0, 1, 2) or b"panicked" in run.stderr:
        raise RuntimeError(f"exit {run.returncode}: {run.stderr.decode(errors='replace').strip()[-300:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(certkit, job, root):
    """The shortest times of N and 2N. A start without work is taken off: it belongs to no size."""
    folders = []
    for size in (job.size, 2 * job.size):
        folder = pathlib.Path(tempfile.mkdtemp(dir=root))
        job.make(folder, size)
        folders.append(folder)
    start = min(spent(certkit, ["--version"], root) for _ in range(2))
    best = [float("inf"), float("inf")]
    for turn in range(ROUNDS):
        for at, folder in enumerate(folders):
            if job.again:
                job.again(folder)
            best[at] = min(best[at], max(spent(certkit, job.words, folder) - start, 0.001))
        if turn > 0 and best[1] / best[0] <= MOST:
            break
    return best


def main():
    certkit, words = sys.argv[1], sys.argv[2:]
    chosen = [job for job in jobs.ALL if not words or any(word in job.name for word in words)]
    if not chosen:
        print("scripts/linear: no job has such a name", file=sys.stderr)
        return 3
    failed = 0
    for job in chosen:
        with tempfile.TemporaryDirectory(prefix="certkit-linear.") as root:
            try:
                one, two = measured(certkit, job, pathlib.Path(root))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAIL {job.name}: {error}", flush=True)
                continue
        verdict = "ok  " if two / one <= MOST else "FAIL"
        failed += verdict == "FAIL"
        print(f"{verdict} {job.name}: {job.size} in {one:.2f} s, {2 * job.size} in {two:.2f} s, {two / one:.2f} times", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
