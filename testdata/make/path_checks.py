"""Specimens of the checks that judge what is noted when a path is processed: under the profiles rfc5280 and webpki."""

from textwrap import wrap

from x509 import *

AT = "2026-06-01T00:00:00Z"
HOST = "plc7.plant.example"
KEYS = [Key.ec() for _ in range(4)]
POLICY, OTHER_POLICY = "1.3.6.1.4.1.99999.7.1", "1.3.6.1.4.1.99999.7.2"

CA_USAGE = key_usage("keyCertSign", "cRLSign")
ROOT = Template(
    "CN=Plant Root,O=Example Plant", KEYS[0], None, "2020-01-01", "2040-01-01", (constraints(True), CA_USAGE)
)
ISSUING = Template(
    "CN=Plant Issuing CA,O=Example Plant", KEYS[1], ROOT, "2022-01-01", "2032-01-01", (constraints(True, 0), CA_USAGE)
)
NO_CA = constraints(False)
SIGNS = key_usage("digitalSignature")
SERVES = purposes("serverAuth")
NAMES = alt_names(f"DNS:{HOST}", "IP:10.0.0.7")
LEAF = Template(f"CN={HOST},O=Example Plant", KEYS[2], ISSUING, extensions=(NO_CA, SIGNS, SERVES, NAMES))
SOUND = [LEAF, ISSUING]

made = {}


def specimen(check, file, text, presented, trust=(ROOT,), lists=(), also=(), profile="rfc5280", **settings):
    also = [*also, *(["subject-key-id-absent"] if presented[0].has_no_identifier() and check != "subject-key-id-absent" else [])]
    lines = ["# " + line for line in wrap(text, 100)] + [f"profile: {profile}", f"at: {AT}"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in settings.items()]
    lines += [f"also: {other}" for other in also]
    for part, label, members in (("presented", "CERTIFICATE", presented), ("trust", "CERTIFICATE", trust), ("crl", "X509 CRL", lists)):
        for member in members:
            lines += [f"part: {part}", pem(member.der(), label)]
    made.setdefault(check, {})[file] = "\n".join(lines).rstrip("\n") + "\n"


def bad(check, text, presented, variant="", **settings):
    specimen(check, f"bad{variant and '-' + variant}.pem", text, presented, **settings)


def good(check, text, presented, variant="", **settings):
    specimen(check, f"good{variant and '-' + variant}.pem", text, presented, **settings)


def with_extensions(*extensions, **changes):
    """A sound chain with these extensions in the leaf."""
    return [LEAF.but(extensions=extensions, **changes), ISSUING]


def below(*extensions, leaf=(), **changes):
    """A sound chain with these extensions in the issuing CA beside its own, and some more in the leaf."""
    issuing = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, *extensions), **changes)
    return [LEAF.but(issuer=issuing, extensions=(*LEAF.extensions, *leaf)), issuing]


def subtrees(permitted=(), excluded=(), critical=True):
    lists = [tlv(tag, *(seq(name) for name in names)) for tag, names in ((0xA0, permitted), (0xA1, excluded)) if names]
    return extension("2.5.29.30", seq(*lists), critical)


def dns(text):
    return tlv(0x82, text.encode())


def email(text):
    return tlv(0x81, text.encode())


def uri(text):
    return tlv(0x86, text.encode())


def named(*names, critical=False):
    return extension("2.5.29.17", seq(*names), critical)


def policies(*each):
    return extension("2.5.29.32", seq(*(seq(oid(policy)) for policy in each)))


def policy_constraints(*parts, critical=True):
    return extension("2.5.29.36", seq(*parts), critical)


REQUIRED = tlv(0x80, b"\0")


def authority(*parts):
    return extension("2.5.29.35", seq(*parts))


ISSUER_KEY = tlv(0x80, KEYS[1].identifier())
ISSUER_NAME = tlv(0xA1, tlv(0xA4, name(ROOT.subject)))
ISSUER_SERIAL = tlv(0x82, ISSUING.serial_number())

