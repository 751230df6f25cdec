"""The specimens of the checks for OPC UA: applications, users, CAs, and validations against lists.

`checks.py` runs this; see there.
"""

from collections import defaultdict
from textwrap import wrap

from x509 import *

AT = "2026-06-01T00:00:00Z"
HOST = "plc7.plant.example"
URI = "urn:plc7:Plant:Pump"

RSA = [Key.rsa() for _ in range(4)]
EC = [Key.ec() for _ in range(2)]
P384 = Key.ec("P-384")

CA_USAGE = key_usage("keyCertSign", "cRLSign")
FOUR = ("digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment")
NO_CA = constraints(False)
USES = key_usage(*FOUR)
OWN_USES = key_usage(*FOUR, "keyCertSign")
BOTH = purposes("serverAuth", "clientAuth")
NAMES = alt_names(f"URI:{URI}", f"DNS:{HOST}", "IP:10.0.0.7")

ROOT = Template("CN=Plant Root,O=Example Plant", RSA[0], None, "2020-01-01", "2040-01-01",
                (constraints(True), CA_USAGE), algorithm="rsa-sha256", own_authority=True)
ISSUING = Template("CN=Plant OPC UA CA,O=Example Plant", RSA[1], ROOT, "2022-01-01", "2032-01-01",
                   (constraints(True, 0), CA_USAGE), algorithm="rsa-sha256")
ISSUED = Template("CN=Pump Control,O=Example Plant,DC=plc7", RSA[2], ISSUING,
                  extensions=(NO_CA, USES, BOTH, NAMES), algorithm="rsa-sha256")
OWN = ISSUED.but(issuer=None, extensions=(NO_CA, OWN_USES, BOTH, NAMES), own_authority=True)
EC_OWN = OWN.but(key=EC[0], algorithm="ec-sha256",
                 extensions=(NO_CA, key_usage("digitalSignature", "keyCertSign"), NAMES))
USER = Template("CN=Operator,O=Example Plant", RSA[2], ISSUING,
                extensions=(NO_CA, key_usage("digitalSignature")), algorithm="rsa-sha256")

made = defaultdict(dict)


def specimen(check, file, text, presented, profile="opcua", at=AT, headers=(), also=(), **parts):
    """Writes one file; the keywords are its parts."""
    lines = ["# " + line for line in wrap(text, 100)]
    lines += [f"profile: {profile}", f"at: {at}", *headers]
    lines += [f"also: {other}" for other in also]
    for part, items in (("presented", presented), *parts.items()):
        for item in items:
            lines.append(f"part: {part.replace('_', '-')}")
            if isinstance(item, List):
                lines.append(pem(item.der(), "X509 CRL"))
            else:
                lines.append(pem(item if isinstance(item, bytes) else item.der()))
    made[check][file] = "\n".join(lines).rstrip("\n") + "\n"


def bad(check, text, presented, variant="", **settings):
    specimen(check, f"bad{variant and '-' + variant}.pem", text, presented, **settings)


def good(check, text, presented, variant="", **settings):
    specimen(check, f"good{variant and '-' + variant}.pem", text, presented, **settings)


def issued(**changes):
    """An application below the plant's CAs with these changes, for `presented`."""
    return [ISSUED.but(**changes), ISSUING, ROOT]


def own(*extensions):
    return [OWN.but(extensions=extensions)]


def named(*names):
    return own(NO_CA, OWN_USES, BOTH, alt_names(*names))


CHAIN = issued()

# ---- subject

bad("opcua-common-name-missing", "A subject without a common name.", [OWN.but(subject="O=Example Plant")])
good("opcua-common-name-missing", "A subject with a common name, an organization and a host as DC.", [OWN])

bad("opcua-organization-missing", "A common name alone.", [OWN.but(subject="CN=Pump Control")])
good("opcua-organization-missing", "A common name and an organization.", CHAIN)

