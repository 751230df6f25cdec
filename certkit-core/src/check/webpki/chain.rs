//! Whether the chain that is presented leads its readers to a root (RFC 5246 section 7.4.2,
//! RFC 8446 section 4.4.2).

use super::super::Clause::{Document, KepwareDeployment, Opc, Rfc, Rfc5280};
use super::super::Look::{Each, Facts, Whole};
use super::super::case::called;
use super::super::rfc5280::constraints::NAME_CONSTRAINT_ON_EVERY_HOST;
use super::super::{Case, Check, Outcome, Role, Severity, Subject, always, has_issuer};
use crate::cert::{Certificate, Name};
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

/// How OpenSSL treats the end of a path and certificates that look self-signed.
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

/// A trust store marks a certificate of the chain as distrusted.
pub static DISTRUSTED: Check = Check {
    id: "distrusted",
    severity: Severity::Error,
    clauses: &[
        Document("openssl-x509, -addreject"),
        Document("p11-kit, trust policy"),
        Document("Windows, CERT_TRUST_IS_EXPLICIT_DISTRUST"),
    ],
    title: "No certificate of the chain is marked as distrusted in a trust store",
    why: "OpenSSL keeps rejected purposes beside a certificate (`TRUSTED CERTIFICATE`), p11-kit a mark \
          (`x-distrusted`), Windows a store of its own (Disallowed, \u{201c}Untrusted Certificates\u{201d}). Usual \
          reasons: the CA was compromised or closed down. Exported as a plain file, the certificate loses the mark and \
          is trusted again.",
    remedy: "First find out why it was rejected. If that was a mistake, remove the mark in that store: `openssl x509 \
             -clrreject`, `trust anchor`, or certmgr.msc, Untrusted Certificates.",
    look: Facts(always),
};

/// The chain ends at an anchor that another CA has issued.
pub static ANCHOR_NOT_TOP: Check = Check {
    id: "anchor-not-top",
    severity: Severity::Warning,
    clauses: &[Rfc5280("6.1.1"), Opc(4, "6.1.3")],
    title: "The chain ends at a root",
    why: "Programs differ in what they trust. Java, Go, GnuTLS, curl and Python from 3.13 on stop at an issuing CA \
          that is in their trust store. OpenSSL by default requires a self-signed root and reports error 2, `unable to \
          get issuer certificate`, unless `-partial_chain` (`X509_V_FLAG_PARTIAL_CHAIN`) is set. OPC UA applications \
          need every issuer up to the root, even of a certificate that is trusted itself \
          (BadCertificateChainIncomplete).",
    remedy: "Add the root to the trust store as well, or for OPC UA to the issuer list; `certkit inspect FILE` shows the issuer of the trusted CA.",
    look: Facts(always),
};

/// Something has its issuer's name, and nothing tells its issuer's key from its own.
pub static LOOKS_SELF_SIGNED: Check = Check {
    id: "looks-self-signed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("6.1")],
    title: "Subject and issuer differ unless the certificate is self-signed",
    why: "OpenSSL treats a certificate with equal subject and issuer as self-signed, unless its authorityKeyIdentifier \
          names another key, and does not look for its CA: error 18, or 7. Python and every program built on OpenSSL \
          do the same; Java and Go find the CA. Giving CA and server the same subject is the usual cause.",
    remedy: "Reissue it with a subject that is not the CA's, or at least with `authorityKeyIdentifier = keyid` and \
             `subjectKeyIdentifier = hash`.",
    look: Facts(has_issuer),
};

/// A CA signs with a key on a curve that Java does not have.
pub static CA_CURVE_UNUSUAL: Check = Check {
    id: "ca-curve-unusual",
    severity: Severity::Error,
    clauses: &[Document("JDK 16 release notes, JDK-8235710: removal of legacy elliptic curves")],
    title: "The key of a CA is on a curve that Java supports",
    why: "From version 16 on Java supports only P-256, P-384 and P-521, and rejects signatures by a key on secp256k1 \
          or a brainpool curve (\u{201c}Curve not supported\u{201d}); GnuTLS and Go do so too. OpenSSL accepts them. \
          The chain check ignores the curve of the server's own key.",
    remedy: "Issue from a CA whose key is on P-256 or P-384, or is RSA: `openssl ecparam -name prime256v1 -genkey`.",
    look: Facts(has_issuer),
};

