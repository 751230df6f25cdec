"""Why OpenSSL and rustls-webpki judge otherwise than certkit does under its profile `tls`, and programs otherwise than it foretells.

A row names the identifier that explains a difference: one of certkit's findings, or one of the habits below.
It holds only for what it lists, and where it names stories only for chains with which that was done.
"""

from dataclasses import dataclass

HABITS = {
    "anchor-is-name-and-key": "an anchor is trusted for its name, key and constraints; nothing else of it is looked at",
    "anchor-not-looked-at": "what stands in an anchor's extensions is looked at by certkit (RFC 5937), not by the other",
    "anchor-is-the-leaf": "certkit ends the path at a leaf that is trusted itself",
    "every-issuer-is-tried": "certkit tries every certificate of the issuer's name and key, the other one alone",
    "twin-with-another-fault": "the other takes a twin whose fault it overlooks; certkit tells of the one that is nearest",
    "names-as-written": "certkit asks which names a wildcard stands for; OpenSSL compares it as written with an excluded subtree",
    "last-second-counts": "RFC 5280 section 4.1.2.5: valid through notAfter; OpenSSL wants it later than the moment",
    "names-fold": "RFC 5280 section 7.1: case, blanks and string types do not count; the other compares fewer of them",
    "no-policies": "webpki knows no certificate policies, and refuses their critical extensions",
    "directory-names-constrained": "webpki refuses constraints on directory names, whatever they say",
    "version-3-only": "webpki reads version 3 alone",
    "common-name-stands-in": "OpenSSL takes the common name where there is no DNS name",
    "not-decoded": "what nobody needs is not decoded",
    "trailing-is-left": "OpenSSL leaves bytes behind an extension's value",
    "old-roots": "OpenSSL takes a self-signed certificate of version 1, or with keyCertSign, for a CA",
    "policies-unasked": "OpenSSL evaluates policies only where one is demanded",
    "leaf-is-ca": "webpki wants servers to be no CAs",
    "lenient-octets": "OpenSSL decodes what nobody issues, such as a negative version",
    "java-refuses": "Java refuses to read it (testdata/programs.csv); OpenSSL and webpki take it",
    "order-decides": "Java refuses a twin that is sent, GnuTLS one by its place; OpenSSL takes the first, and nobody promises the order",
    "openssl-refuses": "OpenSSL refuses it (testdata/programs.csv); webpki takes it",
    "anchor-goes-on": "certkit ends the path at the first anchor; the program reads all anchors, and goes on to the root",
    "path-is-sought": "Java looks for a path where what is shown is no straight chain, by other rules than it goes up one",
    "names-as-they-are": "certkit cannot compare a name that is none; the program compares octets",
    "strict-octets": "the other's decoder is stricter with octets that decide nothing",
}


@dataclass(frozen=True)
class Row:
    """Why the other judge overlooks one of certkit's errors, or refuses with one of its own."""

    reason: str
    what: frozenset
    stories: frozenset = frozenset()

    def holds(self, what, stories):
        return what in self.what and (not self.stories or bool(self.stories & stories))

    def begins(self, words, stories):
        """Whether a program's words are such as these, of a chain with such a story."""
        return words.startswith(tuple(self.what)) and (not self.stories or bool(self.stories & stories))


@dataclass(frozen=True)
class Table:
    overlooked: tuple
    refused: tuple


def row(reason, *what, stories=()):
    return Row(reason, frozenset(what), frozenset(stories))


FLIPS = {"bits flipped before signing", "octet changed before signing", "bits flipped after signing"}
DIALECTS = {"issuer in other letters", "issuer in another type of string", "issuer with more spaces", *FLIPS}
TWINS = {"twin with another key beside", "expired twin beside", "cross certificate beside", "another subject key identifier"}
TRUSTED = {"the leaf is an anchor", "intermediates are anchors", "the chain's last two are anchors"}
POLICIES = {"policies", "policies mapped", "policy required", "any policy inhibited", "policy twice"}

KEYS = ("key-not-on-curve", "key-rsa-exponent-invalid", "key-rsa-modulus-invalid", "key-rsa-too-long", "key-small-order", "key-small-factor")

