//! Whether the chain that is presented leads its readers to a root (RFC 5246 section 7.4.2,
//! RFC 8446 section 4.4.2).

use super::super::Clause::{Document, KepwareDeployment, Rfc, Rfc5280};
use super::super::Look::{Each, Facts, Whole};
use super::super::case::called;
use super::super::rfc5280::constraints::NAME_CONSTRAINT_ON_EVERY_HOST;
use super::super::{Case, Check, Outcome, Role, Severity, Subject, always, has_issuer};
use crate::cert::Certificate;
use crate::path::End;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &SELF_SIGNED,
    &DISTRUSTED,
    &CHAIN_ISSUERS_NOT_SENT,
    &CHAIN_INCOMPLETE,
    &ANCHOR_UNKNOWN,
    &ANCHOR_NOT_NAMED,
    &CHAIN_ORDER,
    &CHAIN_UNRELATED,
    &CHAIN_DUPLICATE,
];

/// What OpenSSL makes of how a path ends and of who looks like their own issuer.
pub static AS_PROGRAMS_SEE_IT: &[&Check] = &[
    &ANCHOR_NOT_TOP,
    &LOOKS_SELF_SIGNED,
    &ISSUER_NAME_TWIN,
    &ISSUER_NAME_TWIN_IN_GNUTLS,
    &CA_CURVE_UNUSUAL,
    &ISSUER_SPELT_OTHERWISE,
    &ISSUER_STRING_TYPE,
    &NAME_CONSTRAINT_ON_EVERY_HOST,
];

/// A store at hand says that a certificate of the chain must not be trusted.
pub static DISTRUSTED: Check = Check {
    id: "distrusted",
    severity: Severity::Error,
    clauses: &[
        Document("openssl-x509, -addreject"),
        Document("p11-kit, trust policy"),
        Document("Windows, CERT_TRUST_IS_EXPLICIT_DISTRUST"),
    ],
    title: "No store at hand says that a certificate of the chain must not be trusted",
    why: "OpenSSL keeps rejected purposes beside a certificate (`TRUSTED CERTIFICATE`), p11-kit a mark (`x-distrusted`), \
          Windows a store of its own (Disallowed, \u{201c}Untrusted Certificates\u{201d}). Whoever put it there knew why: \
          the CA was broken into, or gave up. As a plain file the certificate loses the mark, and is trusted again.",
    remedy: "Find out why it was rejected before anything else. If that was a mistake, take the mark away where it stands: \
             `openssl x509 -clrreject`, `trust anchor`, or certmgr.msc, Untrusted Certificates.",
    look: Facts(always),
};

/// The chain ends at an anchor that another CA has issued.
pub static ANCHOR_NOT_TOP: Check = Check {
    id: "anchor-not-top",
    severity: Severity::Warning,
    clauses: &[Rfc5280("6.1.1")],
    title: "The chain ends at a root",
    why: "Programs differ in what they take for trusted. Java, Go, GnuTLS, curl and Python from 3.13 on stop at an \
          issuing CA that is in their trust store. OpenSSL by itself wants a self-signed root and reports error 2, \
          `unable to get issuer certificate`, unless `-partial_chain` (`X509_V_FLAG_PARTIAL_CHAIN`) is set.",
    remedy: "Add the root to the trust store as well; `certkit inspect FILE` says who has issued the CA that is trusted.",
    look: Facts(always),
};

/// Something has its issuer's name, and nothing tells its issuer's key from its own.
pub static LOOKS_SELF_SIGNED: Check = Check {
    id: "looks-self-signed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("6.1")],
    title: "What is not self-signed can be told from its issuer",
    why: "OpenSSL takes a certificate with equal subject and issuer for self-signed, unless its authorityKeyIdentifier \
          names another key, and does not look for its CA: error 18, or 7. Python and all that is built on OpenSSL \
          follow; Java and Go find the CA. Giving CA and server the same subject is the usual cause.",
    remedy: "Have it issued anew with a subject that is not the CA's, or at least with `authorityKeyIdentifier = keyid` \
             and `subjectKeyIdentifier = hash`.",
    look: Facts(has_issuer),
};

