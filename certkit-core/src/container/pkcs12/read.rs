//! Opens PKCS#12 stores: the MAC first, then each part with its cipher.

use zeroize::Zeroizing;

use super::bag::{Bag, BagContent, Key};
use super::{DATA, ENCRYPTED_DATA, SAFE_BAG};
use crate::asn1::{self, Element, Problem, Reader, Tag};
use crate::container::LIMIT;
use crate::container::ber;
use crate::container::store_problem::{Integrity, StoreProblem};
use crate::crypto::password_based::{Budget, Error, Mac, Password, Protection, Scheme};
use crate::oid::Oid;

/// How deep bags may stand inside bags.
const DEPTH: usize = 8;

/// An opened store.
#[derive(Clone, Debug)]
pub struct Pkcs12 {
    /// What stands in it, in its order.
    pub bags: Vec<Bag>,
    /// Parts that stayed closed, with how many bags stand before each.
    pub closed: Vec<Closed>,
    /// Whether it is known to be as it was written.
    pub integrity: Integrity,
    /// The set of ciphers nearest to what its certificates are under; `None` where they are in clear.
    pub protection: Option<Protection>,
    /// Whether there is a MAC.
    pub has_mac: bool,
}

/// A part of a store that stayed closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How many bags stand before it.
    pub after: usize,
    /// Why.
    pub why: StoreProblem,
}

/// Reads a store in DER or BER.
///
/// Without a password, and with an empty one, both forms of "no password" are tried,
/// and what is in clear is given in any case. Fails where the file is damaged, where the
/// password is wrong, and where nothing could be opened. A key with a password of its
/// own stays sealed. Costs what the file asks for, at most some seconds.
pub fn read(bytes: &[u8], password: Option<&[u8]>) -> Result<Pkcs12, StoreProblem> {
    read_within(bytes, password, &mut Budget::for_file())
}

/// Reads a store that may be one of several in a file, as [`read`] does one that is the whole file.
pub fn read_within(bytes: &[u8], password: Option<&[u8]>, budget: &mut Budget) -> Result<Pkcs12, StoreProblem> {
    let rewritten;
    let outer = match Reader::new(bytes).element() {
        Err(error) if error.problem == Problem::Indefinite => {
            rewritten = ber::joined(bytes)?.0;
            rewritten.as_slice()
        }
        Ok(element) => {
            rewritten = definite(element.raw)?;
            &rewritten
        }
        Err(error) => return Err(error.into()),
    };
    let mut fields = Reader::new(outer).sequence()?;
    fields.expect(Tag::INTEGER)?;
    let content = content_of(fields.sequence()?)?;
    let mac = fields.optional(Tag::SEQUENCE)?.map(|data| Mac::read(data.contents()));
    let mut opener = Opener::new(password, budget);
    let integrity = opener.authenticate(mac.as_ref(), content)?;
    let authenticated = Zeroizing::new(definite(content)?);
    let mut parts = Reader::new(&authenticated).sequence()?;
    while !parts.is_empty() {
        opener.part(parts.sequence()?)?;
    }
    opener.finish(integrity, mac.is_some())
}

/// Gives `bytes` without indefinite lengths and without strings in pieces.
fn definite(bytes: &[u8]) -> Result<Vec<u8>, StoreProblem> {
    let rewritten = ber::joined(bytes);
    match rewritten {
        Ok((der, _)) => Ok(der),
        Err(problem) => Err(problem.into()),
    }
}

/// Takes the bytes of a ContentInfo that should hold data.
fn content_of(mut info: Reader<'_>) -> Result<&[u8], StoreProblem> {
    if Oid(info.oid()?) != DATA {
        return Err(StoreProblem::PublicKeyMode);
    }
    Ok(info.expect(Tag::context_constructed(0))?.contents().expect(Tag::OCTET_STRING)?.value)
}

/// What the MAC said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// Nothing: there is none, or it is of an unknown kind.
    Nothing,
    /// Yes, to the one password that is left among the candidates.
    Yes,
    /// No, to all of them.
    No,
}

