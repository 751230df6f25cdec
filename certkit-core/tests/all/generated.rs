//! What certkit makes passes what certkit checks, for every kind and key type that has a profile.

use certkit_core::assess::{Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::check::{ALWAYSON, CA, Expectation, HTTPS, Profile, Severity, Usage};
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;

const HOST: &str = "twx.plant.example";

struct Made {
    key: KeyPair,
    certificate: Certificate,
}

fn make(kind: Kind, subject: &str, key_type: KeyType, issuer: Option<&Made>) -> Made {
    let key = KeyPair::generate(key_type).unwrap();
    let validity = Validity::days(Moment::now(), kind.form().days);
    let hosts = match kind {
        Kind::Https => vec![AlternativeName::host(HOST)],
        _ => Vec::new(),
    };
    let template = Template::new(kind, subject.parse().unwrap(), validity).alternative_names(hosts);
    let issuer = match issuer {
        Some(made) => Issuer::authority(&made.certificate, &made.key).unwrap(),
        None => Issuer::itself(&key),
    };
    let certificate = template.issue(&key.public_key().unwrap(), &issuer).unwrap();
    Made { key, certificate }
}

/// What a profile has against `judged`: warnings and errors.
fn findings(
    profile: &'static Profile,
    judged: &Certificate,
    presented: &[Certificate],
    root: &Certificate,
) -> Vec<String> {
    let moment = Moment::now();
    let certificate_set = CertificateSet {
        origin: Origin::Given("root".to_owned()),
        trust: Trust::Anchors,
        certificates: vec![root.clone()],
    };
    let host = (profile.name != CA.name).then(|| HOST.to_owned());
    let usage = host.is_some().then_some(Usage::TlsServer);
    let expectation = Expectation { host, usage, ..Expectation::default() };
    let request = Request { leaf: judged, presented, expectation: &expectation, profile, moment, connection: None };
    let judgement = assess(&request, &Context::new([certificate_set]), None).judgement;
    assert!(!judgement.passed.is_empty(), "{} looked at nothing", profile.name);
    let heavy = judgement.findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    heavy.map(|finding| format!("{}: {}", finding.check.id, finding.evidence)).collect()
}

#[test]
fn authorities_and_servers_of_every_key_type_pass_their_profiles() {
    for key_type in KeyType::ALL.into_iter().filter(|kind| *kind != KeyType::Rsa4096) {
        let root = make(Kind::Root, "CN=Plant Root,O=Plant", key_type, None);
        let issuing = make(Kind::IssuingAuthority, "CN=Plant Issuing CA,O=Plant", key_type, Some(&root));
        let server = make(Kind::Https, "CN=twx.plant.example,O=Plant", key_type, Some(&issuing));
        let presented = [server.certificate.clone(), issuing.certificate.clone()];
        for profile in [&HTTPS, &ALWAYSON] {
            let found = findings(profile, &server.certificate, &presented, &root.certificate);
            assert!(found.is_empty(), "{key_type} under {}: {found:#?}", profile.name);
        }
        for authority in [&root, &issuing] {
            let presented = [authority.certificate.clone()];
            let found = findings(&CA, &authority.certificate, &presented, &root.certificate);
            assert!(found.is_empty(), "{key_type}: {found:#?}");
        }
    }
}

#[test]
fn the_same_eyes_see_what_is_wrong() {
    let root = make(Kind::Root, "CN=Plant Root,O=Plant", KeyType::P256, None);
    let alone = make(Kind::Https, "CN=twx.plant.example,O=Plant", KeyType::P256, None);
    let found = findings(&HTTPS, &alone.certificate, std::slice::from_ref(&alone.certificate), &root.certificate);
    assert!(!found.is_empty());
}
