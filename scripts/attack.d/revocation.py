"""Revocation lists and OCSP responses that try to make a revoked certificate look clear."""

import base64
import functools
import gzip
import hashlib
import itertools
import os

import der
from cases import add, case
from der import DAY, HOUR, ca, certificate_pem, crl, crl_pem, explicit, extension, integer, key, leaf, oid, seq, time, tlv

SERIAL = 0x1234567890ABCDEF1234567890


@functools.cache
def root():
    return ca("Plant Root", key("root"))


@functools.cache
def revoked_leaf():
    return leaf("plc", key("leaf"), "Plant Root", key("root"), serial=SERIAL)


def prepare(box):
    box.file("root.pem", certificate_pem(root()))
    box.file("leaf.pem", certificate_pem(revoked_leaf()))


def clean(**how):
    return crl("Plant Root", key("root"), **{"number": 1, "ago": 2 * DAY, **how})


def revoking(**how):
    return crl("Plant Root", key("root"), [SERIAL], **{"number": 2, **how})


def verify(box, *lists, revocation="required"):
    """`verify --crl` with these lists, in this order; files that are not lists are given by path."""
    words = []
    for number, each in enumerate(lists):
        words += ["--crl", each if isinstance(each, str) else box.file(f"list{number}.crl", each)]
    return box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--revocation", revocation, *words)


@case("revocation")
def clean_list_clears(box):
    """With one current list that does not name it, the certificate is accepted: the yardstick of the cases below."""
    prepare(box)
    verify(box, clean(ago=HOUR)).ends(0, 1)


@case("revocation")
def revoking_list_revokes(box):
    """With one list that names it, the certificate is rejected."""
    prepare(box)
    verify(box, revoking()).ends(2).says("revoked")


def two_lists(older, newer, form):
    def run(box):
        prepare(box)
        pair = [older(), newer()]
        for order in itertools.permutations(pair):
            if form == "options":
                verify(box, *order).refuses()
            elif form == "one-file":
                verify(box, box.file("both.pem", crl_pem(*order))).refuses()
            else:
                for number, each in enumerate(order):
                    box.file(f"lists/{number}.crl", each)
                verify(box, "lists").refuses()

    return run


for form in ["options", "one-file", "folder"]:
    add("revocation", f"older-clean-list-{form}", "An older clean list does not hide a newer one that revokes.",
        two_lists(clean, revoking, form))
    add("revocation", f"newer-clean-list-{form}", "Of valid lists any revocation wins.",
        two_lists(lambda: revoking(number=1, ago=2 * DAY), lambda: clean(number=2, ago=HOUR), form))


@case("revocation")
def equal_numbers(box):
    """Of two lists with one number and one date, the revoking one wins."""
    prepare(box)
    for order in itertools.permutations([clean(number=5, ago=HOUR), revoking(number=5)]):
        verify(box, *order).refuses()


def pki(box, trusted, issuer, cert_lists=("trusted",)):
    box.file("pki/trusted/certs/root.der", root())
    box.file("pki/issuer/certs/root.der", root())
    for where, lists in [("trusted", trusted), ("issuer", issuer)]:
        box.path(f"pki/{where}/crl").mkdir(exist_ok=True, parents=True)
        for number, each in enumerate(lists):
            box.file(f"pki/{where}/crl/{number}.crl", each)


def opcua_leaf():
    names = [der.general(6, "urn:plant:plc"), der.general(2, "plant.test")]
    usage = [extension("2.5.29.15", der.bits(b"\xf0", 4), True),
             extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))), extension("2.5.29.19", seq(), True)]
    return der.make("plc", key("rsa-leaf"), "Plant Root", key("root"), [*usage, der.alternative_names(*names)], serial=SERIAL)


@case("revocation")
def opcua_older_list_in_the_other_folder(box):
    """In an OPC UA store an older clean list of the trusted folder does not hide a newer one of the issuer folder, nor the other way round."""
    box.file("plc.pem", certificate_pem(opcua_leaf()))
    for trusted, issuer in [([clean()], [revoking()]), ([revoking()], [clean()]), ([clean(), revoking()], []), ([revoking(), clean()], [])]:
        for path in box.path("pki").rglob("*.crl") if box.path("pki").exists() else []:
            path.unlink()
        pki(box, trusted, issuer)
        box.certkit("verify", "plc.pem", "--profile", "opcua", "--pki", "pki").ends(2).says("revoked")


