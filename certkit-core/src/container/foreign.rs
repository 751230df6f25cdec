//! Recognises what is not a certificate, so that the answer can say what it is.

use std::fmt;

use super::shape::{self, Shape};
use crate::asn1::{Reader, Tag};
use crate::oid::Oid;

/// A store that holds certificates, behind a password or in a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Store {
    /// PKCS#12, also called PFX.
    Pkcs12,
    /// Java's keystore.
    Jks,
    /// Java's other keystore.
    Jceks,
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Store::Pkcs12 => "PKCS#12 store",
            Store::Jks => "Java keystore (JKS)",
            Store::Jceks => "Java keystore (JCEKS)",
        })
    }
}

/// Things that people hand over in place of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// A web page, mostly an error or a login.
    Html,
    /// Some other XML document.
    Xml,
    /// A JSON document.
    Json,
    /// A PDF document.
    Pdf,
    /// A ZIP archive, and all that is built on it.
    Zip,
    /// A gzip-compressed file.
    Gzip,
    /// A picture.
    Image,
    /// A program.
    Program,
    /// A public key of OpenSSH.
    OpenSsh,
    /// A private key of PuTTY.
    Putty,
    /// Text in which BEGIN lines have other hyphens than they should.
    Hyphens,
    /// Any other text.
    Text,
    /// A question to an OCSP responder.
    OcspRequest,
    /// A question to a time-stamp authority.
    TimeStampRequest,
    /// What a time-stamp authority answered.
    TimeStampResponse,
    /// A private key in Microsoft's own form that is not read: DSA, or damaged.
    Pvk,
    /// An encrypted private key in Microsoft's own form.
    EncryptedPvk,
    /// The same, which the password does not open.
    LockedPvk,
    /// The same, in a build without its cipher.
    OldPvk,
    /// A keychain of macOS.
    Keychain,
    /// The certificate database of Firefox, Thunderbird and Chrome on Linux.
    NssDatabase,
    /// Another database of SQLite.
    Sqlite,
    /// Encrypted CMS with a check of its own, or a compressed one.
    Sealed,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Foreign::Html => "an HTML page",
            Foreign::Xml => "an XML document without a PEM block in it",
            Foreign::Json => "a JSON document without a PEM block in it",
            Foreign::Pdf => "a PDF document",
            Foreign::Zip => "a ZIP archive (unpack it first)",
            Foreign::Gzip => "a gzip-compressed file (unpack it first)",
            Foreign::Image => "a picture",
            Foreign::Program => "a program",
            Foreign::OpenSsh => "an OpenSSH public key",
            Foreign::Putty => "a PuTTY private key",
            Foreign::Hyphens => {
                "text whose BEGIN line is damaged (a PEM block begins with five hyphens, as in \
                 -----BEGIN CERTIFICATE-----)"
            }
            Foreign::OcspRequest => "an OCSP request (only the response can hold certificates)",
            Foreign::TimeStampRequest => "a request for a time stamp",
            Foreign::TimeStampResponse => {
                "a time-stamp response without a token (openssl ts -reply -in FILE -text shows why)"
            }
            Foreign::Pvk => {
                "a damaged private key in Microsoft's form (PVK), or none of RSA (openssl pkey -inform PVK -in FILE shows it)"
            }
            Foreign::EncryptedPvk => {
                "an encrypted private key in Microsoft's form (PVK): its password is needed (--password-file FILE, \
                 --password-env VAR)"
            }
            Foreign::LockedPvk => {
                "an encrypted private key in Microsoft's form (PVK), which the password does not open, or none of RSA"
            }
            Foreign::OldPvk => {
                "an encrypted private key in Microsoft's form (PVK): its cipher, RC4, is not part of this build"
            }
            Foreign::Keychain => {
                "a keychain of macOS (export its certificates: security find-certificate -a -p FILE > certificates.pem)"
            }
            Foreign::NssDatabase => {
                "a certificate database of NSS (certutil -L -d sql:FOLDER lists it, -L -n NAME -a exports a \
                 certificate)"
            }
            Foreign::Sqlite => "a database of SQLite",
            Foreign::Sealed => "an encrypted or compressed CMS message, which has no readable certificates",
            Foreign::Text => "text without a PEM block (-----BEGIN CERTIFICATE-----)",
        })
    }
}

/// How much of the data is looked at for marks that may stand anywhere.
const HEAD: usize = 64 * 1024;

/// Recognises a store by its first bytes.
pub(super) fn store(bytes: &[u8]) -> Option<Store> {
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Store::Jks),
        [0xce, 0xce, 0xce, 0xce, ..] => Some(Store::Jceks),
        _ if shape::of(bytes) == Some(Shape::Pkcs12) => Some(Store::Pkcs12),
        _ => None,
    }
}

