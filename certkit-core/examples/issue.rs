//! Makes a CA and a certificate for an HTTPS server: `cargo run --features generate --example issue -- HOST`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::error::Error;

use certkit_core::Moment;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};

fn main() -> Result<(), Box<dyn Error>> {
    let host = std::env::args().nth(1).ok_or("name a host")?;
    let now = Moment::now();
    let root_key = KeyPair::generate(KeyType::P256)?;
    let root = Template::new(Kind::Root, "O=Plant, CN=Plant Root".parse()?, Validity::days(now, 3650))
        .issue(&root_key.public_key()?, &Issuer::itself(&root_key))?;
    let key = KeyPair::generate(KeyType::P256)?;
    let leaf = Template::new(Kind::Https, format!("CN={host}").parse()?, Validity::days(now, 365))
        .alternative_names([AlternativeName::host(&host)])
        .issue(&key.public_key()?, &Issuer::authority(&root, &root_key)?)?;
    for certificate in [leaf, root] {
        print!("{}", pem::encode("CERTIFICATE", certificate.der()));
    }
    Ok(())
}
