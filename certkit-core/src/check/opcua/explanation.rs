//! What a status code of OPC UA means to the one who meets it, and what to do.
//!
//! The results of a validation are explained by their checks; here stand the codes that are met on the wire
//! besides.

use super::super::Clause::{KepwareDeployment, Opc};
use super::super::{Check, Clause};
use super::validation;
use crate::opcua::validation::{Peer, Step};
use crate::opcua::{Stack, reported};
use crate::status::StatusCode;

/// What there is to say about a status code.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// The code, without flags.
    pub code: StatusCode,
    /// What it means in half a sentence.
    pub meaning: &'static str,
    /// The usual causes.
    pub why: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Where it comes from.
    pub clauses: &'static [Clause],
    /// The check for it, where it is the result of a certificate's validation.
    pub check: Option<&'static Check>,
    /// The step of the validation that gives it first.
    pub step: Option<Step>,
}

impl Explanation {
    /// What a server tells its client instead, by the standard; `None` where it tells the code itself.
    pub fn told_instead(&self) -> Option<StatusCode> {
        self.step?;
        Some(reported(Peer::Client, self.code)).filter(|told| *told != self.code)
    }

    /// What the servers of well-known stacks tell their client.
    pub fn told_by(&self) -> impl Iterator<Item = (Stack, StatusCode)> + use<> {
        let (code, is_result) = (self.code, self.step.is_some());
        Stack::ALL.into_iter().filter(move |_| is_result).map(move |stack| (stack, stack.reported(Peer::Client, code)))
    }
}

/// Explains a status code; `None` where nothing is known beyond its meaning, or not even that. Flags do not count.
pub fn explanation(code: StatusCode) -> Option<Explanation> {
    let code = StatusCode(code.0 & 0xffff_0000);
    let meaning = code.meaning()?;
    let step = Step::of(code);
    if let Some(check) = validation::of(code) {
        let Check { why, remedy, clauses, .. } = *check;
        return Some(Explanation { code, meaning, why, remedy, clauses, check: Some(check), step });
    }
    let known = OTHERS.iter().find(|known| known.code == code)?;
    let Known { why, remedy, clauses, .. } = *known;
    Some(Explanation { code, meaning, why, remedy, clauses, check: None, step })
}

/// Every code that is explained, in the order of their numbers.
pub fn explanations() -> impl Iterator<Item = Explanation> {
    StatusCode::known().filter_map(explanation)
}

struct Known {
    code: StatusCode,
    why: &'static str,
    remedy: &'static str,
    clauses: &'static [Clause],
}

