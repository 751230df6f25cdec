//! A private key with its whole chain in one PKCS#12 store.

use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::container::pkcs12::{Bag, BagContent, Key, Locked, encode};
use certkit_core::crypto::password_based::Protection;
use certkit_core::generate::KeyPair;
use zeroize::Zeroizing;

use super::not_made;
use crate::failure::Failure;

// The store on the command line.
#[derive(clap::Args, Debug)]
pub(crate) struct KeyStoreArgs {
    /// Write the private key and its chain, with the root, to this PKCS#12 store, as Tomcat and Kepware need it.
    ///
    /// Can be combined with every other output; asks for a password if none is given.
    #[arg(long, value_name = "FILE")]
    p12_out: Option<PathBuf>,

    /// Write the store for Java before 8u301 and Windows before 2019: with 3DES, which is weak.
    #[arg(long)]
    p12_legacy: bool,
}

impl KeyStoreArgs {
    /// The file of the store that was named.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.p12_out.as_deref()
    }

    /// Makes the store. Without a password it has the empty one, as many programs expect then.
    pub(crate) fn make(
        &self,
        key: &KeyPair,
        certificate: &Certificate,
        issuers: &[Certificate],
        password: Option<&Zeroizing<String>>,
    ) -> Result<Vec<u8>, Failure> {
        let alias = certificate.subject().short();
        // What ties the two together: by custom the thumbprint of the certificate.
        let key_id = Some(certificate.fingerprint_sha1().to_vec());
        let pkcs8 = key.to_pkcs8().map_err(|error| not_made("the PKCS#12 store", error.into()))?;
        let own = |content| Bag { alias: alias.clone(), key_id: key_id.clone(), ..Bag::new(content) };
        let mut bags = vec![
            own(BagContent::Key(Key::Open { pkcs8, sealed: None })),
            own(BagContent::Certificate(certificate.der().to_vec())),
        ];
        bags.extend(issuers.iter().map(|issuer| Bag::new(BagContent::Certificate(issuer.der().to_vec()))));
        let protection = if self.p12_legacy { Protection::Java8 } else { Protection::Modern };
        let password = password.map(|it| it.as_bytes()).unwrap_or_default();
        encode(&bags, Locked::With { password, protection })
            .map_err(|error| Failure::new("the PKCS#12 store was not made").because(error))
    }
}
