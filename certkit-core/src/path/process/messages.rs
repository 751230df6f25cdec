//! What validation can find, in words: the evidence of one sentence.

use std::fmt;

use super::super::found::{End, WhyNot};
use super::super::names::Peer;
use super::super::revocation::WhyUseless;
use super::{Kind, TlsUsage};
use crate::crypto::signature::Failure;
use crate::moment::distance;
use crate::text::{plural, shown};

impl fmt::Display for Kind {
    /// Says it in one sentence about the certificate, fit for a terminal, without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::SignatureFails(failure @ Failure::Unsupported(_)) => {
                write!(f, "its signature cannot be verified with its issuer's key: {failure}")
            }
            Kind::SignatureFails(failure) => {
                write!(f, "its signature does not verify with its issuer's key: {failure}")
            }
            Kind::SignatureNotTried => f.write_str("not verified: the limit of signatures was reached before this one"),
            Kind::FieldUnreadable(malformed) => write!(f, "{malformed}"),
            Kind::KeyUnsound { key, fault } => write!(f, "the key is {key}, {fault}"),
            Kind::PointCompressed => f.write_str("the key's point is compressed"),
            Kind::CurveExplicit => f.write_str("the key's curve is given by explicit parameters"),
            Kind::NotYetValid { from, at } => {
                write!(f, "it becomes valid at {} UTC, {}", from.to_minute(), distance(*from, *at))
            }
            Kind::Expired { since, at } => {
                write!(f, "it expired at {} UTC, {}", since.to_minute(), distance(*since, *at))
            }
            Kind::NotAnchored { end, called, issuer, is_alone } => write_end(f, end, called, issuer, *is_alone),
            Kind::PeerNotNamed { peer, names, hint } => write_peer(f, peer, names, hint),
            Kind::UsageUnfitForTls { usages, wanted: TlsUsage::Any, .. } => {
                write!(f, "its keyUsage is {}, which allows no use in TLS", listed(usages))
            }
            Kind::UsageUnfitForTls { usages, wanted: TlsUsage::Signatures, .. } => {
                write!(f, "its keyUsage is {} without digitalSignature", listed(usages))
            }
            Kind::CaCurveUnusual { key } => write!(f, "it issued the certificate below it with the key {key}"),
            Kind::CertTypeUnfitForTls { types, wanted } => {
                write!(f, "its netscapeCertType is {} without {wanted}", listed(types))
            }
            Kind::DigestWeak { algorithm } => write!(f, "it is signed with {algorithm}"),
            Kind::KeyWeak { key, least } => write!(f, "the key is {key}; the minimum is {least} bits"),
            Kind::KeyUnknown { key } => write!(f, "certkit does not know the size of the key ({key})"),
            Kind::OwnSignatureFails(failure @ Failure::Unsupported(_)) => {
                write!(f, "it is self-issued, but its signature cannot be verified with its own key: {failure}")
            }
            Kind::OwnSignatureFails(Failure::Mismatch) => {
                f.write_str("it is self-issued, but its signature does not verify with its own key")
            }
            Kind::OwnSignatureFails(failure) => {
                write!(f, "it is self-issued, but its signature was not made with its own key: {failure}")
            }
            Kind::SignedByAbsentKey => {
                f.write_str("it is self-issued, but another key signed it, and the certificate of that key is missing")
            }
            Kind::Revoked { since, reason } => {
                write!(f, "it was revoked at {} UTC", since.to_minute())?;
                reason.map_or(Ok(()), |reason| write!(f, " ({reason})"))
            }
            Kind::RevocationUnknown { useless, .. } => write_useless(f, useless),
            Kind::ListMisnamed(_) => f.write_str(
                "the authorityKeyIdentifier of the revocation list for it does not match the CA that signed the list",
            ),
            Kind::ListWeak { algorithm } => {
                write!(f, "the revocation list or OCSP response for it is signed with {algorithm}")
            }
            Kind::ListDeparts { section, what } => {
                write!(f, "the revocation list for it violates section {section}: {what}")
            }
            Kind::TimeMisspelt { part } => write!(f, "its {part} is not UTC with whole seconds"),
            Kind::TimeOfOtherType { part } => {
                write!(f, "its {part} is a GeneralizedTime; until 2049 it has to be a UTCTime")
            }
            Kind::KeyIdentifiersDiffer => {
                f.write_str("its authorityKeyIdentifier does not match the certificate that signed it")
            }
            Kind::IssuerSpeltOtherwise { in_strings: false } => {
                f.write_str("its issuer field differs in bytes from the subject of the certificate that signed it")
            }
            Kind::IssuerSpeltOtherwise { in_strings: true } => f.write_str(
                "its issuer field has other string types than the subject of the certificate that signed it",
            ),
            Kind::ConstraintOnEveryHost => f.write_str("one of its name constraints is an empty host name"),
            Kind::PurposeByAnyOnly { oid } => {
                write!(f, "its extKeyUsage has anyExtendedKeyUsage but not {}", named(oid))
            }
            Kind::UnknownCriticalExtension { oid } => {
                write!(f, "its critical extension {} is not commonly supported", named(oid))
            }
            Kind::ExtensionUnreadable { malformed, critical: true } => {
                write!(f, "{malformed}, in a critical extension")
            }
            Kind::ExtensionUnreadable { malformed, critical: false } => write!(f, "{malformed}"),
            Kind::NoBasicConstraints => f.write_str("it issued the certificate below it and has no basicConstraints"),
            Kind::AnchorTooOld(version) => {
                write!(f, "it is version {version}, which has no CA flag")
            }
            Kind::NotACa => f.write_str("it issued the certificate below it and has CA:FALSE"),
            Kind::KeyCertSignMissing { usages } => {
                write!(f, "its keyUsage is {} without keyCertSign", listed(usages))
            }
            Kind::PathLengthExceeded { allowed, found } => {
                let more = plural(*allowed as usize, "CA", "CAs");
                write!(f, "it allows {allowed} further {more} below it, but there are {found}")
            }
            Kind::TooManyIntermediates { allowed, found } => {
                write!(f, "{found} CAs are between it and the anchor; at most {allowed} are allowed")
            }
            Kind::PurposeNotAllowed { oid, allowed } => {
                let allowed: Vec<String> = allowed.iter().map(|it| named(it)).collect();
                write!(f, "its extKeyUsage is {} without {}", listed(&allowed), named(oid))
            }
            Kind::NameNotPermitted { name, by } => {
                write!(f, "its name {} is not permitted by {}", shown(name), place(*by))
            }
            Kind::NameExcluded { name, subtree, by } => {
                write!(f, "its name {} is in {}, which {} excludes", shown(name), shown(subtree), place(*by))
            }
            Kind::NameIncomparable { name, by } => {
                write!(f, "its name {} cannot be compared with the constraints of {}", shown(name), place(*by))
            }
            Kind::NamesNotCompared => f.write_str("it has too many names to compare with the constraints above it"),
            Kind::ConstraintUnsound { subtree } => {
                write!(f, "its name constraint {} cannot be applied", shown(subtree))
            }
            Kind::PolicyRequired => f.write_str("a certificate policy is required, but none is valid for the path"),
            Kind::MapsAnyPolicy => f.write_str("it maps to or from anyPolicy"),
            Kind::PolicyConstraintsMetButNotCritical => {
                f.write_str("its policyConstraints are not critical; the path satisfies them")
            }
            Kind::NotDer(error) => write!(f, "{error}"),
            Kind::VersionTooOld(version) => write!(f, "it is version {version} and has extensions"),
            Kind::VersionUnknown(version) | Kind::VersionNot3(version) => write!(f, "it is version {version}"),
            Kind::SerialTooLong { octets } => write!(f, "the serial number has {octets} bytes"),
            Kind::ExtensionTwice { oid } => write!(f, "it has {} more than once", named(oid)),
            Kind::MustNotBeCritical { extension } => write!(f, "its {extension} is critical"),
            Kind::ShouldNotBeCritical { extension } => write!(f, "its {extension} is critical"),
            Kind::PeerWithUnderscore { name } => write!(f, "`{}` has an underscore", shown(name)),
            Kind::Distrusted { why, .. } => write!(f, "it is marked as distrusted: {}", shown(why)),
            Kind::IssuerHasTwin { called, other, .. } => write!(
                f,
                "another certificate, with the SHA-256 fingerprint {other}, has its issuer's name {called} and another \
                 key, and no key identifiers distinguish the two"
            ),
            Kind::AnchorIssuedByOther { called } => {
                write!(f, "the chain ends at {called}, issued by another CA that is in no trust store here")
            }
            Kind::TooNew { algorithm } => write!(f, "its key or signature is {algorithm}"),
            Kind::MustBeCritical { extension } => write!(f, "its {extension} is not critical"),
            Kind::PolicyTwice { oid } => write!(f, "it lists the policy {} twice", shown(oid)),
            Kind::AltNameMalformed { name, fault } => write!(f, "its alternative name `{}` {fault}", shown(name)),
            Kind::AltNamesUnread { name, fault, critical } => {
                let lost =
                    if *critical { "does not read the certificate" } else { "reads none of its alternative names" };
                write!(f, "its alternative name `{}` {fault}: Java {lost}", shown(name))
            }
            Kind::AccessEmpty { extension } => write!(f, "its {extension} is empty"),
            Kind::WildcardBelowPublicSuffix { name } => {
                write!(f, "its name {} matches every name below a public suffix", shown(name))
            }
            Kind::CommonNameForeign { name } | Kind::CommonNameNotRepeated { name } => {
                write!(f, "its common name `{}` is not among its alternative names", shown(name))
            }
            Kind::KeyForbidden { key, why } => write!(f, "the key is {key}: {why}"),
            Kind::SignatureForbidden { algorithm } => write!(f, "it is signed with {algorithm}"),

            Kind::SerialNegative => f.write_str("the serial number is negative"),
            Kind::SerialZero => f.write_str("the serial number is 0"),
            Kind::AlgorithmsDiffer { signed, beside } => {
                write!(f, "the inner algorithm is {}, the outer one {}", shown(signed), shown(beside))
            }
            Kind::IssuerEmpty => f.write_str("its issuer field is empty"),
            Kind::CaSubjectEmpty => f.write_str("it is a CA, and its subject field is empty"),
            Kind::LooksSelfSigned => f.write_str(
                "subject and issuer are equal, and no key identifier shows that the issuer is another certificate",
            ),
            Kind::NoNameAtAll => f.write_str("its subject is empty, and it has no subjectAltName"),
            Kind::AltNameNotCritical => f.write_str("its subject is empty, and its subjectAltName is not critical"),
            Kind::NoExtensionInList => f.write_str("its list of extensions is empty"),
            Kind::NoAuthorityKeyIdentifier => f.write_str("it is not self-signed and has no authorityKeyIdentifier"),
            Kind::NoKeyIdentifierOfAuthority => f.write_str("its authorityKeyIdentifier has no key identifier"),
            Kind::HalfAuthorityName => {
                f.write_str("its authorityKeyIdentifier has only one of issuer and serial number")
            }
            Kind::NoSubjectKeyIdentifier => f.write_str("it is a CA and has no subjectKeyIdentifier"),
            Kind::CaWithoutKeyUsage => f.write_str("it is a CA and has no keyUsage"),
            Kind::KeyUsageEmpty => f.write_str("its keyUsage has no bit set"),
            Kind::CaWithoutKeyCertSign => f.write_str("it is a CA, and its keyUsage lacks keyCertSign"),
            Kind::KeyCertSignWithoutCa => f.write_str("it is not a CA, but its keyUsage has keyCertSign"),
            Kind::PathLengthWithoutCa => f.write_str("it has a path length but is not a CA with keyCertSign"),
            Kind::NameConstraintsWithoutCa => f.write_str("it has nameConstraints but is not a CA"),
            Kind::NameConstraintsEmpty => f.write_str("its nameConstraints are empty"),
            Kind::PolicyConstraintsEmpty => f.write_str("its policyConstraints are empty"),
            Kind::AltNameEmpty => f.write_str("its subjectAltName is empty"),
            Kind::ExtendedKeyUsageEmpty => f.write_str("its extKeyUsage is empty"),
            Kind::AuthorityNamedByIssuer => f.write_str("its authorityKeyIdentifier has issuer and serial number"),
            Kind::RootNamesOtherKey => f.write_str("it is a root, but its authorityKeyIdentifier is not its own key's"),
            Kind::RootHasPurposes => f.write_str("it is a root and has an extKeyUsage"),
            Kind::SubscriberIsCa => f.write_str("its basicConstraints have CA:TRUE"),
            Kind::NoPurposes => f.write_str("it has no extKeyUsage"),
            Kind::AnyPurpose => f.write_str("its extKeyUsage lists anyExtendedKeyUsage"),
            Kind::NoAltName { names: Some(names), .. } => {
                let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
                let names = if names.is_empty() { "none at all".to_owned() } else { names.join(", ") };
                write!(f, "its subjectAltName has neither a DNS name nor an address: {names}")
            }
            Kind::NoAltName { common_name: Some(name), .. } => {
                write!(f, "it has no subjectAltName; its common name `{}` is ignored", shown(name))
            }
            Kind::NoAltName { .. } => f.write_str("it has no subjectAltName"),
            Kind::CommonNameTwice => f.write_str("it has more than one common name"),
        }
    }
}

