//! What can be asked of `certkit verify`: the options of the command line, and the fields of a line of a batch.

use certkit_core::moment::Moment;
use certkit_core::verify::Revocation;
use certkit_core::verify::program::Program;
use clap::ValueEnum;
use serde::{Deserialize, Deserializer};

/// The relying party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProfileName {
    /// RFC 5280, strictly.
    Rfc5280,
    /// Browsers and public servers.
    Webpki,
    /// As OpenSSL, Java and clients such as Kepware do in practice.
    #[default]
    Tls,
    /// An OPC UA application, by its trusted and issuer lists.
    Opcua,
    /// The certificate of a user who opens OPC UA sessions.
    OpcuaUser,
}

/// The program whose verdict is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProgramName {
    /// `openssl verify`.
    Openssl,
    /// The trust manager of Java.
    Java,
    /// `certtool --verify`.
    Gnutls,
    /// `crypto/x509` of Go.
    Go,
    /// The module `ssl` of Python.
    Python,
    /// rustls-webpki.
    Webpki,
}

impl From<ProgramName> for Program {
    fn from(name: ProgramName) -> Program {
        match name {
            ProgramName::Openssl => Program::OpenSsl,
            ProgramName::Java => Program::Java,
            ProgramName::Gnutls => Program::GnuTls,
            ProgramName::Go => Program::Go,
            ProgramName::Python => Program::Python,
            ProgramName::Webpki => Program::Webpki,
        }
    }
}

/// The use of the leaf's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    /// It answers TLS connections.
    Server,
    /// It opens TLS connections.
    Client,
    /// Any use.
    Any,
}

/// Whether revocation is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RevocationMode {
    /// Every certificate below the anchor needs a list or response that shows it is not revoked.
    Required,
    /// A revoked certificate is rejected; an unknown status is a warning.
    Prefer,
    /// Not checked.
    Off,
}

impl From<RevocationMode> for Revocation {
    fn from(mode: RevocationMode) -> Revocation {
        match mode {
            RevocationMode::Required => Revocation::Required,
            RevocationMode::Prefer => Revocation::Preferred,
            RevocationMode::Off => Revocation::Off,
        }
    }
}

// A question: from the command line, and in the same words from a line of a batch.
//
// No doc comment: clap would make it the description of the command.
#[derive(clap::Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// The file of the certificate; further certificates in it may complete the path and are not trusted. - reads
    /// standard input.
    #[arg(value_name = "LEAF", required_unless_present = "batch")]
    pub(crate) leaf: Option<String>,

    /// The relying party; default tls.
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub(crate) profile: Option<ProfileName>,

    /// Give the verdict of this program instead, with its own error number or message, as recorded for certkit's test
    /// certificates.
    #[arg(long, value_enum, value_name = "PROGRAM")]
    pub(crate) program: Option<ProgramName>,

    /// What is trusted: a file, folder or store (p12:FILE, jks:FILE), system or mozilla.
    #[arg(long, value_name = "STORE")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) trust: Vec<String>,

    /// Certificates that may complete the path, as the peer would send them. They are not trusted.
    #[arg(long, value_name = "FILE")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) untrusted: Vec<String>,

    /// Revocation lists.
    #[arg(long, value_name = "FILE")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) crl: Vec<String>,

    /// OCSP responses, as DER.
    #[arg(long, value_name = "FILE")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) ocsp: Vec<String>,

    /// Query the OCSP responders and fetch the revocation lists that the certificates name, over http; at most 10 s.
    ///
    /// Only for a path that reaches an anchor. Without this option, no network is used.
    #[arg(long)]
    pub(crate) online: bool,

    /// The use of the certificate; default server for tls and webpki unless --email is given, else any.
    #[arg(long, value_enum, value_name = "PURPOSE")]
    pub(crate) purpose: Option<Purpose>,

    /// The host name or address that the certificate must contain.
    #[arg(long, value_name = "DNS|IP")]
    pub(crate) host: Option<String>,

    /// The mailbox that the certificate must contain.
    #[arg(long, value_name = "ADDR")]
    pub(crate) email: Option<String>,

    /// Judge as if it were this time (RFC 3339 or YYYY-MM-DD); default now.
    #[arg(long, value_name = "TIME")]
    #[serde(deserialize_with = "moment")]
    pub(crate) at: Option<Moment>,

    /// How many CAs may stand between leaf and anchor.
    #[arg(long, value_name = "N")]
    pub(crate) max_depth: Option<u32>,

    /// Whether revocation is checked; default required if a revocation list or OCSP response is given, else prefer. Lists beside the leaf
    /// in its file have to clear what their issuers have issued.
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) revocation: Option<RevocationMode>,

    /// A certificate policy that is acceptable, as dotted numbers; default any.
    #[arg(long, value_name = "OID")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) policy: Vec<String>,

    /// The path must be valid for one of the policies.
    #[arg(long)]
    pub(crate) explicit_policy: bool,

    /// Policy mapping is not allowed.
    #[arg(long)]
    pub(crate) inhibit_map: bool,

    /// anyPolicy in a certificate is ignored.
    #[arg(long)]
    pub(crate) inhibit_any: bool,

    /// For opcua: the PKI folder of the application that judges, with its lists.
    #[arg(long, value_name = "DIR")]
    pub(crate) pki: Option<String>,

    /// For opcua: the security policy, such as Basic256Sha256.
    #[arg(long, value_name = "NAME")]
    pub(crate) security_policy: Option<String>,

    /// For opcua: the ApplicationUri that the application sends.
    #[arg(long, value_name = "URI")]
    pub(crate) application_uri: Option<String>,

    /// For opcua: an error that the administrator has suppressed.
    #[arg(long, value_name = "STATUSCODE")]
    #[serde(deserialize_with = "one_or_several")]
    pub(crate) suppress: Vec<String>,

    /// For opcua: show the verdicts of other stacks.
    #[arg(long)]
    pub(crate) stacks: bool,

    // What a line of a batch is called by the one who asks: given back with the verdict.
    #[arg(skip)]
    pub(crate) id: Option<serde_json::Value>,
}

