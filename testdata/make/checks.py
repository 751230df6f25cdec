#!/usr/bin/env python3
"""Makes testdata/checks: for every check certificates that it objects to, and some that it does not.

    testdata/make/checks.py [ID...]

Keys are new in every run, all else is the same. With ids, only these folders are made anew.
"""

import sys
from pathlib import Path
from textwrap import wrap

from x509 import *

OUT = Path(__file__).resolve().parent.parent / "checks"
AT = "2026-06-01T00:00:00Z"
HOST = "plc7.plant.example"

P256 = [Key.ec() for _ in range(5)]
RSA = Key.rsa()

CA_USAGE = key_usage("keyCertSign", "cRLSign")
ROOT = Template(
    "CN=Plant Root,O=Example Plant", P256[0], None, "2020-01-01", "2040-01-01", (constraints(True), CA_USAGE)
)
ISSUING = Template(
    "CN=Plant Issuing CA,O=Example Plant", P256[1], ROOT, "2022-01-01", "2032-01-01", (constraints(True, 0), CA_USAGE)
)

NO_CA = constraints(False)
SIGNS = key_usage("digitalSignature")
SERVES = purposes("serverAuth")
NAMES = alt_names(f"DNS:{HOST}", "IP:10.0.0.7")
LEAF = Template(f"CN={HOST},O=Example Plant", P256[2], ISSUING, extensions=(NO_CA, SIGNS, SERVES, NAMES))
SELF_SIGNED = LEAF.but(issuer=None)
# O=Evil, whose length says that one more octet follows.
CUT_SUBJECT = seq(tlv(0x31, seq(oid("2.5.4.10"), b"\x0c\x05Evil")))

made = {}


def specimen(check, file, text, presented, profile="https", at=AT, host=None, usage=None, connection=None, lost=None, form=None, also=(), untrusted=(), trust=(ROOT,), anchors=None, distrusted=None):
    """Writes one file: what it shows, how it is judged, and the certificates."""
    if profile == "ca":
        trust = ()
    lines = ["# " + line for line in wrap(text, 100)]
    lines.append(f"profile: {profile}")
    lines.append(f"at: {at}")
    if profile != "ca" and usage is None:
        lines.append(f"host: {host or HOST}")
    if usage:
        lines.append(f"usage: {usage}")
    if connection:
        lines.append(f"connection: {connection}")
    if lost:
        lines.append(f"lost: {lost}")
    if form:
        lines.append(f"form: {form}")
    if distrusted is not None:
        lines.append(f"distrusted: {distrusted}")
    if anchors:
        lines.append(f"anchors: {anchors}")
    lines += [f"also: {other}" for other in also]
    for part, certificates in (("presented", presented), ("untrusted", untrusted), ("trust", trust)):
        for certificate in certificates:
            der = certificate if isinstance(certificate, bytes) else certificate.der()
            lines.append(f"part: {part}")
            lines.append(pem(der))
    made.setdefault(check, {})[file] = "\n".join(lines).rstrip("\n") + "\n"


def bad(check, text, presented, variant="", **settings):
    specimen(check, f"bad{variant and '-' + variant}.pem", text, presented, **settings)


def good(check, text, presented, variant="", **settings):
    specimen(check, f"good{variant and '-' + variant}.pem", text, presented, **settings)


def leaf(**changes):
    """A sound chain with these changes to the leaf."""
    return [LEAF.but(**changes), ISSUING]


def with_extensions(*extensions):
    return leaf(extensions=extensions)


def below(**changes):
    """A sound chain with these changes to the issuing CA."""
    issuing = ISSUING.but(**changes)
    return [LEAF.but(issuer=issuing), issuing]


SOUND = [LEAF, ISSUING]

# ---- RFC 5280: fields

bad("trailing-data", "Three bytes stand in the PEM block after the certificate's end.", [LEAF.der() + b"\0\r\n", ISSUING])
good("trailing-data", "The block ends with the certificate.", SOUND)

sloppy_true = seq(oid("2.5.29.15"), tlv(0x01, b"\x01"), octets(bits(b"\x80", 7)))
bad("not-der", "`critical` is the byte 01, which is true in BER; DER wants FF.", with_extensions(NO_CA, sloppy_true, SERVES, NAMES))
long_form = extension("2.5.29.37", b"\x30\x81\x0a" + oid(PURPOSES["serverAuth"]))
bad("not-der", "The length of extKeyUsage takes two bytes where one would do.", with_extensions(NO_CA, SIGNS, long_form, NAMES), "length")
good("not-der", "Plain DER throughout.", SOUND)

