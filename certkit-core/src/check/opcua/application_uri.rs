//! The ApplicationUri in the subjectAltName (OPC 10000-6 section 6.2.2).

use super::super::Clause::{Opc, Rfc};
use super::super::Look::Each;
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject};
use super::{is_leaf, names};
use crate::cert::{GeneralName, Text};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &APPLICATION_URI_MISSING,
    &APPLICATION_URI_SEVERAL,
    &APPLICATION_URI_MALFORMED,
    &APPLICATION_URI_BLANK,
    &APPLICATION_URI_MISMATCH,
    &APPLICATION_URI_LOCAL,
];

fn uris(subject: &Subject) -> Vec<Text<'_>> {
    let uri = |name| match name {
        GeneralName::Uri(uri) => Some(uri),
        _ => None,
    };
    names(subject).into_iter().filter_map(uri).collect()
}

fn has_uri(_: &Case, subject: &Subject) -> bool {
    subject.is_leaf() && !uris(subject).is_empty()
}

fn quoted(uri: &Text<'_>) -> String {
    format!("`{}`", shown(&uri.to_string()))
}

fn list(uris: &[Text<'_>]) -> String {
    uris.iter().take(6).map(quoted).collect::<Vec<_>>().join(", ")
}

/// No URI stands in the subjectAltName.
pub static APPLICATION_URI_MISSING: Check = Check {
    id: "application-uri-missing",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3")],
    title: "The certificate of an application contains its ApplicationUri",
    why: "The ApplicationUri is the application's globally unique name, and the certificate proves it. Without one in \
          the subjectAltName every session fails with BadCertificateUriInvalid. Certificates made for web servers are \
          the usual cause.",
    remedy: "Recreate the certificate with only the URI from the application's settings: `certkit generate opcua \
             --application-uri urn:plc7:Plant:Pump`. Kepware makes its own in the OPC UA Configuration Manager, \
             Instance Certificates, Reissue certificate.",
    look: Each { applies: is_leaf, at: missing },
};

fn missing(_: &Case, subject: &Subject) -> Outcome {
    let names = names(subject);
    Outcome::not_met_if(uris(subject).is_empty(), || match names.len() {
        0 => "it has no subjectAltName with a URI".to_owned(),
        _ => {
            let names: Vec<String> = names.iter().take(6).map(|name| shown(&name.to_string())).collect();
            format!("its subjectAltName has no URI: {}", names.join(", "))
        }
    })
}

/// Several URIs stand there.
pub static APPLICATION_URI_SEVERAL: Check = Check {
    id: "application-uri-several",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2")],
    title: "The certificate of an application has exactly one URI",
    why: "The standard requires exactly one. Stacks handle more differently: open62541 compares only the first, UA \
          .NET Standard and opcua-asyncio accept any of them, so the same certificate works with one peer but not with \
          another.",
    remedy: "Recreate the certificate with the ApplicationUri as its only URI.",
    look: Each { applies: has_uri, at: several },
};

fn several(_: &Case, subject: &Subject) -> Outcome {
    let uris = uris(subject);
    Outcome::not_met_if(uris.len() > 1, || format!("it has {}: {}", uris.len(), list(&uris)))
}

/// It is not a valid URI.
pub static APPLICATION_URI_MALFORMED: Check = Check {
    id: "application-uri-malformed",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Rfc(3986, "2"), Rfc(3986, "3")],
    title: "The ApplicationUri is a valid URI",
    why: "The standard requires a valid URL or URN. Some programs accept an invalid one, others refuse it, and a \
          different spelling in another place no longer matches.",
    remedy: "Choose one without such characters and with a scheme, such as `urn:plc7:Plant:Pump`, enter it in the \
             application's settings and recreate the certificate with it.",
    look: Each { applies: has_uri, at: malformed },
};

fn malformed(_: &Case, subject: &Subject) -> Outcome {
    let uris = uris(subject);
    let faults: Vec<String> = uris
        .iter()
        .filter_map(|uri| fault(&uri.to_str()).map(|fault| format!("{} {fault}", quoted(uri))))
        .take(4)
        .collect();
    Outcome::not_met_if(!faults.is_empty(), || faults.join("; "))
}

