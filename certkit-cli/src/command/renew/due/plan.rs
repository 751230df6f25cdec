//! What renewing one certificate takes: who signs, with which key, which files are written, who uses them.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::files::{self, Existing};
use certkit_core::generate::{Dropped, Granted, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{Moment, parse_span};
use certkit_core::presented::Endpoint;
use certkit_core::report::Report;
use certkit_core::store::transaction::StateFolder;
use certkit_core::store::{After, Edit};
use zeroize::Zeroizing;

use super::super::partners::Partners;
use super::super::{require_own, require_unrevoked};
use super::held::{Held, Passwords};
use super::reload::Reload;
use crate::command::expiry::{RenewalToml, Watch};
use crate::command::trust;
use crate::failure::Failure;
use crate::input::{self, Secret};
use crate::issuance::{AcceptArgs, Authority, Judgements, generate_key, key_pem, not_made, usual_key};
use crate::render::made::PartnerJson;

/// How long a program and a server may take where the inventory says nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// One source of the inventory that is to be renewed, with all that was read of it.
pub(super) struct Job {
    settings: RenewalToml,
    /// The file that the source names, links followed.
    file: PathBuf,
    /// The file of the private key, links followed; `None` where there is none beside that of the certificate.
    key_file: Option<PathBuf>,
    pub(super) state_folder: StateFolder,
    store_password: Option<Secret>,
    key_password: Option<Secret>,
    is_rekeyed: bool,
    pub(super) reload: Option<Reload>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) patience: Duration,
}

/// A new certificate, and what is written for it.
pub(super) struct Plan {
    pub(super) old: Certificate,
    pub(super) new: Certificate,
    pub(super) edits: Vec<Edit>,
    pub(super) has_new_key: bool,
    pub(super) kind: Kind,
    pub(super) issuer: Option<Rc<Authority>>,
    pub(super) report: Report,
    pub(super) dropped: Vec<Dropped>,
    pub(super) partners: Vec<PartnerJson>,
    pub(super) note: String,
}

impl Job {
    /// Reads what the inventory says of a source. `base` is where a program starts.
    pub(super) fn read(watch: &Watch, path: &Path, rekey: bool, base: Option<&Path>) -> Result<Job, Failure> {
        let settings = watch.renewal.clone().unwrap_or_default();
        for (file, variable) in [
            (&settings.key_password_file, &settings.key_password_env),
            (&settings.issuer_password_file, &settings.issuer_password_env),
        ] {
            if file.is_some() && variable.is_some() {
                return Err(Failure::new("the password is given twice: by a file and by a variable"));
            }
        }
        let all: Vec<&Path> = std::iter::once(path).chain(settings.key.as_deref()).collect();
        let (state_folder, real) = StateFolder::of_files(&all).map_err(trust::failed)?;
        let mut real = real.into_iter();
        let file = real.next().unwrap_or_default();
        let key_file = real.next().filter(|key| *key != file);
        let patience = match &settings.patience {
            None => PATIENCE,
            Some(text) => {
                parse_span(text).map_err(|error| Failure::new("`patience` of `renew` cannot be read").because(error))?
            }
        };
        let secrets = [&settings.key_password_env, &settings.issuer_password_env];
        let secrets: Vec<String> = secrets.into_iter().flatten().cloned().collect();
        let reload = settings.reload.as_ref().map(|words| Reload::find(words, base, patience, &secrets)).transpose()?;
        let endpoint = match &settings.endpoint {
            None => None,
            Some(text) => Some(text.parse::<Endpoint>().map_err(|error| input::bad_endpoint(text, error))?),
        };
        AcceptArgs::of(settings.accept.clone().unwrap_or_default()).validate()?;
        let store_password = watch.access.password.as_ref().and_then(|it| it.fitting(&file));
        Ok(Job {
            file,
            key_file,
            state_folder,
            store_password,
            key_password: input::named(settings.key_password_file.as_deref(), settings.key_password_env.as_deref())?,
            is_rekeyed: rekey || settings.rekey == Some(true),
            reload,
            endpoint,
            patience,
            settings,
        })
    }