@case("revocation")
def undecodable_entry_date(box):
    """An entry whose date cannot be decoded does not count as not revoked, and does not blind for later ones."""
    prepare(box)
    broken = seq(integer(77), tlv(0x17, b"not a date"))
    broken_here = seq(integer(SERIAL), tlv(0x17, b"not a date"))
    verify(box, crl("Plant Root", key("root"), [broken, SERIAL])).refuses()
    verify(box, crl("Plant Root", key("root"), [broken_here])).refuses()
    verify(box, crl("Plant Root", key("root"), [SERIAL, broken])).refuses()


@case("revocation")
def undecodable_entry_in_check(box):
    """`check --crl` and `trust audit` see the entry after one that cannot be decoded."""
    prepare(box)
    broken = seq(integer(77), tlv(0x17, b"not a date"))
    box.file("list.crl", crl("Plant Root", key("root"), [broken, SERIAL]))
    box.certkit("check", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--crl", "list.crl").ends(2)


@case("revocation")
def audit_sees_later_entries(box):
    """`trust audit` sees a trusted application behind an entry that cannot be decoded."""
    broken = seq(integer(77), tlv(0x17, b"not a date"))
    pki(box, [crl("Plant Root", key("root"), [broken, SERIAL])], [])
    box.file("pki/trusted/certs/plc.der", opcua_leaf())
    box.certkit("trust", "audit", "opcua:pki").ends(2).says("revoked", "revocation")


def spoilt(change):
    def run(box):
        prepare(box)
        box.file("lists/a.crl", clean(ago=2 * HOUR))
        path = box.path("lists/b.crl")
        content = change(revoking())
        if content is None:
            os.mkfifo(path)
        else:
            path.write_bytes(content)
        verify(box, "lists").refuses()

    return run


for label, change in {
    "byte-before": lambda it: b"\0" + it, "empty": lambda it: b"", "html": lambda it: b"<html><body>502 Bad Gateway</body></html>", "gzip": gzip.compress,
    "cut": lambda it: it[:-20], "fifo": lambda it: None, "twice-base64": lambda it: base64.b64encode(base64.b64encode(it)),
}.items():
    add("revocation", f"unreadable-list-{label}", "A file among the lists that cannot be read is said, and the verdict is not `fine`.",
        spoilt(change))


def weak(algorithm, digest):
    def run(box):
        own = key("rsa-root")
        box.file("root.pem", certificate_pem(ca("RSA Root", own)))
        box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "RSA Root", own)))
        verify(box, crl("RSA Root", own, algorithm=algorithm, digest=digest)).says(digest, "SHA-1", "MD5", "weak", "revocation")
        box.certkit("check", "leaf.pem", "--trust", "root.pem", "--crl", "list0.crl", "--host", "plant.test").says(
            "SHA-1" if digest == "sha1" else "MD5", digest)

    return run


add("revocation", "list-signed-with-sha1", "A list signed with SHA-1 does not clear without a word.", weak(der.RSA_SHA1, "sha1"))
add("revocation", "list-signed-with-md5", "A list signed with MD5 does not clear without a word.", weak(der.RSA_MD5, "md5"))


@case("revocation")
def list_signed_with_md5_clears_nobody(box):
    """Where revocation is required, a list signed with MD5 is no answer."""
    own = key("rsa-root")
    box.file("root.pem", certificate_pem(ca("RSA Root", own)))
    box.file("leaf.pem", certificate_pem(leaf("plc", key("leaf"), "RSA Root", own)))
    verify(box, crl("RSA Root", own, algorithm=der.RSA_MD5, digest="md5")).refuses()


@case("revocation")
def foreign_entry_on_a_direct_list(box):
    """A list that is not indirect and has a critical certificateIssuer entry clears nobody."""
    prepare(box)
    other = extension("2.5.29.29", seq(der.general(4, der.name("Another CA"))), True)
    entry = seq(integer(77), time(der.NOW - DAY), seq(other))
    verify(box, crl("Plant Root", key("root"), [entry])).refuses()


