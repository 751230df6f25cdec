//! The trust decision of a relying party: is this certificate accepted, and if not, why.
//!
//! Joins search, processing and revocation under a profile whose basis is facts
//! ([`RFC5280`](crate::check::RFC5280), [`WEBPKI`](crate::check::WEBPKI),
//! [`TLS`](crate::check::TLS)). Every path is judged to its end, so that a rejection
//! comes with all of its reasons, each with the id, clause and remedy of a check and
//! with OpenSSL's error number. Fetches nothing: what is not given is reported
//! as unknown.
//!
//! ```
//! use std::sync::Arc;
//! use certkit_core::check::TLS;
//! use certkit_core::moment::Moment;
//! use certkit_core::oid;
//! use certkit_core::path::names::Peer;
//! use certkit_core::path::Pool;
//! use certkit_core::path::revocation::{Lists, Responses};
//! use certkit_core::verify::{Question, TrustMaterial, verify};
//! # use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = Moment::now();
//! # let root_key = KeyPair::generate(KeyType::P256)?;
//! # let root = Template::new(Kind::Root, "CN=Plant Root".parse()?, Validity::days(now, 3650))
//! #     .issue(&root_key.public_key()?, &Issuer::itself(&root_key))?;
//! # let key = KeyPair::generate(KeyType::P256)?;
//! # let leaf = Template::new(Kind::Https, "CN=plc7.plant.example".parse()?, Validity::days(now, 90))
//! #     .alternative_names([AlternativeName::host("plc7.plant.example")])
//! #     .issue(&key.public_key()?, &Issuer::authority(&root, &root_key)?)?;
//! # let sent = Vec::new();
//! // Once: what is trusted. Signatures between certificates in here are verified once and remembered.
//! let mut anchors = Pool::new();
//! anchors.add_anchor(root);
//! let anchors = Arc::new(anchors);
//!
//! // For each peer: what it sent goes on top, and is not trusted.
//! let mut pool = Pool::over(Arc::clone(&anchors));
//! for certificate in sent {
//!     pool.add(certificate);
//! }
//! let peers = [Peer::from_host("plc7.plant.example")?];
//! let question = Question { purposes: &[oid::SERVER_AUTH], peers: &peers, ..Question::new(&TLS, Moment::now()) };
//! let (lists, responses) = (Lists::new(), Responses::new());
//! let material = TrustMaterial { pool: &pool, lists: &lists, responses: &responses };
//! let verdict = verify(&leaf, &material, &question);
//! assert!(verdict.is_accepted());
//!
//! // Another name is a reason to refuse it, and the verdict says which.
//! let peers = [Peer::from_host("plc8.plant.example")?];
//! let question = Question { peers: &peers, ..question };
//! let verdict = verify(&leaf, &material, &question);
//! let reason = verdict.errors().next().expect("a reason");
//! assert_eq!((reason.check.id, reason.openssl.map(|it| it.number)), ("host-mismatch", Some(62)));
//! # Ok(())
//! # }
//! ```

mod batch;
mod candidate;
mod openssl;
pub mod program;
mod verdict;

pub use batch::across_cores;
pub use verdict::{Near, Verdict};

use crate::cert::Certificate;
use crate::check::rfc5280::constraints::EMAIL_MISMATCH;
use crate::check::rfc5280::revocation;
use crate::check::webpki::names::HOST_MISMATCH;
use crate::check::webpki::usage;
use crate::check::{Processed, Profile, Unasked};
use crate::moment::Moment;
use crate::oid::{self, Oid};
use crate::path::names::Peer;
use crate::path::process::PolicyInputs;
use crate::path::revocation::{Lists, Responses};
use crate::path::{Budget, Pool, Search};
use candidate::Candidate;

/// What is at hand: certificates, of which some are anchors, and what tells of revocation.
#[derive(Clone, Copy, Debug)]
pub struct TrustMaterial<'a> {
    /// Anchors and candidates for issuers: of certificates, of revocation lists, of responders.
    pub pool: &'a Pool,
    /// The revocation lists.
    pub lists: &'a Lists,
    /// The OCSP responses.
    pub responses: &'a Responses,
}

impl TrustMaterial<'_> {
    /// Says whether there is nothing that tells of revocation.
    fn tells_nothing(&self) -> bool {
        self.lists.is_empty() && self.responses.is_empty()
    }
}

/// Whether revocation is looked at, and what comes of not knowing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Revocation {
    /// Every certificate below the anchor needs a list that clears it.
    Required,
    /// What is revoked is refused; what cannot be told is a warning.
    #[default]
    Preferred,
    /// What speaks against a certificate counts, whatever the dates of the lists. Where there are lists of its issuer,
    /// one has to clear it; where there are none, nothing is asked.
    WhereListed,
    /// It is not looked at.
    Off,
}

impl Revocation {
    /// The word that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Revocation::Required => "required",
            Revocation::Preferred => "prefer",
            Revocation::WhereListed => "where-listed",
            Revocation::Off => "off",
        }
    }
}

