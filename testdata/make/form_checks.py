"""Specimens of the checks of form: what a standard demands of those who issue, and no program looks at."""

from path_checks import *

UTF8, PRINTABLE, IA5, VISIBLE, BMP = 0x0C, 0x13, 0x16, 0x1A, 0x1E


def subject(*attributes):
    """A name of attributes: the type as dotted decimals, the tag of the text and the text."""
    encoded = (value if isinstance(value, bytes) else value.encode() for _, _, value in attributes)
    return seq(*(tlv(0x31, seq(oid(kind), tlv(tag, value))) for (kind, tag, _), value in zip(attributes, encoded)))


def called(*attributes, extensions=LEAF.extensions, **changes):
    """A sound chain whose leaf has this subject."""
    return [LEAF.but(subject=subject(*attributes), extensions=extensions, **changes), ISSUING]


def more(*extensions, **changes):
    """A sound chain whose leaf has these extensions beside its own."""
    return with_extensions(*LEAF.extensions, *extensions, **changes)


CN, SURNAME, COUNTRY, O, GIVEN, MAIL = "2.5.4.3", "2.5.4.4", "2.5.4.6", "2.5.4.10", "2.5.4.42", "1.2.840.113549.1.9.1"

# ---- names

bad("attribute-length", "An organization of 65 characters.", called((O, UTF8, "x" * 65), (CN, UTF8, HOST)))
bad("attribute-length", "A country of three letters.", called((COUNTRY, PRINTABLE, "DEU"), (CN, UTF8, HOST)), "country")
bad("attribute-length", "An empty organization.", called((O, UTF8, ""), (CN, UTF8, HOST)), "empty")
good("attribute-length", "An organization of 64 characters that take more octets, and a country of two letters.",
     called((COUNTRY, PRINTABLE, "DE"), (O, UTF8, "\u00fc" * 64), (CN, UTF8, HOST)))

bad("attribute-longer-than-advised", "A surname of 65 characters.", called((SURNAME, UTF8, "x" * 65), (CN, UTF8, HOST)))
good("attribute-longer-than-advised", "A surname of 64 characters.", called((SURNAME, UTF8, "x" * 64), (CN, UTF8, HOST)))

bad("attribute-type", "A country in UTF8String.", called((COUNTRY, UTF8, "DE"), (CN, UTF8, HOST)))
utf8_issuer = ISSUING.but(subject=subject((COUNTRY, UTF8, "DE"), (CN, UTF8, "Plant Issuing CA")))
bad("attribute-type", "An issuer with a country in UTF8String.", [LEAF.but(issuer=utf8_issuer), utf8_issuer], "issuer")
good("attribute-type", "A country in PrintableString.", called((COUNTRY, PRINTABLE, "DE"), (CN, UTF8, HOST)))

bad("attribute-alphabet", "An ampersand in a PrintableString.", called((O, PRINTABLE, "Mill & Sons"), (CN, UTF8, HOST)))
good("attribute-alphabet", "The same text in UTF8String.", called((O, UTF8, "Mill & Sons"), (CN, UTF8, HOST)))
good("attribute-alphabet", "All marks that a PrintableString has.", called((O, PRINTABLE, "A1 '()+,-./:=?"), (CN, UTF8, HOST)), "marks")

bad("attribute-control-character", "A line break in the organization.", called((O, UTF8, "Mill\nSons"), (CN, UTF8, HOST)))
good("attribute-control-character", "An accent in the organization.", called((O, UTF8, "M\u00fchle"), (CN, UTF8, HOST)))

mailbox_subject = ((O, UTF8, "Example Plant"), (MAIL, IA5, "Line3@plant.example"), (CN, UTF8, HOST))
bad("email-not-repeated", "A mail address that stands in the subject alone.", called(*mailbox_subject))
good("email-not-repeated", "A mail address that is repeated, in small letters.",
     called(*mailbox_subject, extensions=(NO_CA, SIGNS, SERVES, named(dns(HOST), email("line3@plant.example")))))

