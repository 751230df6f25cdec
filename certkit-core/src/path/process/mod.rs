//! RFC 5280 section 6.1 as facts: what validation finds, in the order of the text.
//!
//! [`process`] walks a path from its top to its leaf and notes everything that the
//! algorithm would stop at; [`letter`] notes where one certificate departs from the
//! profile of section 4, [`baseline`] where from the Baseline Requirements; [`end`],
//! [`peer`], [`strength`] and [`revocation`] note what a relying party asks besides.
//! Nothing is decided here: a profile says which fact is fatal.

mod baseline;
mod basic;
mod fact;
mod letter;
mod names;
mod policies;
mod relying;
mod words;

pub use baseline::{Tier, baseline};
pub(crate) use baseline::{is_host, wildcard_fault};
pub use fact::{Fact, Kind};
pub use letter::letter;
pub use policies::{Explicit, Inhibited, PolicyInputs};
pub use relying::{end, peer, revocation, strength, unanchored, usage};

use super::found::{Agreement, End, Path, Verification};
use super::names::LeadingPeriod;
use crate::cert::Known;
use crate::moment::Moment;
use crate::oid::Oid;

/// What section 6.1.1 calls the inputs, beside the path and its anchor.
#[derive(Clone, Debug)]
pub struct Inputs<'a> {
    /// The time that is judged (b).
    pub moment: Moment,
    /// The policies that are asked for (c, e, f, g).
    pub policies: PolicyInputs<'a>,
    /// What the leaf's key is to be used for; nothing where any use will do.
    pub purposes: &'a [Oid<'a>],
    /// How many intermediates may stand between leaf and anchor, self-issued ones not counted.
    pub max_intermediates: Option<u32>,
    /// How constraints on host names are read.
    pub leading_period: LeadingPeriod,
    /// Pairs of a name and a constraint that are compared at most.
    pub names_compared: u32,
}

impl Inputs<'_> {
    /// Inputs that ask for nothing but validity at a moment.
    pub fn at(moment: Moment) -> Inputs<'static> {
        Inputs {
            moment,
            policies: PolicyInputs::default(),
            purposes: &[],
            max_intermediates: None,
            leading_period: LeadingPeriod::Malformed,
            names_compared: 250_000,
        }
    }
}

/// A certificate of the path with its extensions decoded.
#[derive(Debug)]
struct Member<'a> {
    index: usize,
    certificate: &'a crate::cert::Certificate,
    known: &'a Known<'a>,
    is_self_issued: bool,
}

/// Walks a path from its top to its leaf and notes what section 6.1 objects to.
///
/// The top's own limits (validity, constraints, path length) are honoured whether it is
/// an anchor or not, as RFC 5937 suggests; its policies are not, since section 6.1
/// begins below it. Costs about 1 µs a certificate, and for names what the inputs allow.
pub fn process(path: &Path, known: &[Known<'_>], inputs: &Inputs<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let members: Vec<Member<'_>> = path
        .certificates
        .iter()
        .zip(known)
        .enumerate()
        .map(|(index, (certificate, known))| Member {
            index,
            certificate,
            known,
            is_self_issued: certificate.is_self_issued(),
        })
        .collect();
    for member in members.iter().rev() {
        if let Some(link) = path.links.get(member.index) {
            match link.signature {
                Verification::Verified => {}
                Verification::Failed(failure) => facts.push(Fact::new(member.index, Kind::SignatureFails(failure))),
                Verification::NotTried => facts.push(Fact::new(member.index, Kind::SignatureNotTried)),
            }
            // Where the key did not sign, that the identifiers differ is no news.
            let differs = [link.key_identifier, link.issuer_and_serial].contains(&Agreement::Differs);
            if differs && link.signature == Verification::Verified {
                facts.push(Fact::new(member.index, Kind::KeyIdentifiersDiffer));
            }
        }
        basic::fields(member, &mut facts);
        basic::validity(member, inputs, &mut facts);
        basic::extensions(member, &mut facts);
        if member.index > 0 {
            basic::issuer(member, &members, &mut facts);
        }
        basic::purposes(member, inputs, &mut facts);
    }
    basic::depth(path, &members, inputs, &mut facts);
    names::constraints(&members, inputs, &mut facts);
    let has_anchor = matches!(path.end, End::Anchor | End::SelfSigned) && members.len() > 1;
    let below = members.len().saturating_sub(usize::from(has_anchor));
    policies::policies(members.get(..below).unwrap_or_default(), &inputs.policies, &mut facts);
    facts
}
