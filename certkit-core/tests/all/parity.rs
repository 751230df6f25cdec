//! A check says the same of a certificate under every profile that has it, but where a reason is given.

use std::collections::BTreeMap;

use super::specimen;
use super::specimen::Specimen;
use certkit_core::check::{self, PROFILES, Profile, Usage};

/// What is allowed to differ in the folder of a check: file and profile, with the reason.
///
/// Each line of `parity.txt` names a file, one or more profiles and a reason: `bad.pem tls webpki: why`.
fn reasons(check: &str) -> BTreeMap<(String, String), String> {
    let file = specimen::root().join("checks").join(check).join("parity.txt");
    let Ok(text) = std::fs::read_to_string(&file) else { return BTreeMap::new() };
    let mut reasons = BTreeMap::new();
    for line in text.lines() {
        let (places, reason) = line.split_once(": ").unwrap_or_else(|| panic!("{}: {line}", file.display()));
        let mut words = places.split(' ');
        let specimen = words.next().unwrap();
        assert!(!reason.is_empty() && file.with_file_name(specimen).exists(), "{}: {line}", file.display());
        for profile in words {
            assert!(Profile::named(profile).is_some(), "{}: {line}", file.display());
            reasons.insert((specimen.to_owned(), profile.to_owned()), reason.to_owned());
        }
    }
    reasons
}

/// The same specimen under another profile, asked as the command asks: of a chain as a TLS server's.
fn under(specimen: &Specimen, profile: &'static Profile) -> Specimen {
    let mut other = Specimen { profile, ..specimen.clone() };
    let serves = specimen.profile.name != "ca" && !specimen.profile.name.starts_with("opcua");
    if serves && specimen::asked::is_decided(profile) {
        other.expectation.usage = other.expectation.usage.or(Some(Usage::TlsServer));
    }
    other
}

/// Whether a specimen is a chain: stores, endpoints and validations have profiles of their own.
fn is_chain(specimen: &Specimen) -> bool {
    let is_judged = !specimen.presented.is_empty() && specimen.lost.is_empty();
    is_judged && specimen.store.is_none() && specimen.endpoints.is_empty() && specimen.validation.is_none()
}

#[test]
fn a_check_says_the_same_under_every_profile() {
    let mut failures = Vec::new();
    let mut compared = 0;
    for check in check::all() {
        let mut reasons = reasons(check.id);
        for (kind, is_bad) in [("bad", true), ("good", false)] {
            for specimen in Specimen::all_of(check.id, kind).iter().filter(|it| is_chain(it)) {
                let file = specimen.file.file_name().unwrap().to_str().unwrap().to_owned();
                for profile in PROFILES {
                    if !profile.checks().any(|(it, _)| it.id == check.id) {
                        continue;
                    }
                    compared += 1;
                    let (found, _) = under(specimen, profile).unmet();
                    let differs = found.contains(&check.id) != is_bad;
                    let reason = reasons.remove(&(file.clone(), profile.name.to_owned()));
                    match (differs, reason) {
                        (true, None) => failures.push(format!(
                            "{}/{file} {}: {}",
                            check.id,
                            profile.name,
                            if is_bad { "silent" } else { "fires" }
                        )),
                        (false, Some(_)) => {
                            failures.push(format!("{}/{file} {}: a reason, and no difference", check.id, profile.name));
                        }
                        _ => {}
                    }
                }
            }
        }
        failures.extend(reasons.keys().map(|(file, profile)| format!("{}/{file} {profile}: no such case", check.id)));
    }
    assert!(failures.is_empty(), "{} of {compared}:\n{}", failures.len(), failures.join("\n"));
    assert!(compared > 500, "{compared}");
}
