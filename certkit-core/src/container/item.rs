//! What a container yields: raw items, and what was passed over with the reason.

use std::fmt;
use std::ops::Deref;

use zeroize::Zeroizing;

use super::encoding::Encoding;
use super::key::KeyFacts;
use super::label::Claim;
use super::oddity::Oddity;
use super::reason::{ContainerError, Reason};
use super::store_problem::{Integrity, StoreProblem};
use crate::oid::{self, Oid};
use crate::text::Printable;

/// One thing that stood in a container, undecoded.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is, as its outer shape (and the label around it) says.
    pub kind: ItemKind,
    /// Its bytes.
    pub der: Der,
    /// How it was wrapped.
    pub encoding: Encoding,
    /// Where it stood.
    pub position: Position,
    /// Its name in a store: the friendly name of PKCS#12, the alias of Java.
    pub alias: Option<String>,
    /// Whether its store says that it is trusted: a trusted entry of JKS, Oracle's attribute in PKCS#12.
    pub is_trusted: bool,
    /// Why it must not be an anchor, where what stands beside it says so: OpenSSL's trust settings of a
    /// `TRUSTED CERTIFICATE`, p11-kit's `x-distrusted`, properties and stores of Windows, and text that lists nothing.
    pub rejected: Option<Distrust>,
}

/// Why a certificate must not be an anchor, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distrust {
    /// Why.
    pub why: String,
    /// Whether it is none of TLS servers.
    pub servers: bool,
    /// Whether it is none of TLS clients.
    pub clients: bool,
    /// Whether openssl's own trust settings say so, which openssl alone reads.
    pub is_of_openssl: bool,
}

impl Distrust {
    /// It is nobody's anchor.
    pub fn entire(why: impl Into<String>) -> Distrust {
        Distrust { why: why.into(), servers: true, clients: true, is_of_openssl: false }
    }

    /// Whether it counts where paths have to serve these purposes; without any, what is said of servers does.
    pub fn counts_for(&self, purposes: &[Oid<'_>]) -> bool {
        let clients = purposes.contains(&oid::CLIENT_AUTH);
        let servers = purposes.contains(&oid::SERVER_AUTH) || !clients;
        (self.servers && servers) || (self.clients && clients)
    }
}

impl Item {
    /// Why nobody should trust it, where what stands beside it says so. That a text is no list of what is trusted says
    /// nothing against a certificate in it.
    pub fn distrust(&self) -> Option<&Distrust> {
        self.rejected.as_ref().filter(|it| it.why != super::embedded::WITHIN)
    }
}

/// The kinds of things that certkit takes out of containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// An X.509 certificate; perhaps a damaged one.
    Certificate,
    /// A certificate revocation list.
    RevocationList,
    /// A certification request (PKCS#10).
    Request,
    /// A private key, of which only kind and size are told.
    PrivateKey(Box<KeyFacts>),
    /// A public key on its own (SubjectPublicKeyInfo).
    PublicKey,
    /// What an OCSP responder answered.
    OcspResponse,
}

