//! RFC 5280 section 6.1 as facts: what validation finds, in the order of the text.
//!
//! [`process`] walks a path from its top to its leaf and notes everything that the algorithm would stop at. [`facts`]
//! notes besides where one certificate departs from the profile of section 4 and from the Baseline Requirements, and
//! what a relying party asks: strength, the end of the path, the host; [`revocation`] what became of revocation.
//! Nothing is decided here: a profile says which fact is fatal.

mod baseline;
mod basic;
mod conformance;
mod fact;
mod messages;
mod names;
mod policies;
mod reading;
mod relying;
mod unread;

pub use baseline::{Tier, baseline};

pub use basic::is_own_issuer;
pub(crate) use basic::is_root;
pub use conformance::deviations;
pub(crate) use conformance::name_fault;
pub use fact::{Fact, Kind, Need};
pub use policies::{Explicit, Inhibited, PolicyInputs};
pub use reading::{
    Above, AnchorForm, Baseline, ConstrainedNames, OldVersions, OwnSignature, Reading, TakenLists, TlsUsage, Uris,
};
pub(crate) use relying::called;
pub use relying::{revocation, unanchored};

use super::found::{Agreement, End, Path, Verification};
use super::names::{LeadingPeriod, Peer};
use crate::cert::{Certificate, Known};
use crate::crypto::signature::Failure;
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
    /// The names that the leaf has to have, all of them; empty if none is required.
    pub peers: &'a [Peer],
    /// What the leaf is to be.
    pub leaf: Leaf,
    /// How what the standards leave open is read.
    pub reading: Reading,
    /// Fewest bits of an RSA or DSA key.
    pub modulus_bits: u32,
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
            peers: &[],
            leaf: Leaf::EndEntity,
            reading: Reading { leading_period: LeadingPeriod::Malformed, ..Reading::IN_PRACTICE },
            modulus_bits: 2048,
            names_compared: 250_000,
        }
    }
}

/// What the leaf of a path is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    /// The certificate of a server, a client, an application or a person.
    #[default]
    EndEntity,
    /// A CA, which is to issue others.
    Authority,
}

/// A certificate of the path with its extensions decoded.
#[derive(Debug)]
struct Member<'a> {
    index: usize,
    certificate: &'a Certificate,
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
            if let Some(above) = members.get(member.index.saturating_add(1)) {
                facts.extend(names::spelling(member, above));
            }
            // The renewal of a root that is imported beside the old one is no stranger to it.
            let is_renewal = inputs.leaf == Leaf::Authority
                && path
                    .certificates
                    .get(member.index.saturating_add(1))
                    .is_some_and(|it| it.spki() == member.certificate.spki());
            if is_own_issuer(member.certificate, member.known) && !is_renewal {
                facts.push(Fact::new(member.index, Kind::LooksSelfSigned));
            }
        }
        basic::fields(member, &mut facts);
        basic::validity(member, inputs, &mut facts);
        basic::extensions(member, &mut facts);
        if member.index > 0 || (inputs.leaf == Leaf::Authority && member.known.is_ca()) {
            basic::issuer(member, &members, inputs, &mut facts);
        }
        basic::purposes(member, inputs, &mut facts);
    }
    basic::depth(path, &members, inputs, &mut facts);
    names::constraints(&members, inputs, &mut facts);
    let is_anchor = |at: usize| path.end == End::Anchor && at.saturating_add(1) == members.len();
    facts.extend(names::on_every_host(&members).filter(|fact| !is_anchor(fact.certificate)));
    let has_anchor = path.end.is_top() && members.len() > 1;
    let below = members.len().saturating_sub(usize::from(has_anchor));
    policies::policies(members.get(..below).unwrap_or_default(), &inputs.policies, &mut facts);
    facts
}

/// Notes everything of a path but its revocation: what section 6.1 objects to, the form of its certificates, the
/// strength of keys and digests, where it ends, and whether the leaf is the one that is asked for.
///
/// Costs what [`process`] does and about 1 µs more a certificate; asks `own_signature` of the top where the reading
/// wants to know whether it has signed itself.
pub fn facts(
    path: &Path,
    known: &[Known<'_>],
    inputs: &Inputs<'_>,
    own_signature: impl Fn(&Certificate) -> Result<(), Failure>,
) -> Vec<Fact> {
    let mut facts = process(path, known, inputs);
    let reading = &inputs.reading;
    for (index, (certificate, known)) in path.certificates.iter().zip(known).enumerate() {
        let is_top = index.saturating_add(1) == path.certificates.len();
        let is_anchor = is_top && index > 0 && path.end == End::Anchor;
        if !is_anchor || reading.anchor == AnchorForm::Judged {
            facts.extend(deviations(index, certificate, known, reading));
        }
        facts.extend(unread::names(index, certificate, known, inputs));
        if reading.baseline == Baseline::Asked {
            let tier = match index {
                0 => Tier::Subscriber,
                _ if is_top && certificate.is_self_issued() => Tier::Root,
                _ => Tier::Subordinate,
            };
            facts.extend(baseline(index, certificate, known, tier));
        }
        if is_top && reading.own_signature == OwnSignature::Judged && certificate.is_self_issued() {
            facts.extend(relying::own_signature(index, own_signature(certificate), known, is_anchor));
        }
    }
    facts.extend(relying::strength(path, inputs));
    // Of a leaf that has signed itself, who judges own signatures has another thing to say.
    let is_own = path.certificates.len() < 2 && path.end == End::SelfSigned;
    facts.extend(relying::end(path).filter(|_| !(is_own && reading.own_signature == OwnSignature::Judged)));
    if let (Some(leaf), Some(known)) = (path.certificates.first(), known.first()) {
        facts.extend(baseline::server(leaf, known, inputs.purposes));
        facts.extend(relying::usage(known, inputs));
        facts.extend(relying::cert_type(leaf, inputs));
        facts.extend(inputs.peers.iter().filter_map(|peer| relying::peer(leaf, known, peer, reading.peer)));
    }
    facts
}