own_key = extension("2.5.29.14", octets(RSA[2].identifier()))
bad("opcua-issuer-key-unnamed", "A CA issued it, and it has no authorityKeyIdentifier.",
    issued(key_identifiers=False, extensions=(NO_CA, USES, BOTH, NAMES, own_key)))
good("opcua-issuer-key-unnamed", "A CA issued it, and it names the CA's key.", CHAIN)

wrong_key = extension("2.5.29.35", seq(tlv(0x80, b"\x07" * 20)))
bad("opcua-issuer-key-differs", "It names another key than that of the CA that signed it.",
    issued(key_identifiers=False, extensions=(NO_CA, USES, BOTH, NAMES, own_key, wrong_key)))
good("opcua-issuer-key-differs", "It names the key of the CA that signed it.", CHAIN)

bad("opcua-own-key-unnamed", "A self-signed certificate without authorityKeyIdentifier, as open62541 makes them.",
    [OWN.but(own_authority=False)])
bad("opcua-own-key-unnamed", "Neither of the two identifiers.", [OWN.but(key_identifiers=False)], "both")
good("opcua-own-key-unnamed", "A self-signed certificate with both identifiers.", [OWN])

# ---- ApplicationUri

bad("application-uri-missing", "No subjectAltName at all.", own(NO_CA, OWN_USES, BOTH))
bad("application-uri-missing", "The names of a web server.", named(f"DNS:{HOST}"), "hosts")
good("application-uri-missing", "A URI and the hosts.", [OWN])
good("application-uri-missing", "A client: a URI and no host.", named(f"URI:{URI}"), "client", headers=["usage: client"])

bad("application-uri-several", "Two URIs.", named(f"URI:{URI}", "URI:urn:plc7:Plant:Gateway", f"DNS:{HOST}"))
good("application-uri-several", "One URI.", [OWN])

bad("application-uri-malformed", "A name without a scheme.", named("URI:plc7.PumpControl", f"DNS:{HOST}"), "scheme")
bad("application-uri-malformed", "A percent sign that begins nothing.", named("URI:urn:plc7:Plant:90%", f"DNS:{HOST}"), "percent")
bad("application-uri-blank", "A blank in the URI.", named("URI:urn:plc7:Plant:Pump Control", f"DNS:{HOST}"))
good("application-uri-blank", "An escaped blank.", named("URI:urn:plc7:Plant:Pump%20Control", f"DNS:{HOST}"))
with_mailbox = extension("2.5.29.17", seq(general_name(f"URI:{URI}"), general_name(f"DNS:{HOST}"), tlv(0x81)))
bad("san-unread-by-java", "An empty mailbox beside the ApplicationUri.", own(NO_CA, OWN_USES, BOTH, with_mailbox), "application")
bad("application-uri-malformed", "A blank at its end.", named("URI:urn:plc7:Plant:Pump ", f"DNS:{HOST}"), "end")
good("application-uri-malformed", "An underscore and an escaped blank.", named("URI:urn:PLC_7:Plant:Pump%20Control", f"DNS:{HOST}"))
good("application-uri-malformed", "A URL.", named("URI:http://plant.example/pump", f"DNS:{HOST}"), "url")

bad("application-uri-mismatch", "The application has another one.", [OWN], headers=["application-uri: urn:plc8:Plant:Pump"])
bad("application-uri-mismatch", "Upper and lower case count.", [OWN], "case", headers=["application-uri: urn:PLC7:Plant:Pump"])
good("application-uri-mismatch", "The application has the same.", [OWN], headers=[f"application-uri: {URI}"])

bad("application-uri-local", "A program's default, the same on every machine.", named("URI:urn:localhost:Vendor:Server", f"DNS:{HOST}"))
good("application-uri-local", "The machine's name in it.", [OWN])

# ---- hosts