uid = tlv(0x82, b"\0\x01\x02")
bad("unique-identifier-present", "A unique identifier of the subject.", [LEAF.but(unique_identifier=uid), ISSUING])
good("unique-identifier-present", "No unique identifier.", SOUND)

old_leaf = LEAF.but(version=1, extensions=(), unique_identifier=uid)
bad("unique-identifier-without-version-2", "Version 1 with a unique identifier.", [old_leaf, ISSUING],
    also=["unique-identifier-present", "authority-key-id-missing"])
good("unique-identifier-without-version-2", "Version 2 with a unique identifier.", [old_leaf.but(version=2), ISSUING],
     also=["unique-identifier-present", "authority-key-id-missing"])

# ---- algorithms

RSA_KEY = Key.rsa()
bare = RawKey(RSA_KEY.spki.replace(oid("1.2.840.113549.1.1.1") + tlv(0x05), oid("1.2.840.113549.1.1.1")))
# The lengths of both sequences shrink by the two octets of NULL.
bare.spki = seq(seq(oid("1.2.840.113549.1.1.1")), bare.spki[bare.spki.index(b"\x03\x82") :])
bad("key-parameters-unfit", "An RSA key without NULL.", [LEAF.but(key=bare), ISSUING])
good("key-parameters-unfit", "An RSA key with NULL.", [LEAF.but(key=RSA_KEY), ISSUING])

rsa_issuing = ISSUING.but(key=RSA_KEY)
bad("signature-parameters-unfit", "ECDSA with NULL.", [LEAF.but(algorithm="ec-sha256-null"), ISSUING])
bad("signature-parameters-unfit", "RSA without NULL.", [LEAF.but(issuer=rsa_issuing, algorithm="rsa-sha256-bare"), rsa_issuing], "rsa")
good("signature-parameters-unfit", "RSA with NULL.", [LEAF.but(issuer=rsa_issuing, algorithm="rsa-sha256"), rsa_issuing])

SCTS, POISON = "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.3"
timestamp = b"\0" + hashlib.sha256(b"log").digest() + bytes(8) + b"\0\0" + b"\x04\x03" + b"\0\x02\x30\0"
stamps = lambda *each: (lambda whole: extension(SCTS, octets(len(whole).to_bytes(2, "big") + whole)))(
    b"".join(len(one).to_bytes(2, "big") + one for one in each))
bad("timestamp-list-empty", "A list of timestamps without one.", more(stamps()))
good("timestamp-list-empty", "A list with a timestamp.", more(stamps(timestamp)))

poison = extension(POISON, tlv(0x05), critical=True)
bad("precertificate-with-timestamps", "A precertificate with timestamps.", more(poison, stamps(timestamp)), also=["extension-unknown-critical"])
good("precertificate-with-timestamps", "A precertificate without.", more(poison), also=["extension-unknown-critical"])

# ---- usage


def used_as(value, *others, critical=True, **changes):
    """A sound chain whose leaf has this keyUsage, as the bits are written."""
    return with_extensions(NO_CA, extension("2.5.29.15", value, critical), *(others or (SERVES,)), NAMES, **changes)


bad("subject-key-id-absent", "The leaf does not identify its key.", with_extensions(*LEAF.extensions, authority(ISSUER_KEY), key_identifiers=False))
good("subject-key-id-absent", "The leaf identifies its key.", SOUND)

bad("key-usage-not-critical", "keyUsage is not critical.", used_as(bits(b"\x80", 7), critical=False))
good("key-usage-not-critical", "keyUsage is critical.", SOUND)

bad("key-usage-encoding", "digitalSignature with seven zeros after it.", used_as(bits(b"\x80")))
bad("key-usage-encoding", "A tenth bit.", used_as(bits(b"\x80\x40", 6)), "long")
good("key-usage-encoding", "All nine bits, on an RSA key.", used_as(bits(b"\x80", 7)))
good("key-usage-encoding", "The ninth bit.", used_as(bits(b"\x88\x80", 7)), "ninth")