# ---- the path

bad("name-not-permitted", "The issuing CA may issue for another domain only.", below(subtrees([dns("office.example")])))
good("name-not-permitted", "The issuing CA may issue for the leaf's domain.", below(subtrees([dns("plant.example")])))

bad("name-excluded", "The issuing CA must not issue for the leaf's domain.", below(subtrees(excluded=[dns("plant.example")])))
good("name-excluded", "The issuing CA must not issue for another domain.", below(subtrees(excluded=[dns("office.example")])))


def mailbox(text):
    issuing = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, subtrees([email("plant.example")])))
    return [LEAF.but(issuer=issuing, extensions=(NO_CA, SIGNS, SERVES, named(email(text)))), issuing]


bad("name-incomparable", "Mailboxes are limited to a domain, and this one has no domain.", mailbox("line3"), also=["san-malformed"])
good("name-incomparable", "A mailbox in the permitted domain.", mailbox("line3@plant.example"))

evil = tlv(0xA4, name("O=Evil"))
cut = seq(tlv(0x31, seq(oid("2.5.4.10"), b"\x0c\x05Evil")))
bad("name-incomparable", "A directory name is excluded, and the subject cannot be decoded.",
    [LEAF.but(issuer=below(subtrees(excluded=[evil]))[1], subject=cut), below(subtrees(excluded=[evil]))[1]], "subject",
    also=["field-undecodable", "not-der"])

for kind, foul in {"utf8": tlv(0x0C, b"Evil\xff"), "bmp": tlv(0x1E, b"\0E\0v\0i\0l\0")}.items():
    bad("name-incomparable", "A directory name is excluded, and the subject's text does not fit its type.",
        [LEAF.but(issuer=below(subtrees(excluded=[evil]))[1], subject=seq(tlv(0x31, seq(oid("2.5.4.10"), foul)))), below(subtrees(excluded=[evil]))[1]],
        kind, also=["field-undecodable"])

bad("name-constraint-unsound", "A directory name whose text does not fit its type.",
    below(subtrees(excluded=[tlv(0xA4, seq(tlv(0x31, seq(oid("2.5.4.10"), tlv(0x0C, b"Evil\xff")))))])), "utf8")
bad("name-constraint-unsound", "A URL where a host is wanted.", below(subtrees([uri("https://plant.example/")])), also=["name-constraint-host"])
good("name-constraint-unsound", "The hosts of URIs are limited to a domain.", below(subtrees([uri(".plant.example")])))

sent_by = with_extensions(NO_CA, SIGNS, SERVES, named(email("line3@plant.example")))
bad("email-mismatch", "Another mailbox's certificate.", sent_by, email="line4@plant.example")
good("email-mismatch", "The host of a mailbox counts without regard to case.", sent_by, email="line3@PLANT.example")

mapped_leaf = LEAF.but(extensions=(NO_CA, SIGNS, SERVES, alt_names("IP:::ffff:10.0.0.7")))
plants = subtrees(excluded=[tlv(0x87, bytes([10, 0, 0, 0, 255, 0, 0, 0]))])
bad("name-excluded", "The issuing CA must not issue for 10.0.0.0/8, and the leaf has such an address in the form of IPv6.",
    [mapped_leaf.but(issuer=below(plants)[1]), below(plants)[1]], "mapped")
good("name-excluded", "An address of IPv6 beside excluded addresses of IPv4.",
     [LEAF.but(extensions=(NO_CA, SIGNS, SERVES, alt_names("IP:2001:db8::7")), issuer=below(plants)[1]), below(plants)[1]], "ipv6")

bad("policy-required", "The issuing CA requires a policy, and the leaf has none.", below(policies(POLICY), policy_constraints(REQUIRED)))
bad("policy-required", "The one who asks accepts another policy only.",
    below(policies(POLICY), policy_constraints(REQUIRED), leaf=[policies(POLICY)]), "other", policy=OTHER_POLICY)
