//! What went into a conversion and what came out: for people on standard error, or as JSON.

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::container::entry::{Aliases, Entries, Writing, Written};
use certkit_core::container::target::{Target, Wrapping};
use certkit_core::container::{self, Form, ItemKind};
use certkit_core::crypto::password_based::Protection;
use certkit_core::text::{Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use crate::failure::Failure;
use crate::files::STANDARD_OUTPUT;
use crate::hosted::is_standard;
use crate::input::Inputs;
use crate::render::source::SourceJson;
use crate::terminal::style::{self, paint};

/// Something that has no place in what is written.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct LeftOut {
    /// What it is, for one.
    pub(crate) what: &'static str,
    pub(crate) count: usize,
    pub(crate) why: &'static str,
}

/// The document of `certkit.convert/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ConvertJson {
    schema: &'static str,
    sources: Vec<SourceJson>,
    written: WrittenJson,
    /// How many items were there more than once and were written once.
    duplicates: usize,
    left_out: Vec<LeftOut>,
    /// What else the user should know.
    notes: Vec<String>,
}

/// The file that was written.
#[derive(Clone, Serialize, JsonSchema)]
struct WrittenJson {
    path: String,
    /// How it is wrapped, such as `PKCS#12`.
    form: &'static str,
    certificates: usize,
    private_keys: usize,
    revocation_lists: usize,
    /// What protects it, in words.
    protection: String,
    entries: Vec<EntryJson>,
}

/// One entry of it.
#[derive(Clone, Serialize, JsonSchema)]
struct EntryJson {
    /// Its name; null where such files have none.
    alias: Option<String>,
    /// `private_key` or `certificate`.
    kind: &'static str,
    /// How many certificates it has.
    certificates: usize,
    /// The subject of the first of them (RFC 4514).
    subject_dn: Option<String>,
}

/// The account of a conversion.
pub(crate) struct Converted {
    sources: Vec<SourceJson>,
    read: Vec<String>,
    pub(crate) duplicates: usize,
    left_out: Vec<LeftOut>,
    written: WrittenJson,
    notes: Vec<String>,
    advice: Option<&'static str>,
    /// Whether a private key belongs to none of the certificates beside it.
    are_unpaired: bool,
}

impl Converted {
    /// Begins with what was read.
    pub(crate) fn new(inputs: &Inputs, path: &Path) -> Converted {
        let path = if is_standard(path) { STANDARD_OUTPUT.to_owned() } else { path.display().to_string() };
        Converted {
            sources: inputs.read.iter().map(SourceJson::new).collect(),
            read: inputs.read.iter().map(|it| format!("{}: {}", Printable(&it.name), it.summary())).collect(),
            duplicates: 0,
            left_out: Vec::new(),
            written: WrittenJson {
                path,
                form: "",
                certificates: 0,
                private_keys: 0,
                revocation_lists: 0,
                protection: String::new(),
                entries: Vec::new(),
            },
            notes: Vec::new(),
            advice: None,
            are_unpaired: false,
        }
    }

    /// Notes what has no place, if there is any of it.
    pub(crate) fn leave_out(&mut self, left_out: LeftOut) {
        if left_out.count > 0 {
            self.left_out.push(left_out);
        }
    }

    /// What was left out first.
    pub(crate) fn first_left_out(&self) -> Option<LeftOut> {
        self.left_out.first().copied()
    }

