//! The situations: a small plant for each, as files and as keys that a server can use.

mod above;
mod files;

use std::path::{Path, PathBuf};
use std::process::Command;

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{
    AlternativeName, Issuer, KeyPair, KeyType, Kind, Reason, Revocations, Template, Validity,
};
use certkit_core::moment::{DAY, Moment};

pub(crate) const HOST: &str = "plc7.plant.test";
pub(crate) const URI: &str = "urn:plc7:plant";

/// A CA with its key.
pub(crate) struct Authority {
    pub(crate) certificate: Certificate,
    key: KeyPair,
}

/// What a holder presents, what the judge trusts, and the lists that he has.
pub(crate) struct Situation {
    pub(crate) name: &'static str,
    /// The root of the plant, whoever is trusted.
    pub(crate) root: Certificate,
    /// The files of it.
    pub(crate) folder: PathBuf,
    /// What is presented, the holder's own certificate first.
    pub(crate) presented: Vec<Vec<u8>>,
    /// The holder's private key: PKCS#8.
    pub(crate) key: Vec<u8>,
    /// What is trusted.
    pub(crate) trust: Vec<Certificate>,
    /// What only completes chains, where the judge keeps such a list.
    pub(crate) issuers: Vec<Certificate>,
    /// The security policy that fits the key.
    pub(crate) policy: &'static str,
    /// The revocation lists, each with the name of its file.
    pub(crate) lists: Vec<(&'static str, Vec<u8>)>,
}

/// Whom the certificates are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A TLS server.
    Server,
    /// An OPC UA application.
    Application,
    /// A CA that is to be trusted.
    Authority,
}

/// A root, an issuing CA below it, and what belongs to them.
pub(crate) struct Plant {
    now: Moment,
    folder: PathBuf,
    holder: Holder,
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
    stranger: Authority,
    /// A CA that may issue for another domain alone.
    limited: Authority,
}

fn text(certificate: &Certificate) -> String {
    pem::encode("CERTIFICATE", certificate.der())
}

fn template(kind: Kind, subject: &str, from: Moment, days: u32) -> Template {
    Template::new(kind, subject.parse().unwrap(), Validity::days(from, days))
}

fn authority(kind: Kind, name: &str, from: Moment, above: Option<&Authority>) -> Authority {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let certificate = certified(&key, &template(kind, &format!("CN={name},O=Plant"), from, 3650), above);
    Authority { certificate, key }
}

fn certified(key: &KeyPair, template: &Template, above: Option<&Authority>) -> Certificate {
    let issuer = match above {
        Some(above) => Issuer::authority(&above.certificate, &above.key).unwrap(),
        None => Issuer::itself(key),
    };
    template.issue(&key.public_key().unwrap(), &issuer).unwrap()
}

impl Authority {
    /// A list that revokes what is named, from a moment on, for some days.
    fn list(&self, revoked: &[&Certificate], from: Moment, days: i64) -> Vec<u8> {
        let issuer = Issuer::authority(&self.certificate, &self.key).unwrap();
        let mut revocations = Revocations::new(&issuer).unwrap();
        revoked.iter().for_each(|it| revocations.revoke(it, from, Reason::KeyCompromise).unwrap());
        revocations.sign(from, from.plus(days * DAY)).unwrap().der().to_vec()
    }
}

/// Runs openssl, for what certkit does not make.
fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn der(file: &Path) -> Vec<u8> {
    let contents = certkit_core::container::read(&std::fs::read(file).unwrap()).unwrap();
    contents.items[0].der.to_vec()
}

/// What openssl is to make of a leaf.
struct Odd<'a> {
    key: &'a [&'a str],
    digest: &'a str,
    days: &'a str,
    extensions: &'a str,
    issuer: Option<&'a Authority>,
}

impl Plant {
    pub(crate) fn new(folder: &Path, holder: Holder) -> Plant {
        let now = Moment::now();
        let from = now.plus(-400 * DAY);
        let root = authority(Kind::Root, "Plant Root", from, None);
        let issuing = authority(Kind::IssuingAuthority, "Plant CA", from, Some(&root));
        let stranger = authority(Kind::Root, "Another Root", from, None);
        let mut plant = Plant {
            now,
            folder: folder.to_owned(),
            holder,
            limited: authority(Kind::Root, "x", from, None),
            root,
            issuing,
            stranger,
        };
        plant.limited = plant.limited();
        plant
    }

    fn limited(&self) -> Authority {
        let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
            subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
            nameConstraints=critical,permitted;DNS:elsewhere.test\n";
        let odd = Odd { key: P256, digest: "-sha256", days: "2000", extensions, issuer: Some(&self.root) };
        let (certificate, key) = self.odd("limited", "/O=Plant/CN=Limited CA", &odd);
        Authority { certificate: Certificate::from_der(&certificate).unwrap(), key: KeyPair::from_der(&key).unwrap() }
    }