bad("key-usage-unfit-for-key", "An elliptic curve key that is to encrypt keys.", used_as(bits(b"\xa0", 5)))
bad("key-usage-unfit-for-key", "An Ed25519 key that is to agree on keys.",
    used_as(bits(b"\x88", 3), key=Key("-algorithm", "ED25519")), "ed25519")
good("key-usage-unfit-for-key", "An RSA key that is to encrypt keys.", used_as(bits(b"\xa0", 5), key=RSA_KEY))
good("key-usage-unfit-for-key", "An elliptic curve key that is to agree on keys.", used_as(bits(b"\x88", 3)), "agreement")

encrypting = ISSUING.but(key=RSA_KEY, extensions=(constraints(True, 0), extension("2.5.29.15", bits(b"\x26", 1), critical=True)))
bad("ca-key-encrypts", "An RSA key that signs certificates and encrypts keys.", [LEAF.but(issuer=encrypting, algorithm="rsa-sha256"), encrypting])
good("ca-key-encrypts", "An RSA key that signs certificates.", [LEAF.but(issuer=rsa_issuing, algorithm="rsa-sha256"), rsa_issuing])

bad("key-usage-without-agreement", "encipherOnly without keyAgreement.", used_as(bits(b"\x81")))
good("key-usage-without-agreement", "encipherOnly beside keyAgreement.", used_as(bits(b"\x89")))

bad("key-usage-unfit-for-purpose", "A client's certificate that may encrypt keys alone.",
    used_as(bits(b"\x20", 5), purposes("clientAuth"), key=RSA_KEY))
good("key-usage-unfit-for-purpose", "A client's certificate that may sign.", used_as(bits(b"\x80", 7), purposes("clientAuth")))

bad("any-purpose-critical", "Any purpose, critical.", with_extensions(NO_CA, SIGNS, purposes("serverAuth", "any", critical=True), NAMES))
good("any-purpose-critical", "Any purpose, not critical.", with_extensions(NO_CA, SIGNS, purposes("serverAuth", "any"), NAMES))
good("any-purpose-critical", "One purpose, critical.", with_extensions(NO_CA, SIGNS, purposes("serverAuth", critical=True), NAMES), "one")

# ---- policies

CPS, NOTICE, ANY = "1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2", "2.5.29.32.0"


def policy(identifier, *qualifiers):
    return seq(oid(identifier), *([seq(*qualifiers)] if qualifiers else []))


def of_policies(*each, critical=False):
    return extension("2.5.29.32", seq(*each), critical)


def notice(tag, text, *before):
    value = text if isinstance(text, bytes) else text.encode()
    return seq(oid(NOTICE), seq(*before, tlv(tag, value)))


def noticed(tag, text, *before):
    return more(of_policies(policy(POLICY, notice(tag, text, *before))))


bad("policy-qualifier-unfit", "anyPolicy with a qualifier of somebody's own.", more(of_policies(policy(ANY, seq(oid("1.3.6.1.4.1.99999.7.9"), tlv(0x05))))))
bad("policy-qualifier-unfit", "The address of a statement as UTF8String.", more(of_policies(policy(POLICY, seq(oid(CPS), tlv(UTF8, b"http://pki.plant.example/cps"))))), "type")
bad("policy-qualifier-unfit", "The address of a statement has no scheme.", more(of_policies(policy(POLICY, seq(oid(CPS), tlv(IA5, b"nonsense"))))), "address")
bad("policy-qualifier-unfit", "The address of a statement is empty.", more(of_policies(policy(POLICY, seq(oid(CPS), tlv(IA5, b""))))), "empty")
good("policy-qualifier-unfit", "anyPolicy with the address of a statement.", more(of_policies(policy(ANY, seq(oid(CPS), tlv(IA5, b"http://pki.plant.example/cps"))))))

