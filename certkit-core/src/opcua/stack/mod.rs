//! Where well-known stacks depart from OPC 10000-4 section 6.1.3, and their answers to a certificate.
//!
//! Read in the sources of UA .NET Standard, open62541 (with OpenSSL), node-opcua, opcua-asyncio, Eclipse Milo and
//! gopcua as they were in autumn 2026, with their default settings; of node-opcua and opcua-asyncio the predictions are
//! held against the stacks themselves by `scripts/preflight`. Versions and settings differ.

mod asyncua;
mod form;
mod gopcua;
mod milo;
mod net;
mod node;
mod open62541;

use super::validation::{Objection, Peer, Step, Validation};
use crate::path::revocation::WhyUseless;
use crate::status::StatusCode;
#[cfg(feature = "store")]
use crate::store::reader::{self, Reader};

/// A stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stack {
    /// The OPC Foundation's reference implementation for .NET.
    UaNetStandard,
    /// open62541, with OpenSSL.
    Open62541,
    /// node-opcua, with its certificate manager.
    NodeOpcua,
    /// opcua-asyncio (asyncua), with its certificate validator and trust store.
    Asyncua,
    /// Eclipse Milo, which Ignition and others are made with.
    Milo,
    /// gopcua, with which Telegraf reads.
    Gopcua,
}

/// How what is said of a stack is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// The stack was run.
    Run,
    /// Its source was read.
    Source,
}

impl KnownBy {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            KnownBy::Run => "run",
            KnownBy::Source => "source",
        }
    }
}

/// What a stack would make of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The stack.
    pub stack: Stack,
    /// Its own result.
    pub status: StatusCode,
    /// What it would tell its peer.
    pub reported: StatusCode,
    /// Why its result is not the standard's, and which settings would change it; a sentence each, without full stop.
    pub remarks: Vec<&'static str>,
}