/// Two certificates may be taken for an issuer, and one of them is not.
pub static ISSUER_NAME_TWIN: Check = Check {
    id: "issuer-name-twin",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    title: "CAs with the same name have key identifiers that distinguish them",
    why: "Two CAs with the same name and different keys, as after a renewal with a new key, differ only in their key \
          identifiers. Without these OpenSSL takes a trusted one before a sent one, and of several the first in the \
          file: error 7 if that is the wrong one. GnuTLS takes the last trusted one, and the first sent; Java the sent \
          one; Go and webpki try all. The order in a file decides.",
    remedy: "Remove the unused certificate from the trust store and from the chain that the server sends; at the next \
             renewal issue CA and certificates with subjectKeyIdentifier and authorityKeyIdentifier.",
    look: Facts(has_issuer),
};

/// Two certificates may be taken for an issuer, and GnuTLS alone takes the wrong one.
pub static ISSUER_NAME_TWIN_IN_GNUTLS: Check = Check {
    id: "issuer-name-twin-in-gnutls",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    title: "GnuTLS also selects the right one of several issuers with the same name",
    why: "Where no key identifiers distinguish CAs with the same name, the order of a file decides. In this order \
          OpenSSL and Java take the one that issued the certificate. GnuTLS takes the last trusted one, or the first \
          that was sent, and ends with `The signature in the certificate is invalid`. In another order OpenSSL takes \
          the wrong one.",
    remedy: "Remove the unused certificate from the trust store and from the chain that the server sends; at the next \
             renewal issue CA and certificates with subjectKeyIdentifier and authorityKeyIdentifier.",
    look: Facts(has_issuer),
};

/// An issuer's name is spelt otherwise than the issuer spells it.
pub static ISSUER_SPELT_OTHERWISE: Check = Check {
    id: "issuer-spelt-otherwise",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.6"), Rfc5280("7.1")],
    title: "The issuer field equals the issuer's subject byte for byte",
    why: "A CA has to copy the subject of its own certificate into the certificates it issues. OpenSSL and Java ignore \
          case and spaces and find the issuer; Go and GnuTLS compare bytes and report `certificate signed by unknown \
          authority` or `The certificate issuer is unknown`.",
    remedy: "Reissue the certificate with a CA program that copies the subject of the CA's certificate, or renew the \
             CA's certificate under the name used in the certificates it has issued.",
    look: Facts(has_issuer),
};

/// An issuer's name is in other types of strings than the issuer's own certificate has.
pub static ISSUER_STRING_TYPE: Check = Check {
    id: "issuer-string-type",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.6"), Rfc5280("7.1")],
    title: "The issuer field has the same string types as the issuer's subject",
    why: "Java compares the text only of PrintableString and UTF8String, and all other types byte for byte. If the \
          CA's certificate has a TeletexString or an IA5String and the server's a UTF8String, neither Java nor Go \
          finds the CA: `unable to find valid certification path to requested target`.",
    remedy: "Renew the CA's certificate with a UTF8String (openssl does so by itself), or reissue the server's with a \
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
    why: "No CA confirms a self-signed certificate. Each peer has to trust exactly this one, and again after every \
          renewal; users who are used to that also accept an attacker's certificate. OpenSSL reports error 18, \
          ThingWorx's C SDK 1002 (`TW_INVALID_SSL_CERT`).",
    remedy: "Have the certificate issued by your plant's or company's CA and import that CA's root in Kepware \
             (Administration > Settings > Certificate Store > Extend Trust Store). Leave Trust self-signed \
             certificates at No: it takes any self-signed certificate.",
    look: Each { applies: |_, subject| subject.is_leaf(), at: self_signed },
};