bad("opcua-host-missing", "A server whose certificate names no host.", named(f"URI:{URI}"), headers=["usage: server"])
good("opcua-host-missing", "A server that names a host without dots.", named(f"URI:{URI}", "DNS:PLC7"), headers=["usage: server"])
good("opcua-host-missing", "A client needs no host.", named(f"URI:{URI}"), "client", headers=["usage: client"])

bad("opcua-host-mismatch", "Clients use another name.", [OWN], headers=["host: plc8.plant.example"])
bad("opcua-host-mismatch", "There are no wildcards in OPC UA.", named(f"URI:{URI}", "DNS:*.plant.example"), "wildcard", headers=[f"host: {HOST}"])
good("opcua-host-mismatch", "The name in other letters.", [OWN], headers=["host: PLC7.plant.example"])
good("opcua-host-mismatch", "The address.", [OWN], "address", headers=["host: 10.0.0.7"])

bad("opcua-host-local-only", "Names for the machine itself alone.", named(f"URI:{URI}", "DNS:localhost", "IP:127.0.0.1"))
good("opcua-host-local-only", "The machine's name beside localhost.", named(f"URI:{URI}", "DNS:localhost", "DNS:plc7"))

# ---- usage

bad("opcua-constraints-missing", "No basicConstraints.", own(OWN_USES, BOTH, NAMES))
good("opcua-constraints-missing", "CA:FALSE, not critical.", own(constraints(False, critical=False), OWN_USES, BOTH, NAMES))

bad("opcua-ca-flag-on-leaf", "CA:TRUE without a path length, as the compliance test tool has it.",
    own(constraints(True, critical=False), OWN_USES, BOTH, NAMES), also=["ca-constraints-not-critical"])
bad("opcua-ca-flag-on-leaf", "CA:TRUE with the path length 0, as opcua-asyncio makes it.",
    own(constraints(True, 0), OWN_USES, BOTH, NAMES), "length")
good("opcua-ca-flag-on-leaf", "CA:FALSE.", [OWN])

bad("opcua-leaf-is-ca", "CA:TRUE in a certificate that a CA issued.", issued(extensions=(constraints(True), USES, BOTH, NAMES)))
good("opcua-leaf-is-ca", "CA:FALSE in a certificate that a CA issued.", CHAIN)
good("opcua-leaf-is-ca", "A CA's own certificate is judged as one.", [ROOT], "ca")

bad("opcua-key-usage", "What web servers have.", issued(extensions=(NO_CA, key_usage("digitalSignature", "keyEncipherment"), BOTH, NAMES)))
bad("opcua-key-usage", "No keyUsage.", issued(extensions=(NO_CA, BOTH, NAMES)), "absent")
good("opcua-key-usage", "The four uses.", CHAIN)
good("opcua-key-usage", "An elliptic curve signs and never enciphers.", [EC_OWN], "ec")

bad("opcua-key-cert-sign-missing", "A self-signed one with the four uses, as node-opcua makes it.", own(NO_CA, USES, BOTH, NAMES))
good("opcua-key-cert-sign-missing", "A self-signed one with all five.", [OWN])

bad("opcua-key-usage-excessive", "What UA .NET Standard gives to elliptic curves.",
    [EC_OWN.but(extensions=(NO_CA, key_usage("digitalSignature", "nonRepudiation", "keyAgreement", "keyCertSign"), NAMES))])
good("opcua-key-usage-excessive", "digitalSignature and keyCertSign.", [EC_OWN])

bad("opcua-purpose-missing", "An RSA key without extKeyUsage.", own(NO_CA, OWN_USES, NAMES))
bad("opcua-purpose-missing", "A server with a client's certificate.", own(NO_CA, OWN_USES, purposes("clientAuth"), NAMES), "server",
    headers=["usage: server"])
good("opcua-purpose-missing", "Both parts.", [OWN], headers=["usage: server"])
good("opcua-purpose-missing", "An elliptic curve without extKeyUsage.", [EC_OWN], "ec")

bad("opcua-user-key-usage", "A user's key that may only encipher.", [USER.but(extensions=(NO_CA, key_usage("keyEncipherment"))), ISSUING, ROOT],
    profile="opcua-user")