@case("revocation")
def unknown_critical_extension(box):
    """A list or an entry with a critical extension that nobody knows clears nobody."""
    prepare(box)
    odd = extension("1.3.6.1.4.1.55555.9", b"\x05\x00", True)
    verify(box, crl("Plant Root", key("root"), extensions=[odd])).refuses()
    entry = seq(integer(77), time(der.NOW - DAY), seq(odd))
    verify(box, crl("Plant Root", key("root"), [entry])).refuses()


@case("revocation")
def delta_of_a_higher_base(box):
    """A stale base beside a newer delta of a higher base number clears nobody."""
    prepare(box)
    delta = crl("Plant Root", key("root"), number=9, extensions=[extension("2.5.29.27", integer(8), True)])
    verify(box, clean(number=1, ago=30 * DAY, until=-20 * DAY), delta).refuses()
    verify(box, delta).refuses()


@case("revocation")
def overdue_list(box):
    """A list whose next update is over clears nobody where revocation is required."""
    prepare(box)
    verify(box, clean(ago=30 * DAY, until=-DAY)).refuses()


@case("revocation")
def list_of_tomorrow(box):
    """A list that is dated in the future clears nobody."""
    prepare(box)
    verify(box, clean(ago=-DAY)).refuses()


@case("revocation")
def revoking_list_dated_ahead(box):
    """A list that is dated ahead and revokes is heard beside one that clears, by every command."""
    prepare(box)
    ahead = time(der.NOW + 5 * HOUR)
    for early in [revoking(number=9, ago=-6 * HOUR), revoking(number=9, ago=-DAY, until=9 * DAY),
                  crl("Plant Root", key("root"), [seq(integer(SERIAL), ahead)], number=9, ago=-6 * HOUR)]:
        for order in itertools.permutations([clean(ago=HOUR), early]):
            verify(box, *order).refuses().says("revo")
            verify(box, *order, revocation="prefer").ends(1, 2).says("revo")
            box.certkit("check", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--crl", "list0.crl", "--crl", "list1.crl").ends(2)
        box.file("plc.pem", certificate_pem(opcua_leaf()))
        pki(box, [clean(ago=HOUR), early], [])
        box.certkit("verify", "plc.pem", "--profile", "opcua", "--pki", "pki").ends(2).says("revo")


@case("revocation")
def list_signed_by_another_key(box):
    """A list of the CA's name that another key signed neither clears nor revokes."""
    prepare(box)
    verify(box, crl("Plant Root", key("impostor"))).refuses()


@case("revocation")
def list_alone_whose_signature_nobody_can_verify(box):
    """A list that is checked alone is not fine where its signature was not verified."""
    prepare(box)
    box.file("other.pem", certificate_pem(ca("Other Root", key("other"))))
    box.file("good.crl", clean(ago=HOUR))
    broken = clean(ago=HOUR)
    box.file("broken.crl", broken[:-3] + bytes(3))
    box.file("unknown.crl", clean(ago=HOUR, algorithm=der.UNKNOWN))
    box.certkit("check", "good.crl", "--trust", "root.pem").ends(0)
    box.certkit("check", "good.crl", "--untrusted", "root.pem").ends(0)
    for name in ["good.crl", "broken.crl"]:
        box.certkit("check", name).ends(1).says("crl-signature-invalid")
        box.certkit("check", name, "--strict").ends(2)
        box.certkit("check", name, "--trust", "other.pem").ends(2)
        box.certkit("check", name, "--trust", "other.pem", "--untrusted", "root.pem").ends(2)
    box.certkit("check", "broken.crl", "--trust", "root.pem").ends(2)
    for more in [[], ["--strict"], ["--trust", "root.pem"], ["--trust", "other.pem"]]:
        box.certkit("check", "unknown.crl", *more).ends(2)


@case("revocation")
def list_signed_by_an_end_entity(box):
    """A list that a leaf of the CA's name signed clears nobody."""
    prepare(box)
    box.file("impostor.pem", certificate_pem(leaf("Plant Root", key("impostor"), "Plant Root", key("root"))))
    box.file("list.crl", crl("Plant Root", key("impostor")))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--untrusted", "impostor.pem", "--host", "plant.test", "--revocation", "required",
                "--crl", "list.crl").refuses()


