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
        facts.extend(process::deviations(index, certificate, known, &inputs.reading));
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
    use process::Kind as FactKind;
    match fact {
        FactKind::FieldUnreadable(malformed) | FactKind::ExtensionUnreadable { malformed, .. } => {
            Outcome::Object(Step::Structure, Kind::Undecodable(malformed))
        }
        FactKind::UnknownCriticalExtension { oid } => Outcome::Object(Step::Structure, Kind::UnknownCritical { oid }),
        FactKind::AlgorithmsDiffer { .. } => Outcome::Object(Step::Structure, Kind::AlgorithmsDiffer),
        FactKind::PathLengthExceeded { allowed, found } => {
            Outcome::Object(Step::Usage, Kind::PathLengthExceeded { allowed, found })
        }
        FactKind::NameNotPermitted { name, .. }
        | FactKind::NameExcluded { name, .. }
        | FactKind::NameIncomparable { name, .. } => Outcome::Object(Step::Usage, Kind::NameConstrained { name }),
        FactKind::NamesNotCompared => {
            Outcome::Object(Step::Usage, Kind::NameConstrained { name: "so many names".to_owned() })
        }
        FactKind::PolicyRequired => Outcome::Object(Step::Usage, Kind::Fact(fact)),
        // Two readers of these would see two certificates, or a key that binds nobody.
        FactKind::ExtensionTwice { .. }
        | FactKind::VersionTooOld(_)
        | FactKind::VersionUnknown(_)
        | FactKind::ConstraintUnsound { .. }
        | FactKind::MapsAnyPolicy
        | FactKind::KeyUnsound { .. }
        | FactKind::CurveExplicit => Outcome::Object(Step::Structure, Kind::Fact(fact)),
        FactKind::SignatureNotTried => Outcome::Object(Step::Signature, Kind::Fact(fact)),

        FactKind::SignatureFails(_)
        | FactKind::NotYetValid { .. }
        | FactKind::Expired { .. }
        | FactKind::NoBasicConstraints
        | FactKind::AnchorTooOld(_)
        | FactKind::NotACa
        | FactKind::KeyCertSignMissing { .. }
        | FactKind::IssuerEmpty
        | FactKind::CaSubjectEmpty
        | FactKind::NoNameAtAll => Outcome::SaidElsewhere,

        FactKind::NotDer(_)
        | FactKind::TimeMisspelt { .. }
        | FactKind::TimeOfOtherType { .. }
        | FactKind::KeyIdentifiersDiffer
        | FactKind::IssuerSpeltOtherwise { .. }
        | FactKind::ConstraintOnEveryHost
        | FactKind::SerialNegative
        | FactKind::SerialZero
        | FactKind::SerialTooLong { .. }
        | FactKind::AltNameNotCritical
        | FactKind::NoExtensionInList
        | FactKind::Distrusted { .. }
        | FactKind::LooksSelfSigned
        | FactKind::PointCompressed
        | FactKind::MustNotBeCritical { .. }
        | FactKind::ShouldNotBeCritical { .. }
        | FactKind::MustBeCritical { .. }
        | FactKind::PolicyConstraintsMetButNotCritical
        | FactKind::NoAuthorityKeyIdentifier
        | FactKind::NoKeyIdentifierOfAuthority
        | FactKind::HalfAuthorityName
        | FactKind::NoSubjectKeyIdentifier
        | FactKind::CaWithoutKeyUsage
        | FactKind::KeyUsageEmpty
        | FactKind::CaWithoutKeyCertSign
        | FactKind::KeyCertSignWithoutCa
        | FactKind::PathLengthWithoutCa
        | FactKind::NameConstraintsWithoutCa
        | FactKind::NameConstraintsEmpty
        | FactKind::PolicyConstraintsEmpty
        | FactKind::PolicyTwice { .. }
        | FactKind::AltNameEmpty
        | FactKind::AltNameMalformed { .. }
        | FactKind::AltNamesUnread { .. }
        | FactKind::ExtendedKeyUsageEmpty
        | FactKind::AccessEmpty { .. } => Outcome::LeftToChecks,

        // Nothing of this is asked here, so that none of it is noted. If it were, it would have a reason.
        FactKind::TooManyIntermediates { .. }
        | FactKind::PurposeNotAllowed { .. }
        | FactKind::PurposeByAnyOnly { .. }
        | FactKind::NotAnchored { .. }
        | FactKind::PeerNotNamed { .. }
        | FactKind::PeerWithUnderscore { .. }
        | FactKind::AnchorIssuedByOther { .. }
        | FactKind::IssuerHasTwin { .. }
        | FactKind::TooNew { .. }
        | FactKind::UsageUnfitForTls { .. }
        | FactKind::CertTypeUnfitForTls { .. }
        | FactKind::CaCurveUnusual { .. }
        | FactKind::DigestWeak { .. }
        | FactKind::KeyWeak { .. }
        | FactKind::KeyUnknown { .. }
        | FactKind::OwnSignatureFails(_)
        | FactKind::SignedByAbsentKey
        | FactKind::Revoked { .. }
        | FactKind::RevocationUnknown { .. }
        | FactKind::ListDeparts { .. }
        | FactKind::ListWeak { .. }
        | FactKind::ListMisnamed(_)
        | FactKind::VersionNot3(_)
        | FactKind::AuthorityNamedByIssuer
        | FactKind::RootNamesOtherKey
        | FactKind::RootHasPurposes
        | FactKind::SubscriberIsCa
        | FactKind::NoPurposes
        | FactKind::AnyPurpose
        | FactKind::NoAltName { .. }
        | FactKind::WildcardBelowPublicSuffix { .. }
        | FactKind::CommonNameTwice
        | FactKind::CommonNameForeign { .. }
        | FactKind::CommonNameNotRepeated { .. }
        | FactKind::KeyForbidden { .. }
        | FactKind::SignatureForbidden { .. } => Outcome::Object(Step::Structure, Kind::Fact(fact)),
    }
}
