//! Validates chains beside rustls-webpki, on the same backend and in the same process.
//!
//! `paths ROUNDS` makes its chains, then times slices of work in turn and writes one line of JSON: for every
//! job the processor seconds of each round, ours and theirs. Parsing, the search, the signatures, the host name
//! and, on our side, all findings are part of the work.

use std::fs;
use std::io::{self, Error, Write as _};
use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::check::TLS;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize, SerialNumber,
};
use rustls::pki_types::{CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};

/// What a key is of.
#[derive(Clone, Copy)]
enum Key {
    Rsa(RsaKeySize),
    P256,
    P384,
}

const RSA: Key = Key::Rsa(RsaKeySize::_2048);
const BIG: Key = Key::Rsa(RsaKeySize::_4096);

/// How often each chain is validated in a round.
const PASSES: usize = 4;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

impl Key {
    fn generate(self) -> Outcome<KeyPair> {
        Ok(match self {
            Key::Rsa(size) => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size)?,
            Key::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?,
            Key::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384)?,
        })
    }
}

struct Authority {
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

fn params(name: &str, serial: usize) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Plant Trust Services");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.serial_number = Some(SerialNumber::from(serial as u64 + 1));
    params.use_authority_key_identifier_extension = true;
    params
}

fn authority(key: Key, number: usize, above: Option<&Authority>) -> Outcome<Authority> {
    let mut params = params(&format!("Plant CA {number:03}"), number);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = key.generate()?;
    let certificate = match above {
        Some(above) => params.signed_by(&key, &above.issuer)?,
        None => params.self_signed(&key)?,
    };
    Ok(Authority { der: certificate.der().to_vec(), issuer: Issuer::new(params, key) })
}

/// What a server presents, and the name it is reached by.
struct Chain {
    leaf: Vec<u8>,
    issuer: Vec<u8>,
    host: String,
}

struct World {
    roots: Vec<Authority>,
    issuers: Vec<Authority>,
    chains: Vec<Chain>,
}

impl World {
    /// Makes chains of leaf, intermediate and root; of each issuer its key, its root and its share of the leaves.
    fn new(roots: &[Key], issuers: &[(Key, usize, usize)], leaves: Key) -> Outcome<World> {
        let numbered = roots.iter().enumerate();
        let roots: Vec<_> = numbered.map(|(at, key)| authority(*key, at, None)).collect::<Result<_, _>>()?;
        let mut world = World { roots, issuers: Vec::new(), chains: Vec::new() };
        let subject = leaves.generate()?;
        for (number, (key, root, share)) in issuers.iter().enumerate() {
            let issuer = authority(*key, number + 100, world.roots.get(*root))?;
            for leaf in 0..*share {
                let host = format!("host-{number}-{leaf}.plant.example");
                let mut params = params(&host, leaf);
                params.subject_alt_names = vec![rcgen::SanType::DnsName(host.as_str().try_into()?)];
                params.is_ca = IsCa::ExplicitNoCa;
                params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
                let certificate = params.signed_by(&subject, &issuer.issuer)?;
                world.chains.push(Chain { leaf: certificate.der().to_vec(), issuer: issuer.der.clone(), host });
            }
            world.issuers.push(issuer);
        }
        Ok(world)
    }

    fn pool(&self) -> Outcome<Pool> {
        let mut pool = Pool::new();
        for root in &self.roots {
            pool.add_anchor(Certificate::from_der(&root.der)?);
        }
        Ok(pool)
    }
}

/// Judges one chain on top of what is shared.
fn ours(base: &Arc<Pool>, chain: &Chain, moment: Moment) -> bool {
    let (Ok(leaf), Ok(issuer)) = (Certificate::from_der(&chain.leaf), Certificate::from_der(&chain.issuer)) else {
        return false;
    };
    let Ok(peer) = Peer::from_host(&chain.host) else { return false };
    let mut pool = Pool::over(Arc::clone(base));
    pool.add(issuer);
    let (peers, purposes) = ([peer], [oid::SERVER_AUTH]);
    let revocation = Revocation::Off;
    let question = Question { purposes: &purposes, peers: &peers, revocation, ..Question::new(&TLS, moment) };
    let material = TrustMaterial { pool: &pool, lists: &Lists::new(), responses: &Responses::new() };
    verify(&leaf, &material, &question).is_accepted()
}

static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    webpki::aws_lc_rs::ECDSA_P256_SHA256,
    webpki::aws_lc_rs::ECDSA_P384_SHA384,
    webpki::aws_lc_rs::ECDSA_P384_SHA256,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
];