spelt = seq(oid("2.5.29.37"), tlv(0x01, b"\0"), octets(seq(oid(PURPOSES["serverAuth"]))))
bad("default-encoded", "extKeyUsage says `critical FALSE`.", with_extensions(NO_CA, SIGNS, spelt, NAMES))
spelt = extension("2.5.29.19", seq(tlv(0x01, b"\0")), critical=True)
bad("default-encoded", "basicConstraints say `cA FALSE`.", with_extensions(spelt, SIGNS, SERVES, NAMES), "ca")
good("default-encoded", "Defaults are left out.", SOUND)

bad("field-undecodable", "notAfter names a thirteenth month.", leaf(not_after_der=tlv(0x17, b"271301000000Z")))
bad("field-undecodable", "An attribute of the subject is cut short.", leaf(subject=CUT_SUBJECT), "subject", also=["not-der"])
FOUL = {"utf8": tlv(0x0C, b"Evil\xff"), "bmp": tlv(0x1E, b"\0E\0v\0i\0l\0"), "universal": tlv(0x1C, b"\0\x11\0\0")}
for kind, value in FOUL.items():
    bad("field-undecodable", "Octets in the subject that do not fit the type of the text.",
        leaf(subject=seq(tlv(0x31, seq(oid("2.5.4.10"), value)))), kind)
good("field-undecodable", "Latin-1 in a TeletexString, as old programs write it.",
     leaf(subject=seq(tlv(0x31, seq(oid("2.5.4.10"), tlv(0x14, b"M\xfcller"))))), "teletex")
bad("field-undecodable", "The RSA key has no numbers.", leaf(key=RawKey(seq(seq(oid("1.2.840.113549.1.1.1"), tlv(0x05)), bits(b"\x30\x00")))), "key")
bad("field-undecodable", "The Ed25519 key has 31 octets.", leaf(key=edwards("Ed25519", bytes(31))), "short-key")
good("field-undecodable", "notAfter is a GeneralizedTime, which is no fault after 2049.",
     [ROOT.but(not_before="2026-01-01", not_after="2050-01-01")], profile="ca")

bad("signature-algorithms-disagree", "ECDSA with SHA-384 beside the signature, with SHA-256 inside.",
    leaf(algorithm="ec-sha384", inner_algorithm="ec-sha256"))
good("signature-algorithms-disagree", "ECDSA with SHA-384 in both places.", leaf(algorithm="ec-sha384"))

bad("version-not-3", "A root of version 1, as they were made in the nineties.", [ROOT.but(version=1, extensions=())], profile="ca")
good("version-not-3", "A root of version 3.", [ROOT], profile="ca")

bad("extensions-without-version-3", "Version 1 by its number, and yet with extensions.", leaf(version=1), also=["version-not-3"])
good("extensions-without-version-3", "Version 1 without extensions.", [ROOT.but(version=1, extensions=())], profile="ca",
     also=["version-not-3"])

bad("serial-not-positive", "Serial number 0, as devices have it that count from there.", leaf(serial=b"\0"))
bad("serial-not-positive", "A negative serial number: the first bit of a random one was not minded.", leaf(serial=b"\xa1\x02\x03"), "negative")
good("serial-not-positive", "Serial number 1.", leaf(serial=b"\x01"))
good("serial-not-positive", "A root with serial number 0, as many that the world trusts.", [ROOT.but(serial=b"\0")], "root", profile="ca")

bad("serial-too-long", "A serial number of 21 bytes.", leaf(serial=b"\x00" + b"\x9c" * 20))
good("serial-too-long", "A serial number of 20 bytes.", leaf(serial=b"\x5c" * 20))

bad("issuer-empty", "The leaf leaves its issuer's name empty; so the issuer cannot be found.", [LEAF.but(issuer_name="")], also=["chain-incomplete"])
good("issuer-empty", "The leaf has no name of its own, which is allowed with a subjectAltName.",
     leaf(subject="", extensions=(NO_CA, SIGNS, SERVES, NAMES)), also=["san-not-critical"])

bad("subject-empty", "An issuing CA without a name.", [ISSUING.but(subject="")], profile="ca", also=["name-missing", "ca-not-top"])
good("subject-empty", "A root with a common name alone.", [ROOT.but(subject="CN=Plant Root")], profile="ca")

# ---- RFC 5280: extensions

bad("extension-duplicate", "extKeyUsage stands twice, once for each side.",
    with_extensions(NO_CA, SIGNS, SERVES, purposes("clientAuth"), NAMES))
good("extension-duplicate", "One extKeyUsage with both purposes.",
     with_extensions(NO_CA, SIGNS, purposes("serverAuth", "clientAuth"), NAMES))

bad("extension-undecodable", "authorityInfoAccess is a list of numbers.",
    with_extensions(NO_CA, SIGNS, SERVES, NAMES, extension("1.3.6.1.5.5.7.1.1", seq(integer(1)))))
good("extension-undecodable", "authorityInfoAccess with the issuer's address.",
     with_extensions(NO_CA, SIGNS, SERVES, NAMES, issuer_address("http://pki.plant.example/issuing.cer")))

