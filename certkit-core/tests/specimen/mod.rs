//! Reads the specimens of `testdata/checks`: certificates, and how they are to be judged.

use std::path::{Path as FilePath, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::check::{Case, Expectation, Finding, Judgement, Profile, Usage, judge, leaf_among};
use certkit_core::moment::Moment;
use certkit_core::path::{Budget, Pool, Search};

/// One file: what it holds, and what its header says of it.
pub(crate) struct Specimen {
    pub(crate) file: PathBuf,
    pub(crate) profile: &'static Profile,
    pub(crate) moment: Moment,
    pub(crate) expectation: Expectation,
    /// Checks that are not met besides the one that the specimen is for.
    pub(crate) also: Vec<String>,
    pub(crate) presented: Vec<Certificate>,
    pub(crate) untrusted: Vec<Certificate>,
    pub(crate) trust: Vec<Certificate>,
}

impl Specimen {
    /// Reads a file. Panics, with its name, at whatever is not as `testdata/README.md` says.
    pub(crate) fn read(file: &FilePath) -> Specimen {
        let shown = file.display();
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut specimen = Specimen {
            file: file.to_owned(),
            profile: &certkit_core::check::HTTPS,
            moment: Moment::from_unix(0),
            expectation: Expectation::default(),
            also: Vec::new(),
            presented: Vec::new(),
            untrusted: Vec::new(),
            trust: Vec::new(),
        };
        let (mut part, mut block, mut keys) = ("presented", None::<String>, Vec::new());
        for line in text.lines() {
            if let Some(open) = &mut block {
                open.push_str(line);
                open.push('\n');
                if line.starts_with("-----END") {
                    let der = pem::parse(block.take().unwrap()).unwrap_or_else(|error| panic!("{shown}: {error}"));
                    let certificate = Certificate::from_der(der.contents()).unwrap_or_else(|e| panic!("{shown}: {e}"));
                    match part {
                        "presented" => specimen.presented.push(certificate),
                        "untrusted" => specimen.untrusted.push(certificate),
                        "trust" => specimen.trust.push(certificate),
                        other => panic!("{shown}: no such part: {other}"),
                    }
                }
                continue;
            }
            match line.split_once(": ") {
                _ if line.is_empty() || line.starts_with("# ") => {}
                _ if line.starts_with("-----BEGIN") => block = Some(format!("{line}\n")),
                Some((key, value)) => {
                    keys.push(key);
                    match key {
                        "profile" => specimen.profile = Profile::named(value).expect(value),
                        "at" => specimen.moment = value.parse().unwrap_or_else(|error| panic!("{shown}: {error}")),
                        "host" => specimen.expectation.host = Some(value.to_owned()),
                        "usage" if value == "client" => specimen.expectation.usage = Some(Usage::TlsClient),
                        "also" => specimen.also.push(value.to_owned()),
                        "part" => part = value,
                        _ => panic!("{shown}: unknown header line: {line}"),
                    }
                }
                None => panic!("{shown}: neither comment, header nor block: {line}"),
            }
        }
        assert!(keys.contains(&"profile") && keys.contains(&"at"), "{shown}: profile or moment is missing");
        assert!(text.starts_with("# "), "{shown}: does not say what it shows");
        specimen
    }

    /// Every specimen of a check whose file name begins with `bad` or `good`.
    pub(crate) fn all_of(check: &str, kind: &str) -> Vec<Specimen> {
        let folder = root().join("checks").join(check);
        let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.retain(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap();
            name == kind || name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-'))
        });
        files.iter().map(|file| Specimen::read(file)).collect()
    }

    /// Judges it as its header says.
    pub(crate) fn judge(&self) -> Judgement {
        let mut pool = Pool::new();
        for anchor in &self.trust {
            pool.add_anchor(anchor.clone());
        }
        for candidate in self.presented.iter().chain(&self.untrusted) {
            pool.add(candidate.clone());
        }
        let leaf = &self.presented[leaf_among(&self.presented).expect("a certificate")];
        let path = Search::new(&pool, leaf, self.moment, Budget::default()).next().expect("a path");
        let case =
            Case::new(&path, self.profile.role, &self.presented, &self.expectation, self.moment, &self.profile.limits);
        judge(&case, self.profile)
    }

    /// What is not met, each check once, in the order of their ids.
    pub(crate) fn unmet(&self) -> (Vec<&'static str>, Vec<Finding>) {
        let findings = self.judge().findings;
        let mut ids: Vec<&'static str> = findings.iter().map(|finding| finding.check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        (ids, findings)
    }
}

/// The folder of specimens.
pub(crate) fn root() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}
