//! What cures an objection: the command, the folder or the dialog, with the names of this case.

use std::path::{Path, PathBuf};

use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName};
use certkit_core::opcua::validation::{Kind, Objection, Step, Validation};

use crate::input::Pki;
use crate::preflight::{Cure, Place};

/// The part that an application plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It connects.
    Client,
    /// It answers.
    Server,
}

impl Role {
    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::Server => "server",
        }
    }

    /// The dialog of Kepware in which it trusts its peers.
    fn trusting(self) -> &'static str {
        match self {
            Role::Client => "Trusted Servers",
            Role::Server => "Trusted Clients",
        }
    }
}

/// Who looks at what.
pub(super) struct Scene<'a> {
    /// The part of the one who judges.
    pub(super) judge: Role,
    /// The PKI folder of the one who judges, where it is at hand.
    pub(super) pki: Option<&'a Pki>,
    /// The file of the certificate that is judged; its name as it would be saved, where it came from the network.
    pub(super) file: PathBuf,
    /// The URL that it came from.
    pub(super) url: Option<String>,
}

/// A word of a command line, in quotes where a shell would take it apart.
fn word(text: impl AsRef<Path>) -> String {
    let text = text.as_ref().display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-+/:@%,=\\".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

impl Scene<'_> {
    /// What cures an objection.
    pub(super) fn cures(&self, objection: &Objection, validation: &Validation) -> Vec<Cure> {
        let mut cures = Vec::new();
        let mut add = |place, text: String| cures.push(Cure { place, text });
        let leaf = validation.path.certificates.first();
        match objection.step {
            Step::Trust => self.trust(&mut add),
            Step::Chain => self.chain(objection, &mut add),
            Step::RevocationList => self.revocation_list(objection, validation, &mut add),
            Step::Structure | Step::Signature => add(
                Place::Setting,
                "copy the file again from where it was made, in binary mode, and compare thumbprints on both sides".to_owned(),
            ),
            Step::Policy => self.policy(objection, leaf, &mut add),
            Step::Validity if objection.position == 0 => self.anew(&mut add, format!("certkit renew {}", word(&self.file))),
            Step::Validity => add(
                Place::Setting,
                "renew the CA's certificate with the same key and name, and put the new one into the lists of all partners"
                    .to_owned(),
            ),
            Step::HostName => self.host(objection, leaf, &mut add),
            Step::ApplicationUri => self.uri(objection, leaf, &mut add),
            Step::Usage if objection.position == 0 => self.anew(&mut add, generate(leaf, &[])),
            Step::Usage => add(
                Place::Setting,
                "reissue the CA certificate with CA:TRUE, keyCertSign and cRLSign; with the same key and name, the \
                 certificates it has issued stay valid"
                    .to_owned(),
            ),
            Step::Revocation if objection.position == 0 => self.anew(&mut add, generate(leaf, &["--issuer CA"])),
            Step::Revocation => add(
                Place::Setting,
                "reissue from another CA everything that the sub-CA issued, and remove it from all lists".to_owned(),
            ),
        }
        cures
    }

    /// What makes the judge trust the certificate.
    pub(super) fn trusting(&self) -> Vec<Cure> {
        let mut cures = Vec::new();
        self.trust(&mut |place, text| cures.push(Cure { place, text }));
        cures
    }

    fn trust(&self, add: &mut impl FnMut(Place, String)) {
        let file = word(&self.file);
        let fetched = self.url.as_ref().map(|url| format!("certkit fetch {url} --part leaf -o {file} && "));
        let fetched = fetched.unwrap_or_default();
        match self.pki {
            Some(pki) => {
                add(Place::Certkit, format!("{fetched}certkit trust add opcua:{} {file}", word(&pki.root)));
                add(Place::Folder, format!("copy {file} (DER) into {}", word(&pki.trusted)));
            }
            None => {
                let whose = self.judge.name();
                add(Place::Certkit, format!("{fetched}certkit trust add opcua:PKI {file}"));
                add(Place::Folder, format!("copy {file} (DER) into trusted/certs of the {whose}'s PKI folder"));
            }
        }
        add(
            Place::Kepware,
            format!(
                "OPC UA Configuration Manager, {}, Import {file} (or Trust, if it is listed there as rejected); then \
                 Runtime, Reinitialize",
                self.judge.trusting()
            ),
        );
    }

    fn chain(&self, objection: &Objection, add: &mut impl FnMut(Place, String)) {
        let issuer = match &objection.kind {
            Kind::IssuerMissing { issuer, .. } => issuer.clone(),
            _ => "the missing issuer".to_owned(),
        };
        let (root, place) = match self.pki {
            Some(pki) => (word(&pki.root), word(&pki.issuers)),
            None => ("PKI".to_owned(), format!("issuer/certs of the {}'s PKI folder", self.judge.name())),
        };
        add(Place::Certkit, format!("certkit trust add opcua:{root} CA.der --crl CA.crl"));
        add(
            Place::Folder,
            format!("copy the certificate of {issuer} to {place}, and its revocation list to the crl folder beside it"),
        );
        add(
            Place::Kepware,
            format!(
                "OPC UA Configuration Manager, {}, Import the application's own certificate if CAs cannot be imported",
                self.judge.trusting()
            ),
        );
    }

    fn revocation_list(&self, objection: &Objection, validation: &Validation, add: &mut impl FnMut(Place, String)) {
        let issuer = validation.path.certificates.get(objection.position.saturating_add(1));
        let name = issuer.and_then(|it| it.subject().short()).unwrap_or_else(|| "the CA".to_owned());
        let is_trusted = validation.is_listed(objection.position.saturating_add(1));
        let list = match self.pki {
            Some(pki) => {
                let certificates = if is_trusted { &pki.trusted } else { &pki.issuers };
                word(certificates.parent().unwrap_or(certificates).join("crl"))
            }
            None => format!("the crl folder beside the CA in the {}'s PKI folder", self.judge.name()),
        };
        add(Place::Certkit, "certkit revoke --issuer CA.pem --issuer-key CA.key --crl CA.crl".to_owned());
        add(Place::Folder, format!("copy the current revocation list of {name} into {list}"));
    }

    fn policy(&self, objection: &Objection, leaf: Option<&Certificate>, add: &mut impl FnMut(Place, String)) {
        if objection.position > 0 {
            add(Place::Setting, "reissue the certificate from a CA whose key and signature fit the policy".to_owned());
            return;
        }
        let key_type = match &objection.kind {
            Kind::KeyOutsidePolicy { policy, .. } => key_type(policy.keys),
            _ => None,
        };
        let option = key_type.map(|key_type| format!("--key-type {key_type}"));
        self.anew(add, generate(leaf, &option.as_deref().into_iter().collect::<Vec<_>>()));
        add(Place::Setting, "or choose an endpoint whose policy fits the key".to_owned());
    }

    fn host(&self, objection: &Objection, leaf: Option<&Certificate>, add: &mut impl FnMut(Place, String)) {
        let Kind::HostNotNamed { host, names, .. } = &objection.kind else { return };
        if let Some(name) = names.first() {
            add(Place::Setting, format!("use `{name}` as the host in the client's URL"));
        }
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        if address.as_ref().is_ok_and(std::net::IpAddr::is_unspecified) {
            // That is no host, and belongs into no certificate.
            let told = "the host in the server's endpoint URL to a name or address that clients use; in Kepware: OPC \
                        UA Configuration Manager, Server Endpoints, Edit, Network Adapter";
            return add(Place::Setting, told.to_owned());
        }
        let is_address = address.is_ok();
        let option = format!("--{} {}", if is_address { "ip" } else { "dns" }, word(host.trim_matches(['[', ']'])));
        self.anew(add, generate(leaf, &[option.as_str()]));
    }

    fn uri(&self, objection: &Objection, leaf: Option<&Certificate>, add: &mut impl FnMut(Place, String)) {
        let Kind::UriDiffers { expected, found } = &objection.kind else { return };
        if let Some(uri) = found.first() {
            let whose = if self.judge == Role::Client { "server" } else { "client" };
            add(Place::Setting, format!("the ApplicationUri of the {whose} to `{uri}`, as its certificate has it"));
        }
        let option = format!("--application-uri {}", word(expected));
        self.anew(add, generate(leaf, &[option.as_str()]));
    }

    /// The certificate that is judged is made anew, in Kepware by its own dialog.
    fn anew(&self, add: &mut impl FnMut(Place, String), command: String) {
        add(Place::Certkit, command);
        add(
            Place::Kepware,
            "OPC UA Configuration Manager, Instance Certificates, Reissue certificate; then Runtime, Reinitialize, and \
             trust the new certificate on the other side"
                .to_owned(),
        );
    }
}