good("policy-required", "The policy that is required stands in both.",
     below(policies(POLICY), policy_constraints(REQUIRED), leaf=[policies(POLICY)]), policy=POLICY)


def mapped(to):
    return extension("2.5.29.33", seq(seq(oid(POLICY), oid(to))), critical=True)


bad("policy-maps-any", "A policy is mapped to anyPolicy.", below(policies(POLICY), mapped("2.5.29.32.0")))
good("policy-maps-any", "A policy is mapped to another one.", below(policies(POLICY), mapped(OTHER_POLICY)))

bad("policy-constraints-not-critical", "A demand that is met, and not critical.",
    below(policies(POLICY), policy_constraints(REQUIRED, critical=False), leaf=[policies(POLICY)]))
good("policy-constraints-not-critical", "A demand that is met, and critical.",
     below(policies(POLICY), policy_constraints(REQUIRED), leaf=[policies(POLICY)]))

bad("policy-constraints-empty", "Nothing is demanded.", below(policy_constraints()))
good("policy-constraints-empty", "Mappings are inhibited.", below(policy_constraints(tlv(0x81, b"\0"))))

bad("policy-duplicate", "The same policy twice.", with_extensions(*LEAF.extensions, policies(POLICY, POLICY)))
good("policy-duplicate", "Two policies.", with_extensions(*LEAF.extensions, policies(POLICY, OTHER_POLICY)))

bad("budget-exhausted", "Three names are held against a constraint, and one comparison is allowed.",
    below(subtrees([dns("plant.example")])), names_compared=1)
good("budget-exhausted", "Three comparisons are allowed.", below(subtrees([dns("plant.example")])), names_compared=3)

bad("too-many-intermediates", "One CA stands between leaf and anchor, and none is asked for.", SOUND, max_depth=0)
good("too-many-intermediates", "One CA stands between leaf and anchor, and one is allowed.", SOUND, max_depth=1)

old = ROOT.but(version=1, extensions=())
bad("anchor-too-old", "A root of version 1.", SOUND, trust=(old,))
good("anchor-too-old", "A root of version 3.", SOUND)

clients = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, purposes("serverAuth")))
client = LEAF.but(issuer=clients, extensions=(NO_CA, SIGNS, purposes("clientAuth"), NAMES))
bad("purpose-not-allowed", "A client's certificate from a CA for servers.", [client, clients], usage="client")
good("purpose-not-allowed", "A client's certificate from a CA for everything.", [client.but(issuer=ISSUING), ISSUING], usage="client")

# ---- revocation


def crl(issuer, *revoked, **changes):
    return List(issuer, tuple(revoked), algorithm="ec-sha256", **changes)


bad("revoked", "The issuing CA has revoked the leaf.", SOUND, lists=[crl(ISSUING, LEAF), crl(ROOT)])
bad("revoked", "The root has revoked the issuing CA.", SOUND, "issuer", lists=[crl(ISSUING), crl(ROOT, ISSUING)])
good("revoked", "Another certificate is revoked.", SOUND, lists=[crl(ISSUING, ROOT), crl(ROOT)])

bad("revocation-unknown", "There is no list of the root.", SOUND, lists=[crl(ISSUING)])
bad("revocation-unknown", "The list of the issuing CA is out of date.", SOUND, "expired",
    lists=[crl(ISSUING, next_update="2026-05-01"), crl(ROOT)])
bad("revocation-unknown", "There is no list at all, and one is preferred.", SOUND, "preferred", revocation="prefer")
good("revocation-unknown", "The lists of both CAs.", SOUND, lists=[crl(ISSUING), crl(ROOT)])

weak = List(ISSUING, (), algorithm="ec-sha1")
bad("revocation-list-weak", "The list of the issuing CA is signed over SHA-1.", SOUND, lists=[weak, crl(ROOT)], profile="tls")
good("revocation-list-weak", "Lists that are signed over SHA-256.", SOUND, lists=[crl(ISSUING), crl(ROOT)], profile="tls")