/// Opens part after part, and keeps in mind what the password was good for.
struct Opener<'p, 'b> {
    candidates: Vec<Password<'p>>,
    is_given: bool,
    said: Said,
    budget: &'b mut Budget,
    bags: Vec<Bag>,
    closed: Vec<Closed>,
    /// How many encrypted parts were there, and whether one was opened.
    parts: usize,
    has_opened: bool,
    /// Whether a key of a known cipher stayed sealed.
    has_sealed: bool,
    protection: Option<Protection>,
}

impl<'p, 'b> Opener<'p, 'b> {
    fn new(password: Option<&'p [u8]>, budget: &'b mut Budget) -> Opener<'p, 'b> {
        let candidates = match password {
            None | Some([]) => vec![Password::Text(b""), Password::Absent],
            // What OpenSSL wrote before version 1.1, or in a locale that was not UTF-8.
            Some(text) if !text.is_ascii() => vec![Password::Text(text), Password::Octets(text)],
            Some(text) => vec![Password::Text(text)],
        };
        Opener {
            candidates,
            is_given: password.is_some(),
            said: Said::Nothing,
            budget,
            bags: Vec::new(),
            closed: Vec::new(),
            parts: 0,
            has_opened: false,
            has_sealed: false,
            protection: None,
        }
    }

    /// Tries the MAC with every password that comes into question.
    fn authenticate(
        &mut self,
        mac: Option<&Result<Mac<'_>, Error>>,
        content: &[u8],
    ) -> Result<Integrity, StoreProblem> {
        let mac = match mac {
            None => return Ok(Integrity::Unprotected),
            Some(Err(Error::Unsupported { scheme })) => return Ok(Integrity::UnknownMac { scheme: scheme.clone() }),
            Some(Err(error)) => return Err(error.clone().into()),
            Some(Ok(mac)) => mac,
        };
        for candidate in self.candidates.clone() {
            if mac.verifies(content, candidate, self.budget)? {
                self.candidates = vec![candidate];
                self.said = Said::Yes;
                return Ok(Integrity::Verified);
            }
        }
        self.said = Said::No;
        Ok(Integrity::NotChecked)
    }

    /// Reads one ContentInfo of the AuthenticatedSafe.
    fn part(&mut self, mut info: Reader<'_>) -> Result<(), StoreProblem> {
        let kind = Oid(info.oid()?);
        let content = info.expect(Tag::context_constructed(0))?;
        match kind {
            DATA => {
                let octets = content.contents().expect(Tag::OCTET_STRING)?.value;
                self.bags_of(&definite(octets)?, DEPTH)
            }
            ENCRYPTED_DATA => self.encrypted(content),
            _ => {
                self.close(StoreProblem::PublicKeyMode);
                Ok(())
            }
        }
    }

    fn close(&mut self, why: StoreProblem) {
        self.closed.push(Closed { after: self.bags.len(), why });
    }

