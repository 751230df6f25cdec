//! What OpenSSL and Java refuse is an error under the profile `tls`: by what they said of the specimens when
//! `scripts/programs` asked them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::specimen;
use super::specimen::Specimen;
use certkit_core::cert::Certificate;
use certkit_core::check::{Severity, TLS, Usage};
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::path::{Budget, Pool};
use certkit_core::verify::program::{self, Program};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};

/// The columns that weigh as errors under `tls`: what either refuses fails at the plant.
const WEIGHED: [&str; 2] = ["openssl", "java"];

/// The fields of a line of the table.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut is_quoted) = (vec![String::new()], false);
    for char in line.chars() {
        match char {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

/// What each program said of each specimen.
fn table() -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(specimen::root().join("programs.csv")).unwrap();
    let mut lines = text.lines().map(fields);
    let programs: Vec<String> =
        lines.next().unwrap().iter().skip(1).map(|head| head.split(' ').next().unwrap().to_owned()).collect();
    lines
        .map(|row| {
            assert_eq!(row.len(), programs.len() + 1, "{row:?}");
            let said = row.iter().skip(1).cloned();
            (row[0].clone(), programs.iter().cloned().zip(said).collect())
        })
        .collect()
}

/// Where certkit and a program judge otherwise for good reason: `SPECIMEN PROGRAM: REASON` a line.
fn reasons_in(file: &str) -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(specimen::root().join(file)).unwrap();
    text.lines()
        .map(|line| {
            let (place, reason) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let (specimen, program) = place.split_once(' ').unwrap_or_else(|| panic!("{line}"));
            ((specimen.to_owned(), program.to_owned()), reason.to_owned())
        })
        .collect()
}

/// The specimen under `tls`, asked what the programs were asked.
fn under_tls(name: &str) -> Specimen {
    let specimen = Specimen::read(&specimen::root().join("checks").join(name));
    let mut asked = Specimen { profile: &TLS, ..specimen };
    asked.expectation.usage = asked.expectation.usage.or(Some(Usage::TlsServer));
    asked
}

/// What is found of a specimen under `tls`, each with its severity.
fn findings(name: &str) -> Vec<(&'static str, Severity)> {
    under_tls(name).judge().findings.iter().map(|it| (it.check.id, it.severity)).collect()
}

#[test]
fn what_openssl_or_java_refuses_is_an_error_under_tls() {
    let mut reasons = reasons_in("programs-reasons.txt");
    let mut failures = Vec::new();
    let table = table();
    assert!(table.len() > 250, "{}", table.len());
    for (name, said) in &table {
        let found = findings(name);
        let errors: Vec<&str> = found.iter().filter(|it| it.1 == Severity::Error).map(|it| it.0).collect();
        for program in WEIGHED {
            let differs = said[program] != "accepts" && errors.is_empty();
            match (differs, reasons.remove(&(name.clone(), program.to_owned()))) {
                (true, None) => failures.push(format!("{name} {program}: {}", said[program])),
                (false, Some(_)) => failures.push(format!("{name} {program}: a reason, and no difference")),
                _ => {}
            }
        }
        // The other way round: what every program accepts needs a reason to be refused.
        let is_accepted = said.values().all(|words| words == "accepts" || words == "not asked");
        match (is_accepted && !errors.is_empty(), reasons.remove(&(name.clone(), "all".to_owned()))) {
            (true, None) => failures.push(format!("{name} all: accepted by all, and refused for {errors:?}")),
            (false, Some(_)) => failures.push(format!("{name} all: a reason, and no difference")),
            _ => {}
        }
    }
    failures.extend(reasons.keys().map(|(name, program)| format!("{name} {program}: no such row")));
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// The programs whose columns the library knows, in its order.
fn asked() -> impl Iterator<Item = Program> {
    Program::ALL.into_iter()
}

/// What stays the same of a program's words from one certificate to the next.
fn lasting(words: &str) -> String {
    let words = words.strip_prefix("Not verified. The certificate is NOT trusted. ").unwrap_or(words);
    let words = words.split(" (").next().unwrap();
    let is_own = |word: &str| {
        let is_day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&word);
        is_day || word.contains(|letter: char| letter.is_ascii_digit() || "\"{}".contains(letter))
    };
    let mut kept: Vec<&str> = Vec::new();
    for (at, word) in words.split(' ').enumerate() {
        if at > 0 && is_own(word) {
            break;
        }
        kept.push(word);
    }
    kept.join(" ").trim_end_matches([' ', ':', ',', '.']).to_owned()
}

/// What all of these texts begin with, in whole words.
fn common(texts: &[String]) -> String {
    let Some(first) = texts.first() else { return String::new() };
    let is_common = |at: usize| texts.iter().all(|text| text.split(' ').nth(at) == first.split(' ').nth(at));
    let words: Vec<&str> =
        first.split(' ').enumerate().take_while(|(at, _)| is_common(*at)).map(|(_, word)| word).collect();
    words.join(" ").trim_end_matches([' ', ':', ',', '.']).to_owned()
}

