//! Writes a PEM bundle of many different certificates, for `decode` to read.
//!
//! `corpus N` writes N certificates to standard output. Three in four have an RSA key and the others an
//! EC key, out of a pool; name, serial number and dates are each one's own. All are signed by EC issuers,
//! since RSA signatures would take minutes. The extensions are those of a public CA's leaf.

use std::io::{self, BufWriter, Error, Write as _};

use certkit_core::asn1::{Tag, write};
use certkit_core::container::pem;
use certkit_core::crypto::digest;
use certkit_core::crypto::key_pair::{self, KeyPair, KeyType};
use certkit_core::oid::{self, Oid};

/// How many keys of each kind the subjects share.
const POOL: [(KeyType, usize); 3] = [(KeyType::Rsa2048, 14), (KeyType::Rsa4096, 1), (KeyType::P256, 5)];

/// The issuers' keys.
const ISSUERS: [(KeyType, usize); 2] = [(KeyType::P256, 3), (KeyType::P384, 1)];

fn main() -> Result<(), Error> {
    let count = std::env::args().nth(1).and_then(|it| it.parse::<usize>().ok());
    let count = count.ok_or_else(|| Error::other("usage: corpus N"))?;
    let pool = keys(&POOL).map_err(Error::other)?;
    let issuers = keys(&ISSUERS).map_err(Error::other)?;
    let mut output = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    // Steps that share no factor with the lengths mix keys and issuers in every stretch of the bundle.
    let subjects = pool.iter().cycle().step_by(7);
    let signers = issuers.iter().enumerate().cycle().step_by(3);
    for (at, (subject, (number, signer))) in subjects.zip(signers).take(count).enumerate() {
        let der = certificate(at, subject, number, signer).map_err(Error::other)?;
        output.write_all(pem::encode("CERTIFICATE", &der).as_bytes())?;
    }
    output.flush()
}

fn keys(kinds: &[(KeyType, usize)]) -> Result<Vec<KeyPair>, key_pair::Error> {
    let each = kinds.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count));
    each.map(KeyPair::generate).collect()
}

fn certificate(at: usize, subject: &KeyPair, issuer: usize, signer: &KeyPair) -> Result<Vec<u8>, key_pair::Error> {
    let algorithm = signer.usual_algorithm();
    let host = format!("host-{at:06}.line-{}.plant.example", at % 97);
    let serial = digest::sha256(host.as_bytes());
    let signed = write::sequence(&[
        &write::element(Tag::context_constructed(0), &[&write::small_integer(2)]),
        &write::integer(serial.first_chunk::<16>().map_or(&[], |it| it)),
        &algorithm.identifier().expect("every algorithm has one"),
        &name(&[
            (oid::COUNTRY, "CH"),
            (oid::ORGANIZATION, "Perf Trust Services"),
            (oid::COMMON_NAME, &format!("Perf Issuing CA {issuer:02}")),
        ]),
        &validity(at),
        &name(&[
            (oid::COUNTRY, "CH"),
            (oid::ORGANIZATION, &format!("Plant {} AG", at % 211)),
            (oid::ORGANIZATIONAL_UNIT, "Fertigung Süd"),
            (oid::COMMON_NAME, &host),
        ]),
        subject.spki(),
        &write::element(
            Tag::context_constructed(3),
            &[&write::sequence_of(&extensions(at, &host, subject, issuer, signer)?)],
        ),
    ]);
    let signature = signer.sign(algorithm, &signed)?;
    Ok(write::sequence(&[
        &signed,
        &algorithm.identifier().expect("every algorithm has one"),
        &write::bit_string(&signature),
    ]))
}