static OTHERS: &[Known] = &[
    Known {
        code: StatusCode::BAD_SECURITY_CHECKS_FAILED,
        why: "A server found fault with the client's certificate or with a message and does not say what, so that a \
              stranger learns nothing of its lists. Behind it stands BadCertificateUntrusted in most cases: the \
              server's administrator has not trusted the certificate yet. Others are a wrong signature, a missing CA, \
              a key that does not fit the policy, a revoked certificate, and two sides that do not mean the same \
              certificate after one of them was installed anew.",
        remedy: "Look into the server's log and its list of rejected certificates, and trust the client there; in \
                 Kepware: OPC UA Configuration Manager, Trusted Clients, Trust, then Runtime, Reinitialize. With the \
                 lists at hand `certkit verify --profile opcua --pki DIR CERT` says the cause.",
        clauses: &[Opc(4, "6.1.3"), Opc(4, "5.6.2")],
    },
    Known {
        code: StatusCode::BAD_SECURITY_MODE_REJECTED,
        why: "The server does not offer this security mode (None, Sign, SignAndEncrypt) with this policy. Most often \
              None was switched off at the server and the client still asks for it.",
        remedy: "Ask for the endpoints with `certkit fetch opc.tcp://HOST:PORT` and choose one that is there, best \
                 SignAndEncrypt with Basic256Sha256 or a newer policy.",
        clauses: &[Opc(4, "5.6.2"), KepwareDeployment("6.1.2")],
    },
    Known {
        code: StatusCode::BAD_SECURITY_POLICY_REJECTED,
        why: "The server does not offer this security policy. An old client asks for Basic128Rsa15 or Basic256, which \
              were switched off, or a new one for a policy that the server does not know.",
        remedy: "Ask for the endpoints with `certkit fetch opc.tcp://HOST:PORT` and choose a policy that both sides \
                 have: Basic256Sha256 is known to nearly all. In Kepware: OPC UA Configuration Manager, Server \
                 Endpoints.",
        clauses: &[Opc(4, "5.6.2"), Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    },
    Known {
        code: StatusCode::BAD_IDENTITY_TOKEN_INVALID,
        why: "What the user showed is of a kind that the endpoint does not take, cannot be decrypted, or is a \
              certificate that may not be used for signing. After a server's certificate was exchanged, a client that \
              encrypts the password for the old one meets it, too.",
        remedy: "Compare with the token kinds that the endpoint offers (`certkit fetch opc.tcp://HOST:PORT`), have \
                 the client fetch the server's certificate anew, and look at a user's certificate with `certkit check \
                 --profile opcua-user FILE`.",
        clauses: &[Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_IDENTITY_TOKEN_REJECTED,
        why: "What the user showed is sound, and the server does not let this user in: a wrong name or password, \
              anonymous users that are not allowed, or a user's certificate that is not trusted. Users' certificates \
              have lists of their own, apart from those of applications.",
        remedy: "Check name and password at the server (Kepware: Settings, User Manager), or put the user's \
                 certificate or its CA into the list of trusted users.",
        clauses: &[Opc(4, "5.7.3"), KepwareDeployment("6.1.1")],
    },
    Known {
        code: StatusCode::BAD_USER_ACCESS_DENIED,
        why: "The user was let in, or was known, and may not do this. Some servers also answer it to a wrong \
              password.",
        remedy: "Give the user the right at the server (Kepware: Settings, User Manager), or use another one.",
        clauses: &[Opc(4, "5.7.3"), KepwareDeployment("6.1.1")],
    },
    Known {
        code: StatusCode::BAD_USER_SIGNATURE_INVALID,
        why: "The user's certificate was shown, and the signature with its key is missing or wrong: certificate and \
              key do not belong together, or the policy of the token is another than the client used.",
        remedy: "Give the client the key that belongs to the certificate; `certkit inspect` shows the public key of \
                 both.",
        clauses: &[Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_APPLICATION_SIGNATURE_INVALID,
        why: "The signature that proves the application's key is missing or wrong. Certificate and key do not belong \
              together, or the server's certificate of the session is not the one of the channel, as behind a gateway \
              or after it was exchanged.",
        remedy: "Make certificate and key of the application anew together (`certkit generate opcua`), and let the \
                 other side fetch the new certificate.",
        clauses: &[Opc(4, "5.7.2"), Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_NO_VALID_CERTIFICATES,
        why: "The client has no certificate that the endpoint needs: it was never made, has expired, or has a key of \
              another kind than the policy takes.",
        remedy: "Make the client a certificate (`certkit generate opcua`; in Kepware: OPC UA Configuration Manager, \
                 Instance Certificates), and have the server trust it.",
        clauses: &[Opc(4, "5.6.2")],
    },
    Known {
        code: StatusCode::BAD_NONCE_INVALID,
        why: "The nonce is too short for the policy or was used before. The two sides take a policy for different \
              things, or a program repeats its messages.",
        remedy: "Update the older of the two stacks, or choose another policy.",
        clauses: &[Opc(4, "5.6.2"), Opc(7, "6.6")],
    },
    Known {
        code: StatusCode::BAD_TCP_ENDPOINT_URL_INVALID,
        why: "The server does not know itself by the URL in the hello: another path, a host that it does not expect, or \
              a port that a router has changed.",
        remedy: "Take the URL that the server itself tells in its endpoints, letter by letter.",
        clauses: &[Opc(6, "7.1.2")],
    },
    Known {
        code: StatusCode::BAD_SECURE_CHANNEL_CLOSED,
        why: "The other side closed the channel, most often at once after it was opened, since it refused the \
              certificate without a word. A lost connection looks the same.",
        remedy: "Look into the other side's log and its list of rejected certificates; treat it as \
                 BadSecurityChecksFailed.",
        clauses: &[Opc(4, "5.6.2")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_of_a_validation_is_explained() {
        for step in Step::ALL {
            for code in [step.code(0), step.code(1)] {
                let explanation = explanation(code).unwrap();
                assert_eq!(explanation.check.map(|check| check.id), validation::of(code).map(|check| check.id));
                assert!(explanation.why.starts_with(code.name().unwrap()), "{code}");
                assert_eq!(explanation.told_by().count(), Stack::ALL.len());
            }
        }
        assert!(explanations().count() >= 26);
        assert!(explanation(StatusCode::GOOD).is_none());
    }

    #[test]
    fn flags_of_a_code_do_not_count() {
        let plain = explanation(StatusCode::BAD_CERTIFICATE_REVOKED).unwrap();
        assert_eq!(explanation(StatusCode(0x801d_0400)).unwrap().code, plain.code);
        assert_eq!(plain.told_instead(), Some(StatusCode::BAD_SECURITY_CHECKS_FAILED));
        assert_eq!(explanation(StatusCode::BAD_CERTIFICATE_URI_INVALID).unwrap().told_instead(), None);
        assert_eq!(explanation(StatusCode::BAD_NONCE_INVALID).unwrap().told_by().count(), 0);
    }

    #[test]
    fn words_are_sentences_and_codes_stand_once() {
        for (at, one) in OTHERS.iter().enumerate() {
            assert!(one.why.ends_with('.') && one.remedy.ends_with('.') && !one.clauses.is_empty());
            assert!(!one.why.contains("  ") && !one.remedy.contains("  "));
            assert!(OTHERS[at + 1..].iter().all(|other| other.code != one.code));
        }
    }
}