fn write_end(f: &mut fmt::Formatter<'_>, end: &End, called: &str, issuer: &str, is_alone: bool) -> fmt::Result {
    match end {
        End::Anchor | End::BeyondAnchor => f.write_str("an anchor stands on the path"),
        End::SelfSigned if is_alone => f.write_str("it is self-signed and in none of the trust stores"),
        End::SelfSigned => {
            write!(f, "the chain ends at the root {called}, which is in none of the trust stores")
        }
        End::IssuerMissing(misses) => {
            write!(f, "the issuer of {called} was not found: {issuer}")?;
            let others = misses.iter().filter(|miss| matches!(miss.why, WhyNot::Signature(_))).count();
            let what = plural(
                others,
                "certificate of this name was found, but its key",
                "certificates of this name were found, but their keys",
            );
            if others > 0 { write!(f, "; {others} {what} did not sign it") } else { Ok(()) }
        }
        End::Cycle => write!(f, "the issuers form a loop at {called}"),
        End::TooDeep => f.write_str("the path is too long; the search stopped here"),
        End::BudgetSpent(resource) => write!(f, "the search stopped here: too many {resource}"),
    }
}

fn write_peer(f: &mut fmt::Formatter<'_>, peer: &Peer, names: &[String], hint: &str) -> fmt::Result {
    let asked = match peer {
        Peer::Host(name) | Peer::Mailbox(name) => shown(name),
        Peer::Address(address) => address.to_string(),
    };
    let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
    let list = if names.is_empty() { "none at all".to_owned() } else { names.join(", ") };
    write!(f, "`{asked}` is not among its names: {list}{hint}")
}

