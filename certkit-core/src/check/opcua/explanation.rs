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
        why: "A server rejected the client's certificate or a message and gives no reason, so that its lists stay \
              secret. In most cases the cause is BadCertificateUntrusted: the server's administrator has not trusted \
              the certificate yet. Others are a wrong signature, a missing CA, a key that the policy does not allow, a \
              revoked certificate, or different certificates on the two sides after one of them was reinstalled.",
        remedy: "Check the server's log and its list of rejected certificates, and trust the client there; in Kepware: \
                 OPC UA Configuration Manager, Trusted Clients, Trust, then Runtime, Reinitialize. With the server's \
                 lists `certkit verify --profile opcua --pki DIR CERT` shows the cause.",
        clauses: &[Opc(4, "6.1.3"), Opc(4, "5.6.2")],
    },
    Known {
        code: StatusCode::BAD_SECURITY_MODE_REJECTED,
        why: "The server does not offer this security mode (None, Sign, SignAndEncrypt) with this policy. Usually None \
              was disabled on the server and the client still requests it.",
        remedy: "List the endpoints with `certkit fetch opc.tcp://HOST:PORT` and choose one of them, preferably \
                 SignAndEncrypt with Basic256Sha256 or a newer policy.",
        clauses: &[Opc(4, "5.6.2"), KepwareDeployment("6.1.2")],
    },
    Known {
        code: StatusCode::BAD_SECURITY_POLICY_REJECTED,
        why: "The server does not offer this security policy. An old client requests Basic128Rsa15 or Basic256, which \
              are disabled, or a new one requests a policy that the server does not support.",
        remedy: "List the endpoints with `certkit fetch opc.tcp://HOST:PORT` and choose a policy that both sides \
                 support: nearly all support Basic256Sha256. In Kepware: OPC UA Configuration Manager, Server \
                 Endpoints.",
        clauses: &[Opc(4, "5.6.2"), Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    },
    Known {
        code: StatusCode::BAD_IDENTITY_TOKEN_INVALID,
        why: "The user token is of a type that the endpoint does not accept, cannot be decrypted, or is a certificate \
              that may not sign. A client that encrypts the password for the server's old certificate after a \
              replacement also gets it.",
        remedy: "Compare with the token types that the endpoint offers (`certkit fetch opc.tcp://HOST:PORT`), let the \
                 client fetch the server's certificate again, and check a user's certificate with `certkit check \
                 --profile opcua-user FILE`.",
        clauses: &[Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_IDENTITY_TOKEN_REJECTED,
        why: "The user token is valid, but the server does not accept this user: a wrong name or password, anonymous \
              users are not allowed, or the user's certificate is not trusted. User certificates have their own lists, \
              separate from those of applications.",
        remedy: "Check name and password on the server (Kepware: Settings, User Manager), or put the user's \
                 certificate or its CA into the list of trusted users.",
        clauses: &[Opc(4, "5.7.3"), KepwareDeployment("6.1.1")],
    },
    Known {
        code: StatusCode::BAD_USER_ACCESS_DENIED,
        why: "The user is authenticated or known, but may not do this. Some servers also return it for a wrong \
              password.",
        remedy: "Give the user the right on the server (Kepware: Settings, User Manager), or use another user.",
        clauses: &[Opc(4, "5.7.3"), KepwareDeployment("6.1.1")],
    },
    Known {
        code: StatusCode::BAD_USER_SIGNATURE_INVALID,
        why: "The signature with the user certificate's key is missing or wrong: certificate and key do not match, or \
              the token's policy is not the one that the client used.",
        remedy: "Give the client the key that belongs to the certificate; `certkit inspect` shows the public key of \
                 both.",
        clauses: &[Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_APPLICATION_SIGNATURE_INVALID,
        why: "The signature that proves the application's key is missing or wrong. Certificate and key do not match, \
              or the server's certificate in the session is not the one of the channel, as behind a gateway or after a \
              replacement.",
        remedy: "Recreate certificate and key of the application together (`certkit generate opcua`), and let the \
                 other side fetch the new certificate.",
        clauses: &[Opc(4, "5.7.2"), Opc(4, "5.7.3")],
    },
    Known {
        code: StatusCode::BAD_NO_VALID_CERTIFICATES,
        why: "The client has no certificate that the endpoint accepts: it does not exist, has expired, or has a key \
              type that the policy does not allow.",
        remedy: "Create a certificate for the client (`certkit generate opcua`; in Kepware: OPC UA Configuration \
                 Manager, Instance Certificates), and let the server trust it.",
        clauses: &[Opc(4, "5.6.2")],
    },
    Known {
        code: StatusCode::BAD_NONCE_INVALID,
        why: "The nonce is too short for the policy or was used before. The two sides implement the policy \
              differently, or a program repeats its messages.",
        remedy: "Update the older of the two stacks, or choose another policy.",
        clauses: &[Opc(4, "5.6.2"), Opc(7, "6.6")],
    },
    Known {
        code: StatusCode::BAD_TCP_ENDPOINT_URL_INVALID,
        why: "The server does not recognize the URL in the hello message: another path, an unexpected host, or a port \
              changed by a router.",
        remedy: "Use exactly the URL that the server returns in its endpoints.",
        clauses: &[Opc(6, "7.1.2")],
    },
    Known {
        code: StatusCode::BAD_SECURE_CHANNEL_CLOSED,
        why: "The other side closed the channel, usually right after it was opened, because it refused the certificate \
              without giving a reason. A lost connection looks the same.",
        remedy: "Check the other side's log and its list of rejected certificates; treat it as \
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