reference = seq(tlv(UTF8, b"Example Plant"), seq(integer(1)))
bad("notice-reference-present", "A notice with a reference.", noticed(UTF8, "For the plant alone.", reference))
good("notice-reference-present", "A notice without a reference.", noticed(UTF8, "For the plant alone."))

bad("notice-type", "A notice in IA5String.", noticed(IA5, "For the plant alone."))
good("notice-type", "A notice in UTF8String.", noticed(UTF8, "For the plant alone."))

bad("notice-not-utf8", "A notice in VisibleString.", noticed(VISIBLE, "For the plant alone."))
bad("notice-not-utf8", "A notice in BMPString.", noticed(BMP, "For the plant.".encode("utf-16-be")), "bmp")
good("notice-not-utf8", "A notice in UTF8String.", noticed(UTF8, "For the plant alone."))

bad("notice-too-long", "A notice of 201 characters.", noticed(UTF8, "x" * 201))
good("notice-too-long", "A notice of 200 characters that take more octets.", noticed(UTF8, "\u00fc" * 200))

bad("notice-control-character", "A notice of two lines.", noticed(UTF8, "For the\nplant."))
good("notice-control-character", "A notice of one line.", noticed(UTF8, "For the plant alone."))

bad("notice-not-normal", "A letter with its accent as a character of its own.", noticed(UTF8, "Mu\u0308hle"))
good("notice-not-normal", "A letter with its accent in one character.", noticed(UTF8, "M\u00fchle"))


def mapping(source, to, critical=True):
    return extension("2.5.29.33", seq(seq(oid(source), oid(to))), critical)


bad("policy-mappings-not-critical", "Mappings that are not critical.", below(policies(POLICY), mapping(POLICY, OTHER_POLICY, critical=False)))
good("policy-mappings-not-critical", "Mappings that are critical.", below(policies(POLICY), mapping(POLICY, OTHER_POLICY)))

bad("policy-mapping-unlisted", "A policy is mapped that is none of the CA's.", below(policies(OTHER_POLICY), mapping(POLICY, OTHER_POLICY)))
good("policy-mapping-unlisted", "A policy of the CA's is mapped.", below(policies(POLICY), mapping(POLICY, OTHER_POLICY)))

bad("policy-list-empty", "certificatePolicies without a policy.", more(of_policies()))
good("policy-list-empty", "certificatePolicies with a policy.", more(of_policies(policy(POLICY))))

# ---- alternative names

bad("san-critical-beside-subject", "subjectAltName is critical beside a subject.", with_extensions(NO_CA, SIGNS, SERVES, named(dns(HOST), critical=True)))
good("san-critical-beside-subject", "subjectAltName is critical, and there is no subject.",
     with_extensions(NO_CA, SIGNS, SERVES, named(dns(HOST), critical=True), subject=""))


def names_beside(*names):
    return with_extensions(NO_CA, SIGNS, SERVES, named(dns(HOST), *names))


bad("uri-host-unfit", "A URI whose host has no domain.", names_beside(uri("http://plc7/pump")))
good("uri-host-unfit", "A URI with a full host, a port and a user.", names_beside(uri("https://user@plc7.plant.example:8443/pump?x#y")))
good("uri-host-unfit", "A URI with an address.", names_beside(uri("opc.tcp://[2001:db8::7]:4840/")), "address")
good("uri-host-unfit", "A URI without a host.", names_beside(uri("urn:plc7:Example:Pump")), "urn")

bad("international-name-unfit", "A label that is no Punycode.", names_beside(dns("xn--99999999.plant.example")))
bad("international-name-unfit", "A label that stands for a text in another normal form.",
    names_beside(dns("xn--" + "mu\u0308hle".encode("punycode").decode() + ".plant.example")), "form")
good("international-name-unfit", "A label that stands for a German word.", names_beside(dns("xn--mhle-0ra.plant.example")))