fn name(attributes: &[(Oid<'_>, &str)]) -> Vec<u8> {
    let rdn = |(kind, text): &(Oid<'_>, &str)| {
        let tag = if *kind == oid::COUNTRY { Tag::PRINTABLE_STRING } else { Tag::UTF8_STRING };
        let value = write::element(tag, &[text.as_bytes()]);
        write::set_of(vec![write::sequence(&[&write::oid(*kind), &value])])
    };
    write::sequence_of(&attributes.iter().map(rdn).collect::<Vec<_>>())
}

/// Ten years from a day between 2023 and 2025 on; as in a plant, one in fifty has ended, after a year. One in
/// fifty ends in the far future.
fn validity(at: usize) -> Vec<u8> {
    let (year, month, day) = (23 + at % 3, 1 + at % 12, 1 + at % 28);
    let time = format!("{month:02}{day:02}{:02}{:02}{:02}Z", at % 24, at % 60, at % 59);
    let first = write::element(Tag::UTC_TIME, &[format!("{year}{time}").as_bytes()]);
    let last = match at % 50 {
        0 => write::element(Tag::GENERALIZED_TIME, &[format!("20{}{time}", year + 30).as_bytes()]),
        1 => write::element(Tag::UTC_TIME, &[format!("{}{time}", year + 1).as_bytes()]),
        _ => write::element(Tag::UTC_TIME, &[format!("{}{time}", year + 10).as_bytes()]),
    };
    write::sequence(&[&first, &last])
}

fn extensions(
    at: usize,
    host: &str,
    subject: &KeyPair,
    issuer: usize,
    signer: &KeyPair,
) -> Result<Vec<Vec<u8>>, key_pair::Error> {
    let uri = |text: String| write::element(Tag::context(6), &[text.as_bytes()]);
    let crl = uri(format!("http://crl.perf.example/i{issuer}.crl"));
    let access = [
        (oid::AD_OCSP, uri(format!("http://ocsp.perf.example/{issuer}"))),
        (oid::AD_CA_ISSUERS, uri(format!("http://ca.perf.example/i{issuer}.cer"))),
    ];
    let access = access.map(|(method, place)| write::sequence(&[&write::oid(method), &place]));
    let address = [10, (at >> 16) as u8, (at >> 8) as u8, at as u8];
    let names = [(2, host.as_bytes()), (2, b"plant.example".as_slice()), (7, &address)];
    let names = names.map(|(number, name)| write::element(Tag::context(number), &[name]));
    let purposes = [oid::SERVER_AUTH, oid::CLIENT_AUTH].map(write::oid);
    let policies = [oid::POLICY_DOMAIN_VALIDATED].map(|policy| write::sequence(&[&write::oid(policy)]));
    let point = write::element(Tag::context_constructed(0), &[&crl]);
    let point = write::sequence(&[&write::element(Tag::context_constructed(0), &[&point])]);
    let authority = write::element(Tag::context(0), &[&signer.key_identifier()?]);
    Ok(vec![
        extension(oid::BASIC_CONSTRAINTS, &write::TRUE, &write::sequence(&[])),
        extension(oid::KEY_USAGE, &write::TRUE, &write::named_bits([true, false, at.is_multiple_of(4)])),
        extension(oid::EXTENDED_KEY_USAGE, &[], &write::sequence_of(&purposes)),
        extension(oid::SUBJECT_ALT_NAME, &[], &write::sequence_of(&names)),
        extension(oid::SUBJECT_KEY_IDENTIFIER, &[], &write::octet_string(&subject.key_identifier()?)),
        extension(oid::AUTHORITY_KEY_IDENTIFIER, &[], &write::sequence(&[&authority])),
        extension(oid::CERTIFICATE_POLICIES, &[], &write::sequence_of(&policies)),
        extension(oid::CRL_DISTRIBUTION_POINTS, &[], &write::sequence(&[&point])),
        extension(oid::AUTHORITY_INFO_ACCESS, &[], &write::sequence_of(&access)),
        // One that neither reader takes apart.
        extension(oid::MICROSOFT_CERTIFICATE_TEMPLATE, &[], &write::sequence(&[&write::small_integer(100)])),
    ])
}

fn extension(kind: Oid<'_>, criticality: &[u8], value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), criticality, &write::octet_string(value)])
}
