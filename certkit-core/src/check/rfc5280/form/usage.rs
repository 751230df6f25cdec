//! What keys are for (RFC 5280 sections 4.2.1.2, 4.2.1.3 and 4.2.1.12), and what their algorithms can do.

use super::super::super::Clause::{Rfc, Rfc5280};
use super::super::super::{Check, Look, Outcome, Severity};
use super::super::authority::listed;
use super::{form, unless_found};
use crate::cert::Stated;
use crate::cert::extension::KeyUsage;
use crate::crypto::key::{KeyKind, RsaPadding};
use crate::oid::{self, Oid};

form!(
    /// An end entity does not identify its key.
    SUBJECT_KEY_ID_ABSENT,
    "subject-key-id-absent",
    &[Rfc5280("4.2.1.2")],
    "An end-entity certificate has a subjectKeyIdentifier",
    "Programs with several certificates of one owner find the right one by this identifier. It is recommended, and no \
     program requires it.",
    "At the next renewal add `subjectKeyIdentifier = hash`.",
    |form| {
        let is_leaf = !form.known.is_ca() && form.certificate.version() == 3;
        is_leaf.then(|| Outcome::not_met_if(form.known.subject_key_identifier.is_none(), || {
            "it has no subjectKeyIdentifier".to_owned()
        }))
    }
);
form!(
    /// keyUsage is not critical.
    KEY_USAGE_NOT_CRITICAL,
    "key-usage-not-critical",
    &[Rfc5280("4.2.1.3")],
    "The keyUsage is critical",
    "A program that does not know the extension would use the key for anything. All current programs know it, so this \
     has no effect today.",
    "At the next renewal write `keyUsage = critical, \u{2026}`.",
    |form| {
        let stated = form.known.key_usage.as_ref()?;
        Some(Outcome::not_met_if(!stated.critical, || "keyUsage is present and not critical".to_owned()))
    }
);
form!(
    /// The bits of keyUsage are not written as DER has it.
    KEY_USAGE_ENCODING,
    "key-usage-encoding",
    &[Rfc5280("4.2.1.3")],
    "The keyUsage is encoded without superfluous bits",
    "DER omits trailing zero bits, and there are nine bits in all. Strict parsers refuse other encodings.",
    "Reissue it with another program.",
    |form| {
        let extension = form.certificate.extensions().find(oid::KEY_USAGE)?;
        let (octets, unused) = extension.reader().bit_string().ok()?;
        let last = octets.last().copied().unwrap_or(0);
        let is_short = octets.is_empty() || last.trailing_zeros() == u32::from(unused);
        let is_known = octets.len() < 2 || (octets.len() == 2 && last.trailing_zeros() == 7) || !is_short;
        Some(match (is_short, is_known) {
            (false, _) => Outcome::NotMet("the bits of keyUsage end with zeros".to_owned()),
            (true, false) => Outcome::NotMet("keyUsage has bits beyond the ninth".to_owned()),
            (true, true) => Outcome::Met,
        })
    }
);

/// Bits that mean encryption by key agreement.
const AGREEMENT: KeyUsage = KeyUsage::KEY_AGREEMENT.union(KeyUsage::ENCIPHER_ONLY).union(KeyUsage::DECIPHER_ONLY);
/// Bits that mean encryption with the key itself.
const ENCIPHERMENT: KeyUsage = KeyUsage::KEY_ENCIPHERMENT.union(KeyUsage::DATA_ENCIPHERMENT);
/// Bits that mean signatures.
const SIGNATURES: KeyUsage = KeyUsage::DIGITAL_SIGNATURE
    .union(KeyUsage::NON_REPUDIATION)
    .union(KeyUsage::KEY_CERT_SIGN)
    .union(KeyUsage::CRL_SIGN);

/// The uses that a kind of key cannot have, by RFC 3279 section 2.3, 4055 section 1.2, 8410 section 5 and 8813 section 3.
fn impossible(kind: KeyKind<'_>) -> KeyUsage {
    match kind {
        KeyKind::Rsa { padding: RsaPadding::Any, .. } => AGREEMENT,
        KeyKind::Rsa { padding: RsaPadding::PssOnly, .. }
        | KeyKind::Dsa { .. }
        | KeyKind::Ed25519
        | KeyKind::Ed448
        | KeyKind::Other(oid::ML_DSA_44 | oid::ML_DSA_65 | oid::ML_DSA_87) => AGREEMENT.union(ENCIPHERMENT),
        KeyKind::Ec { .. } | KeyKind::EcOther { .. } => ENCIPHERMENT,
        KeyKind::Other(oid::X25519 | oid::X448 | oid::EC_DH | oid::EC_MQV) => SIGNATURES.union(ENCIPHERMENT),
        KeyKind::Other(_) => KeyUsage::NONE,
    }
}