/// A CA signs with a key on a curve that Java does not have.
pub static CA_CURVE_UNUSUAL: Check = Check {
    id: "ca-curve-unusual",
    severity: Severity::Error,
    clauses: &[Document("JDK 16 release notes, JDK-8235710: removal of legacy elliptic curves")],
    title: "The key of a CA is on a curve that Java has",
    why: "From version 16 on Java has P-256, P-384 and P-521 alone, and refuses what a key on secp256k1 or a brainpool curve \
          has signed (\u{201c}Curve not supported\u{201d}); GnuTLS and Go do so too. OpenSSL takes it. A server's own key \
          on such a curve is passed over by the check of the chain.",
    remedy: "Issue from a CA whose key is on P-256 or P-384, or is RSA: `openssl ecparam -name prime256v1 -genkey`.",
    look: Facts(has_issuer),
};

/// Two certificates may be taken for an issuer, and one of them is not.
pub static ISSUER_NAME_TWIN: Check = Check {
    id: "issuer-name-twin",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    title: "An issuer can be told from others of its name",
    why: "Two CAs of one name with different keys, as after a renewal with a new key, are told apart by key identifiers \
          alone. Without these OpenSSL takes a trusted one before one that was sent, and of several the first in the \
          file: error 7 where that is the wrong one. GnuTLS takes the last trusted one, and the first that was sent; Java \
          the one that was sent; Go and webpki try all. The order in a file decides.",
    remedy: "Take the certificate that is not used any more out of the trust store and out of what the server sends; when \
             CA and certificates are next issued, have it done with subjectKeyIdentifier and authorityKeyIdentifier.",
    look: Facts(has_issuer),
};

/// Two certificates may be taken for an issuer, and GnuTLS alone takes the wrong one.
pub static ISSUER_NAME_TWIN_IN_GNUTLS: Check = Check {
    id: "issuer-name-twin-in-gnutls",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    title: "GnuTLS, too, takes the right one of several issuers of one name",
    why: "Where no key identifiers tell CAs of one name apart, the order of a file decides. In this order OpenSSL and Java \
          take the one that has issued the certificate. GnuTLS takes the last trusted one, or the first that was sent, and \
          ends with `The signature in the certificate is invalid`. In another order OpenSSL takes the wrong one.",
    remedy: "Take the certificate that is not used any more out of the trust store and out of what the server sends; when \
             CA and certificates are next issued, have it done with subjectKeyIdentifier and authorityKeyIdentifier.",
    look: Facts(has_issuer),
};

/// An issuer's name is spelt otherwise than the issuer spells it.
pub static ISSUER_SPELT_OTHERWISE: Check = Check {
    id: "issuer-spelt-otherwise",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.6"), Rfc5280("7.1")],
    title: "An issuer's name is written byte for byte as the issuer writes it",
    why: "A CA has to write its name in what it issues as it stands in its own certificate. OpenSSL and Java compare \
          names without regard to case and blanks and find the issuer; Go and GnuTLS compare bytes and report \
          `certificate signed by unknown authority` or `The certificate issuer is unknown`.",
    remedy: "Have the certificate issued anew by a CA program that copies the subject of the CA's certificate, or renew the \
             CA's certificate under the name that stands in what it has issued.",
    look: Facts(has_issuer),
};

/// An issuer's name is in other types of strings than the issuer's own certificate has.
pub static ISSUER_STRING_TYPE: Check = Check {
    id: "issuer-string-type",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.6"), Rfc5280("7.1")],
    title: "An issuer's name is in the types of strings that the issuer's own certificate has",
    why: "Java compares texts where both are PrintableString or UTF8String, and all other types byte for byte. Where the \
          CA's certificate has a TeletexString or an IA5String and the server's a UTF8String, Java does not find the CA: \
          `unable to find valid certification path to requested target`. Go does not either.",
    remedy: "Renew the CA's certificate with a UTF8String (openssl does so by itself), or have the server's issued anew by a \
             CA program that copies the subject of the CA's certificate.",
    look: Facts(has_issuer),
};

/// The leaf has signed itself.
pub static SELF_SIGNED: Check = Check {
    id: "self-signed",
    severity: Severity::Error,
    clauses: &[
        KepwareDeployment("6.1.3"),
        KepwareDeployment("6.2.1"),
        KepwareDeployment("6.3.1"),
        KepwareDeployment("7.1.3"),
    ],
    title: "The certificate of a TLS server or client is issued by a CA",
    why: "Nobody vouches for a self-signed certificate. Each partner has to be told to trust this very one and be told \
          again at every renewal, and who gets used to that also clicks away the one that an intruder presents. \
          OpenSSL has error 18 for it, ThingWorx's C SDK 1002 (`TW_INVALID_SSL_CERT`).",
    remedy: "Have the certificate issued by your plant's or company's CA and import that CA's root in Kepware \
             (Administration > Settings > Certificate Store > Extend Trust Store). Leave Trust self-signed \
             certificates at No: it takes any self-signed certificate.",
    look: Each { applies: |_, subject| subject.is_leaf(), at: self_signed },
};