/// Several words, or that there is none.
fn listed(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if words.is_empty() { "empty".to_owned() } else { words.join(", ") }
}

fn write_useless(f: &mut fmt::Formatter<'_>, useless: &[WhyUseless]) -> fmt::Result {
    if useless.is_empty() {
        return f.write_str("no revocation list of its issuer is available");
    }
    f.write_str("no available revocation list or OCSP response covers it: ")?;
    for (at, why) in useless.iter().take(MOST).enumerate() {
        write!(f, "{}{why}", if at > 0 { "; " } else { "" })?;
    }
    match useless.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}

/// How many reasons a sentence has room for.
const MOST: usize = 4;

impl fmt::Display for WhyUseless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhyUseless::NotYetValid { from } => write!(f, "it is not valid before {} UTC", from.to_minute()),
            WhyUseless::Expired { since } => write!(f, "it expired at {} UTC", since.to_minute()),
            WhyUseless::OutOfScope => f.write_str("it covers other certificates"),
            WhyUseless::SomeReasons => f.write_str("it does not cover every reason"),
            WhyUseless::SignerMissing => f.write_str("the certificate of its signer is missing"),
            WhyUseless::Signature(failure) => write!(f, "{failure}"),
            WhyUseless::SignerMayNot { .. } => f.write_str("its signer may not sign revocation lists"),
            WhyUseless::SignerUnproven => f.write_str("its signer is not the CA of the chain"),
            WhyUseless::UnknownCritical(oid) => write!(f, "its critical extension {} is not supported", shown(oid)),
            WhyUseless::VersionUnknown(version) => write!(f, "its version is {version}; only 1 and 2 exist"),
            WhyUseless::ExtensionTwice(oid) => write!(f, "it has the extension {} twice", shown(oid)),
            WhyUseless::ForeignEntry => {
                f.write_str("an entry names another issuer, but the list is not marked as indirect")
            }
            WhyUseless::NewerBaseMissing => f.write_str("a delta requires a newer complete list, which is missing"),
            WhyUseless::Unread(reason) => write!(f, "{} (its revocations are not known)", shown(reason)),
            WhyUseless::TooMuch => f.write_str("there are more lists or distribution points than certkit examines"),
            WhyUseless::DeltaAlone => f.write_str("it is a delta without its base"),
            WhyUseless::NoAnswer(status) => write!(f, "the responder answered {status}"),
            WhyUseless::NotKnown => f.write_str("the responder does not know the certificate"),
            WhyUseless::TimeMisspelt { part, .. } => write!(f, "its {part} is not UTC with whole seconds"),
            WhyUseless::NoNextUpdate => f.write_str("it has no nextUpdate, so Java does not use it"),
            WhyUseless::Indirect => f.write_str("it is an indirect list, which OpenSSL does not use"),
            WhyUseless::Malformed(malformed) => write!(f, "{malformed}"),
        }
    }
}

/// The bearer of a constraint, by its place above the leaf.
fn place(by: usize) -> String {
    format!("the CA {by} {} above the leaf", plural(by, "step", "steps"))
}

/// What a number is for, by the name that people know it by.
fn named(dotted: &str) -> String {
    let octets = crate::oid::encode(dotted);
    let name = octets.as_deref().and_then(|octets| crate::oid::Oid(octets).name());
    name.map_or_else(|| shown(dotted), str::to_owned)
}