impl ItemKind {
    /// The kind in words, such as `certificate`.
    pub fn name(&self) -> &'static str {
        match self {
            ItemKind::Certificate => "certificate",
            ItemKind::RevocationList => "certificate revocation list",
            ItemKind::Request => "certification request",
            ItemKind::PrivateKey(_) => "private key",
            ItemKind::PublicKey => "public key",
            ItemKind::OcspResponse => "OCSP response",
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bytes of an item. Those of a private key are wiped when dropped, and never shown.
#[derive(Clone)]
pub enum Der {
    /// Bytes that anyone may see.
    Open(Vec<u8>),
    /// Bytes of a private key, encrypted or not.
    Secret(Zeroizing<Vec<u8>>),
}

impl Der {
    /// Gives the bytes away without a copy, unless they are secret.
    pub fn into_open(self) -> Option<Vec<u8>> {
        match self {
            Der::Open(bytes) => Some(bytes),
            Der::Secret(_) => None,
        }
    }
}

impl Deref for Der {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Der::Open(bytes) => bytes,
            Der::Secret(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Der {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Der {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Der::Open(bytes) => write!(f, "Open({} bytes)", bytes.len()),
            Der::Secret(bytes) => write!(f, "Secret({} bytes)", bytes.len()),
        }
    }
}

/// Where in its container something stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Which PEM block, or which value of several in a row; counted from 1.
    pub block: usize,
    /// Which member of the PKCS#7 bundle, or which entry of the store, in that block; counted from 1.
    pub member: Option<usize>,
    /// The line of a PEM block's BEGIN; counted from 1.
    pub line: Option<u64>,
    /// The first byte of the block, counted from 0; for bare base64, within what it decodes to.
    pub offset: u64,
}

impl Position {
    /// What comes first in its container has the lower rank.
    fn rank(&self) -> (usize, usize) {
        (self.block, self.member.unwrap_or(0))
    }
}

impl fmt::Display for Position {
    /// Writes `block 2 (line 31)`, `byte 1180`, `block 1 (line 1), member 3`, `member 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.member) {
            (None, Some(member)) if self.offset == 0 => return write!(f, "member {member}"),
            (Some(line), _) => write!(f, "block {} (line {line})", self.block)?,
            (None, _) => write!(f, "byte {}", self.offset)?,
        }
        match self.member {
            Some(member) => write!(f, ", member {member}"),
            None => Ok(()),
        }
    }
}

/// Something that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stood.
    pub position: Position,
    /// What it called itself: a PEM label, or a description.
    pub what: String,
    /// Why it was not taken.
    pub why: Reason,
}

impl Skipped {
    /// Says whether nothing that a person would miss was lost, as with `EC PARAMETERS`.
    pub fn is_harmless(&self) -> bool {
        matches!(
            self.why,
            Reason::Parameters
                | Reason::TrustSettings { .. }
                | Reason::Padding { .. }
                | Reason::Integrity { .. }
                | Reason::Store { problem: StoreProblem::Secret, .. }
        )
    }
}

impl Skipped {
    /// Says whether its label promises a certificate, so that one is missing where it stood.
    pub fn claims_certificate(&self) -> bool {
        let is_block = !matches!(self.why, Reason::Store { .. } | Reason::Trailing { .. } | Reason::TooMany { .. });
        is_block && !self.is_harmless() && Claim::of(self.what.as_bytes()).is_certificate()
    }

    /// Says whether its label promises a revocation list, so that one is missing where it stood.
    pub fn claims_list(&self) -> bool {
        let is_block = !matches!(self.why, Reason::Store { .. } | Reason::Trailing { .. } | Reason::TooMany { .. });
        is_block && !self.is_harmless() && Claim::of(self.what.as_bytes()) == Claim::RevocationList
    }

    /// Says whether a certificate may be missing where it stood: what nobody could read may have been one.
    pub fn may_hide_certificate(&self) -> bool {
        match &self.why {
            _ if self.is_harmless() => false,
            Reason::Label => false,
            // Of the entries of a store, only private keys are opened one by one.
            Reason::Store { problem: StoreProblem::TooCostly { .. }, .. } => self.position.member.is_none(),
            Reason::Store { .. } => true,
            _ => Claim::of(self.what.as_bytes()).may_be_certificate(),
        }
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.position, Printable(&self.what), self.why)
    }
}

/// All that was read from one container.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// What was taken out, in the order in which it stood there.
    pub items: Vec<Item>,
    /// What was not taken, in the order in which it stood there.
    pub skipped: Vec<Skipped>,
    /// What other programs may not read about the form of the whole.
    pub oddities: Vec<Oddity>,
    /// Whether it is a text with objects of Kubernetes, whose values have no order among each other.
    pub is_manifest: bool,
}