JAVA_REFUSES = tuple(
    f"{check}{place}" for check in ("extensions-without-version-3", "san-not-critical", "name-missing", "issuer-empty",
                                    "subject-empty", "extension-should-not-be-critical", "key-point-compressed", "issuer-string-type",
                                    "name-constraint-on-every-host", "san-unread-by-java")
    for place in ("", "@anchor"))
OPENSSL_REFUSES = tuple(
    f"{check}{place}" for check in ("key-identifiers-differ", "time-misspelt", "purpose-by-any-only", "looks-self-signed",
                                    "extension-must-not-be-critical", "extension-should-not-be-critical", "integer-malformed",
                                    "ca-purpose-by-any-only", "issuer-name-twin")
    for place in ("", "@anchor"))

OPENSSL = Table(
    overlooked=(
        row("java-refuses", *JAVA_REFUSES),
        row("order-decides", "issuer-name-twin", stories=TWINS),
        row("not-decoded", *KEYS, stories=FLIPS),
        row("anchor-is-name-and-key", *(f"{check}@anchor" for check in KEYS), stories=FLIPS),
        row("common-name-stands-in", "host-mismatch", "host-mismatch@anchor"),
        row("trailing-is-left", "extension-undecodable", "extension-undecodable@anchor",
            stories={"extension with more behind", *FLIPS}),
        row("not-decoded", "extension-undecodable", "extension-undecodable@anchor", stories={"extension cut", *FLIPS}),
        row("old-roots", "ca-flag-missing", "ca-flag-missing@anchor",
            stories={"version 1 without extensions", "no basic constraints", "no extensions", "version 1", "version 2",
                     "default version spelt out", *FLIPS}),
        row("anchor-is-name-and-key", "signature-algorithms-disagree@anchor", "field-undecodable@anchor",
            "ca-excludes-server-auth@anchor", "extension-unknown-critical@anchor", "extension-duplicate@anchor"),
        row("policies-unasked", "policy-maps-any", stories={"policies mapped", *FLIPS}),
        row("policies-unasked", "extension-duplicate", stories={"extension twice"}),
        row("name-constraint-unsound", "name-constraint-unsound", "name-constraint-unsound@anchor", "name-not-permitted"),
        row("lenient-octets", "chain-incomplete", "certificate-undecodable", "undecodable", stories=FLIPS),
        row("names-as-written", "name-excluded", stories={"alternative name"}),
        row("name-incomparable", "name-incomparable", stories={"alternative name", *FLIPS}),
        row("anchor-is-the-leaf", "key-usage-unfit-for-tls@anchor", stories={"the leaf is an anchor"}),
        row("twin-with-another-fault", "expired", stories={"expired twin beside"}),
    ),
    refused=(
        row("purpose-by-any-only", 26),
        row("time-misspelt", 13, 14),
        row("extension-must-not-be-critical", 34),
        row("policy-duplicate", 42),
        row("key-identifiers-differ", 20, 21, 30),
        row("not-der", -1, 20, 21),
        row("key-usage-empty", 20, 21, 26, 32),
        row("anchor-too-old", 24, 79),
        row("ca-without-key-cert-sign", 20, 24, 32, 79),
        row("last-second-counts", 10, stories={"ends this second"}),
        row("every-issuer-is-tried", 7, 9, 10, 18, 19, 20, 21, 24, 26, 32, 34, 79, stories=TWINS),
        row("anchor-is-the-leaf", 1, 7, 9, 10, 13, 14, 18, 19, 20, 24, 25, 26, 34, 47, 48, 53, 79, stories={"the leaf is an anchor"}),
        row("strict-octets", -1, 1, 13, 14, 20, 21, 41, stories=FLIPS),
    ),
)

ON_ANCHORS = (
    "ca-excludes-server-auth", "ca-flag-missing", "ca-key-usage-unfit", "expired", "extension-duplicate",
    "extension-undecodable", "extension-unknown-critical", "field-undecodable", "not-yet-valid", "path-length-exceeded",
    "signature-algorithms-disagree", "name-constraint-unsound", "policy-maps-any", "key-too-weak",
)

