//! What certkit and rustls-webpki say of a case.

use certkit_core::cert::Certificate;
use certkit_core::check::Finding;
use certkit_core::check::TLS;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::program::{self, Program};
use certkit_core::verify::{Question, Revocation, TrustMaterial, Verdict, verify};
use rustls::pki_types::{CertificateDer, ServerName, SignatureVerificationAlgorithm, UnixTime};

use super::mutate::HOST;

/// A case as bytes.
pub(crate) struct Made {
    pub(crate) leaf: Vec<u8>,
    pub(crate) others: Vec<Vec<u8>>,
    pub(crate) anchors: Vec<Vec<u8>>,
}

/// Whether a judge accepts, with the identifiers of what it objects to.
pub(crate) struct Judgement {
    pub(crate) accepted: bool,
    pub(crate) errors: Vec<String>,
    pub(crate) warnings: Vec<String>,
    /// What is true of the path, each with the position of the certificate.
    pub(crate) facts: Vec<String>,
}

/// The moment of all cases: 2026-06-01.
pub(crate) const MOMENT: i64 = 1_780_272_000;

/// What certkit says that a program does with a case.
pub(crate) struct Foretold {
    pub(crate) program: Program,
    /// `None` where it says that it does not know.
    pub(crate) accepted: Option<bool>,
    /// Why: the checks that are not met, or that nobody asked the program about.
    pub(crate) why: Vec<&'static str>,
}

/// What certkit says of a case.
pub(crate) struct Said {
    /// Under its profile `tls`.
    pub(crate) tls: Judgement,
    /// Under the same profile, where a path ends at any anchor, as that of `openssl verify -partial_chain` does.
    pub(crate) partial: Judgement,
    /// What each program does.
    pub(crate) foretold: Vec<Foretold>,
}

/// Judges a case.
pub(crate) fn certkit(made: &Made) -> Said {
    let refused = |error: &str| {
        let foretold = Program::ALL.into_iter().map(|program| Foretold {
            program,
            accepted: Some(false),
            why: vec![program::undecodable(program).check.id],
        });
        let judgement =
            || Judgement { accepted: false, errors: vec![error.into()], warnings: Vec::new(), facts: Vec::new() };
        Said { tls: judgement(), partial: judgement(), foretold: foretold.collect() }
    };
    let Ok(leaf) = Certificate::from_der(&made.leaf) else { return refused("undecodable") };
    if leaf.trailing() > 0 {
        return refused("undecodable");
    }
    let mut pool = Pool::new();
    for der in &made.anchors {
        Certificate::from_der(der).map(|it| _ = pool.add_anchor(it)).unwrap_or_default();
    }
    for der in &made.others {
        Certificate::from_der(der).map(|it| _ = pool.add(it)).unwrap_or_default();
    }
    let Ok(peer) = Peer::from_host(HOST) else { return refused("host") };
    let peers = [peer];
    let question = Question {
        purposes: &[oid::SERVER_AUTH],
        peers: &peers,
        revocation: Revocation::Off,
        ..Question::new(&TLS, Moment::from_unix(MOMENT))
    };
    let material = TrustMaterial { pool: &pool, lists: &Lists::new(), responses: &Responses::new() };
    let tls = verify(&leaf, &material, &question);
    let partial = verify(&leaf, &material, &Question { to_root: false, ..question });
    let of = |program: Program| if program.goes_to_root() { &tls } else { &partial };
    let foretold = Program::ALL.into_iter().map(|program| foretold(of(program), &peers, program)).collect();
    Said { tls: judgement(&tls), partial: judgement(&partial), foretold }
}

fn judgement(verdict: &Verdict) -> Judgement {
    let top = verdict.path.certificates.len().saturating_sub(1);
    let ids = |reasons: &mut dyn Iterator<Item = &Finding>| {
        // What is said of the anchor is told apart: other judges take no more of it than name and key.
        let place =
            |reason: &Finding| if reason.subject == Some(top) && verdict.path.is_anchored() { "@anchor" } else { "" };
        let mut ids: Vec<String> = reasons.map(|reason| format!("{}{}", reason.check.id, place(reason))).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    Judgement {
        accepted: verdict.is_accepted(),
        errors: ids(&mut verdict.errors()),
        warnings: ids(&mut verdict.warnings()),
        facts: verdict.processed.facts.iter().map(|it| format!("{} of {top}: {:?}", it.certificate, it.kind)).collect(),
    }
}

/// As `verify --program` decides.
fn foretold(verdict: &Verdict, peers: &[Peer], program: Program) -> Foretold {
    let refusals = program::refusals(verdict, peers, program);
    let why: Vec<&str> = refusals.iter().map(|it| it.check.id).collect();
    match (why.is_empty(), program::unasked(verdict, program)) {
        (false, _) => Foretold { program, accepted: Some(false), why },
        (true, Some(check)) => Foretold { program, accepted: None, why: vec![check.id] },
        (true, None) => Foretold { program, accepted: Some(true), why },
    }
}

static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = webpki::ALL_VERIFICATION_ALGS;

pub(crate) fn rustls_webpki(made: &Made) -> Judgement {
    match ask(made) {
        Ok(()) => Judgement { accepted: true, errors: Vec::new(), warnings: Vec::new(), facts: Vec::new() },
        Err(error) => {
            let text = format!("{error:?}");
            let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
            Judgement { accepted: false, errors: vec![text[..end].to_owned()], warnings: Vec::new(), facts: Vec::new() }
        }
    }
}

fn ask(made: &Made) -> Result<(), webpki::Error> {
    let anchors: Vec<CertificateDer<'_>> = made.anchors.iter().map(|der| der.as_slice().into()).collect();
    // An anchor that cannot be read is none.
    let anchors: Vec<_> = anchors.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok()).collect();
    let others: Vec<CertificateDer<'_>> = made.others.iter().map(|der| der.as_slice().into()).collect();
    let leaf = CertificateDer::from(made.leaf.as_slice());
    let leaf = webpki::EndEntityCert::try_from(&leaf)?;
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(MOMENT as u64));
    leaf.verify_for_usage(ALGORITHMS, &anchors, &others, time, webpki::KeyUsage::server_auth(), None, None)?;
    let name = ServerName::try_from(HOST).map_err(|_| webpki::Error::MalformedDnsIdentifier)?;
    leaf.verify_is_valid_for_subject_name(&name)
}
