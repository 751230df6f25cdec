//! PKCS#12 stores (RFC 7292), also called PFX: bags of certificates, keys and lists under a password.
//!
//! Knows bags and their attributes, and every cipher of [`password_based`]. Refuses to
//! know which certificate belongs to which key beyond what attributes say. Bags that it
//! does not know keep their bytes, so that who writes a store anew loses nothing.
//!
//! [`password_based`]: crate::crypto::password_based

mod bag;
mod read;
mod structure;
mod write;

pub use self::bag::{Bag, BagContent, Key};
pub use self::read::{Closed, Pkcs12, read, read_within};
pub use self::write::{Locked, encode};

use crate::oid::Oid;

const KEY_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x01");
const SHROUDED_KEY_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02");
const CERTIFICATE_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x03");
const LIST_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x04");
const SECRET_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x05");
const SAFE_BAG: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x06");

const X509_CERTIFICATE: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01");
const X509_LIST: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x17\x01");

const FRIENDLY_NAME: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x14");
const LOCAL_KEY_ID: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x15");
/// Oracle's attribute, without which Java sees no trusted certificate in a PKCS#12 store.
const TRUSTED_KEY_USAGE: Oid<'static> = Oid(b"\x60\x86\x48\x01\x86\xf9\x66\xad\xca\x7b\x01\x01");
const ANY_EXTENDED_KEY_USAGE: Oid<'static> = Oid(b"\x55\x1d\x25\x00");

const DATA: Oid<'static> = crate::oid::PKCS7_DATA;
const ENCRYPTED_DATA: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06");