good("opcua-user-key-usage", "A user's key that may sign.", [USER, ISSUING, ROOT], profile="opcua-user")

# ---- keys

bad("opcua-no-current-policy", "A key on P-521, which no policy has.", [EC_OWN.but(key=Key.ec("P-521"))])
bad("opcua-no-current-policy", "An RSA key whose certificate a CA on a curve has signed.",
    [ISSUED.but(issuer=ROOT.but(key=EC[1], algorithm="ec-sha256"), algorithm="ec-sha256"), ROOT.but(key=EC[1], algorithm="ec-sha256")],
    "mixed")
good("opcua-no-current-policy", "RSA 2048 with SHA-256.", [OWN])
good("opcua-no-current-policy", "P-384 with SHA-384.", [EC_OWN.but(key=P384, algorithm="ec-sha384")], "p384")

ec_root = ROOT.but(key=EC[1], algorithm="ec-sha256")
below_ec = ISSUING.but(issuer=ec_root, algorithm="ec-sha256")
bad("opcua-chain-policy-unfit", "RSA below a root on a curve.", [ISSUED.but(issuer=below_ec), below_ec, ec_root])
good("opcua-chain-policy-unfit", "RSA up to the root.", CHAIN)

bad("opcua-digest-beyond-policy", "RSA over SHA-384.", [OWN.but(algorithm="rsa-sha384")])
good("opcua-digest-beyond-policy", "RSA over SHA-256.", [OWN])

bad("opcua-key-longer-than-issuers", "3072 bits below a CA with 2048.", issued(key=Key.rsa(3072)))
good("opcua-key-longer-than-issuers", "2048 bits throughout.", CHAIN)

# ---- CAs

without_lists = ISSUING.but(extensions=(constraints(True, 0), key_usage("keyCertSign")))
bad("opcua-ca-key-usage", "A CA that may not sign revocation lists.", [ISSUED.but(issuer=without_lists), without_lists, ROOT])
good("opcua-ca-key-usage", "CAs that may sign both.", CHAIN)

for_servers = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, purposes("serverAuth")))
bad("opcua-ca-purposes", "A CA for servers alone.", [ISSUED.but(issuer=for_servers), for_servers, ROOT])
good("opcua-ca-purposes", "A CA without limits.", CHAIN)

# ---- validation

PEER = [f"application-uri: {URI}", "security-policy: Basic256Sha256"]
ROOT_LIST, ISSUING_LIST = List(ROOT), List(ISSUING)


def validated(check, kind, text, leaf, variant="", headers=(), peer="application", also=(), at=AT, trusted=(ISSUING,), issuers=(ROOT,),
              trusted_crl=(ISSUING_LIST,), issuer_crl=(ROOT_LIST,)):
    file = f"{kind}{variant and '-' + variant}.pem"
    specimen(check, file, text, [leaf], at=at, headers=[f"peer: {peer}", *PEER, *headers], also=also, trusted=trusted, issuers=issuers,
             trusted_crl=trusted_crl, issuer_crl=issuer_crl)


def sound(check, text="The CA is trusted, and nothing is wrong.", **settings):
    validated(check, "good", text, ISSUED, **settings)


V = "opcua-certificate-"
validated(V + "invalid", "bad", "A self-signed certificate that was changed after it was signed, and is trusted.", OWN.but(patch_signature=True),
          trusted=(OWN.but(patch_signature=True),), issuers=(), trusted_crl=(), issuer_crl=())
validated(V + "invalid", "bad", "Somebody else's key made the signature.", ISSUED.but(signer=RSA[3]), "signer")


def constrained(*extensions, **changes):
    """A CA with these extensions beside its own, its list, and an application below it."""
    authority = ISSUING.but(extensions=(constraints(True, 0), CA_USAGE, *extensions))
    return ISSUED.but(issuer=authority, **changes), {"trusted": (authority,)}


