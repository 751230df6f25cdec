//! The certificates of the demonstration, and the servers that present them.

use certkit_core::cert::Certificate;
use certkit_core::generate::{
    AlternativeName, Error, Issuer, KeyPair, KeyType, Kind, SigningAlgorithm, Template, Validity,
};
use certkit_core::moment::{DAY, Moment};

use super::stand_in::StandIn;
use crate::failure::Failure;

/// Four servers, and the place where the root can be had.
pub(super) struct Plant {
    /// Nothing is wrong with it; the root is not sent.
    pub(super) sound: StandIn,
    /// It signed its own certificate.
    pub(super) self_signed: StandIn,
    /// Its certificate has expired.
    pub(super) expired: StandIn,
    /// Its certificate is signed with SHA-1.
    pub(super) sha1: StandIn,
    _root: StandIn,
}

fn failed(error: impl std::error::Error + 'static) -> Failure {
    Failure::new("the certificates of the demonstration cannot be made").because(error)
}

/// A server's certificate to be, for this machine's loopback address.
fn server(validity: Validity) -> Result<Template, Error> {
    let template = Template::new(Kind::Https, "CN=thingworx.demo.example,O=Demo Plant".parse()?, validity);
    Ok(template.alternative_names(["thingworx.demo.example", "localhost", "127.0.0.1"].map(AlternativeName::host)))
}

/// A CA with its key.
struct Authority {
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    fn root(now: Moment) -> Result<Authority, Error> {
        let key = KeyPair::generate(KeyType::P256)?;
        let validity = Validity::days(now.plus(-400 * DAY), 3650);
        let template = Template::new(Kind::Root, "CN=Demo Plant Root CA,O=Demo Plant".parse()?, validity);
        Ok(Authority { certificate: template.issue(&key.public_key()?, &Issuer::itself(&key))?, key })
    }

    /// A CA below this one, whose certificate names the address of its issuer's.
    fn below(&self, now: Moment, address: &str) -> Result<Authority, Error> {
        // An RSA key, because only those sign with SHA-1 here.
        let key = KeyPair::generate(KeyType::Rsa2048)?;
        let validity = Validity::days(now.plus(-400 * DAY), 1825);
        let subject = "CN=Demo Plant Issuing CA,O=Demo Plant".parse()?;
        let mut template = Template::new(Kind::IssuingAuthority, subject, validity);
        template.issuer_uris.push(address.to_owned());
        let certificate = template.issue(&key.public_key()?, &Issuer::authority(&self.certificate, &self.key)?)?;
        Ok(Authority { certificate, key })
    }
}

impl Plant {
    /// Makes the certificates and starts the servers. Costs a few key generations, well below a second.
    pub(super) fn start() -> Result<Plant, Failure> {
        let now = Moment::now();
        let root = Authority::root(now).map_err(failed)?;
        let download = StandIn::file(root.certificate.der().to_vec())?;
        let address = format!("http://{}/plant-root.cer", download.address());
        let issuing = root.below(now, &address).map_err(failed)?;
        let key = KeyPair::generate(KeyType::P256).map_err(failed)?;
        let current = Validity::days(now.plus(-DAY), 365);
        let past = Validity::days(now.plus(-380 * DAY), 365);
        let make = |validity: Validity, issuer: &Issuer<'_>| server(validity)?.issue(&key.public_key()?, issuer);
        let authority = || Issuer::authority(&issuing.certificate, &issuing.key);
        let chain = |leaf: &Certificate| StandIn::tls(&[leaf, &issuing.certificate], &key);

        let sound = make(current, &authority().map_err(failed)?).map_err(failed)?;
        let self_signed = make(current, &Issuer::itself(&key)).map_err(failed)?;
        let expired = make(past, &authority().map_err(failed)?).map_err(failed)?;
        let legacy = authority().map_err(failed)?.signing_with(SigningAlgorithm::RsaSha1ForDemonstration);
        let sha1 = make(current, &legacy).map_err(failed)?;
        Ok(Plant {
            sound: chain(&sound)?,
            self_signed: StandIn::tls(&[&self_signed], &key)?,
            expired: chain(&expired)?,
            sha1: chain(&sha1)?,
            _root: download,
        })
    }
}
