//! Reads the specimens of `testdata/checks`: certificates, and how they are to be judged.

pub(crate) mod asked;
mod held;
mod probed;

use std::path::{Path as FilePath, PathBuf};

use certkit_core::admission;
use certkit_core::cert::{Certificate, Malformed, Request, RevocationList};
use certkit_core::check::list::{self, Demand, ListCase, Signer};
use certkit_core::check::opcua::posture;
use certkit_core::check::posture as ports;
use certkit_core::check::rfc5280::fields::form_unread;
use certkit_core::check::store::{self, AUDIT, Inventory, Standing};
use certkit_core::check::together::Keys;
use certkit_core::check::{
    self, Case, Connection, Expectation, Finding, Judgement, OPCUA_VALIDATION, Processed, Profile, Usage, find, judge,
};
use certkit_core::container::{Encoding, Oddity};
use certkit_core::crypto::weak::KnownKeys;
use certkit_core::moment::Moment;
use certkit_core::opcua::validation::{ListRole, Peer, Suppressions};
use certkit_core::opcua::{Question, SecurityPolicy, TrustLists, validate};
use certkit_core::path::Budget;
use certkit_core::presented::{
    Alert, ApplicationDescription, ApplicationType, Doubt, EndpointDescription, Possession, Posture, SecurityMode,
    TokenKind, UserToken, Version,
};
use certkit_core::store::opcua::STANDARD;
use certkit_core::store::reader::{self, Folder, Lying, READERS};
use certkit_core::store::{Content, Identity, KeyState, Kind, List, Member, Place};

/// A store that is judged: its kind, and what stands in it or is offered.
#[derive(Clone)]
pub(crate) struct Stored {
    kind: Kind,
    members: Vec<(Standing, Member)>,
    /// The name of the members that come next.
    name: Option<String>,
    /// The file of the member that comes next, below its list, and its encoding.
    lies: Option<(String, Encoding)>,
    /// What the owner shows of itself.
    identity: Option<Identity>,
    /// What the certificate that comes next is of the owner: `own-certificate` or `own-key`, and its file.
    own: Option<(String, String)>,
}

/// One file: what it holds, and what its header says of it.
#[derive(Clone)]
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
    pub(crate) connection: Option<Connection>,
    /// How it is validated against lists, where it is.
    pub(crate) validation: Option<Lists>,
    /// The lines that describe the endpoints of a server, where these are judged.
    pub(crate) endpoints: Vec<String>,
    /// The file with private keys that is judged: how it is wrapped, its keys, and which certificates it marks as trusted.
    pub(crate) key_store: Option<held::KeyStore>,
    /// Keys whose private half is public, where all keys are judged together.
    pub(crate) known: Option<KnownKeys>,
    /// What probes found, where that is judged.
    pub(crate) probed: Option<Posture>,
    /// The store that is judged, where that is one.
    pub(crate) store: Option<Stored>,
    /// Presented, and not to be decoded.
    pub(crate) undecodable: Vec<Malformed>,
    /// A request that is judged; `Err` where it cannot be decoded.
    pub(crate) requests: Vec<Result<Request, Malformed>>,
    /// Whether the anchors were named as the ones to trust.
    pub(crate) are_anchors_named: bool,
    /// Which of the trusted certificates somebody has marked as rejected.
    pub(crate) distrusted: Vec<usize>,
    /// What could not be read of its file, in words.
    pub(crate) lost: Vec<String>,
    /// What is odd about the form of its file.
    pub(crate) forms: Vec<Oddity>,
    /// What is asked of a path that is processed.
    pub(crate) asked: asked::Asked,
}

/// A validation of OPC 10000-4 that a specimen asks for.
#[derive(Clone)]
pub(crate) struct Lists {
    pub(crate) peer: Peer,
    pub(crate) policy: Option<&'static SecurityPolicy>,
    suppressed: Suppressions,
    certificates: Vec<(ListRole, Certificate)>,
    revocation: Vec<(ListRole, RevocationList)>,
}