    fn encrypted(&mut self, content: Element<'_>) -> Result<(), StoreProblem> {
        self.parts = self.parts.saturating_add(1);
        let mut fields = content.contents().sequence()?;
        fields.expect(Tag::INTEGER)?;
        let mut info = fields.sequence()?;
        info.oid()?;
        let algorithm = info.expect(Tag::SEQUENCE)?;
        let encrypted = pieces(info.element()?)?;
        let scheme = match Scheme::read(algorithm) {
            Ok(scheme) => scheme,
            Err(error @ Error::Unsupported { .. }) => {
                self.close(error.into());
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        match self.decrypt(&scheme, &encrypted)? {
            Some(clear) => {
                self.has_opened = true;
                self.protection = self.protection.or(Some(scheme.protection()));
                let part = Some(self.parts);
                self.bags_of(&clear, DEPTH).map_err(|problem| match problem {
                    StoreProblem::Damaged { problem, .. } => StoreProblem::Damaged { part, problem },
                    other => other,
                })
            }
            None => {
                self.close(self.shut());
                Ok(())
            }
        }
    }

    /// Why something that is encrypted stays so.
    fn shut(&self) -> StoreProblem {
        match (self.said, self.is_given) {
            (Said::Yes, _) => StoreProblem::OtherPassword,
            (_, true) => StoreProblem::WrongPassword,
            (_, false) => StoreProblem::PasswordNeeded,
        }
    }

    /// Decrypts with the first password that leaves a SEQUENCE which fills the bytes.
    fn decrypt(&mut self, scheme: &Scheme<'_>, encrypted: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, StoreProblem> {
        for candidate in self.candidates.clone() {
            let clear = match scheme.decrypt(encrypted, candidate, self.budget) {
                Ok(clear) => clear,
                Err(Error::NotOpened) => continue,
                Err(error) => return Err(error.into()),
            };
            let Ok((der, used)) = ber::joined(&clear) else { continue };
            let der = Zeroizing::new(der);
            if used == clear.len() && asn1::single(&der, Tag::SEQUENCE).is_ok() {
                return Ok(Some(der));
            }
        }
        Ok(None)
    }

    /// Reads SafeContents.
    fn bags_of(&mut self, contents: &[u8], depth: usize) -> Result<(), StoreProblem> {
        let depth = depth.checked_sub(1).ok_or(StoreProblem::Depth)?;
        let mut bags = Reader::new(contents).sequence()?;
        while !bags.is_empty() {
            let whole = bags.expect(Tag::SEQUENCE)?;
            let mut fields = whole.contents();
            let kind = Oid(fields.oid()?);
            let value = fields.expect(Tag::context_constructed(0))?;
            if kind == SAFE_BAG {
                self.bags_of(value.value, depth)?;
                continue;
            }
            if self.bags.len() >= LIMIT {
                return Err(StoreProblem::TooMany { limit: LIMIT });
            }
            let mut bag = Bag::read(whole, kind, value)?;
            if let Some(attributes) = fields.optional(Tag::SET)? {
                bag.take_attributes(attributes)?;
            }
            if let BagContent::Key(key) = &mut bag.content {
                self.unseal(key)?;
            }
            self.bags.push(bag);
        }
        Ok(())
    }

    /// Opens a key, if the password is its own and its cipher is known.
    fn unseal(&mut self, key: &mut Key) -> Result<(), StoreProblem> {
        let Key::Sealed(sealed) = key else { return Ok(()) };
        let mut fields = Reader::new(sealed).sequence()?;
        let algorithm = fields.expect(Tag::SEQUENCE)?;
        let encrypted = pieces(fields.element()?)?;
        let scheme = match Scheme::read(algorithm) {
            Ok(scheme) => scheme,
            // It is told by whoever wants to use the key.
            Err(Error::Unsupported { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if self.said == Said::No && !self.is_given {
            return Ok(());
        }
        match self.decrypt(&scheme, &encrypted)? {
            Some(pkcs8) => {
                self.has_opened = true;
                let sealed = Some(std::mem::take(sealed));
                *key = Key::Open { pkcs8, sealed };
            }
            None => self.has_sealed = true,
        }
        Ok(())
    }

    /// Tells a wrong password from a damaged file, and gives what was read.
    fn finish(self, integrity: Integrity, has_mac: bool) -> Result<Pkcs12, StoreProblem> {
        if self.said == Said::No && self.is_given {
            return Err(if self.has_opened { StoreProblem::Changed } else { StoreProblem::WrongPassword });
        }
        let is_shut = self.has_sealed || self.closed.iter().any(|closed| closed.why == StoreProblem::WrongPassword);
        if self.said == Said::Nothing && self.is_given && is_shut && !self.has_opened {
            return Err(StoreProblem::WrongPassword);
        }
        if self.bags.is_empty()
            && let Some(Closed { why, .. }) = self.closed.first()
        {
            return Err(why.clone());
        }
        let Opener { bags, closed, protection, .. } = self;
        Ok(Pkcs12 { bags, closed, integrity, protection, has_mac })
    }
}

/// Joins an OCTET STRING that may be in pieces, under whatever tag it stands.
fn pieces(element: Element<'_>) -> Result<Vec<u8>, StoreProblem> {
    if !element.tag.is_constructed() {
        return Ok(element.value.to_vec());
    }
    let mut joined = Vec::with_capacity(element.value.len());
    let mut parts = element.contents();
    while !parts.is_empty() {
        joined.extend_from_slice(parts.expect(Tag::OCTET_STRING)?.value);
    }
    Ok(joined)
}