/// The type of key that a policy takes, as `generate` has it.
fn key_type(range: certkit_core::opcua::policy::KeyRange) -> Option<&'static str> {
    use certkit_core::crypto::key::Curve;
    use certkit_core::opcua::policy::KeyRange;
    match range {
        KeyRange::Rsa { .. } => Some("rsa:2048"),
        KeyRange::Ec(Curve::P256) => Some("ec:p256"),
        KeyRange::Ec(Curve::P384) => Some("ec:p384"),
        KeyRange::Ed25519 => Some("ed25519"),
        _ => None,
    }
}

/// The names of a certificate as options of `generate`.
fn names(leaf: Option<&Certificate>) -> Vec<String> {
    let names = leaf.and_then(|it| it.extension::<SubjectAltName<'_>>().ok().flatten());
    let name = |name: GeneralName<'_>| {
        let option = match name {
            GeneralName::Uri(_) => "--application-uri",
            GeneralName::Dns(_) => "--dns",
            GeneralName::Ip(_) => "--ip",
            _ => return None,
        };
        let text = name.to_string();
        let (_, name) = text.split_once(':')?;
        Some(format!("{option} {}", word(name)))
    };
    names.iter().flat_map(SubjectAltName::names).filter_map(name).collect()
}

/// The command that makes a certificate anew with the names that it has, and something more.
fn generate(leaf: Option<&Certificate>, more: &[&str]) -> String {
    let has = |option: &str| more.iter().any(|it| it.starts_with(option));
    let mut parts = vec!["certkit generate opcua".to_owned()];
    parts.extend(leaf.map(|it| format!("--subject {}", word(it.subject().to_string()))));
    let is_kept = |name: &String| !(name.starts_with("--application-uri") && has("--application-uri"));
    parts.extend(names(leaf).into_iter().filter(is_kept));
    parts.extend(more.iter().map(|&part| part.to_owned()));
    parts.push("-o NEW".to_owned());
    parts.join(" ")
}
