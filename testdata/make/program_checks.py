"""Specimens of what OpenSSL, Java, GnuTLS and Go make of a certificate each in their own way: under the profile tls."""

from path_checks import *

TLS = {"profile": "tls", "usage": "server"}


def with_authority(*parts):
    """A sound chain whose leaf has this authorityKeyIdentifier."""
    return with_extensions(*LEAF.extensions, authority(*parts), key_identifiers=False)


# ---- identifiers

SOMEBODY = tlv(0xA1, tlv(0xA4, name("CN=Plant Issuing CA 2,O=Example Plant")))
OTHER_SERIAL = tlv(0x82, b"\x11\x22")

bad("key-identifiers-differ", "The issuer's key and its issuer, and another serial number.",
    with_authority(ISSUER_KEY, ISSUER_NAME, OTHER_SERIAL), "serial", **TLS)
bad("key-identifiers-differ", "The issuer's key and serial number, and another issuer.",
    with_authority(ISSUER_KEY, SOMEBODY, ISSUER_SERIAL), "issuer", **TLS)
bad("key-identifiers-differ", "The issuer's key, and another serial number without an issuer.",
    with_authority(ISSUER_KEY, OTHER_SERIAL), "serial-alone", also=["authority-key-id-half-named"], **TLS)
astray = ISSUING.but(key_identifiers=False, extensions=(
    *ISSUING.extensions, extension("2.5.29.14", octets(KEYS[1].identifier())), authority(tlv(0x80, b"\x07" * 20))))
bad("key-identifiers-differ", "The issuing CA names another key than the root's.", [LEAF.but(issuer=astray), astray], "authority", **TLS)
good("key-identifiers-differ", "The issuer's key, issuer and serial number.",
     with_authority(ISSUER_KEY, ISSUER_NAME, ISSUER_SERIAL), "all", **TLS)

twin = ROOT.but(subject="CN=plc7,O=Example Plant", key_identifiers=False)
alike = LEAF.but(subject=twin.subject, issuer=twin, key_identifiers=False)
bad("looks-self-signed", "Server and root have one subject, and no key identifiers.", [alike], trust=(twin,),
    also=["subject-key-id-missing"], **TLS)
inner = ISSUING.but(subject=ROOT.subject, key_identifiers=False)
bad("looks-self-signed", "The issuing CA has the root's subject, and no key identifiers.",
    [LEAF.but(issuer=inner), inner], "authority", also=["subject-key-id-missing"], **TLS)
named_twin = ROOT.but(subject=twin.subject)
good("looks-self-signed", "Server and root have one subject, and key identifiers that differ.",
     [alike.but(issuer=named_twin, key_identifiers=True)], trust=(named_twin,), **TLS)

lone = ROOT.but(key_identifiers=False)
rival = lone.but(key=KEYS[3])
below_lone = [LEAF.but(issuer=lone, key_identifiers=False)]
unnamed = {"also": ["subject-key-id-missing", "authority-key-id-missing"], **TLS}
bad("issuer-name-twin", "Two trusted roots of one name, without key identifiers; the other one comes first.", below_lone,
    trust=(rival, lone), **unnamed)
bad("issuer-name-twin-in-gnutls", "Two trusted roots of one name, without key identifiers; the other one comes last.", below_lone,
    trust=(lone, rival), **unnamed)
good("issuer-name-twin-in-gnutls", "Two trusted roots of one name and key identifiers; the other one comes last.", SOUND,
     trust=(ROOT, ROOT.but(key=KEYS[3])), **TLS)
inner_lone = ISSUING.but(key_identifiers=False)
inner_rival = inner_lone.but(key=KEYS[3])
below_inner = LEAF.but(issuer=inner_lone, key_identifiers=False)
bad("issuer-name-twin", "The server sends two CAs of one name, the other one first.", [below_inner, inner_rival, inner_lone], "sent",
    **unnamed)
bad("issuer-name-twin", "The server sends one CA, and another one of its name is trusted.", [below_inner, inner_lone], "trusted",
    trust=(ROOT, inner_rival), **unnamed)
