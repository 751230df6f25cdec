//! Judges chains as rustls-webpki does: a line `DIRECTORY SECONDS server|client HOST` each (HOST `-` for none).
//!
//! `scripts/programs` asks it beside the other programs.

#![allow(clippy::print_stdout, reason = "its answers go to the script that asks")]

use std::io::{self, BufRead as _, Error, Write as _};
use std::path::Path;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{CertRevocationList, KeyUsage, OwnedCertRevocationList, RevocationCheckDepth, RevocationOptionsBuilder};

fn members(folder: &Path, part: &str) -> Vec<Vec<u8>> {
    (0..).map_while(|at| std::fs::read(folder.join(format!("{part}{at}.der"))).ok()).collect()
}

fn judge(folder: &Path, seconds: u64, usage: &str, host: &str) -> Result<(), webpki::Error> {
    let (presented, trusted) = (members(folder, "presented"), members(folder, "trust"));
    let trusted: Vec<CertificateDer<'_>> = trusted.iter().map(|der| der.as_slice().into()).collect();
    let anchors: Vec<_> = trusted.iter().map(webpki::anchor_from_trusted_cert).collect::<Result<_, _>>()?;
    let presented: Vec<CertificateDer<'_>> = presented.iter().map(|der| der.as_slice().into()).collect();
    let Some((first, others)) = presented.split_first() else { return Err(webpki::Error::BadDer) };
    let lists: Vec<CertRevocationList<'_>> = members(folder, "crl")
        .iter()
        .map(|der| OwnedCertRevocationList::from_der(der).map(CertRevocationList::from))
        .collect::<Result<_, _>>()?;
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    let revocation = match RevocationOptionsBuilder::new(&lists) {
        Ok(builder) => Some(
            builder
                .with_depth(RevocationCheckDepth::Chain)
                .with_expiration_policy(webpki::ExpirationPolicy::Enforce)
                .build(),
        ),
        Err(_) => None,
    };
    let usage = if usage == "client" { KeyUsage::client_auth() } else { KeyUsage::server_auth() };
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let leaf = webpki::EndEntityCert::try_from(first)?;
    leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, others, time, usage, revocation, None)?;
    if host == "-" {
        return Ok(());
    }
    let name = ServerName::try_from(host).map_err(|_| webpki::Error::MalformedDnsIdentifier)?;
    leaf.verify_is_valid_for_subject_name(&name)
}

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let [folder, seconds, usage, host] = words[..] else { return Err(Error::other("four words a line")) };
        let seconds = seconds.parse().map_err(Error::other)?;
        match judge(Path::new(folder), seconds, usage, host) {
            Ok(()) => println!("accepts"),
            Err(error) => {
                let text = format!("{error:?}");
                let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
                println!("{}", &text[..end]);
            }
        }
        io::stdout().flush()?;
    }
    Ok(())
}