def from_issuer(*names, critical=False):
    return more(extension("2.5.29.18", seq(*names), critical))


bad("issuer-alt-name-empty", "An issuerAltName without a name.", from_issuer())
good("issuer-alt-name-empty", "An issuerAltName with a mailbox.", from_issuer(email("pki@plant.example")))

for kind, name_of_issuer in {"": dns("plant .example"), "uri": uri("/issuer"), "email": email("nobody"), "empty": dns(""), "latin": tlv(0x82, b"m\xfchle.example")}.items():
    bad("issuer-alt-name-malformed", "An issuerAltName with a name that is malformed.", from_issuer(name_of_issuer), kind)
good("issuer-alt-name-malformed", "An issuerAltName with a host, a URI and a mailbox.",
     from_issuer(dns("pki.plant.example"), uri("http://pki.plant.example/"), email("pki@plant.example")))

# ---- constraints

bad("name-constraint-kind", "A constraint on registered identifiers.", below(subtrees([dns("plant.example"), tlv(0x88, b"\x2a\x03")])))
good("name-constraint-kind", "A constraint on host names.", below(subtrees([dns("plant.example")])))

bad("name-constraint-host", "A constraint on URIs that has no domain.", below(subtrees([uri("plc7")])))
good("name-constraint-host", "A constraint on URIs below a domain.", below(subtrees([uri(".plant.example")])))

bad("name-constraint-leading-dot", "A constraint on host names with a period before it.",
    below(subtrees([dns(".plant.example")])), profile="https", host=HOST)
good("name-constraint-leading-dot", "A constraint on host names.", below(subtrees([dns("plant.example")])), profile="https", host=HOST)


def deep(*limits):
    subtree = seq(dns("office.example"), *limits)
    return below(extension("2.5.29.30", seq(tlv(0xA1, subtree)), critical=True))


bad("name-constraint-depth", "A constraint with a maximum.", deep(tlv(0x81, b"\x02")), also=["name-constraint-unsound"])
good("name-constraint-depth", "A constraint without limits.", deep())
bad("default-encoded", "nameConstraints say `minimum 0`.", deep(tlv(0x80, b"\0")), "minimum")

# ---- places


def points(*each):
    return more(extension("2.5.29.31", seq(*(seq(*point) for point in each))))


def at(*names):
    return tlv(0xA0, tlv(0xA0, *names))


LIST = uri("http://pki.plant.example/issuing.crl")
bad("distribution-point-incomplete", "A distribution point of reasons alone.", points([tlv(0x81, b"\x01\x06")]))
good("distribution-point-incomplete", "A distribution point with an address and reasons.", points([at(LIST), tlv(0x81, b"\x01\x06")]))

bad("distribution-point-not-fetchable", "A list on a share.", points([at(uri("file://pki.plant.example/issuing.crl"))]))
good("distribution-point-not-fetchable", "A list on a share and on a web server.", points([at(uri("file://pki.plant.example/issuing.crl"), LIST)]))


def found_at(location):
    return more(extension("1.3.6.1.5.5.7.1.1", seq(seq(oid("1.3.6.1.5.5.7.48.2"), location))))


bad("issuer-address-not-fetchable", "The issuer's certificate on a share.", found_at(uri("file://pki.plant.example/issuing.cer")))
good("issuer-address-not-fetchable", "The issuer's certificate on a web server.", found_at(uri("http://pki.plant.example/issuing.cer")))

# ---- marks

for kind, identifier in {"attributes": "2.5.29.9", "subject-access": "1.3.6.1.5.5.7.1.11"}.items():
    bad("extension-must-not-be-critical", "An extension that helps to find something is critical.",
        more(extension(identifier, seq(seq(oid("1.3.6.1.5.5.7.48.5"), uri("http://pki.plant.example/"))), critical=True)), kind,
        also=["extension-unknown-critical"])