    /// Reads back what is about to be written, and takes it into the account.
    pub(crate) fn account(
        &mut self,
        entries: &Entries,
        written: &Written,
        writing: &Writing<'_>,
        target: Option<&Target>,
    ) -> Result<(), Failure> {
        let back = container::read_with(&written.bytes, writing.password)
            .map_err(|error| Failure::new("the new file cannot be read back; nothing was written").because(error))?;
        let count = |is_kind: fn(&ItemKind) -> bool| back.items.iter().filter(|item| is_kind(&item.kind)).count();
        let out = &mut self.written;
        out.form = writing.wrapping.title();
        out.certificates = count(|kind| *kind == ItemKind::Certificate);
        out.private_keys = count(|kind| matches!(kind, ItemKind::PrivateKey(_)));
        out.revocation_lists = count(|kind| *kind == ItemKind::RevocationList);
        let keys = entries.keys.len().saturating_sub(written.keys_left_out);
        let lists = entries.lists.len().saturating_sub(written.lists_left_out);
        let wanted = (entries.certificate_count(), keys, lists);
        if wanted != (out.certificates, out.private_keys, out.revocation_lists) {
            return Err(Failure::new("the new file does not match its input; nothing was written"));
        }
        out.protection = protection(writing, keys);
        out.entries = list(entries, writing.wrapping, keys > 0);
        let title = writing.wrapping.title();
        self.leave_out(LeftOut {
            what: "private key",
            count: written.keys_left_out,
            why: "this format cannot hold it",
        });
        self.leave_out(LeftOut {
            what: "revocation list",
            count: written.lists_left_out,
            why: "this format cannot hold it",
        });
        let many = self.written.certificates > 1;
        if writing.wrapping == Wrapping::Plain(Form::Der) && many {
            self.notes
                .push(format!("most programs read only the first certificate of {title}; PEM and PKCS#7 hold several"));
        }
        if keys > 0 && writing.password.is_none() {
            self.notes.push("the private key is not encrypted: anyone who can read the file has it".to_owned());
        }
        let lonely = entries.keys.iter().filter(|key| key.chain.is_empty()).count();
        if lonely > 0 && entries.certificate_count() > 0 {
            self.are_unpaired = true;
            self.notes.push(format!(
                "{lonely} private {} that of none of the certificates: `certkit check` shows which key a certificate has",
                plural(lonely, "key is", "keys are")
            ));
        } else if lonely > 0 && writing.wrapping.has_password() {
            self.notes.push(format!(
                "{lonely} private {} without a certificate, which most programs do not find",
                plural(lonely, "key is", "keys are")
            ));
        }
        let alone = entries.keys.iter().filter(|_| keys > 0 && writing.wrapping.has_password());
        self.notes.extend(alone.filter_map(|key| issuer_left_out(&key.chain)));
        let assumed = entries.keys.iter().filter(|key| key.is_assumed).count();
        if assumed > 0 {
            self.notes.push(format!(
                "{assumed} private {} paired with the only certificate of the same kind: certkit computes no public key of this \
                 kind, so compare them: `openssl pkey -in KEY -pubout`, `openssl x509 -in CERTIFICATE -noout -pubkey`",
                plural(assumed, "key was", "keys were")
            ));
        }
        if self.duplicates > 0 {
            let count = self.duplicates;
            self.notes.push(format!(
                "{count} {} there more than once and written once",
                plural(count, "item was", "items were")
            ));
        }
        self.advice = target.map(|target| target.advice);
        Ok(())
    }

    /// Says whether something of what was read is not in what was written, or does not belong together.
    pub(crate) fn is_part(&self) -> bool {
        !self.left_out.is_empty() || self.are_unpaired
    }