fn self_signed(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(subject.certificate.is_self_signed(), || {
        format!("{} issued and signed its own certificate", subject.called())
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
    why: "Clients know roots, not the CAs below them. Browsers hide this fault because they cache or download issuers; \
          Java, OpenSSL and most devices do not, and report `unable to find valid certification path` or `unable to \
          get local issuer certificate`.",
    remedy: "Put the whole chain into the server's keystore, server first: for Tomcat import the CA's answer as a \
             PKCS#7 chain (`keytool -importcert -trustcacerts -alias server -file chain.p7b`) or build the PKCS#12 \
             file with `openssl pkcs12 -export -certfile chain.pem`. The root need not be sent.",
    look: Whole { applies: |case| case.path.certificates.len() > 1, at: issuers_not_sent },
};

fn issuers_not_sent(case: &Case) -> Outcome {
    let last = case.path.certificates.len().saturating_sub(usize::from(case.path.end.is_top()));
    let missing: Vec<String> =
        case.subjects.iter().take(last).filter(|subject| subject.times_presented == 0).map(Subject::called).collect();
    Outcome::not_met_if(!missing.is_empty(), || format!("not presented, but found elsewhere: {}", missing.join(", ")))
}

/// The issuer at the top was not found.
pub static CHAIN_INCOMPLETE: Check = Check {
    id: "chain-incomplete",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2"), Rfc5280("6.1")],
    title: "The chain is complete up to a root",
    why: "A server may omit the root, and most do; but it has to be available. Without it there is nothing to import, \
          and a client that does not have it refuses the connection. OpenSSL reports errors 20 and 21, Java `PKIX path \
          building failed`.",
    remedy: "Ask the CA's operator for its certificate and pass it with `--trust FILE`; if the certificate has an \
             address for it, `certkit fetch URL` has tried it unless `--offline` was given. If an intermediate CA is \
             missing, the server should send it.",
    look: Facts(is_followed),
};

/// The chain ends at a root that is in no trust store.
pub static ANCHOR_UNKNOWN: Check = Check {
    id: "anchor-unknown",
    severity: Severity::Info,
    clauses: &[Rfc5280("6.1.1")],
    title: "The root is in a trust store",
    why: "No signature shows whether this root is the right one: it signs itself. This is normal for a private CA, and \
          the reason why its root has to be imported once.",
    remedy: "Before you import it, compare the root's fingerprint with one that you got another way, by telephone or \
             from the CA's administrator.",
    look: Facts(has_root),
};

fn has_root(case: &Case) -> bool {
    case.path.certificates.len() > 1 && case.path.end.is_top()
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
    title: "The chain ends at one of the given trust anchors",
    why: "`--trust` names the CAs that are trusted here. A chain to another root, however well known, or to one of the \
          same name with another key, may be an attacker's. The system's and Mozilla's roots then only help to \
          complete the chain; they are not trusted.",
    remedy: "Compare the root's fingerprint with that of the CA you expect. If the new root is right, pass it with \
             `--trust FILE`; if not, find out which server answers there before you import anything.",
    look: Whole { applies: |case| case.anchors.is_some(), at: anchor_not_named },
};

fn anchor_not_named(case: &Case) -> Outcome {
    let anchors = case.anchors.unwrap_or_default();
    Outcome::not_met_if(!case.path.end.is_trusted(), || {
        let top = case.path.top();
        let (reached, issuer) = (top.map(Certificate::subject), top.map(Certificate::issuer));
        let said = |name: &Option<Name<'_>>| name.as_ref().map(called).unwrap_or_default();
        // Where the chain goes on, the anchor may be the one of this name, or one far above it.
        let is_open = matches!(case.path.end, End::IssuerMissing(_));
        let wanted = if is_open { &issuer } else { &reached };
        let is_namesake = |it: &Certificate| wanted.as_ref().is_some_and(|name| name.matches(&it.subject()));
        let hint = match anchors.iter().any(is_namesake) {
            true if is_open => "; one of these has that name but another key",
            true => "; one of these has the same name but is another certificate",
            false => "",
        };
        let what = match case.path.end {
            End::IssuerMissing(_) => {
                format!("the chain stops at {}, whose issuer {} was not found", said(&reached), said(&issuer))
            }
            End::SelfSigned => format!("the chain ends at the root {}", said(&reached)),
            _ => format!("the chain ends at {}", said(&reached)),
        };
        format!("{what}, not at a given anchor: {}{hint}", named(anchors))
    })
}

/// The names of some anchors, and how many more there are.
fn named(anchors: &[Certificate]) -> String {
    const SHOWN: usize = 3;
    let mut named: Vec<String> = anchors.iter().take(SHOWN).map(|it| called(&it.subject())).collect();
    match anchors.len().checked_sub(SHOWN) {
        None if named.is_empty() => "the given files contain no certificate".to_owned(),
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
    title: "The chain is presented in order, from the server's certificate to the root",
    why: "TLS 1.2 requires that each certificate is followed by its issuer. Current clients sort the chain; older ones \
          and devices stop at the first certificate out of order.",
    remedy: "Rewrite the server's file in this order: server, the CA that issued it, the next CA; the root may be \
             omitted.",
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
    title: "Every presented certificate belongs to the chain",
    why: "A certificate that issued none of the others is left over from an earlier CA or another server. Most \
          clients skip it; older ones stop there. Often the right issuer is missing in its place.",
    remedy: "Remove it from the server's file or keystore, and check whether the right issuer is missing.",
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
    why: "Usually the server's file was joined from two that overlap. Most clients skip the second copy; it costs time \
          at every connection, and strict or old clients stop there.",
    remedy: "Rewrite the server's file with each certificate once.",
    look: Each { applies: is_presented, at: duplicate },
};

fn duplicate(_: &Case, subject: &Subject) -> Outcome {
    let count = subject.times_presented;
    Outcome::not_met_if(count > 1, || format!("{} was presented {count} times", subject.called()))
}
