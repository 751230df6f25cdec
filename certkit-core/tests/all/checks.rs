//! Every check is seen to fire and not to fire, and the table of checks keeps its promises.

use std::collections::HashSet;
use std::path::Path;

use super::specimen;
use super::specimen::Specimen;
use certkit_core::assess::{Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::check::{self, Clause, Expectation, PROFILES, Profile, Severity, leaf_among};
use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::path::Budget;
use certkit_core::report::{Report, Verdict};

#[test]
fn every_bad_specimen_fires_exactly_its_check() {
    let mut failures = Vec::new();
    for check in check::all() {
        let specimens = Specimen::all_of(check.id, "bad");
        assert!(!specimens.is_empty(), "{} has no specimen that it objects to", check.id);
        for specimen in specimens {
            let mut wanted: Vec<&str> = specimen.also.iter().map(String::as_str).chain([check.id]).collect();
            wanted.sort_unstable();
            let (found, findings) = specimen.unmet();
            if found != wanted {
                let said: Vec<String> = findings.iter().map(|it| format!("{}: {}", it.check.id, it.evidence)).collect();
                failures.push(format!("{}: wanted {wanted:?}, found {said:#?}", specimen.file.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_good_specimen_is_quiet() {
    let mut failures = Vec::new();
    for check in check::all() {
        let specimens = Specimen::all_of(check.id, "good");
        assert!(!specimens.is_empty(), "{} has no specimen that it does not object to", check.id);
        for specimen in specimens {
            let (found, findings) = specimen.unmet();
            let is_announced = found.iter().all(|id| *id != check.id && specimen.also.iter().any(|also| also == id));
            if !is_announced || found.len() != specimen.also.len() {
                failures.push(format!("{}: {findings:#?}", specimen.file.display()));
            }
            let is_applied = specimen.profile.checks().any(|(other, _)| other.id == check.id);
            if !is_applied {
                failures.push(format!("{}: its profile does not have {}", specimen.file.display(), check.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_specimen_is_of_an_unknown_check() {
    for entry in std::fs::read_dir(specimen::root().join("checks")).unwrap() {
        let folder = entry.unwrap();
        let id = folder.file_name().into_string().unwrap();
        assert!(check::find(&id).is_some(), "testdata/checks/{id} belongs to no check");
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let is_known = ["bad", "good"]
                .iter()
                .any(|kind| file == format!("{kind}.pem") || file.starts_with(&format!("{kind}-")));
            assert!((is_known && file.ends_with(".pem")) || file == "parity.txt", "testdata/checks/{id}/{file}");
        }
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for check in check::all() {
        let id = check.id;
        assert!(seen.insert(id), "{id} stands twice");
        assert!(check::find(id).is_some_and(|found| std::ptr::eq(found, check)), "{id}");
        assert!(check::REMOVED.iter().all(|(removed, _)| *removed != id), "{id} was removed once");
        let is_kebab = id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit())
        });
        assert!(is_kebab && id.starts_with(|first: char| first.is_ascii_lowercase()), "{id}");
    }
}

#[test]
fn every_check_can_be_read_by_a_person() {
    for check in check::all() {
        let id = check.id;
        assert!(!check.clauses.is_empty(), "{id} names no clause");
        for text in [check.title, check.why, check.remedy] {
            assert!(!text.trim().is_empty(), "{id}");
            assert_eq!(text.trim(), text, "{id}");
            assert!(
                !text.contains("  ") && !text.contains('\n') && !text.replace(" .NET", "").contains(" ."),
                "{id}: {text}"
            );
            assert_eq!(text.matches('`').count() % 2, 0, "{id}: {text}");
            assert!(
                text.starts_with(|first: char| first.is_uppercase() || first == '`' || first == '\u{201c}'),
                "{id}: {text}"
            );
        }
        assert!(!check.title.ends_with('.') && check.title.len() <= 100, "{id}: {}", check.title);
        assert!(check.why.ends_with('.') && check.remedy.ends_with('.'), "{id}");
    }
}

#[test]
fn every_cure_is_one_run_of_words() {
    use check::Setting::{Application, Client, ConfigurationApi, Import, Request, Server, Store};
    for check in check::all() {
        for setting in [Server, Client, ConfigurationApi, Application, Import, Store, Request] {
            for (is_authority, is_misplaced) in [(false, false), (false, true), (true, false)] {
                let situation = check::Situation { is_authority, is_misplaced, ..check::Situation::of(setting) };
                let text = check::cure(check, &situation);
                assert!(!text.contains("  ") && text.trim() == text, "{}: {text}", check.id);
            }
        }
    }
}

#[test]
fn every_check_belongs_to_a_profile_and_every_profile_to_its_checks() {
    for check in check::all() {
        assert!(PROFILES.iter().any(|profile| profile.checks().any(|(it, _)| it.id == check.id)), "{}", check.id);
    }
    for profile in PROFILES {
        let mut seen = HashSet::new();
        for (check, _) in profile.checks() {
            assert!(check::find(check.id).is_some(), "{} has {}, which no document lists", profile.name, check.id);
            assert!(seen.insert(check.id), "{} has {} twice", profile.name, check.id);
        }
        let listed: HashSet<&str> =
            profile.tables.iter().flat_map(|topic| topic.iter().map(|check| check.id)).collect();
        for changed in profile.overrides.iter().map(|(check, _)| check.id) {
            assert!(seen.contains(changed), "{} weighs {changed}, which it does not have", profile.name);
        }
        for left_out in profile.without.iter().map(|check| check.id) {
            assert!(listed.contains(left_out), "{} leaves out {left_out}, which it does not have", profile.name);
        }
    }
}

#[test]
fn evidence_is_a_sentence_fit_for_a_terminal() {
    for check in check::all() {
        for specimen in Specimen::all_of(check.id, "bad") {
            for finding in specimen.unmet().1 {
                let evidence = &finding.evidence;
                assert!(!evidence.is_empty() && evidence.trim() == evidence && !evidence.ends_with('.'), "{evidence}");
                assert!(!evidence.chars().any(char::is_control) && evidence.len() < 1000, "{evidence}");
            }
        }
    }
}

#[test]
fn a_profile_can_weigh_a_check_differently() {
    let severity = |profile: &str| {
        let profile = Profile::named(profile).unwrap();
        profile.checks().find(|(check, _)| check.id == "chain-issuers-not-sent").unwrap().1
    };
    assert_eq!((severity("https"), severity("alwayson")), (Severity::Warning, Severity::Error));
    let specimen = Specimen::read(&specimen::root().join("checks/chain-issuers-not-sent/bad-alwayson.pem"));
    assert_eq!(specimen.judge().findings[0].severity, Severity::Error);
}

#[test]
fn findings_come_heaviest_first() {
    let specimen = Specimen::read(&specimen::root().join("checks/extensions-without-version-3/bad.pem"));
    let judgement = specimen.judge();
    let ids: Vec<&str> = judgement.findings.iter().map(|finding| finding.check.id).collect();
    assert_eq!(ids, ["extensions-without-version-3", "version-not-3"]);
    // Each check says exactly one thing, however many certificates it looks at.
    let is_look = |look| {
        use check::Look::{Each, Facts, Form, Whole};
        matches!(look, Each { .. } | Form(_) | Whole { .. } | Facts(_))
    };
    let checks = specimen.profile.checks().filter(|(check, _)| is_look(check.look)).count();
    let told = judgement.passed.len() + judgement.not_applicable.len() + judgement.undetermined.len() + ids.len();
    assert_eq!(told, checks);
}

#[test]
fn what_was_not_decided_weighs_as_an_error() {
    let weights = |file: &str, budget: Budget| {
        let specimen = Specimen::read(&specimen::root().join("checks").join(file));
        let judgement = specimen::asked::judged(&specimen, budget);
        let mut report = Report::new(specimen.moment);
        report.add_posture(specimen.profile, &judgement);
        (report.verdict(), report.errors())
    };
    let (verdict, ids) = weights("signature-not-verifiable/bad.pem", Budget::default());
    assert_eq!((verdict, ids), (Verdict::NotJudged, vec!["signature-not-verifiable"]));
    assert_eq!(weights("chain-order/good.pem", Budget::default()).0, Verdict::Ok);
    for budget in [
        Budget { signatures: 0, ..Budget::default() },
        Budget { names_compared: 0, ..Budget::default() },
        Budget { depth: 2, ..Budget::default() },
        Budget { paths: 0, ..Budget::default() },
    ] {
        let (verdict, ids) = weights("chain-order/good.pem", budget);
        assert_eq!((verdict, ids), (Verdict::NotJudged, vec!["budget-exhausted"]), "{budget:?}");
    }
}

#[test]
fn in_a_file_the_lowest_certificate_is_judged() {
    let read = |file: &str| Specimen::read(&specimen::root().join("checks").join(file)).presented;
    let (chain, reversed) = (read("chain-order/good.pem"), read("chain-order/bad-reversed.pem"));
    assert_eq!(leaf_among(&chain), Some(0));
    assert_eq!(leaf_among(&reversed), Some(2));
    let self_signed = read("self-signed/bad.pem").remove(0);
    let root = read("not-a-ca/good.pem").remove(0);
    assert_eq!(leaf_among(&[root.clone(), self_signed]), Some(1));
    assert_eq!(leaf_among(&[root]), Some(0));
    assert_eq!(leaf_among(&[]), None);
}

#[test]
fn the_profile_follows_from_what_is_judged() {
    let leaf = Specimen::read(&specimen::root().join("checks/chain-order/good.pem")).presented;
    let root = Specimen::read(&specimen::root().join("checks/not-a-ca/good.pem")).presented;
    let client = Specimen::read(&specimen::root().join("checks/purpose-not-allowed/good.pem")).presented;
    let both = [client.clone(), leaf.clone()].concat();
    for (scheme, certificates, wanted) in [
        (Some("thingworx"), &leaf, "alwayson"),
        (Some("wss"), &leaf, "alwayson"),
        (Some("https"), &root, "https"),
        (Some("tls"), &leaf, "https"),
        (None, &leaf, "https"),
        (None, &root, "ca"),
        (None, &client, "client"),
        (None, &both, "https"),
        (Some("https"), &client, "https"),
        (None, &Vec::new(), "https"),
    ] {
        assert_eq!(Profile::suited(scheme, certificates).name, wanted, "{scheme:?}");
    }
    for profile in PROFILES {
        assert!(Profile::named(profile.name).is_some_and(|found| std::ptr::eq(found, *profile)));
    }
}

#[test]
fn roots_that_the_world_trusts_are_no_errors() {
    let moment: Moment = "2026-06-01".parse().unwrap();
    let profile = Profile::named("ca").unwrap();
    let context = Context::default();
    for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        let root = Certificate::from_der(der).unwrap();
        let expectation = Expectation::default();
        let presented = [root.clone()];
        let request = Request {
            leaf: &root,
            presented: &presented,
            expectation: &expectation,
            profile,
            moment,
            connection: None,
        };
        let judgement = assess(&request, &context, None).judgement;
        let heavy: Vec<_> = judgement
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| (finding.check.id, &finding.evidence))
            .collect();
        assert!(heavy.is_empty(), "{}: {heavy:?}", root.subject());
    }
}

#[test]
fn no_certificate_makes_a_check_panic() {
    let specimen = Specimen::read(&specimen::root().join("checks/chain-order/good.pem"));
    let sound = specimen.presented[0].der().to_vec();
    let mut judged = 0;
    for at in 0..sound.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut der = sound.clone();
            der[at] ^= change;
            let Ok(leaf) = Certificate::from_der(&der) else { continue };
            let mut presented = specimen.presented.clone();
            presented[0] = leaf;
            for profile in PROFILES {
                let changed = Specimen { profile, presented: presented.clone(), ..specimen.clone() };
                let judgement = changed.judge();
                // Every byte is signed or is the signature, so no change goes unnoticed.
                let is_noticed = !judgement.findings.is_empty() || !judgement.undetermined.is_empty();
                assert!(is_noticed, "byte {at} ^ {change:#x} under {}", profile.name);
                judged += 1;
            }
        }
    }
    assert!(judged > 2000, "{judged}");
}

#[test]
fn strangers_text_is_escaped_and_cut() {
    let specimen = Specimen::read(&specimen::root().join("checks/host-mismatch/bad.pem"));
    let host = format!("\u{1b}[2J\u{202e}{}", "x".repeat(100_000));
    let expectation = Expectation { host: Some(host), ..Expectation::default() };
    let findings = Specimen { expectation, ..specimen }.judge().findings;
    let evidence = &findings.iter().find(|finding| finding.check.id == "host-mismatch").unwrap().evidence;
    assert!(evidence.starts_with("`\\u{1b}[2J\\u{202e}xxx") && evidence.len() < 500, "{evidence}");
}

#[test]
fn an_address_that_means_every_address_is_set_right_in_the_url() {
    let mut specimen = Specimen::read(&specimen::root().join("checks/opcua-endpoint-host-unnamed/bad.pem"));
    let cure = |specimen: &Specimen| {
        let findings = specimen.judge().findings;
        findings.iter().find(|it| it.check.id == "opcua-endpoint-host-unnamed").unwrap().remedy
    };
    assert!(cure(&specimen).contains("certkit generate opcua --dns NAME"));
    for host in ["0.0.0.0", "[::]"] {
        specimen.endpoints.iter_mut().for_each(|it| *it = it.replace("plc8", host));
        assert!(cure(&specimen).starts_with("Correct the host in the URL") && !cure(&specimen).contains("--dns"));
        specimen.endpoints.iter_mut().for_each(|it| *it = it.replace(host, "plc8"));
    }
}

#[test]
fn the_reference_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks.md");
    let fresh = check::reference(certkit_core::explain::said_of);
    if std::env::var_os("CERTKIT_BLESS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == fresh,
        "certkit-core/checks.md is out of date; write it anew with\n    \
         CERTKIT_BLESS=1 cargo test -p certkit-core --test checks the_reference_is_fresh"
    );
}

/// The sections of the guide "Secure Kepware Server Deployment" that can be cited, what each is about, and who does.
const GUIDE: &[(&str, &str, &[&str])] = &[
    (
        "6.1.1",
        "users, groups and passwords of the OPC UA interface; anonymous clients are never let in",
        &[
            "opcua-anonymous",
            "opcua-clear-password",
            "opcua-none-anonymous",
            "BadIdentityTokenRejected",
            "BadUserAccessDenied",
        ],
    ),
    (
        "6.1.2",
        "the endpoint of the OPC UA server: the strongest policies, none that is deprecated, the network adapter",
        &[
            "opcua-clear-password",
            "opcua-weak-token-policy",
            "opcua-none-only",
            "opcua-none-mode",
            "opcua-none-anonymous",
            "opcua-deprecated-policy",
            "opcua-no-strong-policy",
            "opcua-sign-only",
            "opcua-no-encryption",
            "BadSecurityModeRejected",
            "BadSecurityPolicyRejected",
        ],
    ),
    (
        "6.1.3",
        "certificates of the OPC UA server: issued by a CA, nothing signed over SHA-1 or less, self-signed for tests only",
        &[
            "self-signed",
            "signature-weak-hash",
            "server-as-ca",
            "opcua-server-self-signed",
            "opcua-endpoint-signature-unfit",
            "opcua-certificate-policy-check-failed",
            "BadCertificatePolicyCheckFailed",
        ],
    ),
    (
        "6.2.1",
        "the MQTT broker: password, strong and modern encryption, a certificate issued by a CA",
        &[
            "self-signed",
            "signature-weak-hash",
            "key-too-weak",
            "mqtt-plain",
            "mqtt-anonymous",
            "tls-suite-null",
            "tls-suite-anonymous",
            "tls-suite-export",
            "tls-suite-rc4",
            "tls-suite-des",
            "tls-suite-small-block",
            "tls-no-forward-secrecy",
            "tls-cbc-only",
            "tls-obsolete-version",
            "tls-no-current-version",
        ],
    ),
    (
        "6.3.1",
        "the server of the REST client: password, strong and modern encryption, a certificate issued by a CA",
        &[
            "self-signed",
            "signature-weak-hash",
            "key-too-weak",
            "tls-suite-null",
            "tls-suite-anonymous",
            "tls-suite-export",
            "tls-suite-rc4",
            "tls-suite-des",
            "tls-suite-small-block",
            "tls-no-forward-secrecy",
            "tls-cbc-only",
            "tls-obsolete-version",
            "tls-no-current-version",
        ],
    ),
    (
        "6.4.2",
        "the REST server: strong encryption (HTTPS), no asterisk among the origins of CORS",
        &[
            "signature-weak-hash",
            "key-too-weak",
            "http-plain",
            "cors-any-origin",
            "cors-origin-reflected",
            "cors-reflected-with-credentials",
            "tls-suite-null",
            "tls-suite-anonymous",
            "tls-suite-export",
            "tls-suite-rc4",
            "tls-suite-des",
            "tls-suite-small-block",
            "tls-no-forward-secrecy",
            "tls-cbc-only",
            "tls-obsolete-version",
            "tls-no-current-version",
        ],
    ),
    ("7.1.2", "the Configuration API: HTTPS only", &["http-plain"]),
    (
        "7.1.3",
        "the Configuration API: a certificate issued by a CA, no asterisk among the origins of CORS",
        &["self-signed", "server-as-ca", "cors-any-origin", "cors-origin-reflected", "cors-reflected-with-credentials"],
    ),
];

#[test]
fn the_guide_is_cited_where_it_speaks_of_the_matter() {
    let sections = |clauses: &[Clause]| -> Vec<&'static str> {
        let guide = clauses.iter().filter(|clause| matches!(clause, Clause::KepwareDeployment(_)));
        guide.filter_map(Clause::section).collect()
    };
    let checks = check::all().map(|check| (check.id.to_owned(), sections(check.clauses)));
    let codes = check::opcua::explanations().map(|it| (it.code.name().unwrap().to_owned(), sections(it.clauses)));
    let mut cited: Vec<(&str, String)> = Vec::new();
    for (who, sections) in checks.chain(codes) {
        cited.extend(sections.into_iter().map(|section| (section, who.clone())));
    }
    let allowed = GUIDE.iter().flat_map(|(section, _, by)| by.iter().map(|who| (*section, (*who).to_owned())));
    let mut allowed: Vec<(&str, String)> = allowed.collect();
    cited.sort_unstable();
    allowed.sort_unstable();
    let wrong: Vec<_> = cited.iter().filter(|it| !allowed.contains(it)).collect();
    let missing: Vec<_> = allowed.iter().filter(|it| !cited.contains(it)).collect();
    assert!(wrong.is_empty() && missing.is_empty(), "cited without cause: {wrong:?}; not cited: {missing:?}");
}

#[test]
fn what_no_program_looks_at_is_information_to_those_who_run_a_plant() {
    for profile in ["ca", "https", "alwayson", "client", "opcua", "opcua-user", "tls"] {
        let profile = Profile::named(profile).unwrap();
        for check in check::rfc5280::form::CHECKS {
            let severity = profile.severity_of(check);
            // Some programs do look at these: `testdata/programs.csv` has which.
            let is_refused = match check.id {
                "distribution-point-incomplete" | "unique-identifier-without-version-2" => true,
                "issuer-alt-name-malformed"
                | "key-parameters-unfit"
                | "signature-parameters-unfit"
                | "unique-identifier-present"
                | "name-constraint-kind" => profile.name == "tls",
                _ => false,
            };
            assert!(is_refused || severity == Severity::Info, "{} under {}", check.id, profile.name);
        }
    }
    // Who goes by the letter is warned, and still decides as the standards' section 6 does.
    for profile in ["rfc5280", "webpki"].map(|name| Profile::named(name).unwrap()) {
        let weights = check::rfc5280::form::CHECKS.iter().map(|check| profile.severity_of(check));
        assert!(weights.clone().all(|it| it < Severity::Error) && weights.clone().any(|it| it == Severity::Warning));
    }
}
