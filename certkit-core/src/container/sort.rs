//! Decides what decoded bytes are: by their shape first, by their label where the shape says nothing.

use zeroize::Zeroizing;

use super::LIMIT;
use super::encoding::Encoding;
use super::foreign::{self, Store};
use super::item::{Block, Der, Item, ItemKind, Position, Skipped};
use super::key::{self, KeyFacts};
use super::label::Claim;
use super::opened::{self, Means};
use super::pkcs7::{self, Member};
use super::reason::Reason;
use super::shape::{self, Extent, Shape};
use super::trust_settings;
use crate::asn1::Reader;

/// Where bytes come from, and what their surroundings say of them.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    /// The PEM label, or a description.
    pub(super) label: &'a str,
    pub(super) claim: Claim,
    /// The value of the `DEK-Info` header.
    pub(super) dek_info: Option<&'a str>,
    pub(super) encoding: Encoding,
    pub(super) position: Position,
}

impl Origin<'_> {
    pub(super) fn skip(&self, why: Reason) -> Block {
        Block::Skipped(Skipped { position: self.position, what: self.label.to_owned(), why })
    }

    fn item(&self, kind: ItemKind, der: Der) -> Block {
        Block::Item(Item {
            kind,
            der,
            encoding: self.encoding,
            position: self.position,
            alias: None,
            is_trusted: false,
            rejected: None,
        })
    }

    fn open(&self, kind: ItemKind, der: Vec<u8>) -> Block {
        self.item(kind, Der::Open(der))
    }

    fn key(&self, facts: KeyFacts, der: Vec<u8>) -> Block {
        self.item(ItemKind::PrivateKey(Box::new(facts)), Der::Secret(Zeroizing::new(der)))
    }
}

/// Appends the items that `der` makes to `found`, or the reason why it makes none.
///
/// Stores are opened with `means`.
pub(super) fn sort(der: Vec<u8>, origin: &Origin<'_>, means: &mut Means<'_>, found: &mut impl Extend<Block>) {
    if let (Claim::PrivateKey, Some(dek_info)) = (origin.claim, origin.dek_info) {
        return found.extend([origin.key(KeyFacts::traditional(origin.label, dek_info), der)]);
    }
    let block = match (shape::of(&der), origin.claim) {
        _ if der.is_empty() => origin.skip(Reason::Empty),
        (Some(Shape::Certificate), Claim::TrustedCertificate) => return trusted(der, origin, found),
        (Some(Shape::Certificate), _) => origin.open(ItemKind::Certificate, der),
        (Some(Shape::Request), _) => origin.open(ItemKind::Request, der),
        (Some(Shape::RevocationList), _) => origin.open(ItemKind::RevocationList, der),
        (Some(Shape::PublicKey), _) => origin.open(ItemKind::PublicKey, der),
        (Some(Shape::RsaPublicKey), _) if let Some(spki) = key::rsa_spki(&der) => {
            origin.open(ItemKind::PublicKey, spki)
        }
        (Some(Shape::OcspResponse), _) => origin.open(ItemKind::OcspResponse, der),
        (Some(Shape::Pkcs12), _) => return opened(&Zeroizing::new(der), Store::Pkcs12, origin, means, found),
        (None, _) if let Some(store) = foreign::store(&der) => {
            return opened(&Zeroizing::new(der), store, origin, means, found);
        }
        (Some(Shape::TimeStamp), _) => return bundle(token(&der).unwrap_or(&der), origin, found),
        (Some(Shape::Pkcs7), _) | (None, Claim::Pkcs7) => return bundle(&der, origin, found),
        (Some(shape), claim) => match KeyFacts::read(shape, &der) {
            Some(facts) => origin.key(facts, der),
            None => unclear(der, claim, origin),
        },
        (None, claim) => unclear(der, claim, origin),
    };
    found.extend([block]);
}