    fn passwords(&self) -> Passwords<'_> {
        Passwords { store: self.store_password.as_ref(), key: self.key_password.as_ref() }
    }

    /// Reads the file as it is now.
    pub(super) fn held(&self) -> Result<Held, Failure> {
        Held::read(&self.file, self.passwords())
    }

    /// The files that a renewal writes.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let key = self.key_file.as_deref().filter(|_| self.is_rekeyed);
        std::iter::once(self.file.as_path()).chain(key)
    }

    /// What names the CA that signs.
    pub(super) fn issuer_name(&self) -> String {
        let RenewalToml { issuer, issuer_key, issuer_password_file, issuer_password_env, .. } = &self.settings;
        format!("{issuer:?} {issuer_key:?} {issuer_password_file:?} {issuer_password_env:?}")
    }

    /// Says whether a certificate stays its own issuer, whatever CA is named for all: its partners trust it by itself, and know
    /// nothing of the CA that others are renewed by.
    pub(super) fn stays_self_signed(&self, old: &Certificate) -> bool {
        self.settings.is_issuer_inherited && old.is_self_signed()
    }

    /// Reads the CA that signs; none where the certificate signs itself.
    pub(super) fn authority(&self) -> Result<Option<Authority>, Failure> {
        let RenewalToml { issuer, issuer_key, issuer_password_file, issuer_password_env, .. } = &self.settings;
        let Some(named) = issuer else { return Ok(None) };
        let password = input::named(issuer_password_file.as_deref(), issuer_password_env.as_deref())?;
        let options = "issuer-password-file or issuer-password-env of `renew`";
        Authority::open(named, issuer_key.as_deref(), |path| input::open_key(path, password.as_ref(), options))
            .map(Some)
    }

    /// The key that the old certificate has, where it is at hand.
    fn own_key(&self, held: &mut Held) -> Result<Option<KeyPair>, Failure> {
        if let Some(key) = held.key.take() {
            return Ok(Some(key));
        }
        let Some(path) = &self.key_file else { return Ok(None) };
        let options = "key-password-file or key-password-env of `renew`";
        let key = input::open_key(path, self.key_password.as_ref(), options)?;
        if key.spki() == held.old.spki() {
            return Ok(Some(key));
        }
        let (key, file) = (path.display(), self.file.display());
        Err(Failure::new(format!("the private key in {key} does not belong to {file}")).at(key))
    }

    /// Makes the new certificate, judges it, and says what is to be written. Writes nothing.
    pub(super) fn plan(&self, mut held: Held, authority: Option<Rc<Authority>>, now: Moment) -> Result<Plan, Failure> {
        let old = held.old.clone();
        let failed = |error| not_made("the new certificate", error);
        let guessed = Kind::of_certificate(&old);
        let kind = self.settings.kind.map_or(guessed, Kind::from);
        if guessed.is_authority() {
            return Err(Failure::new(format!("{} is the certificate of a CA", self.file.display()))
                .hint("everyone who trusts it needs the new one first: renew it by hand with `certkit renew`"));
        }
        let days = self.settings.days.map_or(kind.form().days, u32::from);
        let Granted { template, dropped } =
            Template::from_certificate(kind, &old, Validity::days(now, days)).map_err(failed)?;
        let own = self.own_key(&mut held)?;
        let new_key = match (self.is_rekeyed, &own) {
            (false, _) => None,
            (true, None) => {
                return Err(Failure::new(format!("{}: no output given for the new private key", self.file.display()))
                    .hint("name the file of the old key in `renew`: key = \"FILE\""));
            }
            (true, Some(_)) => {
                let same = old.public_key().ok().and_then(|key| KeyType::of(&key));
                Some(generate_key(same.unwrap_or(usual_key(kind, None)))?)
            }
        };
        let key = new_key.as_ref().or(own.as_ref());
        if let Some(authority) = &authority {
            require_unrevoked(&self.file, &old, authority)?;
            if key.is_none() {
                require_own(&self.file, &old, authority)?;
            }
        }
        let issuer = match (&authority, key) {
            (Some(authority), _) => authority.issuer()?,
            (None, Some(key)) if old.is_self_issued() => Issuer::itself(key),
            (None, _) => return Err(self.nobody_signs(&old)),
        };
        let public = match key {
            Some(key) => key.public_key().map_err(|error| failed(error.into()))?,
            None => old.public_key().map_err(|error| failed(error.into()))?,
        };
        let new = template.issue(&public, &issuer).map_err(failed)?;
        let above = authority.as_ref().map(|it| it.chain.as_slice()).unwrap_or_default();
        let mut judgements = Judgements::new(now, authority.as_deref())?;
        judgements.add(kind, &new, above);
        let report = judgements.settle(&AcceptArgs::of(self.settings.accept.clone().unwrap_or_default()))?;
        let named = self.settings.partners.iter().flatten().map(|path| path.display().to_string()).collect();
        let partners = Partners::find(named, &self.file, &old)?;
        Ok(Plan {
            edits: self.edits(&held, &new, above, new_key.as_ref(), now)?,
            has_new_key: new_key.is_some(),
            note: partners.note(&old, authority.is_some(), new_key.is_some()),
            partners: partners.list,
            issuer: authority,
            old,
            new,
            kind,
            report,
            dropped,
        })
    }

    fn nobody_signs(&self, old: &Certificate) -> Failure {
        let file = self.file.display();
        if old.is_self_issued() {
            let failure = Failure::new(format!("{file} is self-signed: its private key signs the new one"))
                .hint("name it in `renew`: key = \"FILE\"");
            match self.stays_self_signed(old) {
                true => failure.hint("to use a CA instead, name it in the `renew` of this source: issuer = \"CA.pem\""),
                false => failure,
            }
        } else {
            Failure::new(format!("{file} was issued by a CA, which must renew it"))
                .hint("name it in `renew`: issuer = \"CA.pem\" with issuer-key, or the folder of a CA made by certkit")
        }
    }

    fn edits(
        &self,
        held: &Held,
        new: &Certificate,
        above: &[Certificate],
        key: Option<&KeyPair>,
        now: Moment,
    ) -> Result<Vec<Edit>, Failure> {
        let bytes = held.with(new, above, key, self.passwords(), now)?;
        let after = if held.has_key() { After::Secret(bytes) } else { After::Bytes(bytes) };
        let mut edits = vec![Edit { path: self.file.clone(), after }];
        if let (Some(path), Some(key), false) = (&self.key_file, key, held.has_key()) {
            let pem = self.new_key(path, key)?;
            edits.push(Edit { path: path.clone(), after: After::Secret(pem) });
        }
        let secret = if held.has_key() { Some(self.file.as_path()) } else { self.key_file.as_deref() };
        if let Some(path) = secret.filter(|path| key.is_some() && is_open(path)) {
            return Err(Failure::new(format!(
                "{}: readable by others, and so would be the new private key",
                path.display()
            ))
            .at(path.display())
            .hint(format!("`chmod o-rwx {}` first", path.display())));
        }
        // What cannot be written is told before anything is.
        self.files().try_for_each(|path| files::refuse(path, Existing::Replace)).map_err(crate::files::failed)?;
        Ok(edits)
    }

    /// The file of a new private key: encrypted as the old one was, with the same password.
    fn new_key(&self, path: &Path, key: &KeyPair) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let contents = certkit_core::source::file::read_file(path).map_err(input::unreadable)?;
        let [item] = contents.items.as_slice() else {
            return Err(Failure::new(format!("{} holds more than one private key", path.display()))
                .hint("keep the key in a file of its own"));
        };
        if item.encoding != certkit_core::container::Encoding::Pem {
            return Err(Failure::new(format!("{} is not PEM, the format of new private keys", path.display()))
                .hint("convert it to PEM with `certkit convert`"));
        }
        let is_encrypted =
            matches!(&item.kind, certkit_core::container::ItemKind::PrivateKey(facts) if facts.encryption.is_some());
        let password = match (&self.key_password, is_encrypted) {
            (Some(password), true) => Some(input::as_text(password)?),
            _ => None,
        };
        let pem = key_pem(key, password.as_ref())?;
        Ok(Zeroizing::new(pem.as_bytes().to_vec()))
    }
}

/// Whether everybody may read a file.
fn is_open(path: &Path) -> bool {
    #[cfg(unix)]
    return std::fs::metadata(path).is_ok_and(|it| std::os::unix::fs::MetadataExt::mode(&it) & 0o004 != 0);
    #[cfg(not(unix))]
    return {
        let _ = path;
        false
    };
}