bad("issuer-name-twin", "The root is trusted, and the server sends another one of its name.", [*below_lone, rival], "beside",
    trust=(lone,), **unnamed)
bad("issuer-name-twin", "The issuing CA is trusted, and the server sends another one of its name.", [below_inner, inner_rival], "issued",
    trust=(ROOT, inner_lone), **unnamed)
good("issuer-name-twin", "Two trusted roots of one name, and key identifiers.", SOUND, trust=(ROOT.but(key=KEYS[3]), ROOT), **TLS)
good("issuer-name-twin", "Two trusted roots of one name, without key identifiers; the other one has expired.", below_lone, "expired",
     trust=(rival.but(not_before="2019-01-01", not_after="2020-01-01"), lone), **unnamed)
good("issuer-name-twin", "Two trusted certificates of one name and one key.", below_lone, "renewed", trust=(lone.but(serial=b"\x77"), lone),
     **unnamed)

bad("distrusted", "The root is trusted here, and marked as rejected elsewhere.", SOUND, distrusted=0, **TLS)
good("distrusted", "Nobody has marked anything as rejected.", SOUND, anchors="named", **TLS)
bad("anchor-not-top", "Only the issuing CA is trusted.", SOUND, trust=(ISSUING,), **TLS)
good("anchor-not-top", "The root is trusted as well.", SOUND, "both", trust=(ISSUING, ROOT), **TLS)
good("anchor-not-top", "The root is trusted.", SOUND, **TLS)

# ---- fields and extensions

for kind, text in {"no-seconds": b"2706300000Z", "fraction": b"270630000000.5Z"}.items():
    bad("time-misspelt", f"A UTCTime: {kind}.", [LEAF.but(not_after_der=tlv(0x17, text)), ISSUING], kind, **TLS)
bad("time-misspelt", "A GeneralizedTime with an offset.", [LEAF.but(not_after_der=tlv(0x18, b"20510630000000+0100")), ISSUING],
    "generalized", **TLS)
bad("time-misspelt", "A root whose time has an offset.", SOUND, "root", trust=(ROOT.but(not_after_der=tlv(0x17, b"400101000000+0100")),), **TLS)

places = seq(seq(tlv(0xA0, tlv(0xA0, uri("http://pki.plant.example/plant.crl")))))
bad("extension-must-not-be-critical", "freshestCRL is critical.", with_extensions(*LEAF.extensions, extension("2.5.29.46", places, critical=True)),
    "freshest", **TLS)
bad("extension-must-not-be-critical", "authorityKeyIdentifier is critical.",
    with_extensions(*LEAF.extensions, extension("2.5.29.35", seq(ISSUER_KEY), critical=True), key_identifiers=False), "authority", **TLS)
bad("extension-must-not-be-critical", "The issuing CA has a critical authorityInfoAccess.",
    below(extension("1.3.6.1.5.5.7.1.1", address, critical=True)), "issuer", **TLS)

bad("extension-should-not-be-critical", "cRLDistributionPoints are critical.",
    with_extensions(*LEAF.extensions, extension("2.5.29.31", places, critical=True)), **TLS)
bad("extension-should-not-be-critical", "issuerAltName is critical.",
    with_extensions(*LEAF.extensions, extension("2.5.29.18", seq(dns("ca.plant.example")), critical=True)), "issuer", **TLS)
good("extension-should-not-be-critical", "cRLDistributionPoints and issuerAltName are not critical.",
     with_extensions(*LEAF.extensions, extension("2.5.29.31", places), extension("2.5.29.18", seq(dns("ca.plant.example")))), **TLS)

bad("key-usage-unfit-for-tls", "A key that may only sign what binds its owner.",
    with_extensions(NO_CA, key_usage("nonRepudiation"), NAMES), "nothing", **TLS)



def of_netscape(octet, unused=0):
    """Server and client by their extendedKeyUsage; netscapeCertType of these bits."""
    both = extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")))
    return with_extensions(NO_CA, SIGNS, both, NAMES, extension("2.16.840.1.113730.1.1", bits(bytes([octet]), unused)))


