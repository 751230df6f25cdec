//! What the readers take from real and from damaged containers.

#[cfg(feature = "legacy-crypto")]
mod budget;
mod embedded;
mod entry;
#[cfg(feature = "legacy-crypto")]
mod jks;
mod keys;
mod neighbours;
mod noise;
mod other;
#[cfg(feature = "legacy-crypto")]
mod pkcs12;
#[cfg(feature = "store")]
mod speed;
mod text;
mod written;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber};

use super::*;

pub(super) struct Authority {
    pub(super) key: KeyPair,
    pub(super) params: CertificateParams,
    pub(super) der: Vec<u8>,
}

/// One authority for all tests.
pub(super) static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let key = KeyPair::generate().unwrap();
    let mut params = named("Plant Root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let der = params.self_signed(&key).unwrap().der().to_vec();
    Authority { key, params, der }
});

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![format!("{}.example", name.len())]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A certificate of that name, issued by the authority.
pub(super) fn certificate(name: &str) -> Vec<u8> {
    let issuer = Issuer::from_params(&AUTHORITY.params, &AUTHORITY.key);
    named(name).signed_by(&AUTHORITY.key, &issuer).unwrap().der().to_vec()
}

pub(super) fn request() -> Vec<u8> {
    named("Plant Request").serialize_request(&AUTHORITY.key).unwrap().der().to_vec()
}

pub(super) fn revocation_list() -> Vec<u8> {
    let list = rcgen::CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, 1, 1),
        next_update: rcgen::date_time_ymd(2027, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    list.signed_by(&Issuer::from_params(&AUTHORITY.params, &AUTHORITY.key)).unwrap().der().to_vec()
}

/// Runs openssl, which the tests need as an independent writer and reader.
pub(super) fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is needed by the tests");
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // An openssl that reads no input closes the pipe: that is fine.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Reads the same bytes in one piece and as a stream of small pieces, and holds both to be the same.
pub(super) fn read_both(bytes: &[u8]) -> Contents {
    let whole = read(bytes).unwrap();
    for size in [1, 7, 100, 4096] {
        let mut streamed = Contents::default();
        streamed.extend(Blocks::in_chunks(std::io::BufReader::with_capacity(size, bytes), size).map(Result::unwrap));
        assert_eq!(summary(&streamed), summary(&whole), "in pieces of {size}");
    }
    whole
}

/// All that can be seen of contents.
pub(super) fn summary(contents: &Contents) -> Vec<String> {
    let items = contents.items.iter().map(|item| format!("{item:?} {:?}", &*item.der));
    items.chain(contents.skipped.iter().map(|skipped| format!("{skipped:?}"))).collect()
}

pub(super) fn kinds(contents: &Contents) -> Vec<&'static str> {
    contents.items.iter().map(|item| item.kind.name()).collect()
}

pub(super) fn ders(contents: &Contents) -> Vec<Vec<u8>> {
    contents.items.iter().map(|item| item.der.to_vec()).collect()
}

pub(super) fn reasons(contents: &Contents) -> Vec<String> {
    contents.skipped.iter().map(ToString::to_string).collect()
}
