"""A folder in which certkit is attacked, the tree beside it that must not change, and the limits it runs under."""

import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

MEMORY = 1536 << 20
"""What a command may map, in bytes."""

DEADLINE = 10
"""How long a command may take, in seconds."""

LARGEST_FILE = 64 << 20
"""The largest file that a command may write, in bytes."""


class Failed(Exception):
    """What a case has found."""


def _limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def snapshot(root):
    """Every name below a folder with kind, mode, size, time of change and content."""
    seen = {}
    for path in sorted(root.rglob("*")):
        found = path.lstat()
        content = ""
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        changed = found.st_mtime_ns if not path.is_dir() else 0
        seen[str(path.relative_to(root))] = (oct(found.st_mode), found.st_uid, found.st_size, changed, content)
    return seen


def difference(before, after):
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


class Run:
    """What a command has said."""

    def __init__(self, words, status, out, err):
        self.words, self.status, self.out, self.err = words, status, out, err

    @property
    def said(self):
        return self.out + "\n" + self.err

    def fail(self, what):
        tail = " | ".join((self.out + self.err).strip().splitlines()[-6:])[:700]
        raise Failed(f"{what}; `certkit {' '.join(self.words)[:160]}` ended with {self.status}: {tail}")

    def ends(self, *statuses):
        """With one of these exit statuses."""
        if self.status not in statuses:
            self.fail(f"exit status {self.status}, not {' or '.join(map(str, statuses))}")
        return self

    def refuses(self):
        """Not accepted: rejected, or not judged."""
        return self.ends(2, 3)

    def survives(self):
        """Any of the four exit statuses: no panic, no abort."""
        if "panicked at" in self.said:
            self.fail("a panic")
        return self.ends(0, 1, 2, 3)

    def says(self, *words):
        """At least one of these words, in whatever case."""
        if not any(word.lower() in self.said.lower() for word in words):
            self.fail(f"does not say {' or '.join(repr(word) for word in words)}")
        return self

    def hides(self, *words):
        """None of these."""
        for word in words:
            if word in self.said:
                self.fail(f"says {word!r}")
        return self

    def is_printable(self):
        """No control but line ends, and nothing that turns the direction of text."""
        for character in self.said:
            if (ord(character) < 0x20 and character not in "\n\r\t") or 0x7F <= ord(character) < 0xA0:
                self.fail(f"prints the control U+{ord(character):04X}")
            if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029":
                self.fail(f"prints U+{ord(character):04X}, which turns text")
        return self

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            self.fail("no JSON")


class Sandbox:
    """`inside` belongs to the attacker, and is where certkit runs; nothing `outside` may change."""

    def __init__(self, certkit):
        self.certkit_path = certkit
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="certkit-attack."))
        self.inside, self.outside = self.base / "inside", self.base / "outside"
        self.inside.mkdir()
        (self.outside / "home/.ssh").mkdir(parents=True)
        (self.outside / "etc/ssl").mkdir(parents=True)
        for name in ["home/.bashrc", "home/.ssh/authorized_keys", "etc/passwd", "etc/ssl/plant-ca.pem"]:
            (self.outside / name).write_text(f"the only copy of {name}\n")
        self.victim = self.outside / "home/.bashrc"
        self._before = snapshot(self.outside)
        self._closers = []

    def close(self):
        for close in self._closers:
            close()
        shutil.rmtree(self.base, ignore_errors=True)

    def on_close(self, close):
        self._closers.append(close)

    def hold_outside(self):
        changed = difference(self._before, snapshot(self.outside))
        if changed:
            raise Failed(f"changed outside the sandbox: {', '.join(changed)}")

    def path(self, name):
        path = self.inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def file(self, name, content):
        path = self.path(name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def start(self, *words, env=None, stdin=subprocess.DEVNULL):
        environment = {"HOME": str(self.outside / "home"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(env or {})}
        return subprocess.Popen(
            [self.certkit_path, *words], cwd=self.inside, env=environment, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=_limits, start_new_session=True,
        )

    def finish(self, process, words, deadline=DEADLINE, stdin=None):
        try:
            out, err = process.communicate(stdin, timeout=deadline)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            late = Run(words, "the deadline", out.decode(errors="replace"), err.decode(errors="replace"))
            late.fail(f"still running after {deadline} s")
        run = Run([str(word) if isinstance(word, str) else repr(word) for word in words], process.returncode,
                  out.decode(errors="replace"), err.decode(errors="replace"))
        if process.returncode < 0:
            run.fail(f"killed by {signal.Signals(-process.returncode).name}")
        return run.survives()

    def certkit(self, *words, env=None, stdin=None, deadline=DEADLINE):
        """Runs a command to its end: no panic, no abort, within the deadline."""
        words = [word if isinstance(word, (str, bytes)) else str(word) for word in words]
        process = self.start(*words, env=env, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE)
        return self.finish(process, words, deadline, stdin)

    def unchanged(self, *words, **how):
        """Runs a command that must not write anything anywhere."""
        before = snapshot(self.inside)
        run = self.certkit(*words, **how)
        changed = difference(before, snapshot(self.inside))
        if changed:
            run.fail(f"a look has written: {', '.join(changed)}")
        return run