bad("netscape-cert-type-unfit", "A server with the types of a client and of mail.", of_netscape(0xA0, 5), **TLS)
bad("netscape-cert-type-unfit", "A client with the type of a server.", of_netscape(0x40, 6), "client", **{**TLS, "usage": "client"})
good("netscape-cert-type-unfit", "A server with the type of one.", of_netscape(0x40, 6), **TLS)
good("netscape-cert-type-unfit", "A client with both types.", of_netscape(0xC0, 6), "client", **{**TLS, "usage": "client"})
of_mail = ISSUING.but(extensions=(*ISSUING.extensions, extension("2.16.840.1.113730.1.1", bits(b"\x02", 1))))
good("netscape-cert-type-unfit", "The issuing CA has the type of one for mail, which nobody looks at.", [LEAF.but(issuer=of_mail), of_mail],
     "authority", **TLS)

bad("integer-malformed", "A serial number without a byte.", [LEAF.but(serial=b""), ISSUING], also=["serial-not-positive"], **TLS)
bad("integer-malformed", "A serial number with a zero before it.", [LEAF.but(serial=b"\0\1"), ISSUING], "zero", **TLS)
bad("integer-malformed", "The issuing CA's serial number has a zero before it.", below(serial=b"\0\1"), "authority", **TLS)
good("integer-malformed", "A serial number with a zero before it, without which it were negative.", [LEAF.but(serial=b"\0\x80"), ISSUING], **TLS)

own_identifier = octets(KEYS[2].identifier())
bad("extension-undecodable", "The subjectKeyIdentifier is cut.",
    with_extensions(*LEAF.extensions, extension("2.5.29.14", own_identifier[:-1]), authority(ISSUER_KEY), key_identifiers=False),
    "identifier", also=["not-der"], **TLS)
bad("extension-undecodable", "A NULL stands behind the keyUsage.",
    with_extensions(NO_CA, extension("2.5.29.15", bits(b"\x80", 7) + tlv(0x05), critical=True), SERVES, NAMES), "usage", **TLS)
negative = ISSUING.but(extensions=(extension("2.5.29.19", seq(tlv(0x01, b"\xff"), integer(-1)), critical=True), CA_USAGE))
bad("extension-undecodable", "The path length of the issuing CA is negative.", [LEAF.but(issuer=negative), negative], "length",
    also=["key-cert-sign-without-ca"], **TLS)

# ---- names


def issuing_ca(tag, common):
    """The issuing CA's name with its common name in this type of string."""
    return seq(tlv(0x31, seq(oid("2.5.4.10"), tlv(0x0C, b"Example Plant"))), tlv(0x31, seq(oid("2.5.4.3"), tlv(tag, common))))


bad("issuer-spelt-otherwise", "The issuer's common name in small letters.",
    [LEAF.but(issuer_name=issuing_ca(0x0C, b"plant issuing ca")), ISSUING], **TLS)
bad("issuer-spelt-otherwise", "The issuer's common name is a PrintableString, in the CA's certificate a UTF8String.",
    [LEAF.but(issuer_name=issuing_ca(0x13, b"Plant Issuing CA")), ISSUING], "printable", **TLS)
distant = ISSUING.but(issuer_name="CN=Plant  Root,O=Example Plant")
bad("issuer-spelt-otherwise", "The issuing CA has the root's name with a blank more.", [LEAF.but(issuer=distant), distant], "authority", **TLS)
good("issuer-spelt-otherwise", "The issuer's name as it stands in the CA's certificate.", SOUND, **TLS)
for kind, tag in {"teletex": 0x14, "ia5": 0x16}.items():
    bad("issuer-string-type", f"The issuer's common name is of another type, in the CA's certificate a UTF8String: {kind}.",
        [LEAF.but(issuer_name=issuing_ca(tag, b"Plant Issuing CA")), ISSUING], kind, **TLS)
good("issuer-string-type", "The issuer's common name is of the type that the CA's certificate has.", SOUND, **TLS)


def every_host(authority):
    return authority.but(extensions=(*authority.extensions, extension("2.5.29.30", seq(tlv(0xA0, seq(tlv(0x82)))), critical=True)))