form!(
    /// keyUsage allows what the key's algorithm cannot do.
    KEY_USAGE_UNFIT_FOR_KEY,
    "key-usage-unfit-for-key",
    &[Rfc(3279, "2.3"), Rfc(4055, "1.2"), Rfc(5480, "3"), Rfc(8410, "5"), Rfc(8813, "3")],
    "The key algorithm supports every use in the keyUsage",
    "An elliptic curve key cannot encrypt, and an RSA key cannot do key agreement. RSA recipes used for another \
     algorithm are the usual cause; programs ignore impossible uses.",
    "At the next renewal omit these uses: for an elliptic curve `keyUsage = critical, digitalSignature` is enough.",
    |form| {
        let usage = form.known.usage()?;
        let kind = form.certificate.public_key().ok()?.kind;
        let excess = usage.intersection(impossible(kind));
        // Some applications of OPC UA sign their own certificate, and say so; keyCertSign has a check of its own.
        let is_leaf = !form.known.is_ca() && !form.certificate.is_self_issued();
        let signs_lists = usage.contains(KeyUsage::CRL_SIGN) && !usage.contains(KeyUsage::KEY_CERT_SIGN);
        Some(match excess.is_empty() {
            false => Outcome::NotMet(format!("the key cannot be used for {}", listed(excess))),
            true if is_leaf && signs_lists => Outcome::NotMet("it is no CA, and its key is for cRLSign".to_owned()),
            true => Outcome::Met,
        })
    }
);
form!(
    /// A CA's RSA key is to encrypt as well.
    CA_KEY_ENCRYPTS,
    "ca-key-encrypts",
    &[Rfc(3279, "2.3.1")],
    "The keyUsage of a CA's RSA key does not combine signing and encryption",
    "With one key for both, each use endangers the other. The standard advises against it, and no program checks it.",
    "When the CA is next renewed, write `keyUsage = critical, keyCertSign, cRLSign`.",
    |form| {
        let usage = form.known.usage().filter(|_| form.known.is_ca())?;
        let is_rsa = matches!(form.certificate.public_key().ok()?.kind, KeyKind::Rsa { .. });
        let signs = !usage.intersection(KeyUsage::KEY_CERT_SIGN.union(KeyUsage::CRL_SIGN)).is_empty();
        let encrypts = usage.intersection(ENCIPHERMENT);
        (is_rsa && signs).then(|| Outcome::not_met_if(!encrypts.is_empty(), || {
            format!("the key of the CA is for {}, too", listed(encrypts))
        }))
    }
);
form!(
    /// encipherOnly or decipherOnly stands without keyAgreement.
    KEY_USAGE_WITHOUT_AGREEMENT,
    "key-usage-without-agreement",
    &[Rfc5280("4.2.1.3")],
    "The keyUsage has encipherOnly or decipherOnly only together with keyAgreement",
    "These two restrict keyAgreement; without it their meaning is undefined.",
    "At the next renewal omit them.",
    |form| {
        let usage = form.known.usage()?;
        let narrowed = usage.intersection(KeyUsage::ENCIPHER_ONLY.union(KeyUsage::DECIPHER_ONLY));
        let is_wrong = !narrowed.is_empty() && !usage.contains(KeyUsage::KEY_AGREEMENT);
        Some(Outcome::not_met_if(is_wrong, || format!("keyUsage has {} without keyAgreement", listed(narrowed))))
    }
);

/// The uses of which a purpose needs one (RFC 5280 section 4.2.1.12).
const PURPOSES: &[(Oid<'static>, KeyUsage)] = &[
    (oid::SERVER_AUTH, KeyUsage::DIGITAL_SIGNATURE.union(KeyUsage::KEY_ENCIPHERMENT).union(KeyUsage::KEY_AGREEMENT)),
    (oid::CLIENT_AUTH, KeyUsage::DIGITAL_SIGNATURE.union(KeyUsage::KEY_AGREEMENT)),
    (oid::CODE_SIGNING, KeyUsage::DIGITAL_SIGNATURE),
    (
        oid::EMAIL_PROTECTION,
        KeyUsage::DIGITAL_SIGNATURE
            .union(KeyUsage::NON_REPUDIATION)
            .union(KeyUsage::KEY_ENCIPHERMENT)
            .union(KeyUsage::KEY_AGREEMENT),
    ),
    (oid::TIME_STAMPING, KeyUsage::DIGITAL_SIGNATURE.union(KeyUsage::NON_REPUDIATION)),
    (oid::OCSP_SIGNING, KeyUsage::DIGITAL_SIGNATURE.union(KeyUsage::NON_REPUDIATION)),
];

form!(
    /// keyUsage leaves out what a purpose needs.
    KEY_USAGE_UNFIT_FOR_PURPOSE,
    "key-usage-unfit-for-purpose",
    &[Rfc5280("4.2.1.12")],
    "The keyUsage, if present, allows every purpose of the extKeyUsage",
    "Both extensions have to allow the use. A purpose without a matching keyUsage bit cannot be used at all.",
    "Reissue it with `digitalSignature` in the keyUsage, or without the purpose.",
    |form| {
        let usage = form.known.usage().filter(|usage| !usage.is_empty() && !form.known.is_ca())?;
        let purposes = form.known.extended_key_usage.as_ref()?.decoded()?;
        let unserved = PURPOSES.iter().filter(|(purpose, needs)| {
            usage.intersection(*needs).is_empty() && purposes.lists(*purpose)
        });
        Some(unless_found(unserved.map(|(purpose, needs)| {
            format!("{} needs one of {}, and keyUsage has {}", purpose.called(), listed(*needs), listed(usage))
        })))
    }
);
form!(
    /// extKeyUsage is critical and lists every purpose.
    ANY_PURPOSE_CRITICAL,
    "any-purpose-critical",
    &[Rfc5280("4.2.1.12")],
    "An extKeyUsage with anyExtendedKeyUsage is not critical",
    "A critical extension that allows every purpose is a contradiction; the standard advises against it.",
    "At the next renewal list the purposes, or make the extension not critical.",
    |form| {
        let stated: &Stated<_> = form.known.extended_key_usage.as_ref()?;
        let has_any = stated.decoded()?.lists(oid::ANY_EXTENDED_KEY_USAGE);
        has_any.then(|| Outcome::not_met_if(stated.critical, || {
            "extKeyUsage is critical and lists anyExtendedKeyUsage".to_owned()
        }))
    }
);