@case("revocation")
def list_for_other_certificates(box):
    """A list whose scope is attribute certificates, or CAs alone, does not clear a leaf."""
    prepare(box)
    for number in (2, 5):
        scope = extension("2.5.29.28", seq(tlv(0x80 | number, b"\xff")), True)
        verify(box, crl("Plant Root", key("root"), extensions=[scope])).refuses()


@case("revocation")
def list_for_some_reasons(box):
    """A list for some reasons only does not clear."""
    prepare(box)
    scope = extension("2.5.29.28", seq(tlv(0x83, b"\x06\x40")), True)
    verify(box, crl("Plant Root", key("root"), extensions=[scope])).refuses()


def ocsp(status, ago, serial=SERIAL):
    """A response of the root itself about the leaf."""
    issuer_key = key("root").spki[-65:]
    certificate_id = seq(seq(oid("1.3.14.3.2.26"), der.NULL), der.octets(hashlib.sha1(der.name("Plant Root")).digest()),
                         der.octets(hashlib.sha1(issuer_key).digest()), integer(serial))
    stamp = lambda when: tlv(0x18, when.strftime("%Y%m%d%H%M%SZ").encode())
    status = {"good": b"\x80\x00", "unknown": b"\x82\x00", "revoked": tlv(0xA1, stamp(der.NOW - DAY))}[status]
    single = seq(certificate_id, status, stamp(der.NOW - ago), explicit(0, stamp(der.NOW - ago + 2 * DAY)))
    data = seq(tlv(0xA2, der.octets(hashlib.sha1(issuer_key).digest())), stamp(der.NOW - ago), seq(single))
    basic = seq(data, der.ECDSA_SHA256, der.bits(key("root").sign(data)))
    return seq(tlv(0x0A, b"\0"), explicit(0, seq(oid("1.3.6.1.5.5.7.48.1.1"), der.octets(basic))))


def responses(*answers):
    def run(box):
        prepare(box)
        for order in itertools.permutations(answers):
            words = []
            for number, each in enumerate(order):
                words += ["--ocsp", box.file(f"answer{number}.der", ocsp(*each))]
            box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--revocation", "required", *words).refuses()

    return run


@case("revocation")
def ocsp_good_clears(box):
    """A good response clears: the yardstick of the cases below."""
    prepare(box)
    box.file("answer.der", ocsp("good", HOUR))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--revocation", "required", "--ocsp", "answer.der").ends(0, 1)


add("revocation", "ocsp-newer-unknown", "An OCSP `unknown` newer than a `good` decides.", responses(("good", 5 * HOUR), ("unknown", HOUR)))
add("revocation", "ocsp-newer-revoked", "An OCSP `revoked` newer than a `good` decides.", responses(("good", 5 * HOUR), ("revoked", HOUR)))
add("revocation", "ocsp-revoked-dated-ahead", "An OCSP `revoked` that is dated ahead is heard beside a `good`.", responses(("good", HOUR), ("revoked", -DAY)))
add("revocation", "ocsp-unknown-dated-ahead", "An OCSP `unknown` that is dated ahead leaves a `good` in doubt.", responses(("good", HOUR), ("unknown", -DAY)))
add("revocation", "ocsp-older-revoked", "An OCSP `revoked` older than a `good` wins all the same.", responses(("revoked", 5 * HOUR), ("good", HOUR)))
add("revocation", "ocsp-other-serial", "A response about another certificate clears nobody.", responses(("good", HOUR, 99)))


@case("revocation")
def ocsp_good_beside_a_revoking_list(box):
    """A good response does not hide a list that revokes, be it dated ahead."""
    prepare(box)
    box.file("answer.der", ocsp("good", HOUR))
    box.file("list.crl", revoking(ago=-6 * HOUR))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--ocsp", "answer.der", "--crl", "list.crl").refuses()
    box.file("list.crl", revoking(ago=2 * HOUR))
    box.certkit("verify", "leaf.pem", "--trust", "root.pem", "--host", "plant.test", "--ocsp", "answer.der", "--crl", "list.crl").refuses()
