//! What a validation objects to, and what it lets pass by a lenient reading.

use std::fmt;

use super::Step;
use crate::cert::Malformed;
use crate::cert::extension::KeyUsage;
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::opcua::SecurityPolicy;
use crate::path::process;
use crate::path::revocation::{Reason, WhyUseless};
use crate::status::StatusCode;
use crate::text::{plural, shown};

/// Something that a step does not accept.
#[derive(Clone, Debug)]
pub struct Objection {
    /// The step.
    pub step: Step,
    /// The certificate, as its position on the path: 0 is the leaf.
    pub position: usize,
    /// What is not accepted.
    pub kind: Kind,
    /// Whether it leads to a refusal.
    pub effect: Effect,
}

impl Objection {
    /// Its status code.
    pub fn code(&self) -> StatusCode {
        self.step.code(self.position)
    }

    /// What is met first stands first: up to trust the steps go over the whole chain, then each certificate
    /// goes through the rest, the leaf before its issuers.
    ///
    /// OPC 10000-4 section 6.1.3 can be read both ways. With the leaf first, a leaf that is certainly
    /// revoked is told as revoked even where a CA above cannot be checked.
    pub(super) fn rank(&self) -> (u8, usize, Step, usize) {
        if self.step <= Step::Trust { (0, 0, self.step, self.position) } else { (1, self.position, self.step, 0) }
    }
}

/// What an objection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The certificate is refused.
    Refused,
    /// An administrator has switched this error off.
    Suppressed,
}

/// Where a name stands that some stacks take for a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// In the domain components of the subject.
    DomainComponents,
    /// As the first label of the host that was asked for.
    FirstLabel,
}

/// What is not accepted.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A field or an extension cannot be decoded.
    Undecodable(Malformed),
    /// A critical extension is unknown.
    UnknownCritical {
        /// Its identifier.
        oid: String,
    },
    /// Issuer or subject has no name.
    NameEmpty {
        /// Which of them.
        field: &'static str,
    },
    /// The algorithm that is signed and the one beside the signature differ.
    AlgorithmsDiffer,
    /// Something that processing the chain notes (RFC 5280 section 6.1), at whichever step.
    Fact(process::Kind),

    /// The issuer is not among the lists and was not sent.
    IssuerMissing {
        /// Its name.
        issuer: String,
        /// How many certificates of this name there are whose key did not make the signature.
        namesakes: usize,
    },
    /// The issuers go round in a circle.
    Cycle,
    /// The chain is longer than what is followed.
    TooDeep {
        /// How many certificates were followed.
        followed: usize,
    },
    /// There was too much to search through.
    Unsearched,

    /// The signature was not made by the issuer's key; for a self-signed certificate by its own.
    SignatureWrong {
        /// What came of verifying it.
        failure: Failure,
        /// Whose key should have made it.
        signer: Signer,
    },

    /// The key does not fit the security policy.
    KeyOutsidePolicy {
        /// The key.
        found: String,
        /// The policy.
        policy: &'static SecurityPolicy,
    },
    /// No security policy takes the key.
    KeyOutsideEveryPolicy {
        /// The key.
        found: String,
    },
    /// The signature does not fit the security policy.
    SignatureOutsidePolicy {
        /// The algorithm.
        found: String,
        /// The policy.
        policy: &'static SecurityPolicy,
    },

    /// Neither the leaf nor a CA of its chain is in the trusted list.
    Untrusted {
        /// How many issuers were found.
        issuers: usize,
    },

    /// Its validity has not begun.
    NotYetValid {
        /// When it does.
        from: Moment,
    },
    /// Its validity has ended.
    Expired {
        /// When it did.
        since: Moment,
    },

    /// The host is not in the certificate.
    HostNotNamed {
        /// The host.
        host: String,
        /// The hosts that are.
        names: Vec<String>,
        /// Where some stacks find it nevertheless.
        elsewhere: Option<Elsewhere>,
    },
    /// The ApplicationUri is not in the certificate.
    UriDiffers {
        /// The ApplicationUri.
        expected: String,
        /// The URIs that are in the certificate.
        found: Vec<String>,
    },

    /// Usages are missing that an application needs.
    KeyUsageMissing {
        /// Those that are missing.
        missing: KeyUsage,
        /// Whether the certificate has a keyUsage at all.
        is_stated: bool,
    },
    /// The purpose of the peer's part is missing.
    PurposeMissing {
        /// The purpose, or the two of which one is wanted.
        wanted: &'static str,
        /// Whether the certificate has an extKeyUsage at all.
        is_stated: bool,
    },
    /// It is a CA.
    IsAuthority,
    /// It is self-signed and has the CA flag, which is only tolerated while revocation is checked.
    CaFlagRefused,
    /// A name lies outside what a CA above may issue.
    NameConstrained {
        /// The name.
        name: String,
    },
    /// An issuer is no CA.
    NotAnAuthority,
    /// An issuer's usages do not allow it to issue certificates and lists.
    AuthorityUsageMissing {
        /// Those that are missing.
        missing: KeyUsage,
        /// Whether it has a keyUsage at all.
        is_stated: bool,
    },
    /// More CAs stand below than its path length allows.
    PathLengthExceeded {
        /// How many are allowed.
        allowed: u32,
        /// How many there are.
        found: u32,
    },

    /// No revocation list of the issuer can be used.
    RevocationUnknown {
        /// The issuer.
        issuer: String,
        /// Why each list that is there cannot be used.
        useless: Vec<WhyUseless>,
        /// Whether one of those lists has the certificate.
        is_listed: bool,
    },
    /// It is on the revocation list.
    Revoked {
        /// Since when.
        since: Moment,
        /// Why, where the list says.
        reason: Option<Reason>,
    },
}