    /// What a holder's certificate says beside its name.
    fn extensions(&self, usage: &str) -> String {
        let common = "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
        if self.holder == Holder::Authority {
            return format!("{}{usage}", common.replace("CA:FALSE", "CA:TRUE"));
        }
        let names = match self.holder {
            Holder::Authority => String::new(),
            Holder::Server => format!("subjectAltName=DNS:{HOST},IP:127.0.0.1\n"),
            Holder::Application => format!("subjectAltName=URI:{URI},DNS:{HOST},IP:127.0.0.1\n"),
        };
        format!("{common}{names}{usage}")
    }

    fn usage(&self) -> &'static str {
        match self.holder {
            Holder::Server => "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n",
            Holder::Authority => "keyUsage=critical,keyCertSign,cRLSign\n",
            Holder::Application => {
                "keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment\n\
                 extendedKeyUsage=serverAuth,clientAuth\n"
            }
        }
    }

    /// A certificate made by openssl, with its key.
    fn odd(&self, name: &str, subject: &str, odd: &Odd<'_>) -> (Vec<u8>, Vec<u8>) {
        let folder = self.folder.join("make").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("extensions.cnf"), odd.extensions).unwrap();
        openssl(&folder, &[&["genpkey", "-out", "leaf.key"], odd.key].concat());
        let request = ["req", "-new", "-key", "leaf.key", "-subj", subject, "-out", "leaf.csr"];
        openssl(&folder, &request);
        let sign = [
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-days",
            odd.days,
            "-extfile",
            "extensions.cnf",
            odd.digest,
            "-out",
            "leaf.pem",
        ];
        match odd.issuer {
            Some(issuer) => {
                std::fs::write(folder.join("ca.pem"), text(&issuer.certificate)).unwrap();
                let key = pem::encode("PRIVATE KEY", &issuer.key.to_pkcs8().unwrap());
                std::fs::write(folder.join("ca.key"), key).unwrap();
                openssl(&folder, &[&sign[..], &["-CA", "ca.pem", "-CAkey", "ca.key"]].concat());
            }
            None => openssl(&folder, &[&sign[..], &["-signkey", "leaf.key"]].concat()),
        }
        (der(&folder.join("leaf.pem")), der(&folder.join("leaf.key")))
    }

    /// An ordinary certificate of the issuing CA, valid for a year from some days on.
    fn leaf(&self, days: i64, names: &[&str]) -> (Certificate, Vec<u8>) {
        self.leaf_of(self.above(), days, names)
    }

    /// The same of another CA.
    fn leaf_of(&self, above: &Authority, days: i64, names: &[&str]) -> (Certificate, Vec<u8>) {
        let key = KeyPair::generate(KeyType::P256).unwrap();
        let kind = match self.holder {
            Holder::Server => Kind::Https,
            Holder::Application => Kind::OpcUa,
            Holder::Authority => Kind::IssuingAuthority,
        };
        let uri = (self.holder == Holder::Application).then(|| AlternativeName::Uri(URI.to_owned()));
        let hosts = names.iter().filter(|_| self.holder != Holder::Authority).map(|it| AlternativeName::host(it));
        let names = uri.into_iter().chain(hosts);
        let certificate = template(kind, &format!("CN={HOST},O=Plant"), self.now.plus(days * DAY), 365)
            .alternative_names(names)
            .issue(&key.public_key().unwrap(), &Issuer::authority(&above.certificate, &above.key).unwrap())
            .unwrap();
        (certificate, key.to_pkcs8().unwrap().to_vec())
    }

    /// Who issues to the holder.
    fn above(&self) -> &Authority {
        if self.holder == Holder::Authority { &self.root } else { &self.issuing }
    }

    /// Every situation of the table.
    pub(crate) fn situations(&self) -> Vec<Situation> {
        let names = [HOST, "127.0.0.1"];
        let (good, key) = self.leaf(-1, &names);
        let yesterday = self.now.plus(-DAY);
        let older = self.now.plus(-5 * DAY);
        let root_list = self.root.list(&[], yesterday, 30);
        let is_import = self.holder == Holder::Authority;
        let above = self.above();
        let lists = |list: Vec<u8>| match is_import {
            true => vec![("root.crl", list)],
            false => vec![("root.crl", root_list.clone()), ("issuing.crl", list)],
        };
        let clean = lists(above.list(&[], older, 30));
        let revoking = above.list(&[&good], yesterday, 30);
        let chain = |leaf: &[u8]| match is_import {
            true => vec![leaf.to_vec()],
            false => vec![leaf.to_vec(), self.issuing.certificate.der().to_vec()],
        };
        let situation = |name, presented: Vec<Vec<u8>>, key: &[u8]| Situation {
            name,
            root: self.root.certificate.clone(),
            folder: self.folder.join(name),
            presented,
            key: key.to_vec(),
            trust: vec![self.root.certificate.clone()],
            issuers: if is_import { Vec::new() } else { vec![self.issuing.certificate.clone()] },
            policy: "ECC_nistP256",
            lists: clean.clone(),
        };
        let fine = |name| situation(name, chain(good.der()), &key);
        let odd = |name, odd: Odd<'_>| {
            let (leaf, key) = self.odd(name, &format!("/O=Plant/CN={HOST}"), &odd);
            situation(name, chain(&leaf), &key)
        };
        let usual = self.extensions(self.usage());
        let by_issuing = Some(above);
        let (expired, expired_key) = self.leaf(-380, &names);
        let (early, early_key) = self.leaf(10, &names);
        let (other, other_key) = self.leaf(-1, &["other.plant.test"]);
        let unusable = match self.holder {
            Holder::Server => "keyUsage=critical,cRLSign\nextendedKeyUsage=clientAuth\n",
            Holder::Application => "keyUsage=critical,cRLSign\nextendedKeyUsage=emailProtection\n",
            Holder::Authority => "keyUsage=critical,digitalSignature\n",
        };
        // An algorithm that nobody knows, in both places; the signature itself stands.
        let unknown = good.der().to_vec();
        let unknown =
            replaced(&unknown, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 9]);
        // The serial number is no INTEGER any more.
        let torn = replaced(good.der(), &[0xa0, 3, 2, 1, 2, 2], &[0xa0, 3, 2, 1, 2, 0x1e]);
        let limited = self.odd(
            "limited-leaf",
            &format!("/O=Plant/CN={HOST}"),
            &Odd { key: P256, digest: "-sha256", days: "365", extensions: &usual, issuer: Some(&self.limited) },
        );
        let mut all = vec![
            fine("good"),
            situation("expired", chain(expired.der()), &expired_key),
            situation("not yet valid", chain(early.der()), &early_key),
            Situation { lists: lists(revoking.clone()), ..fine("revoked") },
            Situation {
                lists: [clean.clone(), vec![("newer.crl", revoking[..revoking.len() / 2].to_vec())]].concat(),
                ..fine("list damaged")
            },
            Situation { lists: Vec::new(), ..fine("list missing") },
            Situation { lists: lists(above.list(&[], self.now.plus(-60 * DAY), 30)), ..fine("list expired") },
            Situation { trust: vec![self.stranger.certificate.clone()], ..fine("anchor not trusted") },
            Situation { presented: vec![good.der().to_vec()], issuers: Vec::new(), ..fine("issuer missing") },
            odd("weak digest", Odd { key: P256, digest: "-sha1", days: "365", extensions: &usual, issuer: by_issuing }),
            Situation {
                policy: "Basic256Sha256",
                ..odd(
                    "weak key",
                    Odd { key: RSA_1024, digest: "-sha256", days: "365", extensions: &usual, issuer: by_issuing },
                )
            },
            situation("wrong host", chain(other.der()), &other_key),
            situation("undecodable", chain(&torn), &key),
            odd(
                "unusable",
                Odd {
                    key: P256,
                    digest: "-sha256",
                    days: "365",
                    extensions: &self.extensions(unusable),
                    issuer: by_issuing,
                },
            ),
            situation("unknown algorithm", chain(&unknown), &key),
        ];
        // As `openssl req -x509 -sha1` makes them: a CA by its own word.
        let own = self.extensions("").replace("CA:FALSE", "CA:TRUE");
        let (own, own_key) = self.odd(
            "self-signed",
            &format!("/O=Plant/CN={HOST}"),
            &Odd { key: RSA_2048, digest: "-sha1", days: "365", extensions: &own, issuer: None },
        );
        all.push(Situation {
            presented: vec![own],
            policy: "Basic256Sha256",
            ..situation("self-signed, weak", Vec::new(), &own_key)
        });
        if self.holder == Holder::Server {
            // A distribution point of reasons alone.
            let extensions = format!("{usual}2.5.29.31=DER:30:06:30:04:81:02:05:20\n");
            let odd_form =
                Odd { key: P256, digest: "-sha256", days: "365", extensions: &extensions, issuer: by_issuing };
            all.push(odd("odd form", odd_form));
        }
        let limited_list = self.limited.list(&[], older, 30);
        all.push(Situation {
            issuers: vec![self.limited.certificate.clone()],
            lists: vec![("root.crl", root_list.clone()), ("limited.crl", limited_list)],
            ..situation("name not permitted", vec![limited.0, self.limited.certificate.der().to_vec()], &limited.1)
        });
        all.extend(self.above_expired());
        all.extend(self.above_trusted());
        if is_import {
            // A CA is reached by no host, and what only is between a holder and his anchor does not concern it.
            all.retain(|it| !["issuer missing", "wrong host", "name not permitted"].contains(&it.name));
        }
        for situation in &all {
            situation.write();
            situation.put("own.pem", text(&good).as_bytes());
        }
        all
    }
}

const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA_1024: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
const RSA_2048: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];

/// Replaces every place of some octets by others of the same length.
fn replaced(octets: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for at in 0..octets.len() - old.len() {
        if octets[at..].starts_with(old) {
            octets[at..at + old.len()].copy_from_slice(new);
        }
    }
    octets
}