/// What a certificate is verified for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The profile: what it asks of paths decides. What it asks of a presented chain besides, [`assess`](crate::assess)
    /// looks at.
    pub profile: &'a Profile,
    /// The time that is judged.
    pub moment: Moment,
    /// What the leaf's key is to be used for; nothing where any use will do.
    pub purposes: &'a [Oid<'a>],
    /// The names that the leaf has to have, all of them; empty if none is required.
    pub peers: &'a [Peer],
    /// How many intermediates may stand between leaf and anchor, self-issued ones not counted.
    pub max_intermediates: Option<u32>,
    /// The certificate policies that are asked for.
    pub policies: PolicyInputs<'a>,
    /// Whether revocation is looked at.
    pub revocation: Revocation,
    /// Whether a path goes on above an anchor that another CA has issued, up to a root where one leads there, as OpenSSL's
    /// does. Counts under profiles with `anchor-not-top`; other programs end at any anchor
    /// ([`Program::goes_to_root`](program::Program::goes_to_root)).
    pub to_root: bool,
    /// What may be spent.
    pub budget: Budget,
}

impl Question<'_> {
    /// Asks for a valid path, and nothing of purpose, names and policies; revocation is preferred.
    pub fn new(profile: &Profile, moment: Moment) -> Question<'_> {
        Question {
            profile,
            moment,
            purposes: &[],
            peers: &[],
            max_intermediates: None,
            policies: PolicyInputs::default(),
            revocation: Revocation::Preferred,
            to_root: true,
            budget: Budget::default(),
        }
    }

    /// The checks that this question does not concern.
    fn unasked(&self) -> Processed {
        let mut processed = Processed::default();
        let names_host = self.peers.iter().any(|peer| !matches!(peer, Peer::Mailbox(_)));
        if !names_host {
            processed.undetermined.push((
                &HOST_MISMATCH,
                "the name or address by which clients reach the server is not known: give it with `--host NAME`",
            ));
        }
        if !self.peers.iter().any(|peer| matches!(peer, Peer::Mailbox(_))) {
            processed.unasked.push(&EMAIL_MISMATCH);
        }
        if !self.purposes.contains(&oid::SERVER_AUTH) {
            processed.unasked.extend([&usage::SERVER_AUTH_MISSING, &usage::CA_EXCLUDES_SERVER_AUTH]);
        }
        if !self.purposes.contains(&oid::CLIENT_AUTH) {
            processed.unasked.push(&usage::CLIENT_AUTH_MISSING);
        }
        if !self.purposes.iter().any(|purpose| [oid::SERVER_AUTH, oid::CLIENT_AUTH].contains(purpose)) {
            processed.unasked.extend([&usage::KEY_USAGE_UNFIT_FOR_TLS, &usage::NETSCAPE_CERT_TYPE_UNFIT]);
        }
        if self.revocation == Revocation::WhereListed {
            // That nothing speaks against a certificate does not clear it.
            processed.unasked.extend([
                &revocation::REVOKED,
                &revocation::REVOCATION_UNKNOWN,
                &revocation::REVOCATION_LIST_WEAK,
                &revocation::REVOCATION_LIST_MISNAMED,
                &revocation::REVOCATION_LIST_DEPARTS,
            ]);
        }
        if self.revocation == Revocation::Off {
            match self.profile.unasked {
                Unasked::Undetermined => processed.undetermined.push((
                    &revocation::REVOKED,
                    "revocation was not checked: give the revocation lists of the CAs with `--crl FILE`",
                )),
                Unasked::PassedOver => processed.unasked.push(&revocation::REVOKED),
            }
            processed.unasked.extend([
                &revocation::REVOCATION_UNKNOWN,
                &revocation::REVOCATION_LIST_WEAK,
                &revocation::REVOCATION_LIST_MISNAMED,
                &revocation::REVOCATION_LIST_DEPARTS,
            ]);
        }
        processed
    }
}

/// Decides whether a certificate is accepted.
///
/// Paths are judged best first; the first one that is accepted counts, else the one with the
/// fewest errors among those that reach an anchor, else the best of those that do not. The
/// order in which the pool was filled makes no difference.
///
/// Costs what finding, verifying and processing the paths costs, bounded by the question's
/// budget: about 10 µs beside the signatures for a usual chain.
pub fn verify(leaf: &Certificate, material: &TrustMaterial<'_>, question: &Question<'_>) -> Verdict {
    let mut search = Search::new(material.pool, leaf, question.moment, question.budget);
    let mut best: Option<Candidate> = None;
    let mut tried = 0u32;
    let inputs = question.inputs(leaf);
    for path in search.by_ref() {
        // What reaches an anchor comes before all else: after one that does not, there is none.
        let is_anchored = path.is_anchored();
        if best.is_some() && !is_anchored {
            break;
        }
        tried = tried.saturating_add(1);
        let candidate = Candidate::judge(path, material, question, &inputs);
        let is_accepted = candidate.is_accepted();
        if best.as_ref().is_none_or(|best| candidate.errors < best.errors) {
            best = Some(candidate);
        }
        if is_accepted || !is_anchored {
            break;
        }
    }
    let best = best.unwrap_or_else(|| {
        let nothing = Budget { paths: 0, ..question.budget };
        let path = Search::new(material.pool, leaf, question.moment, nothing).best();
        Candidate::judge(path, material, question, &inputs)
    });
    best.conclude(tried, search.exhausted(), material, question)
}