    /// The account for people.
    pub(crate) fn text(&self) -> String {
        let row = |label: &str, text: &str| format!("{} {text}\n", paint(style::DIM, format_args!("{label:<8}")));
        let mut text: String = self.read.iter().map(|line| row("read", line)).collect();
        let out = &self.written;
        let mut parts = vec![out.form.to_owned()];
        for (count, one, many) in [
            (out.certificates, "certificate", "certificates"),
            (out.private_keys, "private key", "private keys"),
            (out.revocation_lists, "revocation list", "revocation lists"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {}", plural(count, one, many)));
            }
        }
        parts.push(out.protection.clone());
        text += &row("wrote", &format!("{}: {}", Printable(&out.path), parts.join(", ")));
        for entry in out.entries.iter().filter(|entry| entry.alias.is_some()) {
            let what = match (entry.kind, entry.certificates) {
                ("private_key", count) => {
                    format!("private key with {count} {}", plural(count, "certificate", "certificates"))
                }
                _ => "certificate".to_owned(),
            };
            let alias = entry.alias.as_deref().unwrap_or_default();
            let subject = entry.subject_dn.as_deref().unwrap_or("no certificate");
            text += &row("", &format!("{}  {what}, {}", Printable(alias), Printable(subject)));
        }
        for LeftOut { what, count, why } in &self.left_out {
            let many =
                if *what == "certificate of the key" { "certificates of keys".to_owned() } else { format!("{what}s") };
            text += &row("left out", &format!("{count} {}: {why}", plural(*count, what, &many)));
        }
        self.notes.iter().for_each(|note| text += &row("note", note));
        text += &self.advice.map_or_else(String::new, |advice| row("next", advice));
        text
    }

    /// The account as a document.
    pub(crate) fn json(self) -> ConvertJson {
        let Converted { sources, duplicates, left_out, written, notes, .. } = self;
        ConvertJson { schema: "certkit.convert/1", sources, written, duplicates, left_out, notes }
    }
}

/// Says of the chain of a key that its issuer is not there.
fn issuer_left_out(chain: &[Vec<u8>]) -> Option<String> {
    let [own] = chain else { return None };
    let own = Certificate::from_der(own).ok().filter(|it| !it.is_self_issued())?;
    let name = own.subject().short().unwrap_or_else(|| own.subject().to_string());
    let issuer = own.issuer().short().unwrap_or_else(|| own.issuer().to_string());
    Some(format!(
        "{} stands there without {}, which issued it: unless that is a root that every client has, give its file, too; \
         else the server sends its certificate alone, and clients refuse it",
        Printable(name),
        Printable(issuer)
    ))
}

/// What protects a file, in words.
fn protection(writing: &Writing<'_>, keys: usize) -> String {
    match (writing.wrapping, writing.password, writing.protection) {
        (Wrapping::Pkcs12, Some(_), Protection::Modern) => "AES-256 and HMAC-SHA256".to_owned(),
        (Wrapping::Pkcs12, Some(_), Protection::Java8) => "3DES and HMAC-SHA1, which old readers open".to_owned(),
        (Wrapping::Jks, ..) => "integrity by SHA-1, keys encrypted with Java's own weak cipher".to_owned(),
        (Wrapping::Jceks, ..) => "integrity by SHA-1, keys encrypted with 3DES".to_owned(),
        (_, Some(_), _) if keys > 0 => "key encrypted with AES-256".to_owned(),
        _ => "nothing encrypted".to_owned(),
    }
}

/// The entries with the names that the writer gives them.
fn list(entries: &Entries, wrapping: Wrapping, has_keys: bool) -> Vec<EntryJson> {
    let mut aliases = Aliases::default();
    let mut alias = |wanted: Option<&str>, first: Option<&[u8]>| {
        let alias = wrapping.has_password().then(|| aliases.give(wanted, first))?;
        let is_lower = matches!(wrapping, Wrapping::Jks | Wrapping::Jceks);
        Some(if is_lower { alias.to_lowercase() } else { alias })
    };
    let subject = |der: Option<&[u8]>| Some(Certificate::from_der(der?).ok()?.subject().to_string());
    let mut listed = Vec::new();
    for key in entries.keys.iter() {
        let own = key.chain.first().map(Vec::as_slice);
        listed.push(EntryJson {
            alias: alias(key.alias.as_deref(), own),
            kind: if has_keys { "private_key" } else { "certificate" },
            certificates: key.chain.len(),
            subject_dn: subject(own),
        });
    }
    for certificate in &entries.certificates {
        listed.push(EntryJson {
            alias: alias(certificate.alias.as_deref(), Some(&certificate.der)),
            kind: "certificate",
            certificates: 1,
            subject_dn: subject(Some(&certificate.der)),
        });
    }
    listed
}
