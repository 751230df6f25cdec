//! Policies and what is said about them (RFC 5280 sections 4.2.1.4 and 4.2.1.5, RFC 6818 section 3).

use super::super::super::Clause::{Rfc, Rfc5280};
use super::super::super::{Check, Form, Look, Outcome, Severity};
use super::{form, is_normal, unless_found};
use crate::asn1::{Element, Tag};
use crate::cert::Stated;
use crate::cert::extension::{CertificatePolicies, UserNotice};
use crate::oid::{self, Oid};

fn policies<'k, 'a>(form: &'k Form<'a>) -> Option<&'k CertificatePolicies<'a>> {
    form.known.certificate_policies.as_ref()?.decoded()
}

/// Holds every notice of every policy against a rule; `None` where there is no notice.
fn no_notice(form: &Form<'_>, fault: impl Fn(&UserNotice<'_>) -> Option<String>) -> Option<Outcome> {
    let notices = || policies(form).into_iter().flat_map(CertificatePolicies::iter).flat_map(|policy| policy.notices());
    notices().next()?;
    Some(unless_found(notices().filter_map(|notice| fault(&notice))))
}

/// Holds the text of every notice against a rule.
fn no_text(form: &Form<'_>, fault: impl Fn(&Element<'_>, &str) -> Option<String>) -> Option<Outcome> {
    no_notice(form, |notice| fault(&notice.text?, &notice.words()?))
}

form!(
    /// anyPolicy has a qualifier that the standard does not have, or an address is none.
    POLICY_QUALIFIER_UNFIT,
    "policy-qualifier-unfit",
    &[Rfc5280("4.2.1.4")],
    "CPS URIs are URIs, and anyPolicy has no qualifiers other than these and user notices",
    "Programs show the address of the practice statement only if it is one. Qualifiers of anyPolicy are passed on to every \
     policy below, where one that only its issuer understands has no meaning.",
    "At the next renewal correct or omit the qualifier.",
    |form| {
        let all = || policies(form).into_iter().flat_map(CertificatePolicies::iter).flat_map(|it| {
            let is_any = it.policy == oid::ANY_POLICY;
            it.qualifiers().map(move |(kind, value)| (is_any, kind, value))
        });
        all().next()?;
        Some(unless_found(all().filter_map(|(is_any, kind, value)| match kind {
            oid::QUALIFIER_CPS if value.tag != Tag::IA5_STRING => Some(format!("a CPS URI is {}", value.tag)),
            oid::QUALIFIER_CPS => (!is_uri(value.value)).then(|| "a CPS URI is no URI".to_owned()),
            oid::QUALIFIER_USER_NOTICE => None,
            other => is_any.then(|| format!("anyPolicy has the qualifier {}", other.called())),
        })))
    }
);

/// Whether a text has a scheme and something behind it (RFC 3986 section 3).
fn is_uri(text: &[u8]) -> bool {
    let scheme = text.iter().position(|octet| *octet == b':').and_then(|colon| text.split_at_checked(colon));
    scheme.is_some_and(|(scheme, rest)| {
        let is_of_scheme = |octet: &u8| octet.is_ascii_alphanumeric() || b"+-.".contains(octet);
        scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(is_of_scheme)
            && rest.len() > 1
            && rest.iter().all(u8::is_ascii_graphic)
    })
}

