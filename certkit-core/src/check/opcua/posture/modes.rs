//! Which security modes and policies are offered (OPC 10000-4 section 7.20, OPC 10000-7 section 6.6).

use super::super::super::Clause::{KepwareDeployment, Opc};
use super::super::super::Look::Endpoints;
use super::super::super::case::shown;
use super::super::super::{Check, Outcome, Severity};
use super::{Endpoint, Posture, list, none_of};
use crate::opcua::policy::RETIRED;
use crate::opcua::{SecurityPolicy, Standing};
use crate::presented::{SecurityMode, TokenKind, policy_name};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &OPCUA_NONE_ONLY,
    &OPCUA_NONE_MODE,
    &OPCUA_NONE_ANONYMOUS,
    &OPCUA_DEPRECATED_POLICY,
    &OPCUA_SUPERSEDED_POLICY,
    &OPCUA_UNKNOWN_POLICY,
    &OPCUA_NO_STRONG_POLICY,
    &OPCUA_SIGN_ONLY,
    &OPCUA_NO_ENCRYPTION,
    &OPCUA_MODE_POLICY_MIXED,
    &OPCUA_LEVEL_ORDER,
];

fn has_secured(posture: &Posture) -> bool {
    posture.secured().next().is_some()
}

fn has_any(posture: &Posture) -> bool {
    !posture.endpoints.is_empty()
}

/// Nothing but None is offered.
pub static OPCUA_NONE_ONLY: Check = Check {
    id: "opcua-none-only",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    title: "A server offers endpoints with security",
    why: "With only the mode None, anyone on the network can read and change messages, and neither side is \
          authenticated. Clients that require security cannot connect at all.",
    remedy: "Enable Basic256Sha256 or a newer policy with SignAndEncrypt. In Kepware: OPC UA Configuration Manager, \
             Server Endpoints, Edit; then Runtime, Reinitialize.",
    look: Endpoints {
        applies: has_any,
        at: |posture| {
            Outcome::not_met_if(!has_secured(posture) && posture.unsecured().next().is_some(), || {
                "every endpoint has the security mode None".to_owned()
            })
        },
    },
};

/// None is offered beside others.
pub static OPCUA_NONE_MODE: Check = Check {
    id: "opcua-none-mode",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    title: "A server offers no endpoint without security",
    why: "At an endpoint with the mode None messages are neither signed nor encrypted, and certificates are not \
          checked: anyone who reaches the port is a client. The standard requires it to be off by default. Discovery \
          works without it.",
    remedy: "Disable the policy None. In Kepware: OPC UA Configuration Manager, Server Endpoints, Edit, clear None; \
             then Runtime, Reinitialize.",
    look: Endpoints { applies: has_secured, at: |posture| none_of(posture.unsecured()) },
};

/// An endpoint without security accepts anonymous users.
pub static OPCUA_NONE_ANONYMOUS: Check = Check {
    id: "opcua-none-anonymous",
    severity: Severity::Error,
    clauses: &[Opc(4, "7.40"), KepwareDeployment("6.1.1"), KepwareDeployment("6.1.2")],
    title: "No endpoint without security accepts anonymous users",
    why: "Neither program nor user is authenticated: anyone who reaches the port can read, and often write, the \
          process values. Open OPC UA servers on the Internet are of this kind.",
    remedy: "Disable the policy None and anonymous users. In Kepware: OPC UA Configuration Manager, Server Endpoints, \
             Edit, clear None; and Project properties, OPC UA, Allow anonymous login: No; then Runtime, Reinitialize.",
    look: Endpoints {
        applies: |posture| posture.unsecured().next().is_some(),
        at: |posture| {
            let is_anonymous = |endpoint: &&Endpoint| {
                let tokens = &endpoint.description.user_tokens;
                tokens.is_empty() || tokens.iter().any(|token| token.kind == TokenKind::Anonymous)
            };
            none_of(posture.unsecured().filter(is_anonymous))
        },
    },
};

/// A policy is offered that is broken by today's measure.
pub static OPCUA_DEPRECATED_POLICY: Check = Check {
    id: "opcua-deprecated-policy",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    title: "A server offers no deprecated security policy",
    why: "Basic128Rsa15 and Basic256 rely on SHA-1, and the first also on a padding that lets an attacker decrypt \
          messages. They have been deprecated since edition 1.04. While they are offered, a client can be downgraded \
          to them.",
    remedy: "Disable both and move clients to Basic256Sha256 or a newer policy. In Kepware: OPC UA Configuration \
             Manager, Server Endpoints, Edit; then Runtime, Reinitialize.",
    look: Endpoints {
        applies: has_secured,
        at: |posture| none_of(posture.secured().filter(|it| it.standing() == Some(Standing::Deprecated))),
    },
};

