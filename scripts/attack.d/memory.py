"""What is remembered between runs (`expiry --state`), prepared by somebody else."""

import os
import sqlite3
import struct

from cases import add, case
from der import ca, certificate_pem, key
from sandbox import Failed, snapshot

MAGIC = bytes.fromhex("d9d505f920a163d7")


def remembered(box):
    """A state that certkit has made, of one certificate."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.certkit("expiry", "root.pem", "--state", "state.db").ends(0, 1)
    return box.path("state.db")


def sql(*lines):
    def spoil(box, path):
        with sqlite3.connect(path, isolation_level=None) as connection:
            for line in lines:
                connection.execute(line)
        connection.close()

    return spoil


def beside(end, make):
    def spoil(box, path):
        make(box, path.with_name(path.name + end))

    return spoil


def journal(name, pages=None):
    """A hot journal that names another file, as SQLite's own of several databases does."""

    def make(box, path):
        database = path.with_name("state.db").read_bytes()
        page = struct.unpack(">H", database[16:18])[0]
        head = MAGIC + struct.pack(">IIIII", 1, 7, len(database) // page if pages is None else pages, 512, page)
        body = head + bytes(512 - len(head)) + struct.pack(">I", 1) + database[:page] + struct.pack(">I", (7 + sum(database[page - 200 * n] for n in range(1, page // 200 + 1) if page - 200 * n > 0)) & 0xFFFFFFFF)
        target = str(box.victim).encode() if name else b""
        if target:
            body += struct.pack(">I", 0x40000000 // page + 1) + target + struct.pack(">II", len(target), sum(target)) + MAGIC
        path.write_bytes(body)

    return make


def link(box, path):
    os.symlink(box.victim, path)


def fifo(box, path):
    os.mkfifo(path)


def bytes_of(content):
    return lambda box, path: path.write_bytes(content)


def patched(at, content):
    def spoil(box, path):
        data = bytearray(path.read_bytes())
        data[at:at + len(content)] = content
        path.write_bytes(data)

    return spoil


def replaced(make):
    def spoil(box, path):
        path.unlink()
        make(box, path)

    return spoil


def hard_link(box, path):
    path.rename(path.with_name("elsewhere"))
    os.link(path.with_name("elsewhere"), path)


def sparse(size):
    def spoil(box, path):
        with open(path, "r+b") as file:
            file.truncate(size)

    return spoil


def foreign(box, path):
    if os.geteuid() == 0:
        os.chown(path, 4321, 4321)
    else:
        path.unlink()
        os.mkfifo(path)


def through_folder(box, path):
    path.rename(path.with_name("kept"))
    os.symlink("kept", path)


SPOILT = {
    "trigger": sql("CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM known; END"),
    "view": sql("DROP TABLE change", "CREATE VIEW change AS SELECT 1 AS id, 1 AS run, 'x' AS source, 'y' AS document"),
    "instead-of": sql("ALTER TABLE run RENAME TO r2", "CREATE VIEW run AS SELECT * FROM r2",
                      "CREATE TRIGGER t INSTEAD OF INSERT ON run BEGIN INSERT INTO r2 VALUES (1, 1); END"),
    "more-columns": sql("ALTER TABLE known ADD COLUMN evil TEXT DEFAULT 'x'"),
    "check": sql("DROP TABLE run", "CREATE TABLE run (id INTEGER PRIMARY KEY, moment INTEGER NOT NULL CHECK (length(randomblob(900000000)) > 0))"),
    "generated": sql("DROP TABLE run", "CREATE TABLE run (id INTEGER PRIMARY KEY, moment INTEGER NOT NULL, x AS (moment + 1))"),
    "other-index": sql("CREATE INDEX evil ON known (upper(subject))"),
    "many-tables": sql(*[f"CREATE TABLE t{number} (x)" for number in range(300)]),
    "virtual-table": sql("PRAGMA writable_schema = ON", "INSERT INTO sqlite_schema VALUES ('table', 'evil', 'evil', 0, 'CREATE VIRTUAL TABLE evil USING fts3(x)')"),
    "garbage-in-schema": sql("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = 'CREATE TABLE known (' || hex(zeroblob(100000))"),
    "root-page-of-another": sql("PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET rootpage = 1"),
    "write-ahead-log": sql("PRAGMA journal_mode = WAL"),
    "log-in-head": patched(18, b"\x02\x02"), "page-size": patched(16, b"\x00\x03"), "page-count": patched(28, b"\xff\xff\xff\xff"),
    "damaged-tree": patched(4096, os.urandom(64)), "all-random": replaced(bytes_of(os.urandom(100_000))), "cut": lambda box, path: path.write_bytes(path.read_bytes()[:5000]),
    "link": replaced(link), "link-beside": through_folder, "fifo": replaced(fifo), "hard-link": hard_link, "foreign": foreign, "huge": sparse((1 << 30) + 4096),
    "folder": replaced(lambda box, path: path.mkdir()),
    "wal-link": beside("-wal", link), "wal-garbage": beside("-wal", bytes_of(b"x" * 5000)), "shm-link": beside("-shm", link), "wal-fifo": beside("-wal", fifo),
    "journal-link": beside("-journal", link), "journal-fifo": beside("-journal", fifo), "journal-folder": beside("-journal", lambda box, path: path.mkdir()),
    "journal-names-a-victim": beside("-journal", journal(True)), "journal-grows": beside("-journal", journal(False, 0xFFFFFFFF)),
}
HARMLESS = {"page-count-run", "page-count-history", "damaged-tree-history"}


def hostile(spoil, words, is_harmless):
    def run(box):
        path = remembered(box)
        spoil(box, path)
        before = {name: what for name, what in snapshot(box.inside).items() if not name.endswith("-shm")}
        done = box.certkit(*words)
        if not is_harmless:
            done.ends(3).says("state.db").hides("the only copy of")
            after = snapshot(box.inside)
            changed = [name for name in before if before[name][1:] != after.get(name, (None,))[1:]]
            if changed:
                done.fail(f"what is refused is written: {changed}")

    return run


for label, spoil in SPOILT.items():
    for verb, words in {"run": ["expiry", "root.pem", "--state", "state.db"], "history": ["expiry", "history", "--state", "state.db"]}.items():
        add("memory", f"{label}-{verb}", "A state that somebody else has prepared is one clear error, and nothing is written.", hostile(spoil, words, f"{label}-{verb}" in HARMLESS))


@case("memory")
def journal_of_a_killed_run(box):
    """A run that was killed in the middle is taken back by the next one, whatever lies beside."""
    path = remembered(box)
    journal(False)(box, path.with_name("state.db-journal"))
    box.certkit("expiry", "root.pem", "--state", "state.db").ends(0, 1)
    box.certkit("expiry", "history", "--state", "state.db").ends(0)


@case("memory")
def eight_runs_at_once(box):
    """Eight runs at once follow one another, and each change is remembered once."""
    remembered(box)
    box.file("other.pem", certificate_pem(ca("Other Root", key("other"))))
    words = ["expiry", "root.pem", "other.pem", "--state", "state.db"]
    for process, each in [(box.start(*words), words) for _ in range(8)]:
        box.finish(process, each, 40).ends(0, 1)
    said = box.certkit("expiry", "history", "--state", "state.db").ends(0).out
    if said.count("Other Root") > 1:
        raise Failed("a change is remembered more than once")


@case("memory")
def odd_values(box):
    """Rows with values that certkit never writes are refused or passed over."""
    path = remembered(box)
    sql("UPDATE known SET fingerprint = zeroblob(60000000), subject = x'ff', position = 'x'", "INSERT INTO change VALUES (1, 1, 'root.pem', '{')",
        "UPDATE known SET not_after = 9223372036854775807")(box, path)
    box.certkit("expiry", "root.pem", "--state", "state.db").is_printable()
    box.certkit("expiry", "history", "--state", "state.db").is_printable()


@case("memory")
def printed_changes(box):
    """Changes that a stranger has written into the state reach no terminal with controls."""
    path = remembered(box)
    sql("INSERT INTO run VALUES (99, 9223372036854775807)",
        """INSERT INTO change VALUES (1, 99, 'root.pem', '{"kind":"gone","source":"\\u001b[2J","place":"\\u202e"}')""")(box, path)
    box.certkit("expiry", "history", "--state", "state.db").is_printable()
    box.certkit("expiry", "history", "--state", "state.db", "--json").is_printable()