vendors_own = "1.3.6.1.4.1.99999.1"
bad("extension-unknown-critical", "A vendor's own extension, marked critical.",
    with_extensions(NO_CA, SIGNS, SERVES, NAMES, extension(vendors_own, tlv(0x05), critical=True)))
good("extension-unknown-critical", "A vendor's own extension, not critical.",
     with_extensions(NO_CA, SIGNS, SERVES, NAMES, extension(vendors_own, tlv(0x05))))

# ---- RFC 5280: path

bad("signature-invalid", "One bit of the leaf's signature is turned over.", leaf(patch_signature=True))
bad("signature-invalid", "One bit of the root's signature over itself is turned over.", [ROOT.but(patch_signature=True)], "root", profile="ca", also=["ca-not-top"])
good("signature-invalid", "Every signature verifies.", SOUND)

bad("signature-not-verifiable", "The leaf is signed with ECDSA over SHA-3.", leaf(algorithm="ec-sha3-256"))
bad("signature-not-verifiable", "The same as a client that judges in practice.", leaf(algorithm="ec-sha3-256"), "tls", profile="tls")
bad("signature-not-verifiable", "A root over SHA-3 that is to be imported.", [ROOT.but(algorithm="ec-sha3-256")], "root", profile="ca")
good("signature-not-verifiable", "Every signature is over SHA-256.", SOUND)

bad("validity-inverted", "It ends a year before it begins.", leaf(not_before="2027-01-01", not_after="2026-01-01"),
    at="2025-06-01T00:00:00Z", also=["not-yet-valid"])
good("validity-inverted", "It ends after it begins.", SOUND)

bad("not-yet-valid", "Looked at one second before its first.", SOUND, at="2025-12-31T23:59:59Z")
good("not-yet-valid", "Looked at in its first second.", SOUND, at="2026-01-01T00:00:00Z")

bad("expired", "Looked at one second after its last.", SOUND, at="2027-06-30T00:00:01Z")
bad("expired", "The issuing CA has expired; the leaf alone would not have.",
    below(not_after="2026-05-01"), "issuer", also=["validity-outside-issuer"])
good("expired", "Looked at in its last second.", SOUND, at="2027-06-30T00:00:00Z", also=["expires-soon"])

bad("expires-soon", "One second less than thirty days are left.", SOUND, at="2027-05-31T00:00:01Z")
good("expires-soon", "Thirty days are left.", SOUND, at="2027-05-31T00:00:00Z")
short = leaf(not_before="2026-06-01", not_after="2026-06-07")
bad("expires-soon", "A certificate of six days with one day left.", short, "short", at="2026-06-06T00:00:00Z")
good("expires-soon", "A certificate of six days with four days left.", short, "short", at="2026-06-03T00:00:00Z")

bad("validity-outside-issuer", "The issuing CA expires half a year before the leaf.", below(not_after="2027-01-01"))
good("validity-outside-issuer", "Leaf and issuing CA end together.", below(not_after="2027-06-30"))

bad("validity-before-issuer", "The issuing CA was renewed after it had issued the leaf.", below(not_before="2026-03-01"))
good("validity-before-issuer", "Leaf and issuing CA begin together.", below(not_before="2026-01-01"))

bad("validity-too-long", "Three years.", leaf(not_after="2029-01-01"))
good("validity-too-long", "825 days to the second.", leaf(not_after="2028-04-05"))

bad("ca-validity-too-long", "A root for thirty years.", [ROOT.but(not_after="2049-12-31")], profile="ca")
good("ca-validity-too-long", "A root for twenty-five years.", [ROOT.but(not_after="2045-01-01")], profile="ca")

issues = key_usage("digitalSignature", "keyCertSign")
bad("ca-flag-missing", "The issuer says CA:FALSE.", below(extensions=(constraints(False), issues)))
bad("ca-flag-missing", "The issuer has no basicConstraints.", below(extensions=(issues,)), "absent")
good("ca-flag-missing", "The issuer is a CA.", SOUND)

bad("ca-constraints-not-critical", "A root with CA:TRUE, not critical.", [ROOT.but(extensions=(constraints(True, critical=False), CA_USAGE))], profile="ca")
good("ca-constraints-not-critical", "A root with CA:TRUE, critical.", [ROOT], profile="ca")
old_rsa_root = ROOT.but(key=Key.rsa(2048, 3), algorithm="rsa-sha256", not_before="1999-01-01", not_after="2049-01-01",
                        serial=b"\0", extensions=(constraints(True, critical=False),))
below_old = ISSUING.but(issuer=old_rsa_root, algorithm="rsa-sha256")
good("ca-constraints-not-critical",
     "An old root that is trusted already: not critical, no keyUsage, serial number 0, exponent 3, fifty years.",
     [LEAF.but(issuer=below_old), below_old], "anchor", trust=(old_rsa_root,))

