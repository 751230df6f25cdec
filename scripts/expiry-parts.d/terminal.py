"""Runs certkit expiry on a terminal and interrupts it by hand: terminal.py CERTKIT FOLDER URL.

The URL is of an endpoint that never answers. Progress has to be shown, and taken away before anything else is said.
"""

import os
import pty
import re
import sys

certkit, folder, url = sys.argv[1:]
PROGRESS = re.compile(rb"\d+ of \d+ looked at, \d+ failed")

child, terminal = pty.fork()
if child == 0:
    os.execv(certkit, [certkit, "expiry", folder, url, "--timeout", "60s"])
said, is_interrupted = b"", False
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # The other end is closed.
        break
    if not chunk:
        break
    said += chunk
    if not is_interrupted and PROGRESS.search(said):
        os.write(terminal, b"\x03")
        is_interrupted = True
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

before, note, after = said.partition(b"certkit: note: stopped")
assert note and is_interrupted, said
assert before.endswith(b"\r\x1b[K"), "the line was not taken away before the note"
assert not PROGRESS.search(after), "progress is shown after the note"
assert re.search(rb"about 0 s left", before) is None, before
assert b"The run was stopped: 1 source was not read completely" in after, after
assert after.rstrip().splitlines()[-1].find(b"unknown") > 0, "the last line is not the tally"
assert status == 2, status