impl Contents {
    /// Whether it is a PKCS#12 store of certificates in which Java sees none: none has Java's own trust attribute.
    pub fn is_unseen_by_java(&self) -> bool {
        let is_key = |item: &Item| matches!(item.kind, ItemKind::PrivateKey(_));
        let mut stored = self.certificates().filter(|item| item.encoding == Encoding::Pkcs12).peekable();
        stored.peek().is_some() && stored.all(|item| !item.is_trusted) && !self.items.iter().any(is_key)
    }

    /// How its items are wrapped: the first one, or those that a store might have; `None` where it is nothing of these.
    pub fn encoding(&self) -> Option<Encoding> {
        let store = || {
            self.skipped.iter().find_map(|skipped| match skipped.why {
                Reason::Integrity { store, .. } | Reason::Store { store, problem: StoreProblem::Secret } => Some(store),
                _ => None,
            })
        };
        self.items.first().map(|item| item.encoding).or_else(|| store().map(Encoding::of_store))
    }

    /// What is not known of a store's integrity; `None` where it is verified, or there is no store.
    pub fn integrity(&self) -> Option<&Integrity> {
        self.skipped.iter().find_map(|skipped| match &skipped.why {
            Reason::Integrity { integrity, .. } => Some(integrity),
            _ => None,
        })
    }

    /// How many secrets there are that are no private keys, such as the secret keys of JCEKS: nothing that is judged.
    pub fn secrets(&self) -> usize {
        let is_secret = |why: &Reason| matches!(why, Reason::Store { problem: StoreProblem::Secret, .. });
        self.skipped.iter().filter(|skipped| is_secret(&skipped.why)).count()
    }

    /// Why nothing in it may become an anchor, read with this password: the integrity of a store is not proven.
    ///
    /// A store without a MAC is as good as a PEM file, but not where a password was given: that is a demand for
    /// proof, and whoever changes a store can take its MAC away. Every store among several counts.
    pub fn unproven(&self, password: Option<&[u8]>) -> Option<ContainerError> {
        self.skipped.iter().find_map(|skipped| match &skipped.why {
            Reason::Integrity { integrity: Integrity::Verified, .. } => None,
            Reason::Integrity { integrity: Integrity::Unprotected, .. } if password.is_none() => None,
            Reason::Integrity { store, integrity } => {
                let problem = StoreProblem::Unproven { integrity: integrity.clone() };
                Some(ContainerError::Store { store: *store, problem })
            }
            _ => None,
        })
    }

    /// The certificates among the items.
    pub fn certificates(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.kind == ItemKind::Certificate)
    }

    /// What was passed over before the first certificate and may have been the first one itself.
    ///
    /// Who takes the first certificate of a file as the one that is meant must not take another one in its place.
    pub fn lost_before_first(&self) -> Option<&Skipped> {
        let first = self.certificates().next().map(|item| item.position.rank());
        let is_before = |skipped: &&Skipped| first.is_none_or(|first| skipped.position.rank() < first);
        self.skipped.iter().filter(is_before).find(|skipped| skipped.may_hide_certificate())
    }

    /// Gives the bytes of the certificates away without a copy.
    pub fn into_certificates(self) -> impl Iterator<Item = Vec<u8>> {
        let certificates = self.items.into_iter().filter(|item| item.kind == ItemKind::Certificate);
        certificates.filter_map(|item| item.der.into_open())
    }
}

impl Extend<Block> for Contents {
    fn extend<T: IntoIterator<Item = Block>>(&mut self, blocks: T) {
        for block in blocks {
            match block {
                Block::Item(item) => self.items.push(item),
                Block::Skipped(skipped) => self.skipped.push(skipped),
            }
        }
    }
}

/// What a reader yields in one step.
#[derive(Clone, Debug)]
pub enum Block {
    /// Something taken out.
    Item(Item),
    /// Something passed over.
    Skipped(Skipped),
}