WEBPKI = Table(
    overlooked=(
        row("java-refuses", *JAVA_REFUSES),
        row("openssl-refuses", *OPENSSL_REFUSES),
        row("not-decoded", *KEYS, stories=FLIPS),
        row("anchor-is-name-and-key", *(f"{check}@anchor" for check in KEYS), stories=FLIPS),
        row("anchor-is-name-and-key", *(f"{check}@anchor" for check in ON_ANCHORS)),
        row("anchor-is-name-and-key", "chain-incomplete", "signature-invalid", stories=FLIPS),
        row("not-decoded", "extension-undecodable", "extension-duplicate", "ca-key-usage-unfit", "key-usage-unfit-for-tls",
            "name-constraint-unsound", "extension-undecodable@anchor", "key-usage-unfit-for-tls@anchor"),
        row("not-decoded", "host-mismatch", "field-undecodable", "key-too-weak", stories=FLIPS),
        row("twin-with-another-fault", "expired", stories={"expired twin beside"}),
        row("no-policies", "policy-required", "policy-maps-any", stories={*POLICIES, *FLIPS}),
    ),
    refused=(
        row("purpose-by-any-only", "RequiredEkuNotFoundContext"),
        row("time-misspelt", "BadDerTime", "BadDer"),
        row("version-not-3", "UnsupportedCertVersion", "UnknownIssuer"),
        row("extensions-without-version-3", "UnsupportedCertVersion", "UnknownIssuer"),
        row("extension-must-not-be-critical", "UnsupportedCriticalExtension"),
        row("not-der", "BadDer", "InvalidSerialNumber", "UnknownIssuer"),
        row("not-decoded", "BadDer", stories={"extension cut"}),
        row("serial-too-long", "InvalidSerialNumber", "BadDer"),
        row("san-malformed", "MalformedDnsIdentifier", "BadDer"),
        row("anchor-too-old", "UnknownIssuer", "UnsupportedCertVersion"),
        row("leaf-is-ca", "CaUsedAsEndEntity"),
        row("version-3-only", "UnsupportedCertVersion"),
        row("no-policies", "UnsupportedCriticalExtension", stories={*POLICIES, *FLIPS}),
        row("directory-names-constrained", "NameConstraintViolation", stories={"directory names constrained"}),
        row("names-fold", "UnknownIssuer", stories=DIALECTS),
        row("every-issuer-is-tried", "UnknownIssuer", "CertExpired", "InvalidCertValidity", "InvalidSignatureForPublicKey",
            "UnsupportedSignatureAlgorithmForPublicKeyContext", "UnsupportedCertVersion", stories=TWINS),
        row("anchor-is-the-leaf", "UnknownIssuer", "CertExpired", "CertNotValidYet", "InvalidSignatureForPublicKey", "BadDer",
            "CaUsedAsEndEntity", "SignatureAlgorithmMismatch", "UnsupportedSignatureAlgorithmForPublicKeyContext",
            "EndEntityUsedAsCa", "InvalidNetworkMaskConstraint", "PathLenConstraintViolated", "NameConstraintViolation", "ExtensionValueInvalid",
            "RequiredEkuNotFoundContext", "TrailingData", "BadDerTime", "UnsupportedCriticalExtension",
            stories={"the leaf is an anchor"}),
        row("strict-octets", "UnsupportedSignatureAlgorithmForPublicKeyContext", "BadDer", "BadDerTime", "ExtensionValueInvalid", "UnsupportedCertVersion", "TrailingData",
            "MalformedExtensions", stories=FLIPS),
    ),
)

# What refuses in OpenSSL's eyes or Java's, and under `tls` is a warning.
WARNED_OF = {"anchor-not-top"}