anything = every_host(ISSUING)
bad("name-constraint-on-every-host", "The issuing CA may issue for every host.", [LEAF.but(issuer=anything), anything], **TLS)
good("name-constraint-on-every-host", "The root may issue for every host: it is the anchor.", SOUND, trust=(every_host(ROOT),), **TLS)


def reached(as_host, *names, **changes):
    return {"presented": with_extensions(NO_CA, SIGNS, SERVES, named(*map(dns, names)), **changes), "host": as_host, **TLS}


bad("host-underscore", "A name with an underscore, letter by letter.", also=["san-malformed"], **reached("plc_7.plant.example", "plc_7.plant.example"))
good("host-underscore", "A name with a hyphen.", **reached("plc-7.plant.example", "plc-7.plant.example"))

bad("san-malformed", "An empty host name before the host.", with_extensions(NO_CA, SIGNS, SERVES, named(dns(""), dns(HOST))), "nameless", **TLS)



def beside_host(*names, subject="CN=plc7,O=Example Plant", critical=False):
    """A sound chain whose leaf has these names beside the host, and another common name."""
    return with_extensions(NO_CA, SIGNS, SERVES, named(dns(HOST), *names, critical=critical), subject=subject)


braces = uri("urn:{plc7}:Plant:App")
malformed = {"also": ["san-malformed"], "host": HOST, **TLS}
bad("san-unread-by-java", "A URI with braces beside the host.", beside_host(braces), host=HOST, **TLS)
bad("san-unread-by-java", "A URI whose host ends with a dot.", beside_host(uri("http://plc7.plant.example./")), "dot", host=HOST, **TLS)
bad("san-unread-by-java", "A URI with a lone percent sign.", beside_host(uri("urn:plc7:100%")), "percent", host=HOST, **TLS)
bad("san-unread-by-java", "A URI with a blank.", beside_host(uri("urn:plc7:Plant App")), "blank", **malformed)
bad("san-unread-by-java", "An empty mailbox.", beside_host(email("")), "mailbox", **malformed)
bad("san-unread-by-java", "An address of five bytes.", beside_host(tlv(0x87, b"\x0a\0\0\0\7")), "five", **malformed)
bad("san-unread-by-java", "A URI with braces beside the address that clients use.", beside_host(tlv(0x87, b"\x0a\0\0\7"), braces), "address",
    host="10.0.0.7", **TLS)
bad("san-unread-by-java", "The alternative names are critical, and one is a URI with braces.",
    beside_host(braces, subject="", critical=True), "critical", host=HOST, **TLS)
good("san-unread-by-java", "A URI with a blank as it should be written.", beside_host(uri("urn:plc7:Plant%20App")), host=HOST, **TLS)
good("san-unread-by-java", "A URI with braces, and the host as common name, too.",
     beside_host(braces, subject=f"CN={HOST},O=Example Plant"), "common", host=HOST, **TLS)
good("san-unread-by-java", "A client with a URI with braces: nobody looks for its host.",
     with_extensions(NO_CA, SIGNS, purposes("clientAuth"), named(dns(HOST), braces)), "client", **{**TLS, "usage": "client"})

# ---- revocation


@dataclass(frozen=True)
class Misnamed(List):
    """A list with another authorityKeyIdentifier than its issuer's."""

    authority: tuple = ()

    def der(self):
        algorithm, digest = ALGORITHMS[self.algorithm]
        tbs = seq(integer(1), algorithm, name(self.issuer.subject), time(self.this_update), time(self.next_update),
                  tlv(0xA0, seq(extension("2.5.29.35", seq(*self.authority)), extension("2.5.29.20", integer(self.number)))))
        return seq(tbs, algorithm, bits(self.issuer.key.sign(digest, tbs)))


def misnamed(*parts):
    return [Misnamed(ISSUING, algorithm="ec-sha256", authority=parts), crl(ROOT)]


bad("revocation-list-misnamed", "The list names another key.", SOUND, lists=misnamed(tlv(0x80, b"\x07" * 20)), **TLS)
bad("revocation-list-misnamed", "The list names the CA's key, and another serial number.", SOUND, "serial",
    lists=misnamed(ISSUER_KEY, ISSUER_NAME, OTHER_SERIAL), **TLS)
