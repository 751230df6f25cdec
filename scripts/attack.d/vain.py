"""What was attacked in vain so far, and must stay so."""

import base64
import gzip
import os
import zlib

import budgets
import der
from cases import add, case
from der import ca, certificate_pem, general, key, leaf, octets, oid, seq, tlv
from sandbox import Failed


def nested(tag, depth, core=b""):
    for _ in range(depth):
        core = tlv(tag, core)
    return core


def nested_fast(depth):
    """Indefinite lengths, one in another."""
    return b"\x30\x80" * depth + b"\0\0" * depth


def pkcs7(content):
    return seq(oid("1.2.840.113549.1.7.2"), der.explicit(0, content))


def signed(*certificates):
    return pkcs7(seq(der.integer(1), tlv(0x31), seq(oid("1.2.840.113549.1.7.1")), tlv(0xA0, *certificates), tlv(0x31)))


def recursion(depth):
    core = signed(ca("Plant Root", key("root")))
    for _ in range(depth):
        core = seq(oid("1.2.840.113549.1.7.2"), der.explicit(0, seq(der.integer(1), tlv(0x31), seq(oid("1.2.840.113549.1.7.1"), der.explicit(0, octets(core))), tlv(0x31))))
    return core


def pem_in_pem(depth):
    core = ca("Plant Root", key("root"))
    for _ in range(depth):
        core = der.pem("CERTIFICATE", core).encode()
    return core


def p12_in_p12(depth):
    core = b""
    for _ in range(depth):
        core = budgets.store(seq(budgets.DATA, der.explicit(0, octets(core))))
    return core


FILES = {
    "deep-sequences": lambda: nested(0x30, 3000), "deep-indefinite": lambda: nested_fast(500_000), "deep-constructed-string": lambda: b"\x24\x80" * 500_000,
    "huge-length": lambda: b"\x30\x84\xff\xff\xff\xff" + bytes(64), "longer-length": lambda: b"\x30\x88" + b"\xff" * 8 + bytes(64), "length-of-length": lambda: b"\x30\xfe" + bytes(200),
    "endless-tag": lambda: b"\x3f" + b"\xff" * 100_000, "endless-oid": lambda: seq(tlv(0x06, b"\xff" * 100_000)), "long-serial": lambda: ca("X", key("root"), serial=1 << 400_000),
    "pkcs7-recursion": lambda: recursion(200), "pem-in-pem": lambda: pem_in_pem(10), "p12-in-p12": lambda: p12_in_p12(100), "pkcs7-of-many": lambda: signed(*[b"\x30\x00"] * 200_000),
    "gzip-bomb": lambda: gzip.compress(bytes(64 << 20)), "zlib-bomb": lambda: zlib.compress(bytes(64 << 20)), "base64-bomb": lambda: base64.b64encode(base64.b64encode(base64.b64encode(bytes(1 << 20)))),
    "dashes": lambda: b"-" * 4_000_000, "begin-without-end": lambda: b"-----BEGIN CERTIFICATE-----\n" * 100_000, "begins-and-ends": lambda: b"-----BEGIN X-----\n-----END X-----\n" * 50_000,
    "long-line": lambda: b"-----BEGIN CERTIFICATE-----\n" + b"A" * 8_000_000, "white-space": lambda: b" \n" * 2_000_000, "utf16-odd": lambda: b"\xff\xfe" + b"-\0" * 100_000 + b"-",
    "zeros": lambda: bytes(8 << 20), "one-byte": lambda: b"0", "nothing": lambda: b"", "random": lambda: os.urandom(1 << 20), "sequences-side-by-side": lambda: b"\x30\x00" * 500_000,
    "many-extensions": lambda: ca("X", key("root"), extensions=[der.extension("1.3.6.1.4.1.55555.3", b"\x05\x00")] * 20_000),
    "many-names": lambda: leaf("X", key("leaf"), "X", key("root"), names=[general(2, "a.test")] * 50_000),
    "long-name": lambda: ca("x" * 1_000_000, key("root")), "many-attributes": lambda: ca(seq(*[tlv(0x31, seq(oid("2.5.4.3"), tlv(0x0C, b"x")))] * 20_000), key("root")),
    "set-of-many": lambda: ca(seq(tlv(0x31, *[seq(oid("2.5.4.3"), tlv(0x0C, b"x"))] * 20_000)), key("root")),
    "rsa-of-a-million-bits": lambda: leaf("X", key("leaf"), "X", key("root"), spki=seq(seq(oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(seq(der.integer((1 << 1_000_000) + 1), der.integer(3))))),
    "deep-general-name": lambda: leaf("X", key("leaf"), "X", key("root"), names=[nested(0xA0, 2000)]), "year-9999": lambda: ca("X", key("root"), days=(-1, 300)).replace(b"\x17\x0d", b"\x18\x0d"),
}
for label, make in FILES.items():
    for verb, words in {"check": ["check", "odd"], "inspect": ["inspect", "odd"], "trust": ["verify", "root.pem", "--trust", "odd"]}.items():
        if verb != "trust" or label in ("deep-sequences", "deep-indefinite", "pkcs7-recursion", "zeros"):
            def run(box, make=make, words=words):
                box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
                box.file("odd", make())
                box.certkit(*words)

            add("in-vain", f"{label}-{verb}", "A file that is nothing but nesting, lengths or repetition is bounded.", run)


@case("in-vain")
def nul_in_names(box):
    """A NUL ends no name: bank.example with a NUL is not bank.example."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf(der.name(b"bank.example\0.plant.test"), key("leaf"), "Plant Root", key("root"), names=[general(2, b"bank.example\0.plant.test")])))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "bank.example").ends(2)
    box.certkit("inspect", "leaf.pem").is_printable()


@case("in-vain")
def homograph_is_not_the_host(box):
    """A Cyrillic letter in a host's place is another host, and is written so that one sees it."""
    box.file("root.pem", certificate_pem(ca("Plant Root", key("root"))))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Plant Root", key("root"), names=[general(2, "xn--plnt-53d.test")])))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test").ends(2)