fn self_signed(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(subject.certificate.is_self_signed(), || {
        format!("{} has issued and signed its own certificate", subject.called())
    })
}

/// Issuers between leaf and root were found, but not with what was presented.
pub static CHAIN_ISSUERS_NOT_SENT: Check = Check {
    id: "chain-issuers-not-sent",
    severity: Severity::Warning,
    clauses: &[
        Rfc(5246, "7.4.2"),
        Rfc(8446, "4.4.2"),
        Document("Vuforia Experience Service help, full certificate chain in the ThingWorx keystore"),
    ],
    title: "A server presents the issuers between its own certificate and the root",
    why: "Clients know roots, not the CAs below them. Browsers hide this fault, since they remember issuers or \
          download them; Java, OpenSSL and most devices do not, and report `unable to find valid certification path` \
          or `unable to get local issuer certificate`.",
    remedy: "Put the whole chain into the server's keystore, server first: for Tomcat import the CA's answer as a \
             PKCS#7 chain (`keytool -importcert -trustcacerts -alias server -file chain.p7b`) or build the PKCS#12 \
             file with `openssl pkcs12 -export -certfile chain.pem`. The root need not be sent.",
    look: Whole { applies: |case| case.path.certificates.len() > 1, at: issuers_not_sent },
};

fn issuers_not_sent(case: &Case) -> Outcome {
    let has_top = matches!(case.path.end, End::Anchor | End::SelfSigned);
    let last = case.path.certificates.len().saturating_sub(usize::from(has_top));
    let missing: Vec<String> =
        case.subjects.iter().take(last).filter(|subject| subject.times_presented == 0).map(Subject::called).collect();
    Outcome::not_met_if(!missing.is_empty(), || format!("not presented, but found elsewhere: {}", missing.join(", ")))
}

/// The issuer at the top was not found.
pub static CHAIN_INCOMPLETE: Check = Check {
    id: "chain-incomplete",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2"), Rfc5280("6.1")],
    title: "The chain can be followed up to a root",
    why: "A server may leave out the root, and most do; but somebody has to have it. Without it there is nothing to \
          import, and a client that does not have it either refuses the connection. OpenSSL has the errors 20 and 21 \
          for it, Java `PKIX path building failed`.",
    remedy: "Ask those who run the CA for its certificate and name it with `--trust FILE`; where the certificate tells an \
             address, `certkit fetch URL` has tried it unless `--offline` was given. If a CA between server and root is \
             missing, the server should send it.",
    look: Facts(is_followed),
};

/// The chain ends at a root that nobody is known to trust.
pub static ANCHOR_UNKNOWN: Check = Check {
    id: "anchor-unknown",
    severity: Severity::Info,
    clauses: &[Rfc5280("6.1.1")],
    title: "The root is one that the stores at hand trust",
    why: "Whether this root is the right one, no signature can tell: it vouches for itself. For a private CA this is \
          the normal case, and the reason why its root has to be imported once.",
    remedy: "Compare the root's fingerprint with one that you got on another way, by telephone or from the CA's \
             administrator, before you import it.",
    look: Facts(has_root),
};

fn has_root(case: &Case) -> bool {
    case.path.certificates.len() > 1 && matches!(case.path.end, End::Anchor | End::SelfSigned)
}

/// Says whether the search for the top of the chain came to an end.
fn is_followed(case: &Case) -> bool {
    case.path.end.given_up().is_none()
}

/// The chain ends elsewhere than at the anchors that were named.
pub static ANCHOR_NOT_NAMED: Check = Check {
    id: "anchor-not-named",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.1"), Rfc5280("6.1.3")],
    title: "The chain ends at one of the anchors that were named for it",
    why: "The one who asks has said which CAs he trusts here (`--trust`). A chain to another root, however well known, \
          or to one of the same name with another key, may be an intruder's. The roots of the system and of Mozilla \
          only help to complete the chain then; they do not count as trusted.",
    remedy: "Compare the root's fingerprint with that of the CA you expect. If the new root is right, name it with \
             `--trust FILE`; if not, find out who answers there before anything is imported.",
    look: Whole { applies: |case| case.anchors.is_some(), at: anchor_not_named },
};