upper = ISSUING.but(subject="CN=Plant Policy CA,O=Example Plant", key=P256[3])
lower = ISSUING.but(issuer=upper)
bad("path-length-exceeded", "A CA stands below one that allows none.", [LEAF.but(issuer=lower), lower, upper])
upper = upper.but(extensions=(constraints(True, 1), CA_USAGE))
lower = ISSUING.but(issuer=upper)
good("path-length-exceeded", "A CA stands below one that allows one.", [LEAF.but(issuer=lower), lower, upper])

bad("ca-key-usage-unfit", "The issuing CA may sign revocation lists only.", below(extensions=(constraints(True, 0), key_usage("cRLSign"))))
good("ca-key-usage-unfit", "The issuing CA may sign certificates and nothing else.",
     below(extensions=(constraints(True, 0), key_usage("keyCertSign"))))

bad("ca-key-usage-absent", "A root without keyUsage.", [ROOT.but(extensions=(constraints(True),))], profile="ca", also=["ca-by-default"])
good("ca-key-usage-absent", "A root with keyUsage.", [ROOT], profile="ca")

# ---- clients of TLS servers: algorithms

rsa_issuing = ISSUING.but(key=RSA)
by_rsa = LEAF.but(issuer=rsa_issuing, algorithm="rsa-sha256")
bad("signature-weak-hash", "The leaf is signed with ECDSA over SHA-1.", leaf(algorithm="ec-sha1"))
bad("signature-weak-hash", "The leaf is signed with RSA over SHA-1.", [by_rsa.but(algorithm="rsa-sha1"), rsa_issuing], "rsa")
bad("signature-weak-hash", "The leaf is signed with RSA over MD5.", [by_rsa.but(algorithm="rsa-md5"), rsa_issuing], "md5")
bad("signature-weak-hash", "A self-signed leaf over SHA-1: nobody else vouches for it.", [SELF_SIGNED.but(algorithm="ec-sha1")],
    "self-signed", also=["self-signed"], trust=())
good("signature-weak-hash", "SHA-256 everywhere.", [by_rsa, rsa_issuing])
old_root = ROOT.but(algorithm="ec-sha1")
good("signature-weak-hash", "Only the root's signature over itself is over SHA-1.", SOUND, "root", trust=(old_root,), also=["root-weak-hash"])

bad("root-weak-hash", "A root whose signature over itself is over SHA-1.", [old_root], profile="ca")
good("root-weak-hash", "A root whose signature over itself is over SHA-256.", [ROOT], profile="ca")

bad("key-too-weak", "An RSA key of 1024 bits.", leaf(key=Key.rsa(1024)))
bad("key-too-weak", "A key on the curve P-224.", leaf(key=Key.ec("P-224")), "p224")
good("key-too-weak", "An RSA key of 2048 bits.", leaf(key=RSA))

bad("key-dsa", "A DSA key of 2048 bits.", leaf(key=Key.dsa()))
good("key-dsa", "An RSA key.", leaf(key=RSA))

bad("key-rsa-exponent-invalid", "The exponent 65536.", leaf(key=rsa_with_exponent(65536)))
bad("key-rsa-exponent-invalid", "The exponent 1.", leaf(key=rsa_with_exponent(1)), "one")
bad("key-rsa-exponent-invalid", "An exponent of 66 bits with a modulus of 4096.", leaf(key=rsa_with_exponent(2**65 + 131, 4096)), "long")
good("key-rsa-exponent-invalid", "The exponent 65537.", leaf(key=RSA))
good("key-rsa-exponent-invalid", "An exponent of 66 bits with a modulus of 3072.", leaf(key=rsa_with_exponent(2**65 + 131, 3072)), "long", also=["key-rsa-exponent-unusual"])

