//! What is noted when the chain is processed (RFC 5280 sections 4 and 6.1), as objections of the steps.
//!
//! Every kind of fact is named here. What is in none of the lists below leads to a refusal.

use super::{Found, Kind, NoteKind, Step, Waiver};
use crate::cert::Known;
use crate::path::Path;
use crate::path::process::{self, Fact, Inputs};

/// What becomes of a fact.
enum Outcome {
    /// A step objects to it.
    Object(Step, Kind),
    /// Another function of this folder looks at the same thing, and gives more detail.
    SaidElsewhere,
    /// It hides nothing: a departure from the form that the checks speak of.
    LeftToChecks,
}

/// Objects to what processing notes of a chain.
pub(super) fn object(path: &Path, known: &[Known<'_>], found: &mut Found<'_>) {
    let inputs = Inputs::at(found.question.moment);
    let mut facts = process::process(path, known, &inputs);
    for (index, (certificate, known)) in path.certificates.iter().zip(known).enumerate() {
        facts.extend(process::letter(index, certificate, known, &inputs.reading));
    }
    let is_damaged = |at: usize, facts: &[Fact]| {
        let is = |kind: &process::Kind| {
            matches!(kind, process::Kind::FieldUnreadable(_) | process::Kind::ExtensionUnreadable { .. })
        };
        facts.iter().any(|fact| fact.certificate == at && is(&fact.kind))
    };
    let damaged: Vec<bool> = (0..path.certificates.len()).map(|at| is_damaged(at, &facts)).collect();
    for Fact { certificate, kind } in facts {
        match kind {
            // What cannot be decoded at all is told as such.
            process::Kind::NotDer(_) if damaged.get(certificate) == Some(&true) => {}
            process::Kind::NotDer(_) => found.note_once(certificate, NoteKind::NotDer),
            process::Kind::SerialNegative => found.note_once(certificate, NoteKind::SerialNegative),
            _ => {}
        }
        if let Outcome::Object(step, kind) = outcome(kind) {
            // What a CA constrains is meant as critical (RFC 5280 sections 4.2.1.9 to 4.2.1.11): nobody may waive it.
            found.object_unless_waived(step, certificate, kind, Waiver::Critical);
        }
    }
}

fn outcome(fact: process::Kind) -> Outcome {
    use process::Kind as Noted;
    match fact {
        Noted::FieldUnreadable(malformed) | Noted::ExtensionUnreadable { malformed, .. } => {
            Outcome::Object(Step::Structure, Kind::Undecodable(malformed))
        }
        Noted::UnknownCriticalExtension { oid } => Outcome::Object(Step::Structure, Kind::UnknownCritical { oid }),
        Noted::AlgorithmsDiffer { .. } => Outcome::Object(Step::Structure, Kind::AlgorithmsDiffer),
        Noted::PathLengthExceeded { allowed, found } => {
            Outcome::Object(Step::Usage, Kind::PathLengthExceeded { allowed, found })
        }
        Noted::NameNotPermitted { name, .. }
        | Noted::NameExcluded { name, .. }
        | Noted::NameIncomparable { name, .. } => Outcome::Object(Step::Usage, Kind::NameConstrained { name }),
        Noted::NamesNotCompared => {
            Outcome::Object(Step::Usage, Kind::NameConstrained { name: "so many names".to_owned() })
        }
        Noted::PolicyRequired => Outcome::Object(Step::Usage, Kind::Noted(fact)),
        // Two readers of these would see two certificates, or a key that binds nobody.
        Noted::ExtensionTwice { .. }
        | Noted::VersionTooOld(_)
        | Noted::VersionUnknown(_)
        | Noted::ConstraintUnsound { .. }
        | Noted::MapsAnyPolicy
        | Noted::KeyUnsound { .. }
        | Noted::CurveExplicit => Outcome::Object(Step::Structure, Kind::Noted(fact)),
        Noted::SignatureNotTried => Outcome::Object(Step::Signature, Kind::Noted(fact)),

        Noted::SignatureFails(_)
        | Noted::NotYetValid { .. }
        | Noted::Expired { .. }
        | Noted::NoBasicConstraints
        | Noted::AnchorTooOld(_)
        | Noted::NotACa
        | Noted::KeyCertSignMissing { .. }
        | Noted::IssuerEmpty
        | Noted::CaSubjectEmpty
        | Noted::NoNameAtAll => Outcome::SaidElsewhere,

        Noted::NotDer(_)
        | Noted::TimeMisspelt { .. }
        | Noted::TimeOfOtherType { .. }
        | Noted::KeyIdentifiersDiffer
        | Noted::IssuerSpeltOtherwise { .. }
        | Noted::ConstraintOnEveryHost
        | Noted::SerialNegative
        | Noted::SerialZero
        | Noted::SerialTooLong { .. }
        | Noted::AltNameNotCritical
        | Noted::NoExtensionInList
        | Noted::Distrusted { .. }
        | Noted::LooksSelfSigned
        | Noted::PointCompressed
        | Noted::MustNotBeCritical { .. }
        | Noted::ShouldNotBeCritical { .. }
        | Noted::MustBeCritical { .. }
        | Noted::PolicyConstraintsMetButNotCritical
        | Noted::NoAuthorityKeyIdentifier
        | Noted::NoKeyIdentifierOfAuthority
        | Noted::HalfAuthorityName
        | Noted::NoSubjectKeyIdentifier
        | Noted::CaWithoutKeyUsage
        | Noted::KeyUsageEmpty
        | Noted::CaWithoutKeyCertSign
        | Noted::KeyCertSignWithoutCa
        | Noted::PathLengthWithoutCa
        | Noted::NameConstraintsWithoutCa
        | Noted::NameConstraintsEmpty
        | Noted::PolicyConstraintsEmpty
        | Noted::PolicyTwice { .. }
        | Noted::AltNameEmpty
        | Noted::AltNameMalformed { .. }
        | Noted::AltNamesUnread { .. }
        | Noted::ExtendedKeyUsageEmpty
        | Noted::AccessEmpty { .. } => Outcome::LeftToChecks,

        // Nothing of this is asked here, so that none of it is noted. If it were, it would have a reason.
        Noted::TooManyIntermediates { .. }
        | Noted::PurposeNotAllowed { .. }
        | Noted::PurposeByAnyOnly { .. }
        | Noted::NotAnchored { .. }
        | Noted::PeerNotNamed { .. }
        | Noted::PeerWithUnderscore { .. }
        | Noted::AnchorIssuedByOther { .. }
        | Noted::IssuerHasTwin { .. }
        | Noted::TooNew { .. }
        | Noted::UsageUnfitForTls { .. }
        | Noted::CertTypeUnfitForTls { .. }
        | Noted::CaCurveUnusual { .. }
        | Noted::DigestWeak { .. }
        | Noted::KeyWeak { .. }
        | Noted::KeyUnknown { .. }
        | Noted::OwnSignatureFails(_)
        | Noted::SignedByAbsentKey
        | Noted::Revoked { .. }
        | Noted::RevocationUnknown { .. }
        | Noted::ListDeparts { .. }
        | Noted::ListWeak { .. }
        | Noted::ListMisnamed
        | Noted::VersionNot3(_)
        | Noted::AuthorityNamedByIssuer
        | Noted::RootNamesOtherKey
        | Noted::RootHasPurposes
        | Noted::SubscriberIsCa
        | Noted::NoPurposes
        | Noted::AnyPurpose
        | Noted::NoAltName { .. }
        | Noted::WildcardBelowPublicSuffix { .. }
        | Noted::CommonNameTwice
        | Noted::CommonNameForeign { .. }
        | Noted::CommonNameNotRepeated { .. }
        | Noted::KeyForbidden { .. }
        | Noted::SignatureForbidden { .. } => Outcome::Object(Step::Structure, Kind::Noted(fact)),
    }
}
