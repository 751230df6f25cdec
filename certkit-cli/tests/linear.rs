//! Twice as much costs twice as much: what a command does for each certificate does not grow with their number.
//!
//! What is counted is the time on processors, which other programs on the machine do not lengthen much; where the
//! system does not tell it, the time that went by.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Revocations, Template, Validity};
use certkit_core::moment::{DAY, Moment};

/// Twice as much may cost this much; what grows with the square costs four times as much.
const FACTOR: f64 = 2.8;

/// A root, and many certificates below it.
struct Many {
    folder: tempfile::TempDir,
    certificates: Vec<Certificate>,
    root: Certificate,
    key: KeyPair,
}

/// Which certificates there are many of.
#[derive(Clone, Copy)]
enum Named {
    /// Servers, each with a name of its own.
    Apart,
    /// CAs, each with a name of its own.
    Authorities,
    /// Servers that all have one name.
    Alike,
}

impl Many {
    fn new(count: usize, named: Named) -> Many {
        let now = Moment::now();
        let key = KeyPair::generate(KeyType::P256).unwrap();
        let public = key.public_key().unwrap();
        let validity = Validity::days(now, 90);
        let root = Template::new(Kind::Root, "CN=Plant Root,O=Plant".parse().unwrap(), validity);
        let root = root.issue(&public, &Issuer::itself(&key)).unwrap();
        let issuer = Issuer::authority(&root, &key).unwrap();
        let make = |number: usize| {
            let (kind, name) = match named {
                Named::Apart => (Kind::Https, format!("CN=plc{number}.plant.test,O=Plant")),
                Named::Authorities => (Kind::IssuingAuthority, format!("CN=Plant CA {number},O=Plant")),
                Named::Alike => (Kind::Https, "CN=plc.plant.test,O=Plant".to_owned()),
            };
            let host = matches!(kind, Kind::Https).then(|| AlternativeName::host(&format!("plc{number}.plant.test")));
            let template = Template::new(kind, name.parse().unwrap(), validity).alternative_names(host);
            template.issue(&public, &issuer).unwrap()
        };
        let certificates = (0..count).map(make).collect();
        let many = Many { folder: tempfile::tempdir().unwrap(), certificates, root, key };
        fs::write(many.path("root.pem"), pem::encode("CERTIFICATE", many.root.der())).unwrap();
        fs::write(many.path("root.key"), pem::encode("PRIVATE KEY", &many.key.to_pkcs8().unwrap())).unwrap();
        fs::write(many.path("password"), "Sesame-Opens-417\n").unwrap();
        many
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The first of them in one file.
    fn bundle(&self, count: usize) -> String {
        let name = format!("bundle-{count}.pem");
        let text: String =
            self.certificates.iter().take(count).map(|it| pem::encode("CERTIFICATE", it.der())).collect();
        fs::write(self.path(&name), text).unwrap();
        name
    }

    /// The first of them in files of their own.
    fn files(&self, count: usize) -> String {
        let name = format!("files-{count}");
        fs::create_dir_all(self.path(&name)).unwrap();
        for (number, certificate) in self.certificates.iter().take(count).enumerate() {
            fs::write(self.path(&name).join(format!("{number}.der")), certificate.der()).unwrap();
        }
        name
    }

    /// So many revocation lists of the root in one file, none of which revokes the first certificate.
    fn lists(&self, count: usize) -> String {
        let name = format!("lists-{count}.pem");
        let now = Moment::now();
        let issuer = Issuer::authority(&self.root, &self.key).unwrap();
        let mut list = |number: usize| {
            let revocations = Revocations::new(&issuer).unwrap();
            let list = revocations.sign(Moment::from_unix(now.unix() - number as i64), now.plus(DAY)).unwrap();
            pem::encode("X509 CRL", list.der())
        };
        fs::write(self.path(&name), (0..count).map(&mut list).collect::<String>()).unwrap();
        name
    }

    /// So many questions of a batch.
    fn batch(&self, count: usize) -> String {
        let name = format!("batch-{count}");
        let files = self.files(count);
        let lines = (0..count).map(|number| format!("{{\"leaf\":\"{files}/{number}.der\"}}\n"));
        fs::write(self.path(&name), lines.collect::<String>()).unwrap();
        name
    }

    /// Runs a command, which must not fail; gives what it cost.
    fn cost(&self, line: &str) -> Duration {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split_whitespace().map(OsString::from)).current_dir(self.folder.path());
        let (start, before) = (Instant::now(), processors());
        let output = command.stdin(Stdio::null()).output().unwrap();
        let cost = match (before, processors()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => start.elapsed(),
        };
        let status = output.status.code();
        assert!(status.is_some_and(|it| it < 3), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        cost
    }

    /// Holds that a command costs in proportion; `line` has `{}` where the certificates are named.
    fn hold(&self, line: &str, input: impl Fn(&Many, usize) -> String) {
        self.hold_of(self.certificates.len(), line, input);
    }

    /// Holds that a command costs in proportion to a number that is at most so large.
    fn hold_of(&self, whole: usize, line: &str, input: impl Fn(&Many, usize) -> String) {
        let [half, whole] = [whole / 2, whole].map(|count| line.replace("{}", &input(self, count)));
        let best = |line: &str| (0..3).map(|_| self.cost(line)).min().unwrap().as_secs_f64();
        let (half, whole) = (best(&half), best(&whole));
        assert!(whole <= half * FACTOR + 0.05, "{line}: {half:.2} s for half of what costs {whole:.2} s");
    }
}

/// The time that programs that were started from here have spent on processors; Linux tells it.
fn processors() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name in brackets: the fields from the third on, of which the 16th and 17th are wanted.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13).map(|it| it.parse::<u64>().ok());
    // A tick is a hundredth of a second wherever Linux runs today.
    Some(Duration::from_millis((fields.next()?? + fields.next()??) * 10))
}