/// A policy is offered that a newer one has replaced.
pub static OPCUA_SUPERSEDED_POLICY: Check = Check {
    id: "opcua-superseded-policy",
    severity: Severity::Info,
    clauses: &[Opc(7, "6.6")],
    title: "The policies on elliptic curves are those of edition 1.05.06",
    why: "The first policies on elliptic curves were replaced by ones ending in `_AesGcm` and `_ChaChaPoly`, which \
          bind session and channel more closely. The old ones are not broken; some stacks already deprecate them, \
          others never supported them.",
    remedy: "No action is needed. Offer the newer ones, too, when the stack supports them.",
    look: Endpoints {
        applies: has_secured,
        at: |posture| none_of(posture.secured().filter(|it| it.standing() == Some(Standing::Superseded))),
    },
};

/// A policy is offered that no edition in force has.
pub static OPCUA_UNKNOWN_POLICY: Check = Check {
    id: "opcua-unknown-policy",
    severity: Severity::Warning,
    clauses: &[Opc(7, "6.6")],
    title: "Every security policy is defined in the standard",
    why: "A policy that is in no current edition is from an early draft, a vendor's own or a typing error. Other \
          programs do not know it, and its protection is unknown.",
    remedy: "Disable it, or update the server.",
    look: Endpoints { applies: has_any, at: unknown_policy },
};

fn unknown_policy(posture: &Posture) -> Outcome {
    let mut unknown: Vec<String> = Vec::new();
    for endpoint in posture.endpoints.iter().filter(|endpoint| endpoint.policy().is_none()) {
        let name = policy_name(&endpoint.description.security_policy_uri);
        let said = match name {
            "" => "an empty policy".to_owned(),
            name if RETIRED.contains(&name) => format!("`{name}`, which is only in early drafts"),
            name => format!("`{}`", shown(name)),
        };
        if !unknown.contains(&said) && unknown.len() < 6 {
            unknown.push(said);
        }
    }
    Outcome::not_met_if(!unknown.is_empty(), || format!("offered: {}", unknown.join(", ")))
}

/// There is security, and none of it is sound.
pub static OPCUA_NO_STRONG_POLICY: Check = Check {
    id: "opcua-no-strong-policy",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), KepwareDeployment("6.1.2")],
    title: "A server with security offers a current policy",
    why: "Current clients have Basic128Rsa15 and Basic256 disabled and cannot connect securely; those that can are \
          protected by broken algorithms.",
    remedy: "Enable Basic256Sha256 or a newer policy; it needs an RSA key of at least 2048 bits. In Kepware: OPC UA \
             Configuration Manager, Server Endpoints, Edit; then Runtime, Reinitialize.",
    look: Endpoints {
        applies: has_secured,
        at: |posture| {
            let is_sound = |endpoint: &Endpoint| endpoint.policy().is_some_and(SecurityPolicy::is_sound);
            Outcome::not_met_if(!posture.secured().any(is_sound), || {
                format!("offered: {}", list(posture.secured()).unwrap_or_default())
            })
        },
    },
};

fn has_mode(posture: &Posture, mode: SecurityMode) -> bool {
    posture.endpoints.iter().any(|endpoint| endpoint.description.security_mode == mode)
}

fn signed<'p, 'a>(posture: &'p Posture<'a>) -> impl Iterator<Item = &'p Endpoint<'a>> {
    posture.endpoints.iter().filter(|endpoint| endpoint.description.security_mode == SecurityMode::Sign)
}

/// Sign is offered beside SignAndEncrypt.
pub static OPCUA_SIGN_ONLY: Check = Check {
    id: "opcua-sign-only",
    severity: Severity::Info,
    clauses: &[KepwareDeployment("6.1.2")],
    title: "Every endpoint with security encrypts",
    why: "With the mode Sign messages cannot be changed, but anyone can read them. This may be intended, for instance \
          for network monitors.",
    remedy: "No action is needed if others may read the values. Otherwise offer only SignAndEncrypt.",
    look: Endpoints {
        applies: |posture| has_mode(posture, SecurityMode::SignAndEncrypt),
        at: |posture| none_of(signed(posture)),
    },
};