/// Recognises DER of neighbouring protocols by the parts that nothing else has.
fn of_der(bytes: &[u8]) -> Option<Foreign> {
    let mut outer = Reader::new(bytes).sequence().ok()?;
    match outer.peek()? {
        Tag::OID => {
            let kind = Oid(outer.oid().ok()?);
            [AUTH_ENVELOPED_DATA, COMPRESSED_DATA].contains(&kind).then_some(Foreign::Sealed)
        }
        Tag::INTEGER => {
            outer.small_integer().ok().filter(|version| *version == 1)?;
            is_imprint(outer.sequence().ok()?).then_some(Foreign::TimeStampRequest)
        }
        Tag::SEQUENCE => {
            let mut first = outer.sequence().ok()?;
            if first.peek() == Some(Tag::INTEGER) {
                first.small_integer().ok().filter(|status| *status <= 5)?;
                return outer.is_empty().then_some(Foreign::TimeStampResponse);
            }
            first.optional(Tag::context_constructed(0)).ok()?;
            first.optional(Tag::context_constructed(1)).ok()?;
            let mut identity = first.sequence().ok()?.sequence().ok()?.sequence().ok()?;
            identity.sequence().ok()?.oid().ok()?;
            identity.expect(Tag::OCTET_STRING).ok()?;
            identity.expect(Tag::OCTET_STRING).ok()?;
            identity.expect(Tag::INTEGER).is_ok().then_some(Foreign::OcspRequest)
        }
        _ => None,
    }
}

const AUTH_ENVELOPED_DATA: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17");
const COMPRESSED_DATA: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09");

/// Says whether this is a digest with its algorithm (RFC 3161 section 2.4.1).
fn is_imprint(mut imprint: Reader<'_>) -> bool {
    imprint.sequence().is_ok_and(|mut algorithm| algorithm.oid().is_ok()) && imprint.expect(Tag::OCTET_STRING).is_ok()
}

/// Recognises what has nothing to do with certificates; `None` for binary data of no known kind.
pub(super) fn foreign(bytes: &[u8]) -> Option<Foreign> {
    if let Some(known) = of_der(bytes) {
        return Some(known);
    }
    const MARKS: [(&[u8], Foreign); 15] = [
        (b"%PDF-", Foreign::Pdf),
        (b"PK\x03\x04", Foreign::Zip),
        (b"PK\x05\x06", Foreign::Zip),
        (b"\x1f\x8b", Foreign::Gzip),
        (b"\x89PNG", Foreign::Image),
        (b"\xff\xd8\xff", Foreign::Image),
        (b"GIF8", Foreign::Image),
        (b"\x7fELF", Foreign::Program),
        (b"MZ\x90\0", Foreign::Program),
        (b"ssh-", Foreign::OpenSsh),
        (b"ecdsa-sha2-", Foreign::OpenSsh),
        (b"PuTTY-User-Key-File", Foreign::Putty),
        (b"<?xml", Foreign::Xml),
        (b"kych", Foreign::Keychain),
        (b"SQLite format 3\0", Foreign::Sqlite),
    ];
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = text.get(..HEAD).unwrap_or(text);
    let lower: Vec<u8> = head.iter().map(u8::to_ascii_lowercase).collect();
    let contains = |mark: &[u8]| memchr::memmem::find(&lower, mark).is_some();
    if lower.starts_with(b"<!doctype html")
        || lower.starts_with(b"<html")
        || (head.starts_with(b"<") && contains(b"<html"))
    {
        return Some(Foreign::Html);
    }
    if head.starts_with(b"SQLite format 3\0") && contains(b"nsspublic") {
        return Some(Foreign::NssDatabase);
    }
    if let Some((_, what)) = MARKS.iter().find(|(mark, _)| text.starts_with(mark)) {
        return Some(*what);
    }
    if head.iter().any(|octet| matches!(octet, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f)) {
        return None;
    }
    // Bytes above 0x7f are letters in one encoding or another; without any control
    // character among them, the data is text.
    Some(match head.first() {
        Some(b'{' | b'[') if begins_json(head) => Foreign::Json,
        Some(b'<') => Foreign::Xml,
        _ if contains(b"begin certificate") || contains(b"begin trusted certificate") => Foreign::Hyphens,
        _ if printable(head) => Foreign::Text,
        _ => return None,
    })
}

/// Says whether a value or an end follows the first bracket, which a section of a configuration has not.
fn begins_json(head: &[u8]) -> bool {
    let (first, rest) = head.split_first().unwrap_or((&0, &[]));
    let rest = rest.trim_ascii_start();
    let is_word =
        |word: &[u8]| rest.strip_prefix(word).is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphabetic));
    match rest.first() {
        Some(b'"') | None => true,
        Some(b'}') => *first == b'{',
        Some(b'{' | b'[' | b']' | b'-' | b'0'..=b'9') => *first == b'[',
        _ => *first == b'[' && [&b"null"[..], b"true", b"false"].into_iter().any(is_word),
    }
}

/// Says whether most bytes are ASCII, which short binary data without control characters is not.
fn printable(head: &[u8]) -> bool {
    let ascii = head.iter().filter(|octet| octet.is_ascii()).count();
    std::str::from_utf8(head).is_ok() || ascii >= head.len().saturating_sub(head.len() / 4)
}