bad("revocation-list-departs", "The list of the issuing CA has no number.", SOUND, lists=[crl(ISSUING, number=None), crl(ROOT)])
good("revocation-list-departs", "Lists as they should be.", SOUND, lists=[crl(ISSUING), crl(ROOT)])

# ---- the letter

bad("time-misspelt", "A time with an offset.", [LEAF.but(not_after_der=tlv(0x17, b"270630000000+0100")), ISSUING])
good("time-misspelt", "A time in UTC with seconds.", SOUND)

bad("time-of-other-type", "A year before 2050 with four digits.", [LEAF.but(not_after_der=tlv(0x18, b"20270630000000Z")), ISSUING])
good("time-of-other-type", "A year after 2050 with four digits.", [LEAF.but(not_after_der=tlv(0x18, b"20510630000000Z")), ISSUING])

other_key = authority(tlv(0x80, b"\x07" * 20))
bad("key-identifiers-differ", "Another key's identifier stands where that of the issuer's key should.",
    with_extensions(*LEAF.extensions, other_key, key_identifiers=False))
good("key-identifiers-differ", "The issuer's own.", SOUND)

any_purpose = extension("2.5.29.37", seq(oid("2.5.29.37.0")))
bad("purpose-by-any-only", "A server's certificate for any purpose.", with_extensions(NO_CA, SIGNS, any_purpose, NAMES), profile="tls", usage="server")
bad("ca-purpose-by-any-only", "An issuing CA for any purpose.", below(any_purpose), profile="tls", usage="server")
bad("ca-purpose-by-any-only", "A root for any purpose.", SOUND, "root", trust=(ROOT.but(extensions=(*ROOT.extensions, any_purpose)),),
    profile="tls", usage="server")
good("ca-purpose-by-any-only", "An issuing CA for servers.", below(SERVES), profile="tls", usage="server")
good("purpose-by-any-only", "A server's certificate for servers.", SOUND, profile="tls", usage="server")

bad("extensions-empty", "An empty list of extensions.", with_extensions(key_identifiers=False, empty_list=True), also=["authority-key-id-missing"])
good("extensions-empty", "A list with extensions in it.", SOUND)

address = seq(seq(oid("1.3.6.1.5.5.7.48.2"), uri("http://pki.plant.example/issuing.cer")))
bad("extension-must-not-be-critical", "authorityInfoAccess is critical.",
    with_extensions(*LEAF.extensions, extension("1.3.6.1.5.5.7.1.1", address, critical=True)))
good("extension-must-not-be-critical", "authorityInfoAccess is not critical.",
     with_extensions(*LEAF.extensions, extension("1.3.6.1.5.5.7.1.1", address)))

bad("extension-must-be-critical", "inhibitAnyPolicy is not critical.", below(extension("2.5.29.54", integer(0))))
good("extension-must-be-critical", "inhibitAnyPolicy is critical.", below(extension("2.5.29.54", integer(0), critical=True)))

bad("name-constraints-not-critical", "nameConstraints are not critical.", below(subtrees([dns("plant.example")], critical=False)))
good("name-constraints-not-critical", "nameConstraints are critical.", below(subtrees([dns("plant.example")])))

bad("authority-key-id-missing", "The leaf does not say which key has signed it.", with_extensions(*LEAF.extensions, key_identifiers=False))
good("authority-key-id-missing", "Only the root does not say it.", SOUND)

bad("authority-key-id-without-key", "The issuer is named by its own issuer and number alone.",
    with_extensions(*LEAF.extensions, authority(ISSUER_NAME, ISSUER_SERIAL), key_identifiers=False))
good("authority-key-id-without-key", "The issuer is named in both ways.",
     with_extensions(*LEAF.extensions, authority(ISSUER_KEY, ISSUER_NAME, ISSUER_SERIAL), key_identifiers=False))

