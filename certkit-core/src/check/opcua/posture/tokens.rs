//! What users may show, and how it is protected on its way (OPC 10000-4 section 7.40).

use super::super::super::Clause::{KepwareDeployment, Opc};
use super::super::super::Look::Endpoints;
use super::super::super::{Check, Outcome, Severity};
use super::{Endpoint, Posture, none_of};
use crate::opcua::{SecurityPolicy, Standing};
use crate::presented::{TokenKind, UserToken, policy_name};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OPCUA_ANONYMOUS, &OPCUA_CLEAR_PASSWORD, &OPCUA_WEAK_TOKEN_POLICY];

/// Anonymous users are let in at an endpoint with security.
pub static OPCUA_ANONYMOUS: Check = Check {
    id: "opcua-anonymous",
    severity: Severity::Warning,
    clauses: &[Opc(4, "7.40"), KepwareDeployment("6.1.1")],
    title: "Users are authenticated",
    why: "The certificate identifies the application, not the person: rights cannot be assigned to users, and no log \
          shows who changed a value.",
    remedy: "Require a name and password or a user certificate. In Kepware: Project properties, OPC UA, Allow \
             anonymous login: No, and a user in Settings, User Manager; then Runtime, Reinitialize.",
    look: Endpoints {
        applies: |posture| posture.secured().next().is_some(),
        at: |posture| none_of(posture.secured().filter(|it| has_token(it, TokenKind::Anonymous))),
    },
};

fn has_token(endpoint: &Endpoint, kind: TokenKind) -> bool {
    endpoint.description.user_tokens.iter().any(|token| token.kind == kind)
}

fn passwords<'e>(endpoint: &'e Endpoint) -> impl Iterator<Item = &'e UserToken> {
    endpoint.description.user_tokens.iter().filter(|token| token.kind == TokenKind::UserName)
}

/// A password is sent in the clear.
pub static OPCUA_CLEAR_PASSWORD: Check = Check {
    id: "opcua-clear-password",
    severity: Severity::Error,
    clauses: &[Opc(4, "7.40"), KepwareDeployment("6.1.1"), KepwareDeployment("6.1.2")],
    title: "Passwords are sent encrypted",
    why: "The endpoint has no security and the token no policy of its own, so the password is sent in cleartext. The \
          same password is often used elsewhere.",
    remedy: "Disable the policy None, or give the token a policy such as Basic256Sha256 in the server's configuration. \
             In Kepware: OPC UA Configuration Manager, Server Endpoints, Edit, clear None; then Runtime, Reinitialize. \
             Change the passwords that were used.",
    look: Endpoints { applies: has_passwords, at: clear_password },
};

fn has_passwords(posture: &Posture) -> bool {
    posture.endpoints.iter().any(|endpoint| has_token(endpoint, TokenKind::UserName))
}

fn clear_password(posture: &Posture) -> Outcome {
    let is_clear = |endpoint: &&Endpoint| {
        passwords(endpoint).any(|token| policy_name(endpoint.description.token_policy_uri(token)) == "None")
    };
    none_of(posture.unsecured().filter(is_clear))
}

/// A password is encrypted with a deprecated policy.
pub static OPCUA_WEAK_TOKEN_POLICY: Check = Check {
    id: "opcua-weak-token-policy",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), Opc(4, "7.40"), KepwareDeployment("6.1.2")],
    title: "No token has its own deprecated policy",
    why: "Basic128Rsa15 and Basic256 use broken encryption for the password, whatever protects the channel; current \
          clients refuse them.",
    remedy: "Let the token inherit the endpoint's policy, or give it Basic256Sha256 in the server's configuration.",
    look: Endpoints { applies: |posture| posture.endpoints.iter().any(has_own_policy), at: weak_token },
};

fn has_own_policy(endpoint: &Endpoint) -> bool {
    endpoint.description.user_tokens.iter().any(|token| !token.security_policy_uri.is_empty())
}

fn weak_token(posture: &Posture) -> Outcome {
    let is_weak = |token: &UserToken| {
        let policy = SecurityPolicy::named(&token.security_policy_uri);
        policy.is_some_and(|policy| policy.standing == Standing::Deprecated) && token.kind != TokenKind::Anonymous
    };
    none_of(posture.endpoints.iter().filter(|endpoint| endpoint.description.user_tokens.iter().any(is_weak)))
}