def under(kind, file_check, text, variant, *extensions, also=(), **changes):
    application, lists = constrained(*extensions, **changes)
    validated(V + file_check, kind, text, application, variant, also=also, **lists)


under("bad", "invalid", "The CA's nameConstraints are critical and cannot be decoded.", "constraints",
      extension("2.5.29.30", b"\x30\x02\xa0\x05", critical=True))
under("bad", "invalid", "The CA's policyConstraints are critical and cannot be decoded.", "policy-constraints",
      extension("2.5.29.36", b"\x04\x00", critical=True))
under("bad", "invalid", "A constraint of the CA limits the depth of its subtree.", "depth",
      extension("2.5.29.30", seq(tlv(0xA1, seq(tlv(0x82, b"office.example"), tlv(0x81, b"\x01")))), critical=True))
under("bad", "invalid", "The subjectAltName stands there twice.", "twice", extensions=(NO_CA, USES, BOTH, NAMES, NAMES))
under("bad", "invalid", "An attribute of the subject is cut short.", "subject",
      subject=seq(tlv(0x31, seq(oid("2.5.4.10"), b"\x0c\x05Evil"))))
under("bad", "invalid", "The CA maps a policy to anyPolicy.", "any-policy",
      extension("2.5.29.33", seq(seq(oid("1.3.6.1.4.1.99999.7.1"), oid("2.5.29.32.0"))), critical=True))
under("bad", "use-not-allowed", "The CA must not issue for the application's host.", "constrained",
      extension("2.5.29.30", seq(tlv(0xA1, seq(tlv(0x82, b"plant.example")))), critical=True))
under("bad", "use-not-allowed", "The CA requires a policy, and the application has none.", "policy",
      extension("2.5.29.36", seq(tlv(0x80, b"\0")), critical=True))
under("good", "use-not-allowed", "The CA may issue for the application's host.", "constrained",
      extension("2.5.29.30", seq(tlv(0xA0, seq(tlv(0x82, b"plant.example")))), critical=True))
sound(V + "invalid")

validated(V + "chain-incomplete", "bad", "The certificate is trusted, its CA is nowhere.", ISSUED, trusted=(ISSUED,), issuers=(), trusted_crl=(),
          issuer_crl=())
validated(V + "chain-incomplete", "bad", "The CA is trusted, its root is nowhere.", ISSUED, "root", issuers=(), issuer_crl=())
sound(V + "chain-incomplete")

old = OWN.but(algorithm="rsa-sha1")
validated(V + "policy-check-failed", "bad", "SHA-1 under a policy that wants SHA-256.", old, trusted=(old,), issuers=(), trusted_crl=(), issuer_crl=())
validated(V + "policy-check-failed", "bad", "A key on a curve under a policy for RSA.", EC_OWN, "curve", trusted=(EC_OWN,), issuers=(),
          trusted_crl=(), issuer_crl=(), also=[])
sound(V + "policy-check-failed")

validated(V + "untrusted", "bad", "A self-signed certificate that nobody has trusted yet.", OWN)
validated(V + "untrusted", "bad", "Its CAs are known as issuers only.", ISSUED, "issuers", trusted=(), issuers=(ISSUING, ROOT), trusted_crl=(),
          issuer_crl=(ROOT_LIST, ISSUING_LIST))
sound(V + "untrusted")
validated(V + "untrusted", "good", "The certificate itself is trusted, its CAs are known.", ISSUED, "itself", trusted=(ISSUED,), issuers=(ISSUING, ROOT),
          trusted_crl=(), issuer_crl=(ROOT_LIST, ISSUING_LIST))

validated(V + "time-invalid", "bad", "One second after its last.", ISSUED, at="2027-06-30T00:00:01Z")
sound(V + "time-invalid")

expired = ISSUING.but(not_after="2026-05-01")
validated(V + "issuer-time-invalid", "bad", "The CA has expired.", ISSUED.but(issuer=expired), trusted=(expired,), trusted_crl=(List(expired),))
sound(V + "issuer-time-invalid")