bad("authority-key-id-half-named", "A serial number without an issuer.",
    with_extensions(*LEAF.extensions, authority(ISSUER_KEY, ISSUER_SERIAL), key_identifiers=False))
good("authority-key-id-half-named", "Serial number and issuer.",
     with_extensions(*LEAF.extensions, authority(ISSUER_KEY, ISSUER_NAME, ISSUER_SERIAL), key_identifiers=False))

bad("subject-key-id-missing", "The issuing CA does not identify its key.",
    below(authority(tlv(0x80, KEYS[0].identifier())), key_identifiers=False))
good("subject-key-id-missing", "The leaf does not identify its key, which it need not.",
     with_extensions(*LEAF.extensions, authority(ISSUER_KEY), key_identifiers=False))

bad("key-usage-empty", "keyUsage without a bit.", with_extensions(NO_CA, extension("2.5.29.15", bits(b""), critical=True), SERVES, NAMES))
good("key-usage-empty", "keyUsage with one bit.", SOUND)

bad("ca-without-key-cert-sign", "A CA's certificate that may not sign certificates, on a server.",
    with_extensions(constraints(True), SIGNS, SERVES, NAMES))
good("ca-without-key-cert-sign", "A CA's certificate that may sign certificates, on a server.",
     with_extensions(constraints(True), key_usage("digitalSignature", "keyCertSign"), SERVES, NAMES))

bad("key-cert-sign-without-ca", "A server's certificate with keyCertSign.",
    with_extensions(NO_CA, key_usage("digitalSignature", "keyCertSign"), SERVES, NAMES))
good("key-cert-sign-without-ca", "A server's certificate without keyCertSign.", SOUND)

bad("name-missing", "Neither subject nor subjectAltName.", with_extensions(NO_CA, SIGNS, SERVES, subject=""))
good("name-missing", "A subject alone.", with_extensions(NO_CA, SIGNS, SERVES))

bad("san-not-critical", "The names stand in a subjectAltName that is not critical, and nowhere else.", with_extensions(*LEAF.extensions, subject=""))
good("san-not-critical", "The names stand in a subjectAltName that is critical, and nowhere else.",
     with_extensions(NO_CA, SIGNS, SERVES, named(dns(HOST), critical=True), subject=""))

bad("san-empty", "A subjectAltName without a name.", with_extensions(NO_CA, SIGNS, SERVES, named()))
good("san-empty", "A subjectAltName with names.", SOUND)

plain_root = ROOT.but(extensions=(constraints(True, critical=False), CA_USAGE))
bad("anchor-constraints-not-critical", "A root with CA:TRUE, not critical.", SOUND, trust=(plain_root,))
good("anchor-constraints-not-critical", "An issuing CA with CA:TRUE, not critical, which is forgiven.",
     [LEAF, ISSUING.but(extensions=(constraints(True, 0, critical=False), CA_USAGE))], also=["ca-constraints-not-critical"])

bad("path-length-without-ca", "CA:FALSE with a path length.", with_extensions(constraints(False, 0), SIGNS, SERVES, NAMES))
good("path-length-without-ca", "CA:FALSE without one.", SOUND)

bad("name-constraints-without-ca", "A server's certificate with nameConstraints.", with_extensions(*LEAF.extensions, subtrees([dns("plant.example")])))
good("name-constraints-without-ca", "A CA's certificate with nameConstraints.", below(subtrees([dns("plant.example")])))

bad("name-constraints-empty", "nameConstraints that permit and exclude nothing.", below(subtrees()))
good("name-constraints-empty", "nameConstraints that exclude something.", below(subtrees(excluded=[dns("office.example")])))

bad("ext-key-usage-empty", "extKeyUsage without a purpose.", with_extensions(NO_CA, SIGNS, purposes(), NAMES))
good("ext-key-usage-empty", "extKeyUsage with a purpose.", SOUND)