fn theirs(anchors: &[TrustAnchor<'_>], chain: &Chain, time: UnixTime) -> bool {
    let leaf = CertificateDer::from(chain.leaf.as_slice());
    let issuers = [CertificateDer::from(chain.issuer.as_slice())];
    let Ok(leaf) = webpki::EndEntityCert::try_from(&leaf) else { return false };
    let usage = webpki::KeyUsage::server_auth();
    let Ok(name) = ServerName::try_from(chain.host.as_str()) else { return false };
    leaf.verify_for_usage(ALGORITHMS, anchors, &issuers, time, usage, None, None).is_ok()
        && leaf.verify_is_valid_for_subject_name(&name).is_ok()
}

/// Gives the time that this thread was on a processor, in seconds.
fn used() -> Outcome<f64> {
    let schedule = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: u64 = schedule.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds as f64 / 1e9)
}

/// Times one pass over chains; all of them must be accepted.
fn pass(chains: &[Chain], accepts: impl Fn(&Chain) -> bool) -> Outcome<f64> {
    let start = used()?;
    for chain in chains {
        if !accepts(chain) {
            return Err(Error::other(format!("{} is not accepted", chain.host)).into());
        }
    }
    Ok(used()? - start)
}

/// A job: its name, what is shared, and the rounds.
struct Job {
    name: &'static str,
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Job {
    fn run(&mut self, base: &Arc<Pool>, world: &World) -> Outcome<()> {
        let moment = Moment::now();
        let ders: Vec<_> = world.roots.iter().map(|root| CertificateDer::from(root.der.as_slice())).collect();
        let anchors: Vec<_> = ders.iter().map(webpki::anchor_from_trusted_cert).collect::<Result<_, _>>()?;
        let time = UnixTime::now();
        let (mut mine, mut others) = (0.0, 0.0);
        for _ in 0..PASSES {
            mine += pass(&world.chains, |chain| ours(base, chain, moment))?;
            others += pass(&world.chains, |chain| theirs(&anchors, chain, time))?;
        }
        self.ours.push(mine);
        self.theirs.push(others);
        Ok(())
    }
}

/// Judges a world's chains on two threads; gives the time of all work by that of the busier thread.
fn shared_out(base: &Arc<Pool>, world: &World) -> Outcome<f64> {
    let moment = Moment::now();
    let (first, second) = world.chains.split_at(world.chains.len() / 2);
    let work = |chains: &[Chain]| pass(chains, |chain| ours(base, chain, moment)).map_err(|error| error.to_string());
    let (one, two) = std::thread::scope(|scope| {
        let other = scope.spawn(|| work(second));
        (work(first), other.join().unwrap_or_else(|_| Err("a thread panicked".into())))
    });
    let (one, two) = (one?, two?);
    Ok((one + two) / one.max(two))
}

fn main() -> Outcome<()> {
    let rounds = std::env::args().nth(1).and_then(|it| it.parse::<usize>().ok());
    let rounds = rounds.ok_or_else(|| Error::other("usage: paths ROUNDS"))?;
    let ecdsa = World::new(&[Key::P256], &[(Key::P256, 0, 250), (Key::P256, 0, 250)], Key::P256)?;
    let rsa = World::new(&[RSA], &[(RSA, 0, 250), (RSA, 0, 250)], RSA)?;
    // A plant's mixture: mostly RSA, some P-256, a few larger ones.
    let mut issuers: Vec<(Key, usize, usize)> = (0..11).map(|at| (RSA, at % 3, 50)).collect();
    issuers.push((BIG, 0, 15));
    issuers.extend((0..7).map(|at| (Key::P256, at % 3, 57)));
    issuers.push((Key::P384, 2, 36));
    let plant = World::new(&[BIG, RSA, Key::P384], &issuers, RSA)?;
    let mut jobs: Vec<Job> =
        ["ecdsa", "rsa", "batch"].map(|name| Job { name, ours: Vec::new(), theirs: Vec::new() }).into();
    let mut shares = Vec::new();
    for _ in 0..rounds {
        for (job, world) in jobs.iter_mut().zip([&ecdsa, &rsa, &plant]) {
            let mut base = world.pool()?;
            if job.name == "batch" {
                for issuer in &world.issuers {
                    base.add(Certificate::from_der(&issuer.der)?);
                }
            }
            job.run(&Arc::new(base), world)?;
        }
        shares.push(shared_out(&Arc::new(plant.pool()?), &plant)?);
    }
    let lists = jobs.iter().map(|job| format!(r#""{}":{{"ours":{:?},"theirs":{:?}}}"#, job.name, job.ours, job.theirs));
    let lists: Vec<String> = lists.collect();
    let counts = jobs.iter().zip([&ecdsa, &rsa, &plant]);
    let counts = counts.map(|(job, world)| format!(r#""{}":{}"#, job.name, world.chains.len() * PASSES));
    let counts: Vec<String> = counts.collect();
    let (lists, counts) = (lists.join(","), counts.join(","));
    writeln!(io::stdout(), r#"{{{lists},"validated":{{{counts}}},"shares":{shares:?}}}"#)?;
    Ok(())
}