/// What a stack objects to of itself: its place among the others, the code, and why.
type Extra = (u8, StatusCode, &'static str);

/// From here on in the order come errors of the session, which are not hidden as those of the channel are.
const SESSION: u8 = 90;

/// How a stack takes an objection.
enum Take {
    /// It has the same objection; lower numbers are met first.
    Same(u8),
    /// It objects with another code.
    As(u8, StatusCode, &'static str),
    /// It does not object.
    Not(&'static str),
}

impl Stack {
    /// Every stack.
    pub const ALL: [Stack; 6] =
        [Stack::UaNetStandard, Stack::Open62541, Stack::NodeOpcua, Stack::Asyncua, Stack::Milo, Stack::Gopcua];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Stack::UaNetStandard => "UA .NET Standard",
            Stack::Open62541 => "open62541",
            Stack::NodeOpcua => "node-opcua",
            Stack::Asyncua => "asyncua",
            Stack::Milo => "Eclipse Milo",
            Stack::Gopcua => "gopcua",
        }
    }

    /// How what is said of it is known.
    pub const fn known_by(self) -> KnownBy {
        match self {
            Stack::NodeOpcua | Stack::Asyncua => KnownBy::Run,
            Stack::UaNetStandard | Stack::Open62541 | Stack::Milo | Stack::Gopcua => KnownBy::Source,
        }
    }

    /// How it reads the files of a PKI folder; `None` for one that has no such folder.
    #[cfg(feature = "store")]
    pub fn reader(self) -> Option<&'static Reader> {
        match self {
            Stack::UaNetStandard => Some(&reader::NET),
            Stack::Open62541 => Some(&reader::OPEN),
            Stack::NodeOpcua => Some(&reader::NODE),
            Stack::Asyncua => Some(&reader::ASYNCUA),
            Stack::Milo => Some(&reader::MILO),
            Stack::Gopcua => None,
        }
    }

    /// Finds a stack by what people call it, in any case: `dotnet`, `open62541`, `node-opcua`, `asyncua`, `milo`,
    /// `gopcua`.
    pub fn named(name: &str) -> Option<Stack> {
        Stack::ALL
            .into_iter()
            .find(|stack| stack.name().eq_ignore_ascii_case(name) || stack.word().eq_ignore_ascii_case(name))
    }

    /// Its name in one word, as command lines have it.
    pub const fn word(self) -> &'static str {
        match self {
            Stack::UaNetStandard => "dotnet",
            Stack::Milo => "milo",
            stack => stack.name(),
        }
    }

    /// Predicts what it makes of a certificate that was validated.
    ///
    /// Knows what the validation has found; what a stack rejects and the standard does not is only told as far as
    /// its notes go.
    pub fn predict(self, validation: &Validation) -> Prediction {
        let mut remarks: Vec<&'static str> = Vec::new();
        let mut first: Option<(u8, StatusCode)> = None;
        let taken: Vec<(&Objection, Take)> =
            validation.refusals().map(|objection| (objection, self.take(objection, validation))).collect();
        let own = self.extra(validation);
        for (objection, take) in taken {
            let (place, code) = match take {
                Take::Same(place) => (place, objection.code()),
                Take::As(place, code, remark) => {
                    remarks.push(remark);
                    (place, code)
                }
                Take::Not(remark) => {
                    remarks.push(remark);
                    continue;
                }
            };
            first = first.filter(|(earlier, _)| *earlier <= place).or(Some((place, code)));
        }
        for (place, code, remark) in own {
            remarks.push(remark);
            first = first.filter(|(earlier, _)| *earlier <= place).or(Some((place, code)));
        }
        let status = first.map_or(StatusCode::GOOD, |(_, code)| code);
        let reported = match first {
            Some((place, code)) if place >= SESSION && validation.peer != Peer::User => code,
            _ => self.reported(validation.peer, status),
        };
        if status != validation.status() && remarks.is_empty() {
            remarks.push(self.order_remark());
        }
        let mut seen = Vec::new();
        remarks.retain(|remark| {
            let is_new = !seen.contains(remark);
            seen.push(*remark);
            is_new
        });
        Prediction { stack: self, status, reported, remarks }
    }

    fn order_remark(self) -> &'static str {
        match self {
            Stack::UaNetStandard => "several errors: it reports the one that its last check found",
            Stack::Open62541 => "several errors: it checks revocation before trust",
            Stack::NodeOpcua => "several errors: it checks issuers and revocation first, then trust, then time",
            Stack::Asyncua => "several errors: it checks time, ApplicationUri and usage first, then trust",
            Stack::Milo => "several errors: it looks for a trusted path first, then checks the rest",
            Stack::Gopcua => "several errors: it checks hardly any of them",
        }
    }

    /// What it tells its peer in place of a result.
    pub fn reported(self, peer: Peer, status: StatusCode) -> StatusCode {
        use StatusCode as S;
        if peer == Peer::User || status == S::GOOD {
            return super::reported(peer, status);
        }
        if (self, status) == (Stack::Open62541, S::BAD_CERTIFICATE_URI_INVALID) {
            return S::BAD_CERTIFICATE_INVALID;
        }
        let is_hidden = match self {
            Stack::UaNetStandard => matches!(
                status,
                S::BAD_CERTIFICATE_INVALID
                    | S::BAD_CERTIFICATE_CHAIN_INCOMPLETE
                    | S::BAD_CERTIFICATE_POLICY_CHECK_FAILED
                    | S::BAD_CERTIFICATE_UNTRUSTED
                    | S::BAD_CERTIFICATE_REVOKED
            ),
            Stack::Open62541 => !matches!(
                status,
                S::BAD_CERTIFICATE_TIME_INVALID
                    | S::BAD_CERTIFICATE_ISSUER_TIME_INVALID
                    | S::BAD_CERTIFICATE_HOST_NAME_INVALID
                    | S::BAD_CERTIFICATE_URI_INVALID
                    | S::BAD_CERTIFICATE_USE_NOT_ALLOWED
            ),
            Stack::NodeOpcua => !matches!(
                status,
                S::BAD_CERTIFICATE_TIME_INVALID
                    | S::BAD_CERTIFICATE_USE_NOT_ALLOWED
                    | S::BAD_CERTIFICATE_REVOCATION_UNKNOWN
                    | S::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN
                    | S::BAD_CERTIFICATE_URI_INVALID
            ),
            // It looks at certificates when the session is made, and says what it found.
            Stack::Asyncua | Stack::Gopcua => false,
            Stack::Milo => matches!(
                status,
                S::BAD_CERTIFICATE_UNTRUSTED
                    | S::BAD_CERTIFICATE_REVOKED
                    | S::BAD_CERTIFICATE_ISSUER_REVOKED
                    | S::BAD_CERTIFICATE_REVOCATION_UNKNOWN
                    | S::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN
            ),
        };
        if is_hidden { S::BAD_SECURITY_CHECKS_FAILED } else { status }
    }

    fn take(self, objection: &Objection, validation: &Validation) -> Take {
        match self {
            Stack::UaNetStandard => net::take(objection, validation),
            Stack::Open62541 => open62541::take(objection, validation),
            Stack::NodeOpcua => node::take(objection, validation),
            Stack::Asyncua => asyncua::take(objection, validation),
            Stack::Milo => milo::take(objection, validation),
            Stack::Gopcua => gopcua::take(objection),
        }
    }

    fn extra(self, validation: &Validation) -> Vec<Extra> {
        match self {
            Stack::UaNetStandard => net::extra(validation),
            Stack::Open62541 => open62541::extra(validation),
            Stack::NodeOpcua => node::extra(validation),
            Stack::Asyncua => asyncua::extra(validation),
            Stack::Milo => milo::extra(validation),
            Stack::Gopcua => gopcua::extra(validation),
        }
    }
}

/// Whether a list is used by those who compare nothing but its issuer's name.
fn is_used_by_name(why: &WhyUseless) -> bool {
    matches!(
        why,
        WhyUseless::Expired { .. }
            | WhyUseless::NotYetValid { .. }
            | WhyUseless::Signature(_)
            | WhyUseless::SignerMissing
            | WhyUseless::SignerMayNot { .. }
            | WhyUseless::SignerUnproven
    )
}

fn listed(is_listed: bool, position: usize, place: u8) -> Take {
    const REMARK: &str = "it uses a revocation list regardless of its dates and signature";
    match is_listed {
        true => Take::As(place, Step::Revocation.code(position), REMARK),
        false => Take::Not(REMARK),
    }
}