fn anchor_not_named(case: &Case) -> Outcome {
    let anchors = case.anchors.unwrap_or_default();
    Outcome::not_met_if(case.path.end != End::Anchor, || {
        let top = case.path.top();
        let reached = top.map(|top| called(&top.subject())).unwrap_or_default();
        let what = if matches!(case.path.end, End::SelfSigned) { "the root" } else { "" };
        let is_namesake = |it: &&Certificate| top.is_some_and(|top| top.subject().matches(&it.subject()));
        let hint = match anchors.iter().find(is_namesake) {
            Some(_) => "; one of these has the same name, but is another certificate",
            None => "",
        };
        format!(
            "the chain ends at {what}{space}{reached}, not at a named anchor: {named}{hint}",
            space = if what.is_empty() { "" } else { " " },
            named = named(anchors)
        )
    })
}

/// The names of some anchors, and how many more there are.
fn named(anchors: &[Certificate]) -> String {
    const SHOWN: usize = 3;
    let mut named: Vec<String> = anchors.iter().take(SHOWN).map(|it| called(&it.subject())).collect();
    match anchors.len().checked_sub(SHOWN) {
        None if named.is_empty() => "there is no certificate in what was named".to_owned(),
        Some(more @ 1..) => {
            named.push(format!("{more} more"));
            named.join(", ")
        }
        _ => named.join(", "),
    }
}

/// What was presented is not in the order from leaf to root.
pub static CHAIN_ORDER: Check = Check {
    id: "chain-order",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2")],
    title: "The chain is presented from the server's certificate upwards",
    why: "TLS 1.2 demands that each certificate is followed by its issuer. Current clients sort for themselves, older \
          ones and devices stop at the first that does not fit.",
    remedy: "Write the server's file anew in this order: server, the CA that issued it, the next CA; the root may be \
             left out.",
    look: Whole { applies: |case| presented_on_path(case).len() > 1, at: order },
};

/// Those of the presented certificates that the path uses, each once, in the order of presentation.
fn presented_on_path<'a>(case: &'a Case) -> Vec<&'a Subject> {
    let mut seen = Vec::new();
    for &index in &case.presented {
        match case.subjects.get(index) {
            Some(subject) if subject.is_on_path() && !seen.contains(&index) => seen.push(index),
            _ => {}
        }
    }
    seen.into_iter().filter_map(|index| case.subjects.get(index)).collect()
}

fn order(case: &Case) -> Outcome {
    let subjects = presented_on_path(case);
    let is_sorted = subjects.is_sorted_by_key(|subject| subject.position);
    Outcome::not_met_if(!is_sorted, || {
        let named = |subjects: &[&Subject]| subjects.iter().map(|it| it.called()).collect::<Vec<_>>().join(", ");
        let mut sorted = subjects.clone();
        sorted.sort_by_key(|subject| subject.position);
        format!("presented in the order {} instead of {}", named(&subjects), named(&sorted))
    })
}

/// A certificate was presented that has nothing to do with the leaf.
pub static CHAIN_UNRELATED: Check = Check {
    id: "chain-unrelated",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2")],
    title: "Every certificate that is presented leads from the server's certificate upwards",
    why: "A certificate that issued none of the others is left over from an earlier CA or another server. Most \
          clients skip it; older ones stop there. Often the right issuer is missing in its place.",
    remedy: "Take it out of the server's file or keystore, and look whether the issuer that belongs there is missing.",
    look: Each { applies: is_presented, at: unrelated },
};

fn is_presented(_: &Case, subject: &Subject) -> bool {
    subject.times_presented > 0
}

fn unrelated(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(subject.role == Role::Stray, || {
        format!("{} issued none of the other certificates", subject.called())
    })
}

/// A certificate was presented twice.
pub static CHAIN_DUPLICATE: Check = Check {
    id: "chain-duplicate",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2")],
    title: "No certificate is presented twice",
    why: "Usually the server's file was put together from two that overlap. Clients mostly skip the second one; it \
          costs time at every connection, and strict or old ones stop there.",
    remedy: "Write the server's file anew, with each certificate once.",
    look: Each { applies: is_presented, at: duplicate },
};

fn duplicate(_: &Case, subject: &Subject) -> Outcome {
    let count = subject.times_presented;
    Outcome::not_met_if(count > 1, || format!("{} was presented {count} times", subject.called()))
}