validated(V + "host-name-invalid", "bad", "The URL has another host.", ISSUED, headers=["host: plc8.plant.example"], peer="server")
sound(V + "host-name-invalid", headers=["host: 10.0.0.7"], peer="server")

other = ISSUED.but(extensions=(NO_CA, USES, BOTH, alt_names("URI:urn:plc8:Plant:Pump")))
validated(V + "uri-invalid", "bad", "The certificate has another URI.", other)
sound(V + "uri-invalid")

web = ISSUED.but(extensions=(NO_CA, key_usage("digitalSignature", "keyEncipherment"), BOTH, NAMES))
validated(V + "use-not-allowed", "bad", "A web server's usages.", web)
validated(V + "use-not-allowed", "bad", "A client that is a server alone.", ISSUED.but(extensions=(NO_CA, USES, purposes("serverAuth"), NAMES)), "client",
          peer="client")
validated(V + "use-not-allowed", "bad", "A CA's certificate in an application's place.", ISSUING, "ca",
          also=["opcua-certificate-uri-invalid"])
sound(V + "use-not-allowed", peer="client")

validated(V + "issuer-use-not-allowed", "bad", "The CA's keyUsage lacks cRLSign, so that its list counts for nothing, either.",
          ISSUED.but(issuer=without_lists), trusted=(without_lists,), also=["opcua-certificate-revocation-unknown"])
sound(V + "issuer-use-not-allowed")

validated(V + "revocation-unknown", "bad", "There is no list of the CA.", ISSUED, trusted_crl=())
validated(V + "revocation-unknown", "bad", "The list of the CA has ended.", ISSUED, "ended", trusted_crl=(List(ISSUING, next_update="2026-05-01"),))
validated(V + "revocation-unknown", "bad", "The list is signed with another key.", ISSUED, "signer", trusted_crl=(List(ISSUING, signer=RSA[3]),))
sound(V + "revocation-unknown")

validated(V + "issuer-revocation-unknown", "bad", "There is no list of the root.", ISSUED, issuer_crl=())
sound(V + "issuer-revocation-unknown")

validated(V + "revoked", "bad", "It is on the list.", ISSUED, trusted_crl=(List(ISSUING, revoked=(ISSUED,)),))
validated(V + "revoked", "bad", "It is on a list that has ended; that does not clear it.", ISSUED, "ended",
          trusted_crl=(List(ISSUING, revoked=(ISSUED,), next_update="2026-05-01"),))
sound(V + "revoked")

validated(V + "issuer-revoked", "bad", "The CA is on the root's list.", ISSUED, issuer_crl=(List(ROOT, revoked=(ISSUING,)),))
sound(V + "issuer-revoked")

validated("opcua-error-suppressed", "bad", "It has expired, and an administrator does not mind.", ISSUED, at="2027-06-30T00:00:01Z",
          headers=["suppress: BadCertificateTimeInvalid"])
sound("opcua-error-suppressed", headers=["suppress: BadCertificateTimeInvalid"])

flagged = OWN.but(extensions=(constraints(True, 0), OWN_USES, BOTH, NAMES))
validated("opcua-leniently-accepted", "bad", "A self-signed certificate with the CA flag.", flagged, trusted=(flagged,))
validated("opcua-leniently-accepted", "bad", "The CA is trusted, its revocation list lies with the issuers.", ISSUED, "elsewhere", trusted_crl=(),
          issuer_crl=(ROOT_LIST, ISSUING_LIST))
sound("opcua-leniently-accepted")

# ---- endpoints

URL = f"opc.tcp://{HOST}:4840"
BEST = f"Basic256Sha256 SignAndEncrypt 110 username {URL} 0"
SIGNED = f"Basic256Sha256 Sign 10 username {URL} 0"
OPEN = f"None None 0 username/Basic256Sha256 {URL} 0"