/// Whether a specimen falls short of one check alone, and what each program said of it.
type Asked = (bool, BTreeMap<String, String>);

/// Whether nothing but its own check weighs in a specimen.
fn is_alone(specimen: &Specimen) -> bool {
    let weighs = |id: &String| TLS.severity_of(certkit_core::check::find(id).unwrap()) > Severity::Info;
    !specimen.also.iter().any(weighs)
}

/// What the library is to know of the table: for each check its specimens, refused and asked about, and the words.
fn answers() -> String {
    let heads = std::fs::read_to_string(specimen::root().join("programs.csv")).unwrap();
    let heads = fields(heads.lines().next().unwrap());
    let version = |program: Program| {
        let head = heads.iter().find(|head| head.split(' ').next() == Some(program.name())).unwrap();
        head.split(' ').nth(1).unwrap().to_owned()
    };
    let mut out = format!("id\t{}\n", asked().map(version).collect::<Vec<_>>().join("\t"));
    let mut checks: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    for (name, said) in table() {
        let (check, file) = name.split_once('/').unwrap();
        let specimen = Specimen::read(&specimen::root().join("checks").join(&name));
        if file.starts_with("bad") {
            checks.entry(check.to_owned()).or_default().push((is_alone(&specimen), said));
        }
    }
    for (check, mut said) in checks {
        // What is objected to for something else besides tells little about this.
        if said.iter().any(|(is_alone, _)| *is_alone) {
            said.retain(|(is_alone, _)| *is_alone);
        }
        let cell = |program: Program| {
            let words: Vec<&String> =
                said.iter().map(|(_, it)| &it[program.name()]).filter(|it| *it != "not asked").collect();
            let refused: Vec<&&String> = words.iter().filter(|it| **it != "accepts").collect();
            let words_of = common(&refused.iter().map(|words| lasting(words)).collect::<Vec<_>>());
            format!("{}/{} {words_of}", refused.len(), words.len()).trim_end().to_owned()
        };
        out += &format!("{check}\t{}\n", asked().map(cell).collect::<Vec<_>>().join("\t"));
    }
    out
}

#[test]
fn what_the_library_knows_of_the_table_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/verify/program/answers.tsv");
    let fresh = answers();
    if std::env::var_os("CERTKIT_BLESS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "src/verify/program/answers.tsv is out of date; write it anew with\n    \
         CERTKIT_BLESS=1 cargo test -p certkit-core --test programs what_the_library_knows"
    );
}

/// What certkit says that a program says of a specimen: `accepts`, or all that the program may say.
fn said_of(name: &str, program: Program) -> Vec<program::Refusal> {
    let asked = under_tls(name);
    if !asked.undecodable.is_empty() {
        return vec![program::undecodable(program)];
    }
    let verdict = specimen::asked::verdict(&asked, Budget::default());
    program::refusals(&verdict, &specimen::asked::peers(&asked), program)
}

#[test]
fn the_verdict_of_a_program_is_what_it_said() {
    let mut reasons = reasons_in("programs-disagreements.txt");
    let mut failures = Vec::new();
    let mut agreed = 0;
    for (name, said) in &table() {
        for program in asked() {
            let words = &said[program.name()];
            if words == "not asked" {
                continue;
            }
            let refusals = said_of(name, program);
            let is_told = |it: &program::Refusal| {
                let number = it.number.map(|number| format!("{number} ")).unwrap_or_default();
                words.starts_with(&number) && words.contains(&*it.words)
            };
            let agrees = match words == "accepts" {
                true => refusals.is_empty(),
                false => refusals.iter().any(is_told),
            };
            agreed += usize::from(agrees);
            match (agrees, reasons.remove(&(name.clone(), program.name().to_owned()))) {
                (false, None) => {
                    let ours: Vec<String> =
                        refusals.iter().map(|it| format!("{} {:?} {}", it.check.id, it.number, it.words)).collect();
                    failures.push(format!("{name} {}: `{words}`, and certkit: {ours:?}", program.name()));
                }
                (true, Some(_)) => failures.push(format!("{name} {}: a reason, and no difference", program.name())),
                _ => {}
            }
        }
    }
    failures.extend(reasons.keys().map(|(name, program)| format!("{name} {program}: no such row")));
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert!(agreed > 1500, "{agreed}");
}

/// The programs that refuse a leaf for this check.
fn refuse(
    leaf: &Certificate,
    beside: &[&Certificate],
    anchor: &Certificate,
    host: &str,
    check: &str,
) -> Vec<&'static str> {
    let mut pool = Pool::new();
    pool.add_anchor(anchor.clone());
    beside.iter().for_each(|it| _ = pool.add((*it).clone()));
    let peers = [Peer::from_host(host).unwrap()];
    let question = Question { peers: &peers, revocation: Revocation::Off, ..Question::new(&TLS, Moment::now()) };
    let material = TrustMaterial { pool: &pool, lists: &Lists::new(), responses: &Responses::new() };
    let verdict = verify(leaf, &material, &question);
    let refuses = |it: &Program| program::refusals(&verdict, &peers, *it).iter().any(|it| it.check.id == check);
    asked().filter(refuses).map(Program::name).collect()
}