good("revocation-list-misnamed", "The list names the CA's key, issuer and serial number.", SOUND,
     lists=misnamed(ISSUER_KEY, ISSUER_NAME, ISSUER_SERIAL), **TLS)

unsigning = ISSUING.but(extensions=(constraints(True, 0), key_usage("keyCertSign")))
below_unsigning = [LEAF.but(issuer=unsigning), unsigning]
bad("revocation-unknown", "The CA that has signed the list has a keyUsage without cRLSign.", below_unsigning, "no-crl-sign",
    lists=[crl(unsigning), crl(ROOT)], **TLS)
bad("revocation-unknown", "The CA that has signed the list has a keyUsage without cRLSign, and revokes the leaf.", below_unsigning,
    "no-crl-sign-revoked", lists=[crl(unsigning, below_unsigning[0]), crl(ROOT)], **TLS)

# ---- addresses of IPv4 in the form of IPv6

MAPPED = tlv(0x87, bytes(10) + b"\xff\xff\x0a\0\0\7")
TENS = tlv(0x87, b"\x0a\0\0\0\xff\0\0\0")
bad("host-mismatch", "The address stands in the form of IPv6, and clients use that of IPv4.", with_extensions(NO_CA, SIGNS, SERVES, named(MAPPED)),
    "mapped", host="10.0.0.7", **TLS)
good("host-mismatch", "The address stands in the form of IPv6, and clients use the same.", with_extensions(NO_CA, SIGNS, SERVES, named(MAPPED)),
     "mapped", host="::ffff:10.0.0.7", **TLS)
of_tens = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, subtrees([TENS])))
bad("name-not-permitted", "Addresses are permitted in the form of IPv4, and the leaf's has that of IPv6.",
    [LEAF.but(issuer=of_tens, extensions=(NO_CA, SIGNS, SERVES, named(MAPPED))), of_tens], "mapped", **TLS)

# ---- algorithms

bad("key-too-weak", "A server whose key is on secp160r1.", [LEAF.but(key=Key.ec("secp160r1")), ISSUING], "secp160r1", **TLS)
bad("key-too-weak", "A server whose key is on P-192.", [LEAF.but(key=Key.ec("prime192v1")), ISSUING], "p192", **TLS)
def compressed(key):
    """The same key with one coordinate and the sign of the other."""
    x, y = key.spki[-64:-32], key.spki[-32:]
    return ec_point(bytes([2 + y[-1] % 2]) + x)


for kind, curve in {"brainpool": "brainpoolP256r1", "": "secp256k1"}.items():
    odd = ISSUING.but(key=Key.ec(curve))
    bad("ca-curve-unusual", f"An issuing CA whose key is on {curve}.", [LEAF.but(issuer=odd), odd], kind, **TLS)
odd_root = ROOT.but(key=Key.ec("brainpoolP384r1"))
by_odd_root = ISSUING.but(issuer=odd_root)
bad("ca-curve-unusual", "A root whose key is on brainpoolP384r1.", [LEAF.but(issuer=by_odd_root), by_odd_root], "root", trust=(odd_root,), **TLS)
large = ISSUING.but(key=Key.ec("P-521"))
good("ca-curve-unusual", "An issuing CA whose key is on P-521.", [LEAF.but(issuer=large), large], **TLS)
good("ca-curve-unusual", "A server whose key is on brainpoolP256r1.", [LEAF.but(key=Key.ec("brainpoolP256r1")), ISSUING], "leaf", **TLS)

bad("key-point-compressed", "A compressed point.", [LEAF.but(key=compressed(KEYS[2])), ISSUING], **TLS)
good("key-point-compressed", "An uncompressed point.", SOUND, **TLS)

lattice = RawKey(seq(seq(oid("2.16.840.1.101.3.4.3.17")), bits(hashlib.shake_256(b"ML-DSA-44").digest(1312))))
bad("algorithm-too-new", "An ML-DSA key.", [LEAF.but(key=lattice), ISSUING], **TLS)
good("algorithm-too-new", "An EC key.", SOUND, **TLS)
