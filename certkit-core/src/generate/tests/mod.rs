//! What is made is read by others: OpenSSL and x509-parser.

mod chain;
mod keys;
mod names;
mod opcua;
mod openssl;
mod read_back;
mod renewal;
mod request;
mod revocation;
mod written;

use super::*;
use crate::cert::Certificate;
use crate::moment::{DAY, Moment};

/// A CA or a self-signed subject with its key.
pub(super) struct Made {
    pub(super) key: KeyPair,
    pub(super) certificate: Certificate,
}

pub(super) fn now() -> Moment {
    Moment::now()
}

pub(super) fn years(count: i64) -> Validity {
    Validity { not_before: now().plus(-count * 365 * DAY), not_after: now().plus(count * 365 * DAY) }
}

pub(super) fn root(kind: KeyType, subject: &str) -> Made {
    let key = KeyPair::generate(kind).unwrap();
    let template = Template::new(Kind::Root, subject.parse().unwrap(), years(5));
    let certificate = template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    Made { key, certificate }
}

impl Made {
    pub(super) fn issuer(&self) -> Issuer<'_> {
        Issuer::authority(&self.certificate, &self.key).unwrap()
    }

    pub(super) fn issue(&self, kind: KeyType, template: &Template) -> Made {
        let key = KeyPair::generate(kind).unwrap();
        let certificate = template.issue(&key.public_key().unwrap(), &self.issuer()).unwrap();
        Made { key, certificate }
    }
}

pub(super) fn issuing(subject: &str) -> Template {
    Template::new(Kind::IssuingAuthority, subject.parse().unwrap(), years(3))
}

pub(super) fn https(subject: &str) -> Template {
    Template::new(Kind::Https, subject.parse().unwrap(), Validity::days(now(), 397))
        .alternative_names([AlternativeName::host("twx.plant.example"), AlternativeName::host("10.0.0.7")])
}
