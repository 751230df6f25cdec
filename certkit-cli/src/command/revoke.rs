//! `certkit revoke`: a revocation list, made or extended.

use std::path::{Path, PathBuf};
use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::container::{Encoding, pem};
use certkit_core::files::{Existing, FileLock};
use certkit_core::generate::{Reason, Revocations};
use certkit_core::moment::Moment;
use certkit_core::report::Report;

use crate::arguments::{self, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::input;
use crate::issuance::{Authority, Delivery, Folder, IssuerArgs, Output, PATIENCE, find_list, not_made};
use crate::render::made::Made;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Files of certificates, or serial numbers (hex) that stand in the index of the CA's folder.
    #[arg(value_name = "CERT")]
    certificates: Vec<PathBuf>,

    #[command(flatten)]
    issuer: IssuerArgs,

    /// The list: read if it exists, then replaced. Default: that of the CA's folder, which is extended in any case.
    #[arg(long, value_name = "FILE")]
    crl: Option<PathBuf>,

    /// The reason: keyCompromise, superseded, cessationOfOperation, … (RFC 5280 section 5.3.1). Default: none.
    #[arg(long, value_name = "REASON", requires = "certificates")]
    reason: Option<Reason>,

    /// The time until the next list is due.
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = arguments::span)]
    next_update: Duration,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit revoke plc7.pem --issuer plant-ca --reason keyCompromise
  certkit revoke 54ec2c7e25a0521730fab4b666c44fb0 --issuer plant-ca --reason superseded
  certkit revoke --issuer plant-ca/root --next-update 180d
      the next list of a root, without new entries
  certkit revoke plc7.pem --issuer ca.pem --issuer-key ca-key.pem --crl ca.crl

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(path) = &args.crl {
        files::refuse_standard(path, "--crl", "the list is read and replaced: name its file")?;
    }
    let authority = args.issuer.required()?;
    let places = places(authority.folder.as_ref(), args.crl.as_deref());
    if places.is_empty() {
        return Err(Failure::new("no revocation list given")
            .hint("--crl FILE: an existing list is extended, else a new one is made"));
    }
    // From reading the lists to replacing them nobody else may.
    let lock = authority.folder.as_ref().map(Folder::lock).transpose()?;
    let list_locks = places.iter().map(|path| files::locked(FileLock::of(path, PATIENCE)));
    let list_locks = list_locks.collect::<Result<Vec<_>, _>>()?;
    // Not before: a list that was made meanwhile must not be newer than the one that follows it.
    let now = Moment::now();

    let failed = |error| not_made("the revocation list", error);
    let issuer = authority.issuer()?;
    let mut revocations = Revocations::new(&issuer).map_err(failed)?;
    let mut encodings = Vec::with_capacity(places.len());
    for path in &places {
        let old = find_list(path)?;
        if let Some((list, _)) = &old {
            revocations.take(list).map_err(failed)?;
        }
        encodings.push(old.map(|(_, encoding)| encoding));
    }
    let reason = args.reason.unwrap_or(Reason::Unspecified);
    let mut notes = Vec::new();
    for named in &args.certificates {
        for certificate in find(named, &authority)? {
            revocations.revoke(&certificate, now, reason).map_err(failed)?;
        }
    }
    let next = now.plus(i64::try_from(args.next_update.as_secs()).unwrap_or(i64::MAX));
    let list = revocations.sign(now, next).map_err(failed)?;
    notes.push(format!("partners see this only with the new list: distribute it before {}", next.to_minute()));

    let mut files = Files::default();
    for (path, encoding) in places.into_iter().zip(encodings) {
        // In the form of the old list; a new one by its name, DER unless it ends in `.pem`.
        let is_pem = match encoding {
            Some(encoding) => encoding == Encoding::Pem,
            None => path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pem")),
        };
        let bytes = match is_pem {
            true => pem::encode("X509 CRL", list.der()).into_bytes(),
            false => list.der().to_vec(),
        };
        files.add(path, Content::RevocationList, bytes, Existing::Update);
    }
    let mut made = Made::new("revoke", Report::new(now));
    made.list = Some(&list);
    made.notes = notes;
    let exit = Delivery { made, files, issued: None, output: Output::Files, format: args.format, moment: now }.run();
    drop((list_locks, lock));
    exit
}

/// Where the list stands: in the CA's folder, which knows all that the CA has revoked, and in the file that was named.
fn places(folder: Option<&Folder>, named: Option<&Path>) -> Vec<PathBuf> {
    let own = folder.map(Folder::list);
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let other = named.filter(|named| own.as_ref().is_none_or(|own| real(own) != real(named)));
    own.iter().cloned().chain(other.map(Path::to_owned)).collect()
}

/// Finds the certificates of this issuer that were named: in a file, or by a serial number in the index.
fn find(named: &Path, authority: &Authority) -> Result<Vec<Certificate>, Failure> {
    if !named.exists()
        && let Some(folder) = &authority.folder
        && let Some(serial) = named.to_str().and_then(serial)
    {
        let found: Vec<Certificate> =
            folder.issued()?.into_iter().filter(|it| it.serial().to_hex() == serial).collect();
        if found.is_empty() {
            return Err(Failure::new(format!(
                "the CA has not issued a certificate with the serial number {}",
                named.display()
            )));
        }
        return Ok(found);
    }
    let (_, mut decoded) = input::certificates(named)?;
    if decoded.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", named.display())));
    }
    if decoded.len() > 1 {
        // A chain: its leaf is meant, and revoking a CA by accident would be worse than asking.
        let name = authority.certificate()?.subject();
        decoded.retain(|it| it.issuer().matches(&name) && !it.is_self_issued());
        if decoded.len() != 1 {
            return Err(Failure::new(format!("{}: it holds several certificates", named.display()))
                .hint("name a file with only that certificate"));
        }
    }
    Ok(decoded)
}

/// Reads a serial number in hex, with or without colons; gives it as the index writes it.
fn serial(text: &str) -> Option<String> {
    let digits = text.replace(':', "").to_ascii_lowercase();
    let is_hex = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits };
    while let Some(rest) = digits.strip_prefix("00").filter(|rest| !rest.is_empty()) {
        digits = rest.to_owned();
    }
    is_hex.then_some(digits)
}