/// What keeps a text from being a URI. The characters of the parts are not looked at closely: host names with
/// underscores stand in URNs all over the field, and no stack minds.
fn fault(uri: &str) -> Option<&'static str> {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
    };
    let is_octet = |rest: &str| rest.get(..2).is_some_and(|two| two.bytes().all(|octet| octet.is_ascii_hexdigit()));
    let mut after_percent = uri.split('%').skip(1);
    Some(match uri.split_once(':') {
        _ if uri.is_empty() => "is empty",
        _ if uri.trim() != uri => "begins or ends with a space",
        // One inside is for another check.
        _ if uri.contains(|it: char| it != ' ' && it.is_whitespace()) => "has whitespace other than a space",
        _ if uri.contains(char::is_control) => "has a control character",
        _ if !uri.is_ascii() => "has a character outside ASCII",
        _ if uri.contains(['<', '>', '"', '{', '}', '|', '\\', '^', '`']) => "has a character that URIs cannot have",
        _ if after_percent.any(|rest| !is_octet(rest)) => "has a `%` without two hexadecimal digits",
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => return None,
        Some((scheme, _)) if is_scheme(scheme) => "ends after its scheme",
        _ => "has no scheme such as `urn:`",
    })
}

/// It has a blank.
pub static APPLICATION_URI_BLANK: Check = Check {
    id: "application-uri-blank",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2"), Rfc(3986, "2")],
    title: "The ApplicationUri has no space",
    why: "A URI cannot contain a space, but the default URIs of Kepware and others do. Most stacks compare it \
          unchanged. Java does not decode a subjectAltName with such a URI: its clients find neither the \
          ApplicationUri nor any host name there (Eclipse Milo has its own decoder, keytool and others do not), and a \
          `%20` for the space in one place no longer matches.",
    remedy: "If Java clients connect, choose one without a space, such as `urn:plc7:Plant:Pump`, enter it in the \
             application's settings and recreate the certificate with it. Otherwise leave it unchanged.",
    look: Each { applies: has_uri, at: blank },
};

fn blank(_: &Case, subject: &Subject) -> Outcome {
    let uris = uris(subject);
    let blank: Vec<String> = uris.iter().filter(|uri| uri.to_str().trim().contains(' ')).map(quoted).take(4).collect();
    Outcome::not_met_if(!blank.is_empty(), || {
        format!("{} has a space, which Java clients cannot read", blank.join(", "))
    })
}

/// It is another than the application's.
pub static APPLICATION_URI_MISMATCH: Check = Check {
    id: "application-uri-mismatch",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3"), Opc(4, "5.7.2")],
    title: "The ApplicationUri in the certificate is that of the application",
    why: "Each side compares its peer's ApplicationUri exactly with the one in the peer's certificate, and answers \
          BadCertificateUriInvalid if they differ. Copied configurations, a renamed computer and certificates made \
          with another program's template are the usual causes.",
    remedy: "Set the application's ApplicationUri to the one in the certificate, or recreate the certificate with the \
             application's: `certkit generate opcua --application-uri URI`.",
    look: Each { applies: has_uri, at: mismatch },
};

fn mismatch(case: &Case, subject: &Subject) -> Outcome {
    let Some(expected) = case.expectation.application_uri.as_deref() else {
        return Outcome::NotGiven("the application's ApplicationUri is not known".to_owned());
    };
    let uris = uris(subject);
    let is_same = |uri: &Text<'_>| uri.0 == expected.as_bytes();
    Outcome::not_met_if(!uris.iter().any(is_same), || {
        let hint = if uris.iter().any(|uri| uri.to_str().eq_ignore_ascii_case(expected)) {
            "; the comparison is case-sensitive"
        } else if uris.iter().any(|uri| unescaped(&uri.to_str()) == unescaped(expected)) {
            "; a space and `%20` are not the same"
        } else {
            ""
        };
        format!("the application's is `{}`, the certificate's {}{hint}", shown(expected), list(&uris))
    })
}

fn unescaped(uri: &str) -> String {
    uri.replace("%20", " ")
}

/// It names the machine `localhost`.
pub static APPLICATION_URI_LOCAL: Check = Check {
    id: "application-uri-local",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2")],
    title: "The ApplicationUri is unique to this application",
    why: "An ApplicationUri has to be globally unique. One with `localhost` in it is the same on every machine with \
          the program, and servers, gateways and certificate managers confuse two applications. The check for \
          `localhost` is certkit's own; the standard names no word.",
    remedy: "Put a permanent name of the machine or plant into the ApplicationUri, such as `urn:plc7:Plant:Pump`, and \
             recreate the certificate.",
    look: Each { applies: has_uri, at: local },
};

fn local(_: &Case, subject: &Subject) -> Outcome {
    let uris = uris(subject);
    let is_local = |uri: &&Text<'_>| {
        let text = uri.to_str().to_ascii_lowercase();
        text.split([':', '/']).any(|part| matches!(part, "localhost" | "127.0.0.1"))
    };
    match uris.iter().find(is_local) {
        Some(uri) => Outcome::NotMet(format!("its URI is {}", quoted(uri))),
        None => Outcome::Met,
    }
}