impl Specimen {
    /// Reads a file. Panics, with its name, at whatever is not as `testdata/README.md` says.
    pub(crate) fn read(file: &FilePath) -> Specimen {
        let shown = file.display();
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut specimen = Specimen {
            file: file.to_owned(),
            profile: &check::HTTPS,
            moment: Moment::from_unix(0),
            expectation: Expectation::default(),
            also: Vec::new(),
            presented: Vec::new(),
            untrusted: Vec::new(),
            trust: Vec::new(),
            connection: None,
            validation: None,
            endpoints: Vec::new(),
            key_store: None,
            known: None,
            probed: None,
            store: None,
            undecodable: Vec::new(),
            requests: Vec::new(),
            are_anchors_named: false,
            distrusted: Vec::new(),
            lost: Vec::new(),
            forms: Vec::new(),
            asked: asked::Asked::default(),
        };
        let (mut part, mut block, mut keys) = ("presented", None::<String>, Vec::new());
        for line in text.lines() {
            if let Some(open) = &mut block {
                open.push_str(line);
                open.push('\n');
                if line.starts_with("-----END") {
                    let der = pem::parse(block.take().unwrap()).unwrap_or_else(|error| panic!("{shown}: {error}"));
                    if let Some(store) = &mut specimen.store {
                        store.add(part, &der);
                        continue;
                    }
                    if let Some(role) = part.strip_suffix("-crl").and_then(role) {
                        let list =
                            RevocationList::from_der(der.contents()).unwrap_or_else(|error| panic!("{shown}: {error}"));
                        specimen.validation.as_mut().expect("peer").revocation.push((role, list));
                        continue;
                    }
                    if part == "request" {
                        specimen.requests.push(Request::from_der(der.contents()));
                        continue;
                    }
                    if part == "crl" {
                        let list = RevocationList::from_der(der.contents());
                        specimen.asked.lists.push(list.unwrap_or_else(|error| panic!("{shown}: {error}")));
                        continue;
                    }
                    let certificate = match Certificate::from_der(der.contents()) {
                        Ok(certificate) => certificate,
                        Err(error) => {
                            specimen.undecodable.push(error);
                            continue;
                        }
                    };
                    match part {
                        "presented" => specimen.presented.push(certificate),
                        "untrusted" => specimen.untrusted.push(certificate),
                        "trust" => specimen.trust.push(certificate),
                        "trusted" | "issuers" => {
                            let lists = specimen.validation.as_mut().expect("peer");
                            lists.certificates.push((role(part).unwrap(), certificate));
                        }
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
                        _ if specimen.asked.take(key, value) => {}
                        "profile" => specimen.profile = Profile::named(value).expect(value),
                        "at" => specimen.moment = value.parse().unwrap_or_else(|error| panic!("{shown}: {error}")),
                        "host" => specimen.expectation.host = Some(value.to_owned()),
                        "application-uri" => specimen.expectation.application_uri = Some(value.to_owned()),
                        "endpoint" => specimen.endpoints.push(value.to_owned()),
                        "key-store" => specimen.key_store = Some(held::KeyStore::new(value)),
                        "key" => specimen.key_store.as_mut().expect("key-store").add(value),
                        "trusted-entry" => {
                            let number = value.parse().expect(value);
                            specimen.key_store.as_mut().expect("key-store").trusted.push(number);
                        }
                        "together" => {
                            let mut known = KnownKeys::default();
                            known.add(value.as_bytes().to_vec()).unwrap();
                            specimen.known = Some(known);
                        }
                        "probe" => specimen.probed = Some(probed::of(value)),
                        "found" => probed::add(specimen.probed.as_mut().expect("probe"), value),
                        "store" => specimen.store = Some(Stored::new(value)),
                        "name" => specimen.store.as_mut().expect("store").name = Some(value.to_owned()),
                        "file" => {
                            let (name, encoding) = value.rsplit_once(' ').expect(value);
                            let encoding = if encoding == "pem" { Encoding::Pem } else { Encoding::Der };
                            specimen.store.as_mut().expect("store").lies = Some((name.to_owned(), encoding));
                        }
                        "own-certificate" | "own-key" => {
                            specimen.store.as_mut().expect("store").own = Some((key.to_owned(), value.to_owned()));
                        }
                        "own-key-damaged" => {
                            let damaged = KeyState::Damaged("it is cut".to_owned());
                            specimen.store.as_mut().expect("store").shown().keys.push((value.into(), damaged));
                        }
                        "unread" => {
                            let content = Content::Unread(value.to_owned());
                            specimen.store.as_mut().expect("store").push(part, content);
                        }
                        "distrusted" => specimen.distrusted.push(value.parse().expect(value)),
                        "anchors" => specimen.are_anchors_named = value == "named",
                        "lost" => specimen.lost.push(value.to_owned()),
                        "form" => specimen.forms.extend(Oddity::ALL.into_iter().find(|it| it.name() == value)),
                        "peer" => specimen.validation = Some(Lists::new(value)),
                        "security-policy" => {
                            let policy = SecurityPolicy::named(value).expect(value);
                            specimen.validation.as_mut().expect("peer").policy = Some(policy);
                        }
                        "suppress" => {
                            let codes = [value.parse().expect(value)];
                            specimen.validation.as_mut().expect("peer").suppressed = Suppressions::of(&codes).unwrap();
                        }
                        "usage" if value == "server" => specimen.expectation.usage = Some(Usage::TlsServer),
                        "usage" if value == "client" => specimen.expectation.usage = Some(Usage::TlsClient),
                        "connection" => specimen.connection = Some(connection(value)),
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
        let mut judgement = Judgement::default();
        for error in &self.undecodable {
            let check = find("certificate-undecodable").unwrap();
            let evidence = error.to_string();
            judgement.findings.push(Finding::new(check, check.severity, None, evidence, check.remedy));
        }
        for form in &self.forms {
            let (check, evidence) = (find("file-form-unread").unwrap(), form_unread(*form));
            judgement.findings.push(Finding::new(check, check.severity, None, evidence, check.remedy));
        }
        for evidence in &self.lost {
            let check = find("input-not-read").unwrap();
            let evidence = evidence.clone();
            judgement.findings.push(Finding::new(check, check.severity, None, evidence, check.remedy));
        }
        if let Some(stored) = &self.store {
            let mut inventory = Inventory::new(stored.kind, self.moment);
            stored.members.iter().for_each(|(standing, member)| inventory.add(member, *standing));
            inventory.identity = stored.identity.clone();
            let members: Vec<Member> = stored.members.iter().map(|(_, member)| member.clone()).collect();
            admission::examine(&mut inventory, &members, &AUDIT);
            return store::judge(&inventory, self.profile);
        }
        if let Some(key_store) = &self.key_store {
            return check::key_store::judge(&key_store.case(&self.presented), self.profile);
        }
        if let Some(known) = &self.known {
            return check::together::judge(
                &Keys { certificates: &self.presented, requests: &[], alone: &[], known: Some(known) },
                self.profile,
            );
        }
        if let Some(probed) = &self.probed {
            return ports::judge(probed, self.profile);
        }
        for request in &self.requests {
            let judged = match request {
                Ok(request) => check::request::judge(request, &self.expectation, self.profile, self.moment),
                Err(error) => check::request::unreadable(error),
            };
            judgement.findings.extend(judged.findings);
        }
        if self.presented.is_empty() && self.endpoints.is_empty() {
            for list in &self.asked.lists {
                let named = self.trust.iter().chain(&self.untrusted).filter(|it| it.subject().matches(&list.issuer()));
                let case = ListCase::new(list, named.map(|it| Signer::of(it, list)), self.moment, Demand::AtHand);
                judgement.findings.extend(list::judge(&case, self.profile).findings);
            }
            return judgement;
        }
        if !self.endpoints.is_empty() {
            let endpoints = self.described();
            return posture::judge(&posture::Posture::new(&endpoints, self.expectation.host.as_deref()), self.profile);
        }
        if let Some(lists) = &self.validation {
            return self.validate(lists);
        }
        let judged = asked::judged(self, Budget::default());
        judgement.findings.extend(judged.findings);
        Judgement { findings: judgement.findings, ..judged }
    }

    /// Validates it against its lists.
    fn validate(&self, lists: &Lists) -> Judgement {
        let mut trust_lists = TrustLists::new();
        for (role, certificate) in &lists.certificates {
            trust_lists.add(*role, certificate.clone());
        }
        for (role, list) in &lists.revocation {
            trust_lists.add_revocation_list(*role, list.clone());
        }
        let question = Question {
            policy: lists.policy,
            application_uri: self.expectation.application_uri.as_deref(),
            host: self.expectation.host.as_deref(),
            suppressed: lists.suppressed.clone(),
            ..Question::new(lists.peer, self.moment)
        };
        let validation = validate(&self.presented[0], &self.presented[1..], &trust_lists, &question);
        let role = OPCUA_VALIDATION.role;
        let limits = &OPCUA_VALIDATION.limits;
        let noted = Processed::default();
        let case = Case::new(&validation.path, &noted, role, &self.presented, &self.expectation, self.moment, limits);
        judge(&case.validated(&validation), &OPCUA_VALIDATION)
    }

    /// The endpoints that are judged.
    pub(crate) fn described(&self) -> Vec<EndpointDescription> {
        self.endpoints.iter().map(|line| self.endpoint(line)).collect()
    }

    /// Reads an endpoint: policy, mode, level, tokens, URL and the number of its certificate, or `-`.
    fn endpoint(&self, line: &str) -> EndpointDescription {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [policy, mode, level, tokens, url, certificate] = fields[..] else { panic!("endpoint: {line}") };
        let uri = |name: &str| match name {
            "" | "-" => String::new(),
            name => format!("http://opcfoundation.org/UA/SecurityPolicy#{name}"),
        };
        let token = |token: &str| {
            let (kind, policy) = token.split_once('/').unwrap_or((token, ""));
            UserToken {
                policy_id: token.to_owned(),
                kind: match kind {
                    "anonymous" => TokenKind::Anonymous,
                    "username" => TokenKind::UserName,
                    "certificate" => TokenKind::Certificate,
                    other => panic!("token: {other}"),
                },
                issued_token_type: String::new(),
                issuer_endpoint_url: String::new(),
                security_policy_uri: uri(policy),
            }
        };
        let server = ApplicationDescription {
            application_uri: self.expectation.application_uri.clone().unwrap_or_default(),
            product_uri: String::new(),
            application_name: "Pump Control".to_owned(),
            application_type: ApplicationType::Server,
            gateway_server_uri: String::new(),
            discovery_profile_uri: String::new(),
            discovery_urls: Vec::new(),
        };
        let server_certificate = match certificate {
            "-" => Vec::new(),
            "text" => b"no certificate".to_vec(),
            number => self.presented[number.parse::<usize>().expect(number)].der().to_vec(),
        };
        EndpointDescription {
            endpoint_url: url.to_owned(),
            server,
            server_certificate,
            security_mode: match mode {
                "None" => SecurityMode::None,
                "Sign" => SecurityMode::Sign,
                "SignAndEncrypt" => SecurityMode::SignAndEncrypt,
                other => panic!("mode: {other}"),
            },
            security_policy_uri: uri(policy),
            user_tokens: tokens.split(',').filter(|it| *it != "-").map(token).collect(),
            transport_profile_uri: "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary".to_owned(),
            security_level: level.parse().expect(level),
        }
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

impl Stored {
    fn new(kind: &str) -> Stored {
        let kind = match kind {
            "opcua" => Kind::OpcUa,
            "jks" => Kind::Jks,
            other => panic!("unknown kind of store: {other}"),
        };
        Stored { kind, members: Vec::new(), name: None, lies: None, identity: None, own: None }
    }

    fn shown(&mut self) -> &mut Identity {
        let none = || Identity { layout: &STANDARD, certificates: Vec::new(), keys: Vec::new() };
        self.identity.get_or_insert_with(none)
    }

    fn add(&mut self, part: &str, block: &pem::Pem) {
        let der = block.contents();
        if let Some((what, file)) = self.own.take() {
            let certificate = Certificate::from_der(der).unwrap();
            match what.as_str() {
                "own-key" => {
                    let opened = KeyState::Opened(certificate.spki().to_vec());
                    self.shown().keys.push((file.into(), opened));
                }
                _ => self.shown().certificates.push((file.into(), certificate)),
            }
            return;
        }
        let content = match block.tag() {
            "CERTIFICATE" => Content::Certificate(Certificate::from_der(der).unwrap()),
            "X509 CRL" => Content::RevocationList(RevocationList::from_der(der).unwrap()),
            "PRIVATE KEY" => Content::PrivateKey,
            other => panic!("{other}"),
        };
        self.push(part, content);
    }

    /// `part` is the name of a list, or `offered`.
    fn push(&mut self, part: &str, content: Content) {
        let standing = if part == "offered" { Standing::Offered } else { Standing::Present };
        let list = if part == "offered" { List::Trusted } else { List::named(part).expect(part) };
        let path = Some(PathBuf::from(format!("{list}/certs/{}", self.members.len())));
        let mut place = Place { name: self.name.take(), path, ..Place::on(list) };
        if let Some((file, encoding)) = self.lies.take() {
            let folder = if file.starts_with("crl/") { Folder::RevocationLists } else { Folder::Certificates };
            let lying = Lying { folder, encoding: Some(encoding), octets: 400, number: 0, count: 1, twin: None };
            let kind = match content {
                Content::RevocationList(_) => reader::Kind::RevocationList,
                _ => reader::Kind::Certificate,
            };
            let path = PathBuf::from(format!("{list}/{file}"));
            place.unread = reader::unread(&READERS, &reader::name_of(&path), kind, &lying);
            (place.path, place.lying) = (Some(path), Some(Box::new(lying)));
        }
        self.members.push((standing, Member { content, place }));
    }
}

impl Lists {
    fn new(peer: &str) -> Lists {
        let peer = match peer {
            "application" => Peer::Application,
            "server" => Peer::Server,
            "client" => Peer::Client,
            "user" => Peer::User,
            other => panic!("unknown peer: {other}"),
        };
        Lists {
            peer,
            policy: None,
            suppressed: Suppressions::default(),
            certificates: Vec::new(),
            revocation: Vec::new(),
        }
    }
}

/// The shelf that a part of a file is for.
fn role(part: &str) -> Option<ListRole> {
    match part {
        "trusted" => Some(ListRole::Trusted),
        "issuers" | "issuer" => Some(ListRole::Issuers),
        _ => None,
    }
}

/// Reads what a header says of the connection.
fn connection(text: &str) -> Connection {
    let (text, is_client_unlisted) = match text.strip_suffix(", client unlisted") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (text, refusal) = match text.strip_suffix(", client refused") {
        Some(text) => (text, Some(Alert(48))),
        None => (text, None),
    };
    let (version, is_obsolete) = match text {
        "TLS 1.3" => (Version::Tls13, false),
        "TLS 1.2" => (Version::Tls12, false),
        "TLS 1.2 in the clear" => (Version::Tls12, true),
        "TLS 1.0 in the clear" => (Version::Tls10, true),
        other => panic!("unknown connection: {other}"),
    };
    let possession = if is_obsolete { Possession::Unproven(Doubt::InTheClear) } else { Possession::Proven };
    Connection { version: Some(version), is_obsolete, possession, refusal, refused: Vec::new(), is_client_unlisted }
}

/// The folder of specimens.
pub(crate) fn root() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}
