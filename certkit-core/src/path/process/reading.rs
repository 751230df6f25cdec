//! How a relying party reads what the standards leave open, or leave to it. All of it is data of a profile.

use super::super::names::dns::{Suffixes, Underscores, Wildcards};
use super::super::names::{CommonName, LeadingPeriod, PeerRules};

/// How a relying party reads what the standards leave open, or leave to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How the leaf has to name its peer.
    pub peer: PeerRules,
    /// How constraints on host names are read.
    pub leading_period: LeadingPeriod,
    /// What has to stand above an anchor that another CA has issued.
    pub above: Above,
    /// What becomes of an anchor above the leaf whose form is odd.
    pub anchor: AnchorForm,
    /// Whether the Baseline Requirements are asked for.
    pub baseline: Baseline,
    /// Whether a signature counts that a certificate at the top has made over itself.
    pub own_signature: OwnSignature,
    /// What becomes of certificates of versions 1 and 2, which have no extensions.
    pub old_versions: OldVersions,
    /// Whether host names in certificates may have underscores.
    pub underscores: Underscores,
    /// What a server's or client's key usage has to allow.
    pub tls_usage: TlsUsage,
    /// Who looks whether Java can read the URIs among the alternative names.
    pub uris: Uris,
    /// Which names of a leaf are held against constraints on hosts.
    pub constrained: ConstrainedNames,
    /// Which revocation lists clear a certificate.
    pub lists: TakenLists,
}

impl Reading {
    /// What OpenSSL, Java and their like do.
    pub const IN_PRACTICE: Reading = Reading {
        peer: PeerRules {
            // OpenSSL and Java take a host that stands in the common name alone. It stays an error: Go, browsers and webpki
            // refuse it, RFC 9525 section 6.3 forbids it, and BetterTLS counts it as falsely accepted.
            common_name: CommonName::Ignored,
            suffixes: Suffixes::OfRegistries,
            wildcards: Wildcards::PartOfLabel,
        },
        leading_period: LeadingPeriod::OnlyBelow,
        above: Above::Trusted,
        anchor: AnchorForm::Judged,
        baseline: Baseline::Ignored,
        own_signature: OwnSignature::Ignored,
        old_versions: OldVersions::Allowed,
        underscores: Underscores::Forbidden,
        tls_usage: TlsUsage::Any,
        uris: Uris::AsOtherNames,
        constrained: ConstrainedNames::CommonNameToo,
        lists: TakenLists::ByPrograms,
    };

    /// For certificates that are checked before use: everything that peers may object to, but nothing that plants do
    /// for good reason.
    pub const BEFORE_USE: Reading = Reading {
        anchor: AnchorForm::Accepted,
        own_signature: OwnSignature::Judged,
        old_versions: OldVersions::Noted,
        underscores: Underscores::Tolerated,
        tls_usage: TlsUsage::Signatures,
        ..Reading::IN_PRACTICE
    };
}

/// What has to stand above an anchor that another CA has issued, where a profile asks for that (`anchor-not-top`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    /// A root that is an anchor itself, as for OpenSSL.
    Trusted,
    /// A root that is at hand, trusted or not: to trust a certificate does not waive its chain (OPC 10000-4 section 6.1.3).
    Known,
}

/// What becomes of an anchor above the leaf that departs from the form of section 4 of RFC 5280.
///
/// It is trusted by choice, section 6.1 uses only its name and key, and many old and widely trusted roots have an
/// unusual form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorForm {
    /// Its form does not count against a path.
    Accepted,
    /// Its form counts as that of any other certificate.
    Judged,
}

/// Which names of a leaf are held against constraints on hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstrainedNames {
    /// The alternative names (RFC 5280 section 4.2.1.10).
    Alternative,
    /// Where there are none, a common name that is a host as well: so do OpenSSL, Java and GnuTLS.
    CommonNameToo,
}

/// Which revocation lists clear a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenLists {
    /// Those that RFC 5280 section 6.3.3 lets do so.
    ByStandard,
    /// Of these, what OpenSSL and Java take: with a nextUpdate, and not indirect.
    ByPrograms,
}

/// Whether the Baseline Requirements for public certificates are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// They are not.
    Ignored,
    /// They are.
    Asked,
}

/// Whether a signature counts that a certificate at the top of a path has made over itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSignature {
    /// It does not: who is trusted is trusted by name and key, who is not is not helped by it.
    Ignored,
    /// It does: it has to verify, and nothing but a CA's may be over a weak digest.
    Judged,
}

/// Who looks whether Java can read the URIs among the alternative names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uris {
    /// They are looked at as the other names are.
    AsOtherNames,
    /// Checks of their own look at them.
    Apart,
}

/// What becomes of certificates of versions 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldVersions {
    /// Without extensions they are what section 4.1.2.1 of RFC 5280 allows.
    Allowed,
    /// They are noted.
    Noted,
}

/// What a server's or client's key usage has to allow, where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsUsage {
    /// Anything that some version of TLS does with such a key.
    Any,
    /// Signatures, which every current version needs (RFC 8446 section 4.4.2.2).
    Signatures,
}