/// Believes the label: what is wrong with the bytes is for those to say who read such things.
fn unclear(der: Vec<u8>, claim: Claim, origin: &Origin<'_>) -> Block {
    match claim {
        Claim::Certificate | Claim::TrustedCertificate => origin.open(ItemKind::Certificate, der),
        Claim::RevocationList => origin.open(ItemKind::RevocationList, der),
        Claim::Request => origin.open(ItemKind::Request, der),
        Claim::PublicKey => origin.open(ItemKind::PublicKey, der),
        Claim::RsaPublicKey => match key::rsa_spki(&der) {
            Some(spki) => origin.open(ItemKind::PublicKey, spki),
            None => origin.skip(Reason::Content { wanted: "RSA public key" }),
        },
        Claim::PrivateKey => {
            drop(Zeroizing::new(der));
            origin.skip(Reason::Content { wanted: "private key" })
        }
        Claim::Pkcs7 => origin.skip(Reason::Content { wanted: "PKCS#7 bundle" }),
        Claim::Parameters => origin.skip(Reason::Parameters),
        Claim::Unknown => origin.skip(Reason::Label),
    }
}

/// Cuts off the trust settings that openssl writes after the certificate.
fn trusted(mut der: Vec<u8>, origin: &Origin<'_>, found: &mut impl Extend<Block>) {
    let mut settings = Vec::new();
    if let Extent::Whole(length) = shape::extent(&der)
        && length < der.len()
    {
        settings = der.split_off(length);
        der.shrink_to_fit();
    }
    let bytes = settings.len();
    let mut block = origin.open(ItemKind::Certificate, der);
    if let Block::Item(item) = &mut block {
        item.rejected = (bytes > 0).then(|| trust_settings::rejected(&settings)).flatten();
    }
    found.extend([block]);
    if bytes > 0 {
        found.extend([origin.skip(Reason::TrustSettings { bytes })]);
    }
}

/// Opens a store that stood in a block.
fn opened(der: &[u8], store: Store, origin: &Origin<'_>, means: &mut Means<'_>, found: &mut impl Extend<Block>) {
    if let Err(problem) = opened::read(der, store, means, origin.position, found) {
        found.extend([origin.skip(Reason::Store { store, problem })]);
    }
}

/// The token of a time-stamp response (RFC 3161 section 2.4.2): what follows its status.
fn token(response: &[u8]) -> Option<&[u8]> {
    let mut fields = Reader::new(response).sequence().ok()?;
    fields.sequence().ok()?;
    Some(fields.rest())
}

fn bundle(der: &[u8], origin: &Origin<'_>, found: &mut impl Extend<Block>) {
    let bundle = match pkcs7::read(der) {
        Ok(bundle) => bundle,
        Err(problem) => return found.extend([origin.skip(problem.into())]),
    };
    for (member, number) in bundle.members.into_iter().zip(1..) {
        let position = Position { member: Some(number), ..origin.position };
        let origin = Origin { encoding: Encoding::Pkcs7, position, ..*origin };
        found.extend([match member {
            Member::Certificate(der) => origin.open(ItemKind::Certificate, der),
            Member::RevocationList(der) => origin.open(ItemKind::RevocationList, der),
            Member::Other(problem) => origin.skip(problem.into()),
        }]);
    }
}

/// Sorts values that stand one after the other, as OPC UA sends chains.
pub(super) fn sort_row(bytes: &[u8], encoding: Encoding, means: &mut Means<'_>, found: &mut impl Extend<Block>) {
    let (mut offset, mut block) = (0usize, 1usize);
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        let position = Position { block, member: None, line: None, offset: offset as u64 };
        let origin = Origin { label: "data", claim: Claim::Unknown, dek_info: None, encoding, position };
        if block > LIMIT {
            return found.extend([origin.skip(Reason::TooMany { limit: LIMIT })]);
        }
        let Some(shape) = shape::of(rest) else {
            let is_padding = rest.iter().all(|&octet| octet == 0 || octet.is_ascii_whitespace());
            let bytes = rest.len();
            return found.extend([origin.skip(if is_padding {
                Reason::Padding { bytes }
            } else {
                Reason::Trailing { bytes }
            })]);
        };
        let length = match shape::extent(rest) {
            Extent::Whole(length) => length,
            Extent::Indefinite if shape == Shape::Pkcs7 => pkcs7::read(rest).map_or(rest.len(), |bundle| bundle.used),
            Extent::Indefinite | Extent::Cut => rest.len(),
        };
        sort(rest.get(..length).unwrap_or(rest).to_vec(), &origin, means, found);
        offset = offset.saturating_add(length);
        block = block.saturating_add(1);
    }
}