# What is shown is no straight chain from the leaf upwards.
CROOKED = {"root presented", "leaf presented again", "intermediate twice", "order turned round", *TWINS}
READING = ("IOException", "EOFException", "CertificateParsingException", "CertificateException: Signature algorithm mismatch")
GNUTLS_READING = ("gnutls_x509_trust_add_trust_file", "gnutls_x509_crt_get_issuer_dn", "error parsing CRTs")
NOT_FOUND = ("chain-incomplete", "signature-invalid", "signature-algorithms-disagree", "key-identifiers-differ", "anchor-not-top",
             "field-undecodable", "key-not-on-curve", "name-constraint-unsound", "ca-flag-missing", "issuer-spelt-otherwise",
             "certificate-undecodable", "extension-duplicate", "extension-undecodable", "not-der")

# Why a program does otherwise than certkit says that it does: what is refused by the words that it has for it.
PROGRAMS = {
    "openssl": Table(
        overlooked=(
            row("names-as-they-are", "name-incomparable", stories={"alternative name"}),
            row("every-issuer-is-tried", "anchor-not-top", "expired", "field-undecodable", stories=TWINS),
            row("not-decoded", *NOT_FOUND, stories=FLIPS),
        ),
        refused=(
            row("last-second-counts", "10", stories={"ends this second"}),
            row("anchor-goes-on", "1", "10", "13", "14", "2", "20", "25", "26", "34", "47", "48", "53", "7", "79", "9", stories=TRUSTED),
            row("every-issuer-is-tried", "10", "79", stories=TWINS),
            row("trailing-is-left", "20", stories={"extension with more behind"}),
            row("strict-octets", "-1", "1", "2", "20", stories=FLIPS),
        ),
    ),
    "java": Table(
        overlooked=(
            row("names-as-they-are", "name-incomparable", stories={"alternative name"}),
            row("path-is-sought", "key-identifiers-differ", "extension-undecodable", stories=CROOKED),
            row("not-decoded", "extension-duplicate", stories={"extension with more behind", "extension cut"}),
            row("not-decoded", *NOT_FOUND, stories=FLIPS),
        ),
        refused=(
            row("anchor-goes-on", *READING, stories=TRUSTED),
            row("path-is-sought", "SunCertPathBuilderException", "InvalidKeyException", "SignatureException", "CertificateNotYetValidException",
                "CertificateExpiredException",
                "CertPathValidatorException", "IOException: algid parse error", stories=CROOKED),
            row("strict-octets", *READING, "InvalidKeyException", "SignatureException", "CertPathValidatorException: Path", stories=FLIPS),
        ),
    ),
    "gnutls": Table(
        overlooked=(
            row("names-as-they-are", "name-incomparable", stories={"alternative name"}),
            row("twin-with-another-fault", "expired", stories={"expired twin beside"}),
            row("anchor-goes-on", "issuer-spelt-otherwise", "issuer-string-type", stories=TRUSTED),
            row("not-decoded", *NOT_FOUND, stories=FLIPS),
        ),
        refused=(
            # It is asked by a clock that goes on.
            row("last-second-counts", "The certificate chain uses expired", stories={"ends this second"}),
            row("anchor-goes-on", "The ", *GNUTLS_READING, stories=TRUSTED),
            row("every-issuer-is-tried", "error parsing CRTs", "The certificate chain violates", stories=TWINS),
            row("trailing-is-left", "The certificate issuer is not a CA", stories={"extension with more behind"}),
            row("strict-octets", *GNUTLS_READING, "The certificate issuer is", "The signature", "Not verified", stories=FLIPS),
        ),
    ),
    "go": Table(
        overlooked=(
            row("names-as-they-are", "name-incomparable", "san-malformed", stories={"alternative name"}),
            row("twin-with-another-fault", "expired", stories={"expired twin beside"}),
            row("anchor-goes-on", "issuer-empty", stories=TRUSTED),
            row("not-decoded", *NOT_FOUND, stories=FLIPS),
        ),
        refused=(
            row("anchor-goes-on", "x509: ", stories=TRUSTED),
            row("every-issuer-is-tried", "x509: failed", "x509: malformed", stories=TWINS),
            row("strict-octets", "x509: certificate signed by unknown", "x509: failed", "x509: invalid", "x509: malformed",
                "x509: unsupported", "x509: inner", stories=FLIPS),
        ),
    ),
}