/// Whose key should have made a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Its own.
    Itself,
    /// The issuer's.
    Issuer,
}

/// The names of the bits.
fn bits(usage: KeyUsage) -> String {
    usage.names().collect::<Vec<_>>().join(", ")
}

fn missing_usage(missing: KeyUsage, is_stated: bool) -> String {
    match is_stated {
        true => format!("its keyUsage lacks {}", bits(missing)),
        false => format!("it has no keyUsage; {} are required", bits(missing)),
    }
}

fn list(names: &[String]) -> String {
    const MANY: usize = 8;
    let some: Vec<String> = names.iter().take(MANY).map(|name| format!("`{}`", shown(name))).collect();
    match names.len().checked_sub(some.len()) {
        Some(more) if more > 0 => format!("{} and {more} more", some.join(", ")),
        _ => some.join(", "),
    }
}

impl fmt::Display for Kind {
    /// Writes the evidence in one sentence about the certificate, without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Undecodable(malformed) => write!(f, "{malformed}"),
            Kind::UnknownCritical { oid } => write!(f, "its critical extension {} is not supported", shown(oid)),
            Kind::NameEmpty { field } => write!(f, "its {field} field is empty"),
            Kind::AlgorithmsDiffer => f.write_str("it names two different signature algorithms"),
            Kind::IssuerMissing { issuer, namesakes } => {
                write!(f, "its issuer {} is in neither list and was not sent", shown(issuer))?;
                match namesakes {
                    0 => Ok(()),
                    1 => f.write_str("; a certificate of this name is present, but its key did not sign it"),
                    count => {
                        write!(f, "; {count} certificates of this name are present, but their keys did not sign it")
                    }
                }
            }
            Kind::Fact(fact) => write!(f, "{fact}"),
            Kind::Cycle => f.write_str("its issuers form a loop"),
            Kind::TooDeep { followed } => write!(f, "its chain is longer than the limit of {followed}"),
            Kind::Unsearched => f.write_str("there are too many candidates for its issuers to try them all"),
            Kind::SignatureWrong { failure, signer } => {
                let signer = match signer {
                    Signer::Itself => "its own key, although it is self-issued",
                    Signer::Issuer => "the key of its issuer",
                };
                match failure {
                    Failure::Unsupported(what) => {
                        write!(f, "its signature cannot be verified with {signer}: certkit does not know {what}")
                    }
                    Failure::Mismatch => write!(f, "its signature does not verify with {signer}"),
                    Failure::UnsoundKey => {
                        write!(f, "its signature was made with {signer}, which lets anyone sign")
                    }
                    Failure::KeyKind => write!(f, "its signature algorithm does not match {signer}"),
                }
            }
            Kind::KeyOutsidePolicy { found, policy } => {
                write!(f, "its key is {}; {policy} allows {}", shown(found), policy.keys)
            }
            Kind::KeyOutsideEveryPolicy { found } => {
                write!(f, "its key is {}, which no security policy allows", shown(found))
            }
            Kind::SignatureOutsidePolicy { found, policy } => {
                write!(f, "it is signed with {}; {policy} allows {}", shown(found), policy.signatures())
            }
            Kind::Untrusted { issuers: 0 } => f.write_str("it is not in the trusted list"),
            Kind::Untrusted { issuers } => {
                let above = plural(*issuers, "its issuer", "one of its issuers");
                write!(f, "neither it nor {above} is in the trusted list")
            }
            Kind::NotYetValid { from } => write!(f, "it becomes valid at {} UTC", from.to_minute()),
            Kind::Expired { since } => write!(f, "it expired at {} UTC", since.to_minute()),
            Kind::HostNotNamed { host, names, elsewhere } => {
                match names.as_slice() {
                    [] => write!(f, "`{}` is not in it: it has no host", shown(host))?,
                    names => write!(f, "`{}` is not among its hosts {}", shown(host), list(names))?,
                }
                match elsewhere {
                    Some(Elsewhere::DomainComponents) => f.write_str("; the subject has it as DC"),
                    Some(Elsewhere::FirstLabel) => f.write_str("; it has the name without its domain"),
                    None => Ok(()),
                }
            }
            Kind::UriDiffers { expected, found } => match found.as_slice() {
                [] => write!(f, "it has no URI; the ApplicationUri is `{}`", shown(expected)),
                found => write!(f, "its URI is {}; the ApplicationUri is `{}`", list(found), shown(expected)),
            },
            Kind::KeyUsageMissing { missing, is_stated } | Kind::AuthorityUsageMissing { missing, is_stated } => {
                f.write_str(&missing_usage(*missing, *is_stated))
            }
            Kind::PurposeMissing { wanted, is_stated: true } => write!(f, "its extKeyUsage lacks {wanted}"),
            Kind::PurposeMissing { wanted, is_stated: false } => {
                write!(f, "it has no extKeyUsage; {wanted} is required")
            }
            Kind::IsAuthority => f.write_str("it is a CA certificate, not an application's"),
            Kind::CaFlagRefused => f.write_str("it is self-signed and has CA:TRUE, which is not accepted here"),
            Kind::NameConstrained { name } => write!(f, "a CA above it may not issue for {}", shown(name)),
            Kind::NotAnAuthority => f.write_str("it issued a certificate but is not a CA"),
            Kind::PathLengthExceeded { allowed, found } => {
                let further = plural(*allowed as usize, "CA", "CAs");
                write!(f, "it allows {allowed} further {further} below it, but there are {found}")
            }
            Kind::RevocationUnknown { issuer, useless, is_listed } => {
                let issuer = shown(issuer);
                match useless.as_slice() {
                    [] => write!(f, "there is no revocation list of its issuer {issuer}")?,
                    useless => {
                        write!(f, "no revocation list of its issuer {issuer} is usable: ")?;
                        for (at, why) in useless.iter().take(4).enumerate() {
                            f.write_str(if at > 0 { "; " } else { "" })?;
                            write!(f, "{why}")?;
                        }
                    }
                }
                if *is_listed { f.write_str(" (it is on the list)") } else { Ok(()) }
            }
            Kind::Revoked { since, reason } => {
                write!(f, "it was revoked at {} UTC", since.to_minute())?;
                match reason {
                    Some(reason) => write!(f, " ({reason})"),
                    None => Ok(()),
                }
            }
        }
    }
}
