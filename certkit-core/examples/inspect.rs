//! Shows what the certificates of a file say: `cargo run --example inspect -- FILE`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::error::Error;

use certkit_core::Certificate;
use certkit_core::container::{self, ItemKind};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("name a file of certificates")?;
    // PEM, DER, PKCS#7, PKCS#12 or JKS: the content decides.
    let contents = container::read(&std::fs::read(file)?)?;
    for item in contents.items.iter().filter(|item| item.kind == ItemKind::Certificate) {
        let certificate = Certificate::from_der(&item.der)?;
        println!("subject      {}", certificate.subject());
        println!("issuer       {}", certificate.issuer());
        println!("valid until  {}", certificate.not_after()?);
        println!("key          {}", certificate.public_key()?);
        println!("self-signed  {}\n", certificate.is_self_signed());
    }
    Ok(())
}