#[test]
fn many_servers_in_a_file() {
    let many = Many::new(1200, Named::Apart);
    many.hold("check --trust root.pem --json {}", Many::bundle);
    many.hold("check {}", Many::bundle);
    many.hold("verify --trust root.pem {}", Many::bundle);
    many.hold("inspect {}", Many::bundle);
}

#[test]
fn many_authorities_in_a_file() {
    let many = Many::new(1000, Named::Authorities);
    many.hold("check --trust root.pem {}", Many::bundle);
    many.hold("check --profile https {}", Many::bundle);
}

#[test]
fn many_files() {
    let many = Many::new(1000, Named::Apart);
    many.hold("check --trust root.pem {}", Many::files);
    many.hold("check --profile tls --trust root.pem {}", Many::files);
    many.hold("check --profile opcua --json {}", Many::files);
}

#[test]
fn many_of_one_name() {
    let many = Many::new(800, Named::Alike);
    many.hold("check --trust root.pem {}", Many::files);
}

#[test]
fn many_for_a_store() {
    let many = Many::new(1000, Named::Authorities);
    fs::create_dir_all(many.path("pki/trusted/certs")).unwrap();
    for store in ["pem:new.pem", "jks:new.jks", "folder:new", "hashed:new"] {
        many.hold(
            &format!("trust add {store} --create --dry-run --accept anchor-unknown --reason test --password-file password {{}}"),
            Many::bundle,
        );
    }
    many.hold("trust add opcua:pki --dry-run --accept anchor-unknown --reason test {}", Many::bundle);
}

#[test]
fn many_in_a_store() {
    let many = Many::new(1000, Named::Authorities);
    for command in ["list", "audit", "export", "diff root.pem"] {
        many.hold(&format!("trust {command} {{}}"), Many::bundle);
        many.hold(&format!("trust {command} {{}}"), Many::files);
    }
}

#[test]
fn many_that_are_watched_written_and_verified() {
    let many = Many::new(1000, Named::Apart);
    many.hold("expiry --all {}", Many::bundle);
    many.hold("expiry --findings --trust root.pem --json {}", Many::bundle);
    many.hold("expiry --state state --json {}", Many::files);
    many.hold("convert {} -o out.der.pem --force", Many::bundle);
    many.hold("convert {} -o out.jks --force --new-password-file password", Many::bundle);
    many.hold("convert {} -o out.p7b --force", Many::bundle);
    many.hold("verify --trust root.pem --batch {}", Many::batch);
    many.hold("verify --trust root.pem --untrusted {} --host plc1.plant.test files-1000/1.der", Many::bundle);
}

#[test]
fn many_lists_of_one_issuer() {
    let many = Many::new(1, Named::Apart);
    many.bundle(1);
    let whole = 1000;
    for line in [
        "verify --trust root.pem --crl {} bundle-1.pem",
        "check --trust root.pem --crl {} bundle-1.pem",
        "inspect {}",
        "expiry {}",
    ] {
        many.hold_of(whole, line, Many::lists);
    }
    fs::create_dir_all(many.path("pki/trusted/certs")).unwrap();
    many.hold_of(whole, "trust add opcua:pki root.pem {} --dry-run --accept anchor-unknown --reason test", Many::lists);
}