@case("in-vain")
def loops_of_folders(box):
    """Links that lead in a circle end."""
    box.file("a/root.pem", certificate_pem(ca("Plant Root", key("root"))))
    os.symlink("..", box.path("a/up"))
    os.symlink("self", box.path("a/self"))
    box.certkit("check", "a")
    box.certkit("trust", "list", "folder:a")
    box.certkit("expiry", "a")


@case("in-vain")
def deep_folders(box):
    """Folders nested 400 deep are read or refused."""
    box.path("d/" * 400 + "x")
    box.certkit("check", "d")


@case("in-vain")
def many_files(box):
    """3,000 empty files in a folder take seconds, not minutes."""
    for number in range(3000):
        box.file(f"many/{number}.pem", b"")
    box.certkit("check", "many")


@case("in-vain")
def links_out_of_a_folder(box):
    """A link to a secret in a folder of certificates does not print it."""
    box.file("folder/root.pem", certificate_pem(ca("Plant Root", key("root"))))
    os.symlink(box.victim, box.path("folder/leak.pem"))
    for words in [["check", "folder"], ["inspect", "folder"], ["trust", "list", "folder:folder"]]:
        box.certkit(*words).hides("the only copy of")


@case("in-vain")
def environment(box):
    """Odd values in the environment change no verdict and crash nothing."""
    root = certificate_pem(ca("Plant Root", key("root")))
    box.file("root.pem", root)
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "Other Root", key("other"))))
    box.file("other.pem", certificate_pem(ca("Other Root", key("other"))))
    odd = {"SSL_CERT_FILE": str(box.path("other.pem")), "SSL_CERT_DIR": str(box.inside), "HTTPS_PROXY": "\x1b[31m", "HTTP_PROXY": "http://[", "NO_COLOR": "", "COLUMNS": "99999999999999999999",
           "TERM": "\x1b", "LANG": b"\xff\xfe", "HOME": "", "TMPDIR": "/nonexistent", "RUST_LOG": "trace", "CERTKIT_PARTS": "/etc"}
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", env=odd).refuses().is_printable()
    box.certkit("check", "root.pem", env={**odd, "COLUMNS": "0"}).is_printable()
    box.certkit("check", "--help", env={**odd, "COLUMNS": "1"})


@case("in-vain")
def closed_output(box):
    """A reader that hangs up causes no panic."""
    box.file("many.pem", certificate_pem(*[ca(f"CA {number}", key("root")) for number in range(200)]))
    process = box.start("inspect", "many.pem")
    process.stdout.close()
    err = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    if process.wait(10) < 0 and process.returncode != -13 or "panicked" in err:
        raise Failed(f"ended with {process.returncode}: {err[:300]}")


@case("in-vain")
def hashed_folder_of_strangers(box):
    """In an OpenSSL folder a name that does not fit its certificate makes no trust of another kind."""
    box.file("hashed/00000000.0", certificate_pem(ca("Plant Root", key("root"))))
    box.file("hashed/00000000.r0", der.crl_pem(der.crl("Plant Root", key("root"))))
    for name in ["ffffffff.99999999999999999999", "zzzzzzzz.0", "00000000.-1"]:
        box.file(f"hashed/{name}", b"junk")
    box.certkit("trust", "list", "hashed:hashed")
    box.certkit("trust", "audit", "hashed:hashed")