fn made(kind: Kind, subject: &str, key: &KeyPair, issuer: &Issuer<'_>) -> Certificate {
    let template = Template::new(kind, subject.parse().unwrap(), Validity::days(Moment::now().plus(-DAY), 30));
    template.issue(&key.public_key().unwrap(), issuer).unwrap()
}

fn key() -> KeyPair {
    KeyPair::generate(KeyType::P256).unwrap()
}

#[test]
fn each_program_takes_a_common_name_of_its_own_for_the_host() {
    let (root_key, leaf_key) = (key(), key());
    let root = made(Kind::Root, "CN=Root,O=Plant", &root_key, &Issuer::itself(&root_key));
    let issuer = Issuer::authority(&root, &root_key).unwrap();
    for (subject, refusing) in [
        ("CN=plc7.plant.example,O=Plant", &["go", "webpki"][..]),
        ("CN=*.plant.example,O=Plant", &["go", "webpki"]),
        ("CN=p*.plant.example,O=Plant", &["gnutls", "go", "python", "webpki"]),
        // The text has the last attribute of the name first.
        ("CN=plc7.plant.example,CN=other.example,O=Plant", &["gnutls", "go", "webpki"]),
        ("CN=other.example,CN=plc7.plant.example,O=Plant", &["java", "gnutls", "go", "webpki"]),
        ("CN=other.example,O=Plant", &["openssl", "java", "gnutls", "go", "python", "webpki"]),
    ] {
        let leaf = made(Kind::Client, subject, &leaf_key, &issuer);
        assert_eq!(refuse(&leaf, &[], &root, "plc7.plant.example", "host-mismatch"), refusing, "{subject}");
    }
}

#[test]
fn gnutls_and_go_count_self_issued_cas() {
    let [root_key, own_key, sub_key, leaf_key] = [(); 4].map(|()| key());
    let validity = Validity::days(Moment::now().plus(-DAY), 30);
    let template = Template::new(Kind::Root, "CN=Root,O=Plant".parse().unwrap(), validity).path_length(1).unwrap();
    let root = template.issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key)).unwrap();
    let own = made(Kind::Root, "CN=Root,O=Plant", &own_key, &Issuer::authority(&root, &root_key).unwrap());
    let sub = made(Kind::Root, "CN=Sub,O=Plant", &sub_key, &Issuer::authority(&own, &own_key).unwrap());
    let leaf = made(Kind::Client, "CN=plc7", &leaf_key, &Issuer::authority(&sub, &sub_key).unwrap());
    assert_eq!(refuse(&leaf, &[&sub, &own], &root, "plc7", "path-length-exceeded"), ["gnutls", "go"]);
}

#[test]
fn java_does_not_look_at_a_leaf_that_is_trusted_itself() {
    let asked = under_tls("self-signed/bad-trusted.pem");
    let late = Specimen { moment: asked.moment.plus(4000 * DAY), ..asked };
    let verdict = specimen::asked::verdict(&late, Budget::default());
    let refuses = |it: &Program| !program::refusals(&verdict, &specimen::asked::peers(&late), *it).is_empty();
    assert_eq!(
        Program::ALL.into_iter().filter(refuses).map(Program::name).collect::<Vec<_>>(),
        ["openssl", "gnutls", "go", "python", "webpki"]
    );
}

#[test]
fn what_other_programs_refuse_is_a_warning_at_least() {
    let mut reasons = reasons_in("programs-silences.txt");
    let mut failures = Vec::new();
    for (name, said) in &table() {
        let refused: Vec<&str> = asked()
            .map(Program::name)
            .filter(|program| {
                !WEIGHED.contains(program) && !["accepts", "not asked"].contains(&said[*program].as_str())
            })
            .collect();
        let is_told = findings(name).iter().any(|(_, severity)| *severity > Severity::Info);
        match (!refused.is_empty() && !is_told, reasons.remove(&(name.clone(), "all".to_owned()))) {
            (true, None) => failures.push(format!("{name} all: {refused:?}: {}", said[refused[0]])),
            (false, Some(_)) => failures.push(format!("{name} all: a reason, and no difference")),
            _ => {}
        }
    }
    failures.extend(reasons.keys().map(|(name, program)| format!("{name} {program}: no such row")));
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
#[ignore = "asks openssl and what else of java, certtool, go, python and webpki is installed"]
fn the_table_of_programs_is_fresh() {
    let script = specimen::root().parent().unwrap().join("scripts/programs");
    let output = Command::new(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