def offered(check, kind, text, *endpoints, variant="", presented=(ISSUED,), also=(), headers=()):
    specimen(check, f"{kind}{variant and '-' + variant}.pem", text, presented, headers=[*headers, *(f"endpoint: {each}" for each in endpoints)], also=also)


offered("opcua-none-only", "bad", "One endpoint without security.", OPEN)
offered("opcua-none-only", "good", "One endpoint with security.", BEST)

offered("opcua-none-mode", "bad", "None beside SignAndEncrypt.", OPEN, BEST)
offered("opcua-none-mode", "good", "SignAndEncrypt alone.", BEST)
offered("opcua-none-mode", "good", "No policy, and TLS below.", f"None None 0 username opc.https://{HOST}:443 0", BEST, variant="tls")

offered("opcua-none-anonymous", "bad", "Anyone may do anything.", f"None None 0 anonymous {URL} 0", also=["opcua-none-only"])
offered("opcua-none-anonymous", "good", "Users say who they are.", OPEN, also=["opcua-none-only"])

OLD = f"Basic256 SignAndEncrypt 0 username {URL} 0"
offered("opcua-deprecated-policy", "bad", "Basic256 beside Basic256Sha256.", OLD, BEST)
offered("opcua-deprecated-policy", "good", "Current policies alone.", BEST, f"Aes256_Sha256_RsaPss SignAndEncrypt 120 username {URL} 0")

EC_ISSUED = EC_OWN.but(issuer=ec_root, extensions=(NO_CA, key_usage("digitalSignature"), NAMES), algorithm="ec-sha256", own_authority=False)
offered("opcua-superseded-policy", "bad", "The first policy on P-256.", f"ECC_nistP256 SignAndEncrypt 110 username {URL} 0", presented=(EC_ISSUED,))
offered("opcua-superseded-policy", "good", "Its successor.", f"ECC_nistP256_AesGcm SignAndEncrypt 110 username {URL} 0", presented=(EC_ISSUED,))

offered("opcua-unknown-policy", "bad", "A policy of a first draft.", f"Basic192 SignAndEncrypt 0 username {URL} 0", BEST)
offered("opcua-unknown-policy", "good", "Policies of the standard.", BEST)

offered("opcua-no-strong-policy", "bad", "Basic256 alone.", OLD, also=["opcua-deprecated-policy"])
offered("opcua-no-strong-policy", "good", "Basic256 and a current one.", OLD, BEST, also=["opcua-deprecated-policy"])

offered("opcua-sign-only", "bad", "Sign beside SignAndEncrypt.", SIGNED, BEST)
offered("opcua-sign-only", "good", "SignAndEncrypt alone.", BEST)

offered("opcua-no-encryption", "bad", "Sign alone.", SIGNED)
offered("opcua-no-encryption", "good", "SignAndEncrypt.", BEST)

offered("opcua-mode-policy-mixed", "bad", "SignAndEncrypt with the policy None.", f"None SignAndEncrypt 10 username {URL} 0", BEST)
offered("opcua-mode-policy-mixed", "good", "SignAndEncrypt with a policy.", BEST)

offered("opcua-level-order", "bad", "Sign is praised above SignAndEncrypt.", f"Basic256Sha256 Sign 120 username {URL} 0", BEST, also=["opcua-sign-only"])
offered("opcua-level-order", "bad", "A deprecated policy is recommended.", f"Basic256 SignAndEncrypt 1 username {URL} 0", BEST, variant="deprecated",
        also=["opcua-deprecated-policy"])
offered("opcua-level-order", "good", "SignAndEncrypt is praised above Sign.", SIGNED, BEST, also=["opcua-sign-only"])

offered("opcua-anonymous", "bad", "Anonymous users at an endpoint with security.", f"Basic256Sha256 SignAndEncrypt 110 anonymous,username {URL} 0")
offered("opcua-anonymous", "good", "Names, passwords and certificates.", f"Basic256Sha256 SignAndEncrypt 110 username,certificate {URL} 0")