NEUTRAL = bytes([1]) + bytes(31)
bad("key-small-order", "The neutral element of Ed25519 as the key: any signature fits.", leaf(key=edwards("Ed25519", NEUTRAL)))
bad("key-small-order", "A point of order 8 on Ed25519, with the sign of x set.",
    leaf(key=edwards("Ed25519", bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"))), "eight")
bad("key-small-order", "A point of order 8 on X25519.",
    leaf(key=edwards("X25519", bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"))), "agreement", also=["key-usage-unfit-for-key"])
good("key-small-order", "A key that a program made.", leaf(key=Key("-algorithm", "ED25519")))

bad("key-small-order", "A point of order 4 on Ed448.", leaf(key=edwards("Ed448", bytes(57))), "448", also=["key-curve-unusual"])
bad("key-small-order", "The coordinate 1 on X448.", leaf(key=edwards("X448", bytes([1]) + bytes(55))), "agreement-448", also=["key-usage-unfit-for-key"])

bad("key-rsa-modulus-invalid", "An even modulus.", leaf(key=rsa_with_modulus((1 << 2047) + 12346)))
bad("key-rsa-modulus-invalid", "The modulus 1.", leaf(key=rsa_with_modulus(1)), "one", also=["key-too-weak"])
good("key-rsa-modulus-invalid", "A modulus that a program made.", leaf(key=RSA))

bad("key-rsa-too-long", "A modulus of 16385 bits.", leaf(key=rsa_with_modulus(without_small_factors((1 << 16384) + 12345))))
good("key-rsa-too-long", "A modulus of 16384 bits.", leaf(key=rsa_with_modulus(without_small_factors((1 << 16384) - 12345))))

BESIDE = b"\x04" + bytes(31) + b"\1" + bytes(31) + b"\1"
bad("key-not-on-curve", "A point beside P-256.", leaf(key=ec_point(BESIDE)))
bad("key-not-on-curve", "Octets that are no point.", leaf(key=ec_point(b"\x04garbage")), "garbage")
bad("key-not-on-curve", "The point at infinity.", leaf(key=ec_point(b"\0")), "infinity")
bad("key-not-on-curve", "A whole SubjectPublicKeyInfo where the point should be.", leaf(key=ec_point(P256[2].spki)), "nested")
bad("key-not-on-curve", "A coordinate beyond the prime of P-521.", leaf(key=ec_point(b"\x02\x02" + bytes(65), "P-521")), "beyond")
bad("key-not-on-curve", "A point beside a brainpool curve.", leaf(key=ec_point(BESIDE, "brainpoolP256r1")), "brainpool",
    also=["key-curve-unusual"])
bad("key-not-on-curve", "A coordinate that no point of Ed25519 has.", leaf(key=edwards("Ed25519", bytes([2]) + bytes(31))), "ed25519")
good("key-not-on-curve", "The point in its compressed form.",
     leaf(key=ec_point(bytes([2 | P256[2].spki[-1] & 1]) + P256[2].spki[-64:-32])), also=["key-point-compressed"])
good("key-not-on-curve", "A point of Ed25519.", leaf(key=Key("-algorithm", "ED25519")), "ed25519")

DSA_PRIME = (1 << 2047) + 12345
bad("key-dsa-parameters-unsound", "The generator 1: anybody can sign.", leaf(key=dsa(DSA_PRIME, (1 << 255) + 95, 1, 1)), also=["key-dsa"])
good("key-dsa-parameters-unsound", "Parameters that a program made.", leaf(key=Key.dsa()), also=["key-dsa"])

bad("key-rsa-exponent-unusual", "The exponent 3.", leaf(key=Key.rsa(2048, 3)))
bad("key-rsa-exponent-unusual", "An exponent of more than 256 bits.", leaf(key=rsa_with_exponent(2**256 + 1)), "huge")
good("key-rsa-exponent-unusual", "The exponent 65537.", leaf(key=RSA))
bad("key-rsa-exponent-unusual", "An exponent of 256 bits.", leaf(key=rsa_with_exponent(2**255 + 1)), "large")
good("key-rsa-exponent-unusual", "An exponent of 31 bits.", leaf(key=rsa_with_exponent(2**31 - 1)), "large")

bad("key-curve-explicit", "P-256 with its parameters spelt out.", leaf(key=Key.ec("P-256", "explicit")))
good("key-curve-explicit", "P-256 by its name.", SOUND)

bad("key-curve-unusual", "A key on a brainpool curve.", leaf(key=Key.ec("brainpoolP256r1")))
bad("key-curve-unusual", "An Ed448 key.", leaf(key=Key("-algorithm", "ED448")), "ed448")
good("key-curve-unusual", "An Ed25519 key.", leaf(key=Key("-algorithm", "ED25519")), "ed25519")
good("key-curve-unusual", "A key on P-521.", leaf(key=Key.ec("P-521")))

# ---- clients of TLS servers: names


def named(*names):
    return with_extensions(NO_CA, SIGNS, SERVES, alt_names(*names))


bad("san-missing", "The host stands in the common name alone.", with_extensions(NO_CA, SIGNS, SERVES), also=["host-mismatch"])
bad("san-missing", "The only alternative name is a URI.", named("URI:urn:plc7:app"), "uri", also=["host-mismatch"])
good("san-missing", "The host stands in the subjectAltName.", SOUND)

bad("host-mismatch", "Another host's certificate.", named("DNS:plc8.plant.example"))
bad("host-mismatch", "The address is used and the certificate has names only.", named(f"DNS:{HOST}"), "address", host="10.0.0.7")
bad("host-mismatch", "Another address than the one in use.", SOUND, "other-address", host="10.0.0.8")
bad("host-mismatch", "The short name is used and the certificate has the full one.", SOUND, "short", host="plc7")
bad("host-mismatch", "A wildcard stands for one label, not for two.", named("DNS:*.plant.example"), "wildcard", host="plc7.hall2.plant.example")
bad("host-mismatch", "A wildcard for everybody's names.", named("DNS:*.com"), "public-suffix", host="plant.com", also=["wildcard-below-public-suffix"])
bad("host-mismatch", "The Kelvin sign in the place of a k.", named("DNS:\u212aepware.plant.example"), "kelvin", host="kepware.plant.example", also=["san-malformed"])
bad("host-mismatch", "A wildcard does not stand for a label with an underscore.", named("DNS:*.plant.example"), "underscore", host="plc_7.plant.example")
bad("host-mismatch", "A wildcard amid a label.", named("DNS:p*7.plant.example"), "amid", also=["san-malformed"])
good("host-mismatch", "A wildcard for the end of a label.", named("DNS:plc*.plant.example"), "partial", also=["san-malformed"])
good("host-mismatch", "A wildcard below the suffix of a company, which owns all names below it.",
     leaf(extensions=(NO_CA, SIGNS, SERVES, alt_names("DNS:*.github.io"))), "company", host="plant.github.io")
good("host-mismatch", "The name in use, in other letters and with a dot at its end.", SOUND, host="PLC7.Plant.Example.")
good("host-mismatch", "The address in use.", SOUND, "address", host="10.0.0.7")
good("host-mismatch", "An IPv6 address, written in brackets as in a URL.", named("IP:2001:db8::7"), "ipv6", host="[2001:db8:0::7]")
good("host-mismatch", "A wildcard for the first label.", named("DNS:*.plant.example"), "wildcard")
good("host-mismatch", "A name in another script, which the certificate has in ASCII.", named("DNS:xn--khler-jua.example"), "idn", host="köhler.example")

bad("address-as-dns-name", "An address as a DNS name.", named(f"DNS:{HOST}", "DNS:10.0.0.7"))
good("address-as-dns-name", "The same address as a DNS name and as an address, for the sake of old clients.",
     named(f"DNS:{HOST}", "DNS:10.0.0.7", "IP:10.0.0.7"))

bad("san-malformed", "A blank in a URI.", named(f"DNS:{HOST}", "URI:urn:plc7:Line 3"))
bad("san-malformed", "An umlaut in a DNS name.", named(f"DNS:{HOST}", "DNS:köhler.plant.example"), "umlaut")
bad("san-malformed", "A URL as a DNS name.", named(f"DNS:{HOST}", f"DNS:https://{HOST}"), "url")
bad("san-malformed", "A wildcard within a label.", named(f"DNS:{HOST}", "DNS:plc*.plant.example"), "wildcard")
good("san-malformed", "What is common in plants: underscores, single labels, wildcards, ApplicationUris.",
     named(f"DNS:{HOST}", "DNS:PLC_7", "DNS:*.plant.example", "URI:urn:plc7:Vendor:App", "IP:fe80::7"))

# ---- clients of TLS servers: usage


def for_purposes(*names):
    return with_extensions(NO_CA, SIGNS, purposes(*names), NAMES)


bad("server-auth-missing", "A client's certificate on a server.", for_purposes("clientAuth"))
good("server-auth-missing", "No extKeyUsage at all.", with_extensions(NO_CA, SIGNS, NAMES))

bad("server-auth-by-any-only", "Any purpose, and serverAuth not by name.", for_purposes("any"))
good("server-auth-by-any-only", "serverAuth by name beside any purpose.", for_purposes("any", "serverAuth"))

bad("client-auth-missing", "A server's certificate on a client.", SOUND, usage="client")
good("client-auth-missing", "A client's certificate; a client need not name a host.",
     with_extensions(NO_CA, SIGNS, purposes("clientAuth")), usage="client")

bad("ca-excludes-server-auth", "The issuing CA is one for clients and mail.",
    below(extensions=(constraints(True, 0), CA_USAGE, purposes("clientAuth", "emailProtection"))))
good("ca-excludes-server-auth", "The issuing CA is one for servers.",
     below(extensions=(constraints(True, 0), CA_USAGE, purposes("serverAuth"))))

bad("key-usage-unfit-for-tls", "An RSA key that may only encipher keys.",
    leaf(key=RSA, extensions=(NO_CA, key_usage("keyEncipherment"), SERVES, NAMES)))
good("key-usage-unfit-for-tls", "What OPC UA wants of an instance certificate.",
     leaf(key=RSA, extensions=(
         NO_CA, key_usage("digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"), SERVES, NAMES)))
good("key-usage-unfit-for-tls", "No keyUsage at all.", with_extensions(NO_CA, SERVES, NAMES), "absent")

bad("leaf-is-ca", "CA:TRUE in a server's certificate.", with_extensions(constraints(True), SIGNS, SERVES, NAMES))
good("leaf-is-ca", "No basicConstraints at all.", with_extensions(SIGNS, SERVES, NAMES))

# ---- clients of TLS servers: chain

bad("self-signed", "A server that vouches for itself.", [SELF_SIGNED], trust=())
bad("self-signed", "The same, and it was put into a trust store.", [SELF_SIGNED], "trusted", trust=(SELF_SIGNED,))
good("self-signed", "Issued by the plant's CA.", SOUND)

bad("chain-issuers-not-sent", "The issuing CA is known from elsewhere and was not sent.", [LEAF], untrusted=[ISSUING])
bad("chain-issuers-not-sent", "The same on a ThingWorx server.", [LEAF], "alwayson", untrusted=[ISSUING], profile="alwayson")
good("chain-issuers-not-sent", "The root was not sent, which is the normal case.", SOUND)
good("chain-issuers-not-sent", "The issuing CA itself is what is trusted.", [LEAF], "anchor", trust=(ISSUING,), also=["anchor-not-top"])

from_issuing = issuer_address("http://pki.plant.example/issuing.cer")
bad("chain-incomplete", "The leaf alone; it says where its issuer can be had.",
    [LEAF.but(extensions=(*LEAF.extensions, from_issuing))], trust=())
bad("chain-incomplete", "The root is nowhere to be found.", SOUND, "root", trust=())
bad("chain-incomplete", "A root of the same name with another key.", SOUND, "namesake", trust=(ROOT.but(key=P256[4]),))
good("chain-incomplete", "The root is known.", SOUND)

bad("anchor-unknown", "The root was sent along, and nobody is known to trust it.", [LEAF, ISSUING, ROOT], trust=())
good("anchor-unknown", "The root was sent along, and it is trusted.", [LEAF, ISSUING, ROOT])

bad("anchor-not-named", "The root was sent along; the one that was named has the same name and another key.", [LEAF, ISSUING, ROOT],
    trust=(ROOT.but(key=P256[4]),), anchors="named", also=["anchor-unknown"])
bad("anchor-not-named", "The chain of an application that is to be trusted by another root.", [ISSUING, ROOT], "import", profile="ca", anchors="named", also=["ca-not-top"])
good("anchor-not-named", "The root was named.", [LEAF, ISSUING, ROOT], anchors="named")
good("anchor-not-named", "The issuing CA was named, and the root is not at hand.", [LEAF, ISSUING], "issuing", trust=(ISSUING,), anchors="named", also=["anchor-not-top"])

bad("chain-order", "The root stands before the issuing CA.", [LEAF, ROOT, ISSUING])
bad("chain-order", "From root to leaf.", [ROOT, ISSUING, LEAF], "reversed")
good("chain-order", "From leaf to root.", [LEAF, ISSUING, ROOT])

other = ROOT.but(subject="CN=Former Plant CA,O=Example Plant", key=P256[3])
bad("chain-unrelated", "A former CA is still sent along.", [LEAF, ISSUING, other])
crossed = ROOT.but(issuer=other)
good("chain-unrelated", "A second way to another root: the own root, cross-signed, and that other root.",
     [LEAF, ISSUING, other, crossed])

bad("chain-duplicate", "The issuing CA twice.", [LEAF, ISSUING, ISSUING])
good("chain-duplicate", "Each certificate once.", [LEAF, ISSUING, ROOT])

bad("client-certificate-refused", "The server does not know the client's CA.", [LEAF, ISSUING], connection="TLS 1.3, client refused")
good("client-certificate-refused", "Presented over TLS 1.3.", [LEAF, ISSUING], connection="TLS 1.3")
bad("client-certificate-unlisted", "The server names another CA than the client's.", [LEAF, ISSUING], connection="TLS 1.3, client unlisted")
good("client-certificate-unlisted", "The server refuses, and names no CA.", [LEAF, ISSUING], connection="TLS 1.3, client refused", also=["client-certificate-refused"])
good("client-certificate-unlisted", "Presented over TLS 1.2.", [LEAF, ISSUING], "fine", connection="TLS 1.2")
for check, fires in (("connection-obsolete", ("TLS 1.0 in the clear", "TLS 1.2 in the clear")), ("key-possession-unproven", ("TLS 1.0 in the clear",))):
    other = {"connection-obsolete": "key-possession-unproven", "key-possession-unproven": "connection-obsolete"}[check]
    for number, connection in enumerate(fires):
        bad(check, f"Presented over {connection}.", [LEAF, ISSUING], str(number or ""), connection=connection, also=(other,))
    good(check, "Presented over TLS 1.2, in a complete handshake.", [LEAF, ISSUING], connection="TLS 1.2")
    good(check, "Presented over TLS 1.3.", [LEAF, ISSUING], "current", connection="TLS 1.3")

# ---- decoding

whole = LEAF.der()
bad("certificate-undecodable", "The end of the certificate is missing.", [whole[:-40]])
bad("certificate-undecodable", "The validity is no sequence.", [whole.replace(bytes.fromhex("301e170d"), bytes.fromhex("311e170d"), 1)], "validity")
good("certificate-undecodable", "A sound chain.", [LEAF, ISSUING])

bad("input-not-read", "A block of the file has a character that base64 does not know.", [LEAF, ISSUING],
    lost="block 3 (line 41): CERTIFICATE: invalid character `!`")
good("input-not-read", "A file that is read to its end.", [LEAF, ISSUING])

bad("file-form-unread", "A file in UTF-16.", [LEAF, ISSUING], form="UTF-16")
bad("file-form-unread", "END and BEGIN stand in one line.", [LEAF, ISSUING], "glued", form="glued")
good("file-form-unread", "A file as programs write it.", [LEAF, ISSUING])

# ---- secrets

# The shape of a key, with nothing in it that is one.
FAKE_KEY = seq(integer(0), seq(oid("1.2.840.113549.1.1.1"), tlv(0x05)), octets(b"Noch kein Schluessel, nur seine Form." * 4))
FAKE_TEXT = base64.encodebytes(FAKE_KEY)
for variant, comment in {
    "": FAKE_KEY,
    "pem": b"-----BEGIN PRIVATE KEY-----\n" + FAKE_TEXT + b"-----END PRIVATE KEY-----\n",
    "base64": b"key=" + FAKE_TEXT,
}.items():
    bad("private-key-in-certificate", "A private key stands in a comment.",
        with_extensions(NO_CA, SIGNS, SERVES, NAMES, extension("2.16.840.1.113730.1.13", tlv(0x16, comment))), variant)
good("private-key-in-certificate", "A comment that is one.",
     with_extensions(NO_CA, SIGNS, SERVES, NAMES, extension("2.16.840.1.113730.1.13", tlv(0x16, b"made by OpenSSL"))))

# ---- import

bad("not-a-ca", "A server's certificate where its CA is wanted.", [LEAF], profile="ca")
bad("not-a-ca", "A self-signed server's certificate without basicConstraints.", [SELF_SIGNED.but(extensions=(SIGNS, SERVES, NAMES))], "self-signed", profile="ca")
good("not-a-ca", "A root.", [ROOT], profile="ca")

openssl_made = SELF_SIGNED.but(extensions=(constraints(True), NAMES))
bad("server-as-ca", "A server's certificate as `openssl req -x509` makes it.", [openssl_made], profile="ca", also=["ca-key-usage-absent"])
bad("server-as-ca", "The same over SHA-1.", [openssl_made.but(algorithm="ec-sha1")], "sha1", profile="ca", also=["root-weak-hash", "ca-key-usage-absent"])
good("server-as-ca", "A root that names the host of its revocation lists, and may sign certificates.", [ROOT.but(extensions=(*ROOT.extensions, NAMES))], profile="ca")

bad("ca-by-default", "What `openssl req -x509` makes of a name alone.", [SELF_SIGNED.but(extensions=(constraints(True),))], profile="ca", also=["ca-key-usage-absent"])
good("ca-by-default", "A root.", [ROOT], profile="ca")

bad("ca-not-top", "An issuing CA.", [ISSUING], profile="ca")
bad("ca-not-top", "An issuing CA whose root is known.", [ISSUING, ROOT], "known", profile="ca")
good("ca-not-top", "A root.", [ROOT], profile="ca")

# ---- Kepware

sound_v6 = named("IP:2001:db8::7", f"DNS:{HOST}")
bad("host-is-ipv6", "The address in use is an IPv6 address, and the certificate has it.", sound_v6, profile="alwayson", host="2001:db8::7")
good("host-is-ipv6", "A name is used, and the certificate has the address, too.", sound_v6, profile="alwayson")

# ---- OPC UA

import opcua_checks

made.update(opcua_checks.made)

# ---- stores

import store_checks

made.update(store_checks.made)

# ---- what is noted when a path is processed

import path_checks
import program_checks  # noqa: F401 (adds to what path_checks has made)
import form_checks  # noqa: F401 (adds to what path_checks has made)

for check, files in path_checks.made.items():
    made.setdefault(check, {}).update(files)

# ---- what is judged by itself

import apart_checks

for check, files in apart_checks.made.items():
    made.setdefault(check, {}).update(files)

wanted = set(sys.argv[1:]) or set(made)
if unknown := wanted - set(made):
    sys.exit(f"no such check: {', '.join(sorted(unknown))}")
for check in sorted(wanted):
    folder = OUT / check
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.pem"):
        old.unlink()
    for file, text in made[check].items():
        (folder / file).write_text(text)
print(f"{sum(len(made[check]) for check in wanted)} specimens of {len(wanted)} checks")