bad("access-empty", "authorityInfoAccess without an address.", with_extensions(*LEAF.extensions, extension("1.3.6.1.5.5.7.1.1", seq())))
good("access-empty", "authorityInfoAccess with an address.", with_extensions(*LEAF.extensions, extension("1.3.6.1.5.5.7.1.1", address)))

# ---- the Baseline Requirements

WEB = {"profile": "webpki", "host": HOST, "usage": "server"}

bad("key-forbidden", "An Ed25519 key.", [LEAF.but(key=Key("-algorithm", "ED25519")), ISSUING], **WEB)
good("key-forbidden", "A key on P-384.", [LEAF.but(key=Key.ec("P-384")), ISSUING], **WEB)

bad("signature-forbidden", "The leaf is signed over SHA-1.", [LEAF.but(algorithm="ec-sha1"), ISSUING], **WEB)
good("signature-forbidden", "The leaf is signed over SHA-384.", [LEAF.but(algorithm="ec-sha384"), ISSUING], **WEB)

bad("authority-key-id-names-issuer", "The issuer is named in both ways.",
    with_extensions(*LEAF.extensions, authority(ISSUER_KEY, ISSUER_NAME, ISSUER_SERIAL), key_identifiers=False), **WEB)
good("authority-key-id-names-issuer", "The issuer is named by its key.", SOUND, **WEB)

bad("root-has-purposes", "A root for servers.", SOUND, trust=(ROOT.but(extensions=(*ROOT.extensions, SERVES)),), **WEB)
good("root-has-purposes", "A root for everything.", SOUND, **WEB)

bad("root-names-other-key", "A root that names another key as its issuer's.", SOUND,
    trust=(ROOT.but(extensions=(*ROOT.extensions, authority(tlv(0x80, KEYS[3].identifier())))),), **WEB)
good("root-names-other-key", "A root that names its own key.", SOUND, trust=(ROOT.but(own_authority=True),), **WEB)

bad("server-purposes-missing", "A server's certificate without extKeyUsage.", with_extensions(NO_CA, SIGNS, NAMES), **WEB)
good("server-purposes-missing", "A server's certificate with serverAuth.", SOUND, **WEB)

bad("any-purpose-listed", "Any purpose beside serverAuth.", with_extensions(NO_CA, SIGNS, purposes("serverAuth", "any"), NAMES), **WEB)
good("any-purpose-listed", "clientAuth beside serverAuth.", with_extensions(NO_CA, SIGNS, purposes("serverAuth", "clientAuth"), NAMES), **WEB)


def hosts(*names, **changes):
    return with_extensions(NO_CA, SIGNS, SERVES, named(*map(dns, names)), **changes)


bad("wildcard-below-public-suffix", "A wildcard below co.uk.", hosts(HOST, "*.co.uk"), **WEB)
bad("wildcard-below-public-suffix", "A wildcard below com.", hosts(HOST, "*.com"), "top", **WEB)
good("wildcard-below-public-suffix", "A wildcard below the suffix of a company, which owns all names below it.", hosts(HOST, "*.s3.amazonaws.com"), "company", **WEB)
good("wildcard-below-public-suffix", "A wildcard below a domain of one's own.", hosts(HOST, "*.plant.co.uk"), **WEB)

bad("common-name-duplicate", "Two common names.", hosts(HOST, subject=f"CN={HOST},CN={HOST}"), **WEB)
good("common-name-duplicate", "One common name.", SOUND, **WEB)

bad("common-name-foreign", "A common name that nobody has vouched for.", hosts(HOST, subject="CN=plc8.plant.example"), **WEB)
good("common-name-foreign", "No common name.", hosts(HOST, subject="O=Example Plant"), **WEB)

bad("common-name-not-repeated", "The domain of the wildcard as common name.", hosts("*.plant.example", subject="CN=plant.example"), **WEB)
good("common-name-not-repeated", "The wildcard as common name.", hosts("*.plant.example", subject="CN=*.plant.example"), **WEB)