offered("opcua-clear-password", "bad", "A password at an endpoint without security.", f"None None 0 username {URL} 0", also=["opcua-none-only"])
offered("opcua-clear-password", "good", "The token has a policy of its own.", OPEN, also=["opcua-none-only"])

offered("opcua-weak-token-policy", "bad", "The token has a deprecated policy.", f"Basic256Sha256 SignAndEncrypt 110 username/Basic256 {URL} 0")
offered("opcua-weak-token-policy", "good", "The token has a current policy.", f"Basic256Sha256 SignAndEncrypt 110 username/Basic256Sha256 {URL} 0")

offered("opcua-endpoint-certificate-missing", "bad", "Security without a certificate.", f"Basic256Sha256 SignAndEncrypt 110 username {URL} -")
offered("opcua-endpoint-certificate-missing", "good", "Security with a certificate.", BEST)

offered("opcua-endpoint-certificate-unreadable", "bad", "Text in the place of a certificate.", f"Basic256Sha256 SignAndEncrypt 110 username {URL} text")
offered("opcua-endpoint-certificate-unreadable", "good", "A certificate.", BEST)

offered("opcua-endpoint-key-unfit", "bad", "A policy on P-256 with an RSA key.", f"ECC_nistP256_AesGcm SignAndEncrypt 110 username {URL} 0")
offered("opcua-endpoint-key-unfit", "bad", "A key of 1024 bits.", BEST, variant="short", presented=(ISSUED.but(key=Key.rsa(1024)),))
offered("opcua-endpoint-key-unfit", "good", "RSA 2048.", BEST)

offered("opcua-endpoint-signature-unfit", "bad", "SHA-1.", BEST, presented=(ISSUED.but(algorithm="rsa-sha1"),))
offered("opcua-endpoint-signature-unfit", "good", "SHA-256.", BEST)

long = ISSUED.but(key=Key.rsa(3072))
offered("opcua-key-too-long-for-old-policy", "bad", "3072 bits where 2048 are the most.", OLD, BEST, presented=(long,), also=["opcua-deprecated-policy"])
offered("opcua-key-too-long-for-old-policy", "good", "3072 bits with a current policy.", BEST, presented=(long,))

offered("opcua-endpoint-certificates-differ", "bad", "Two RSA certificates.", BEST, f"Aes256_Sha256_RsaPss SignAndEncrypt 120 username {URL} 1",
        presented=(ISSUED, ISSUED.but(key=RSA[3])))
offered("opcua-endpoint-certificates-differ", "good", "RSA beside a curve.", BEST, f"ECC_nistP256_AesGcm SignAndEncrypt 120 username {URL} 1",
        presented=(ISSUED, EC_ISSUED))

offered("opcua-server-self-signed", "bad", "A self-signed certificate.", BEST, presented=(OWN,))
offered("opcua-server-self-signed", "good", "A certificate that a CA issued.", BEST)

offered("opcua-endpoint-host-unnamed", "bad", "The URL has another name than the certificate.", BEST.replace(HOST, "plc8"))
offered("opcua-endpoint-host-unnamed", "good", "The URL has the address that the certificate has.", BEST.replace(HOST, "10.0.0.7"))

LOCAL = ISSUED.but(extensions=(NO_CA, USES, BOTH, alt_names(f"URI:{URI}", f"DNS:{HOST}", "DNS:localhost")))
offered("opcua-endpoint-url-elsewhere", "bad", "Another host than the one that was asked.", BEST, headers=["host: 10.0.0.7"])
offered("opcua-endpoint-url-elsewhere", "bad", "The URL leads back to the one who asks.", BEST.replace(HOST, "localhost"), variant="local", presented=(LOCAL,))
offered("opcua-endpoint-url-elsewhere", "good", "The host that was asked.", BEST, headers=[f"host: {HOST}"])