/// Sign is the best that is offered.
pub static OPCUA_NO_ENCRYPTION: Check = Check {
    id: "opcua-no-encryption",
    severity: Severity::Warning,
    clauses: &[KepwareDeployment("6.1.2")],
    title: "A server with security offers encryption",
    why: "Sign is the best mode offered: anyone on the network can read the values, and a client that requires \
          SignAndEncrypt cannot connect.",
    remedy: "Enable SignAndEncrypt. In Kepware: OPC UA Configuration Manager, Server Endpoints, Edit; then Runtime, \
             Reinitialize.",
    look: Endpoints {
        applies: has_secured,
        at: |posture| match has_mode(posture, SecurityMode::SignAndEncrypt) {
            true => Outcome::Met,
            false => none_of(signed(posture)),
        },
    },
};

/// Mode and policy contradict each other.
pub static OPCUA_MODE_POLICY_MIXED: Check = Check {
    id: "opcua-mode-policy-mixed",
    severity: Severity::Error,
    clauses: &[Opc(4, "7.20"), Opc(4, "7.14")],
    title: "The mode None and the policy None are only used together",
    why: "An endpoint with security in its mode but not in its policy, or the other way round, cannot be used: clients \
          skip it, or fail with BadSecurityModeRejected or BadSecurityPolicyRejected.",
    remedy: "Correct the server's configuration, or report it to its vendor.",
    look: Endpoints { applies: has_any, at: mixed },
};

fn mixed(posture: &Posture) -> Outcome {
    let is_mixed = |endpoint: &&Endpoint| {
        let has_policy = endpoint.standing() != Some(Standing::Unsecured);
        match endpoint.description.security_mode {
            SecurityMode::None => has_policy,
            SecurityMode::Sign | SecurityMode::SignAndEncrypt => !has_policy,
            SecurityMode::Invalid | SecurityMode::Unknown(_) => true,
        }
    };
    none_of(posture.endpoints.iter().filter(is_mixed))
}

/// A weaker endpoint claims to be the better one.
pub static OPCUA_LEVEL_ORDER: Check = Check {
    id: "opcua-level-order",
    severity: Severity::Info,
    clauses: &[Opc(4, "7.14")],
    title: "Stronger endpoints have higher security levels, deprecated ones level 0",
    why: "Clients that choose automatically take the endpoint with the highest level. Level 0 means: not recommended, \
          kept for old clients.",
    remedy: "Report it to the server's vendor; until then choose the endpoint in the client by hand.",
    look: Endpoints { applies: |posture| posture.endpoints.len() > 1, at: level_order },
};

/// How strong an endpoint is, in no unit.
fn strength(endpoint: &Endpoint) -> Option<u8> {
    Some(match (endpoint.description.security_mode, endpoint.standing()?) {
        (SecurityMode::None, Standing::Unsecured) => 0,
        (SecurityMode::Sign | SecurityMode::SignAndEncrypt, Standing::Deprecated) => 1,
        (SecurityMode::Sign, Standing::Superseded | Standing::Current) => 2,
        (SecurityMode::SignAndEncrypt, Standing::Superseded | Standing::Current) => 3,
        _ => return None,
    })
}

fn level_order(posture: &Posture) -> Outcome {
    let level = |endpoint: &Endpoint| endpoint.description.security_level;
    let ranked = || posture.endpoints.iter().filter_map(|endpoint| Some((strength(endpoint)?, endpoint)));
    let lowest_above = |strength: u8| ranked().filter(|(other, _)| *other > strength).map(|(_, it)| level(it)).min();
    // One pass for each strength, however many endpoints there are.
    for weaker in 0..3 {
        let Some(least) = lowest_above(weaker) else { continue };
        if let Some((_, endpoint)) = ranked().find(|(strength, it)| *strength == weaker && level(it) > least) {
            let own = level(endpoint);
            return Outcome::NotMet(format!(
                "{endpoint} has the level {own}, and a stronger endpoint the level {least}"
            ));
        }
    }
    let is_praised = |(strength, endpoint): &(u8, &Endpoint)| *strength == 1 && level(endpoint) > 0;
    match ranked().find(is_praised) {
        Some((_, endpoint)) => Outcome::NotMet(format!("{endpoint} has the level {}", level(endpoint))),
        None => Outcome::Met,
    }
}
