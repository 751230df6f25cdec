//! What validation can find.

use super::super::found::End;
use super::super::names::Peer;
use super::super::revocation::{Misnomer, Reason, WhyUseless};
use super::super::twins::Twins;
use super::TlsUsage;
use crate::asn1;
use crate::cert::Malformed;
use crate::crypto::key::KeyFault;
use crate::crypto::signature;
use crate::moment::Moment;

/// Something that is true of a certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The certificate's place in the path, the leaf being 0.
    pub certificate: usize,
    /// What is true of it.
    pub kind: Kind,
}

impl Fact {
    pub(super) fn new(certificate: usize, kind: Kind) -> Fact {
        Fact { certificate, kind }
    }
}

/// Whether something has to be known, for the one who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it nothing is accepted.
    Required,
    /// An unknown status is accepted.
    Preferred,
}

/// What is true of a certificate. Sections are those of RFC 5280 where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its signature does not verify with the key above (6.1.3 a 1).
    SignatureFails(signature::Failure),
    /// Its signature was not looked at, since the budget was spent.
    SignatureNotTried,
    /// A field that every reader needs cannot be decoded (4.1).
    FieldUnreadable(Malformed),
    /// Its key is not one that a signature or a secret can be relied on with.
    KeyUnsound {
        /// The key.
        key: String,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// Its key is a point of which only one coordinate is written (RFC 5480 section 2.2).
    PointCompressed,
    /// Its key is on a curve that is spelt out instead of named (RFC 5480 section 2.1.1).
    CurveExplicit,
    /// Its validity has not begun (6.1.3 a 2).
    NotYetValid {
        /// When its validity begins.
        from: Moment,
        /// The time that is judged.
        at: Moment,
    },
    /// Its validity is over (6.1.3 a 2).
    Expired {
        /// When its validity ended.
        since: Moment,
        /// The time that is judged.
        at: Moment,
    },
    /// A name lies in none of the permitted subtrees of its form (6.1.3 b).
    NameNotPermitted {
        /// The name.
        name: String,
        /// The place of the certificate that holds the constraint.
        by: usize,
    },
    /// A name lies in an excluded subtree (6.1.3 c).
    NameExcluded {
        /// The name.
        name: String,
        /// The subtree.
        subtree: String,
        /// The place of the certificate that holds the constraint.
        by: usize,
    },
    /// A name is constrained but cannot be compared: it is malformed, or of a form that certkit does not process.
    NameIncomparable {
        /// The name.
        name: String,
        /// The place of the certificate that holds the constraint.
        by: usize,
    },
    /// There are more names and constraints than the inputs allow to compare.
    NamesNotCompared,
    /// A constraint of its nameConstraints is malformed, or limits the depth of its subtree (4.2.1.10).
    ConstraintUnsound {
        /// The subtree.
        subtree: String,
    },
    /// No policy is valid down to here, and one is required (6.1.3 f, 6.1.5 g).
    PolicyRequired,
    /// It maps anyPolicy, or maps to it (6.1.4 a).
    MapsAnyPolicy,
    /// It issues, but says in no way that it is a CA (6.1.4 k).
    NoBasicConstraints,
    /// It is an anchor of version 1, which cannot say whether it is a CA (6.1.4 k).
    AnchorTooOld(u8),
    /// It issues, but is not marked as a CA (6.1.4 k).
    NotACa,
    /// More intermediates follow than its path length allows (6.1.4 m).
    PathLengthExceeded {
        /// How many it allows.
        allowed: u32,
        /// How many follow, self-issued ones not counted.
        found: u32,
    },
    /// The path has more intermediates than were asked for.
    TooManyIntermediates {
        /// How many were allowed.
        allowed: u32,
        /// How many there are, self-issued ones not counted.
        found: u32,
    },
    /// It issues, but its key usage does not allow it (6.1.4 n).
    KeyCertSignMissing {
        /// What it allows.
        usages: Vec<&'static str>,
    },
    /// It has critical extensions that certkit does not understand (6.1.4 o, 6.1.5 f).
    UnknownCriticalExtension {
        /// Their identifier.
        oid: String,
    },
    /// An extension cannot be decoded.
    ExtensionUnreadable {
        /// Where it fails.
        malformed: Malformed,
        /// Whether the extension is critical.
        critical: bool,
    },
    /// Its extended key usage does not allow the purpose (4.2.1.12).
    PurposeNotAllowed {
        /// The purpose.
        oid: String,
        /// What it allows, as dotted numbers.
        allowed: Vec<String>,
    },

    /// The path ends with it, and it is not an anchor (6.1.1 d).
    NotAnchored {
        /// What came instead.
        end: End,
        /// What people call it.
        called: String,
        /// Its issuer, with what it says of where that is found.
        issuer: String,
        /// Whether it is the leaf as well.
        is_alone: bool,
    },
    /// It is to name a peer and does not (RFC 9525 section 6).
    PeerNotNamed {
        /// The name that it should have.
        peer: Peer,
        /// The names that it has of the same kinds, and how many more there are.
        names: Vec<String>,
        /// What may be the cause; empty where nothing suggests itself.
        hint: &'static str,
    },
    /// It names the peer, whose name has an underscore.
    PeerWithUnderscore {
        /// The name.
        name: String,
    },
    /// It is an anchor that another CA has issued, and no anchor above it is known.
    AnchorIssuedByOther {
        /// What people call it.
        called: String,
    },
    /// Another certificate has the name of its issuer and another key, and nothing else tells them apart.
    IssuerHasTwin {
        /// Where others stand.
        twins: Twins,
        /// What people call the issuer.
        called: String,
        /// The fingerprint of the other one, or the first of several, in hexadecimal.
        other: String,
    },
    /// The store that it is in marks it as distrusted.
    Distrusted {
        /// Where, and in what words.
        why: String,
        /// Whether openssl's own trust settings say so, which openssl alone reads.
        is_of_openssl: bool,
    },
    /// It is not self-signed, but has its issuer's name and nothing that tells its issuer's key from its own.
    LooksSelfSigned,
    /// Its key or its signature is of a kind that programs in the field cannot decode yet.
    TooNew {
        /// The algorithm.
        algorithm: String,
    },
    /// It is the leaf, and its key usage does not allow what TLS does with a key (RFC 8446 section 4.4.2.2).
    UsageUnfitForTls {
        /// What it allows.
        usages: Vec<&'static str>,
        /// What is wanted of it.
        wanted: TlsUsage,
        /// Whether it allows something that TLS did with a key before version 1.3.
        is_for_old_tls: bool,
    },
    /// It has issued another one, with a key on a curve that current Java does not have.
    CaCurveUnusual {
        /// The key.
        key: String,
    },
    /// It is the leaf, and its netscapeCertType does not have the side of TLS that it is for.
    CertTypeUnfitForTls {
        /// What it has.
        types: Vec<&'static str>,
        /// What is wanted of it.
        wanted: &'static str,
    },
    /// Its signature, on which the path relies, is over a digest for which collisions can be made.
    DigestWeak {
        /// The algorithm.
        algorithm: String,
    },
    /// Its key is short enough to be found out.
    KeyWeak {
        /// The key.
        key: String,
        /// Fewest bits that are enough.
        least: u32,
    },
    /// Its key is of a kind that certkit does not know, so that its strength is unknown.
    KeyUnknown {
        /// The key.
        key: String,
    },
    /// It is at the top, has its own name as its issuer's, and its own key did not sign it.
    OwnSignatureFails(signature::Failure),
    /// It is self-issued, names another key as its signer, and that key is not available.
    SignedByAbsentKey,
    /// It is revoked (6.1.3 a 3).
    Revoked {
        /// Since when.
        since: Moment,
        /// Why, where that is said.
        reason: Option<Reason>,
    },
    /// Its revocation status is undetermined (6.3.3).
    RevocationUnknown {
        /// Why the available lists and responses are not usable; empty where there are none for its issuer.
        useless: Vec<WhyUseless>,
        /// Whether it has to be known.
        need: Need,
    },
    /// What tells that it is not revoked is signed over a digest for which others can be found.
    ListWeak {
        /// The algorithm of the signature.
        algorithm: String,
    },
    /// What tells that it is not revoked names another key or certificate as its signer's (5.2.1).
    ListMisnamed(Misnomer),
    /// The list that shows that it is not revoked violates section 5.
    ListDeparts {
        /// The clause.
        section: &'static str,
        /// What is wrong.
        what: &'static str,
    },

    /// It is not written in DER (4.1).
    NotDer(asn1::Error),
    /// It has extensions and is not of version 3 (4.1.2.1).
    VersionTooOld(u8),
    /// Its version does not exist.
    VersionUnknown(u8),
    /// A time of its validity lacks its seconds, has a fraction, or is not in UTC (4.1.2.5.1, 4.1.2.5.2).
    TimeMisspelt {
        /// Which of them.
        part: &'static str,
    },
    /// A time of its validity before 2050 has four digits for the year (4.1.2.5).
    TimeOfOtherType {
        /// Which of them.
        part: &'static str,
    },
    /// Its authorityKeyIdentifier does not fit the certificate above, whose key has signed it (4.2.1.1).
    KeyIdentifiersDiffer,
    /// It spells its issuer's name in other octets than the certificate above spells its subject (4.1.2.6).
    IssuerSpeltOtherwise {
        /// Whether it differs in types of strings that Java does not compare.
        in_strings: bool,
    },
    /// One of its constraints is an empty host name, and a host name is held against it (4.2.1.10).
    ConstraintOnEveryHost,
    /// Its extended key usage allows the purpose only by allowing every one (4.2.1.12).
    PurposeByAnyOnly {
        /// The purpose.
        oid: String,
    },
    /// Its serial number is negative (4.1.2.2).
    SerialNegative,
    /// Its serial number is zero (4.1.2.2).
    SerialZero,
    /// Its serial number is longer than 20 octets (4.1.2.2).
    SerialTooLong {
        /// How many octets it has.
        octets: usize,
    },
    /// The algorithm that is signed and the one beside the signature differ (4.1.1.2).
    AlgorithmsDiffer {
        /// What the signed part says.
        signed: String,
        /// The algorithm beside the signature.
        beside: String,
    },
    /// Its issuer is empty (4.1.2.4).
    IssuerEmpty,
    /// It is a CA and its subject is empty (4.1.2.6).
    CaSubjectEmpty,
    /// Its subject is empty and it has no alternative name (4.2.1.6).
    NoNameAtAll,
    /// Its subject is empty and its alternative name is not critical (4.2.1.6).
    AltNameNotCritical,
    /// It has extensions twice (4.2).
    ExtensionTwice {
        /// Their identifier.
        oid: String,
    },
    /// It has a list of extensions without any (4.1.2.9).
    NoExtensionInList,
    /// An extension is critical that must not be (4.2).
    MustNotBeCritical {
        /// The extension's name.
        extension: &'static str,
    },
    /// An extension is critical that should not be, and that programs leave unread (4.2.1.7, 4.2.1.13).
    ShouldNotBeCritical {
        /// The extension's name.
        extension: &'static str,
    },
    /// An extension is not critical that must be (4.2).
    MustBeCritical {
        /// The extension's name.
        extension: &'static str,
    },
    /// Its policy constraints are not critical, as they must be, but the path met what they demand (4.2.1.11).
    PolicyConstraintsMetButNotCritical,
    /// It is not self-signed and does not identify its issuer's key (4.2.1.1).
    NoAuthorityKeyIdentifier,
    /// It identifies its issuer's key in some other way than by its identifier (4.2.1.1).
    NoKeyIdentifierOfAuthority,
    /// It names only one of the issuer and the serial number of its issuer's certificate (4.2.1.1).
    HalfAuthorityName,
    /// It is a CA and does not identify its key (4.2.1.2).
    NoSubjectKeyIdentifier,
    /// It is a CA and does not say what its key is for (4.2.1.3).
    CaWithoutKeyUsage,
    /// Its key usage has no bit set (4.2.1.3).
    KeyUsageEmpty,
    /// It is a CA and its key usage does not allow to sign certificates.
    CaWithoutKeyCertSign,
    /// It is not a CA and its key usage allows it to sign certificates (4.2.1.9).
    KeyCertSignWithoutCa,
    /// It limits the path length without being a CA that signs certificates (4.2.1.9).
    PathLengthWithoutCa,
    /// It constrains names and is not a CA (4.2.1.10).
    NameConstraintsWithoutCa,
    /// Its name constraints have neither permitted nor excluded subtrees (4.2.1.10).
    NameConstraintsEmpty,
    /// Its policy constraints demand nothing (4.2.1.11).
    PolicyConstraintsEmpty,
    /// It lists a policy twice (4.2.1.4).
    PolicyTwice {
        /// The policy.
        oid: String,
    },
    /// It has an alternative name without any name (4.2.1.6).
    AltNameEmpty,
    /// An alternative name is not well formed (4.2.1.6).
    AltNameMalformed {
        /// The name.
        name: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Java cannot decode one of its alternative names, and has none of them.
    AltNamesUnread {
        /// The name.
        name: String,
        /// What keeps Java from decoding it.
        fault: &'static str,
        /// Whether the extension is critical, so that Java does not read the certificate.
        critical: bool,
    },
    /// Its extended key usage lists nothing (4.2.1.12).
    ExtendedKeyUsageEmpty,
    /// A place where information is found is described without any (4.2.2.1, 4.2.1.13).
    AccessEmpty {
        /// The extension's name.
        extension: &'static str,
    },

    /// Its version is not 3 (4.1.2.1, Baseline Requirements 7.1.1).
    VersionNot3(u8),
    /// It names its issuer's certificate by issuer and serial number (Baseline Requirements 7.1.2.11.1).
    AuthorityNamedByIssuer,
    /// It is a root whose authorityKeyIdentifier is not its own key's (Baseline Requirements 7.1.2.1.3).
    RootNamesOtherKey,
    /// It is a root with an extended key usage (Baseline Requirements 7.1.2.1.2).
    RootHasPurposes,
    /// It is a server's certificate and a CA (Baseline Requirements 7.1.2.7.8).
    SubscriberIsCa,
    /// It is a server's certificate without an extended key usage (Baseline Requirements 7.1.2.7.10).
    NoPurposes,
    /// It is a server's certificate for any purpose (Baseline Requirements 7.1.2.7.10).
    AnyPurpose,
    /// It is a server's certificate whose alternative names are no hosts and no addresses (Baseline Requirements 7.1.2.7.12).
    NoAltName {
        /// The common name, which does not count.
        common_name: Option<String>,
        /// The alternative names; `None` where there are none.
        names: Option<Vec<String>>,
    },
    /// It has a wildcard for all names below a public suffix (Baseline Requirements 3.2.2.6).
    WildcardBelowPublicSuffix {
        /// The name.
        name: String,
    },
    /// It has more than one common name (Baseline Requirements 7.1.4.3).
    CommonNameTwice,
    /// Its common name is not among its alternative names (Baseline Requirements 7.1.4.3).
    CommonNameForeign {
        /// The common name.
        name: String,
    },
    /// Its common name is not among its alternative names, but claims nothing beyond them.
    CommonNameNotRepeated {
        /// The common name.
        name: String,
    },
    /// Its key is of a forbidden kind or size (Baseline Requirements 6.1.5, 7.1.3.1).
    KeyForbidden {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is signed with a forbidden algorithm (Baseline Requirements 7.1.3.2).
    SignatureForbidden {
        /// The algorithm.
        algorithm: String,
    },
}