impl Options {
    /// Whether an OPC UA application judges.
    pub(crate) fn is_opcua(&self) -> bool {
        matches!(self.profile, Some(ProfileName::Opcua | ProfileName::OpcuaUser))
    }

    /// Whether something is asked that only OPC UA knows.
    pub(crate) fn is_of_opcua(&self) -> bool {
        let options = [&self.pki, &self.security_policy, &self.application_uri];
        options.into_iter().any(Option::is_some) || !self.suppress.is_empty() || self.stacks
    }

    /// Takes from `base` what is left out here.
    pub(crate) fn over(self, base: &Options) -> Options {
        let several = |own: Vec<String>, base: &Vec<String>| if own.is_empty() { base.clone() } else { own };
        Options {
            leaf: self.leaf.or_else(|| base.leaf.clone()),
            profile: self.profile.or(base.profile),
            program: self.program.or(base.program),
            trust: several(self.trust, &base.trust),
            untrusted: several(self.untrusted, &base.untrusted),
            crl: several(self.crl, &base.crl),
            ocsp: several(self.ocsp, &base.ocsp),
            online: self.online || base.online,
            purpose: self.purpose.or(base.purpose),
            host: self.host.or_else(|| base.host.clone()),
            email: self.email.or_else(|| base.email.clone()),
            at: self.at.or(base.at),
            max_depth: self.max_depth.or(base.max_depth),
            revocation: self.revocation.or(base.revocation),
            policy: several(self.policy, &base.policy),
            explicit_policy: self.explicit_policy || base.explicit_policy,
            inhibit_map: self.inhibit_map || base.inhibit_map,
            inhibit_any: self.inhibit_any || base.inhibit_any,
            pki: self.pki.or_else(|| base.pki.clone()),
            security_policy: self.security_policy.or_else(|| base.security_policy.clone()),
            application_uri: self.application_uri.or_else(|| base.application_uri.clone()),
            suppress: several(self.suppress, &base.suppress),
            stacks: self.stacks || base.stacks,
            id: self.id,
        }
    }
}

/// Reads a text or a list of texts; null is none.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a string or a list of strings")]
    enum Given {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Option::<Given>::deserialize(from)? {
        None => Vec::new(),
        Some(Given::One(text)) => vec![text],
        Some(Given::Several(texts)) => texts,
    })
}

fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Moment>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}