form!(
    /// A notice refers to a numbered text.
    NOTICE_REFERENCE_PRESENT,
    "notice-reference-present",
    &[Rfc5280("4.2.1.4")],
    "User notices are in the certificate, not referenced by number",
    "No program has the issuer's numbered texts; the standard advises CAs against references.",
    "No action is needed; at the next renewal write the text itself or omit the notice.",
    |form| no_notice(form, |notice| notice.has_reference.then(|| "a notice refers to a numbered text".to_owned()))
);
form!(
    /// A notice is of a type that it must not have.
    NOTICE_TYPE,
    "notice-type",
    &[Rfc5280("4.2.1.4"), Rfc(6818, "3")],
    "Notices are UTF8String, BMPString or VisibleString",
    "IA5String and all other types are forbidden here; strict parsers refuse the extension.",
    "At the next renewal write the notice as UTF8String.",
    |form| no_notice(form, |notice| {
        let tag = notice.text?.tag;
        let is_fit = [Tag::UTF8_STRING, Tag::BMP_STRING, Tag::VISIBLE_STRING].contains(&tag);
        (!is_fit).then(|| format!("a notice is {tag}"))
    })
);
form!(
    /// A notice is of an older type than it should have.
    NOTICE_NOT_UTF8,
    "notice-not-utf8",
    &[Rfc5280("4.2.1.4"), Rfc(6818, "3")],
    "Notices are UTF8String",
    "The two other types are allowed but discouraged: not every program shows them.",
    "No action is needed; at the next renewal write the notice as UTF8String.",
    |form| no_notice(form, |notice| {
        let tag = notice.text?.tag;
        [Tag::BMP_STRING, Tag::VISIBLE_STRING].contains(&tag).then(|| format!("a notice is {tag}"))
    })
);
form!(
    /// A notice is too long.
    NOTICE_TOO_LONG,
    "notice-too-long",
    &[Rfc5280("4.2.1.4")],
    "Notices have at most 200 characters",
    "Strict parsers refuse the extension if the text is longer, although many CAs write one.",
    "At the next renewal shorten the notice or give an address where the text is found.",
    |form| no_text(form, |_, text| {
        let count = text.chars().count();
        (count > 200).then(|| format!("a notice has {count} characters"))
    })
);
form!(
    /// A notice has a control character.
    NOTICE_CONTROL_CHARACTER,
    "notice-control-character",
    &[Rfc5280("4.2.1.4")],
    "Notices have no control characters",
    "The text is for display; a control character breaks the window or the log that shows it.",
    "At the next renewal write the notice in one line.",
    |form| no_text(form, |_, text| {
        let foul = text.chars().find(|character| character.is_control())?;
        Some(format!("a notice has the control character U+{:04X}", u32::from(foul)))
    })
);
form!(
    /// A notice is not in normal form C.
    NOTICE_NOT_NORMAL,
    "notice-not-normal",
    &[Rfc5280("4.2.1.4")],
    "Notices in UTF8String or BMPString are in Unicode's normal form C",
    "A letter and its accent should be one character. Other forms look the same but compare as different.",
    "No action is needed; at the next renewal normalise the text.",
    |form| no_text(form, |element, text| {
        let is_unicode = [Tag::UTF8_STRING, Tag::BMP_STRING].contains(&element.tag);
        (is_unicode && !is_normal(text)).then(|| "a notice is not in normal form C".to_owned())
    })
);
form!(
    /// policyMappings are not critical.
    POLICY_MAPPINGS_NOT_CRITICAL,
    "policy-mappings-not-critical",
    &[Rfc5280("4.2.1.5")],
    "The policyMappings are critical",
    "Programs that do not know the extension misread the CA's policies; if it is critical, they refuse the certificate \
     instead.",
    "When the CA is next renewed, write `policyMappings = critical, \u{2026}`.",
    |form| {
        let stated = form.known.policy_mappings.as_ref()?;
        Some(Outcome::not_met_if(!stated.critical, || "policyMappings are present and not critical".to_owned()))
    }
);
form!(
    /// A policy is mapped that the certificate does not have.
    POLICY_MAPPING_UNLISTED,
    "policy-mapping-unlisted",
    &[Rfc5280("4.2.1.5")],
    "Every mapped policy is in the certificatePolicies of the same certificate",
    "A mapping from a policy that the CA does not have is never used; one of the two lists is out of date.",
    "When the CA is next renewed, add the policy to certificatePolicies or remove its mapping.",
    |form| {
        let mappings = form.known.policy_mappings.as_ref()?.decoded()?;
        let mut own: Vec<Oid<'_>> = policies(form).into_iter().flat_map(CertificatePolicies::iter).map(|it| it.policy).collect();
        own.sort_unstable();
        let unlisted = mappings.iter().filter(|(from, _)| own.binary_search(from).is_err());
        Some(unless_found(unlisted.map(|(from, to)| format!("{from} is mapped to {to} and is not in its certificatePolicies"))))
    }
);
form!(
    /// A list of policies or mappings is empty.
    POLICY_LIST_EMPTY,
    "policy-list-empty",
    &[Rfc5280("4.2.1.4"), Rfc5280("4.2.1.5")],
    "The certificatePolicies and policyMappings are not empty",
    "An empty list is malformed; strict parsers refuse the certificate.",
    "Reissue it with policies, or without the extension.",
    |form| {
        let policies = form.known.certificate_policies.as_ref().and_then(Stated::decoded);
        let mappings = form.known.policy_mappings.as_ref().and_then(Stated::decoded);
        let empty = [
            policies.map(|it| (it.iter().next().is_none(), "certificatePolicies")),
            mappings.map(|it| (it.iter().next().is_none(), "policyMappings")),
        ];
        (policies.is_some() || mappings.is_some()).then(|| {
            let empty = empty.into_iter().flatten().filter(|(is_empty, _)| *is_empty);
            unless_found(empty.map(|(_, extension)| format!("{extension} is an empty list")))
        })
    }
);
