//! Programs that files are converted for: what each of them reads.
//!
//! Knows containers, ciphers and names; each line comes from the program's manual or from
//! what its users ran into. Refuses to know where the program keeps its files.

use std::path::Path;

use super::form::Form;
use crate::crypto::password_based::Protection;

/// A kind of file that entries are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrapping {
    /// PEM, DER or PKCS#7.
    Plain(Form),
    /// PKCS#12.
    Pkcs12,
    /// A Java keystore (JKS).
    Jks,
    /// A Java keystore (JCEKS).
    Jceks,
}

impl Wrapping {
    /// Every kind, with its name on the command line.
    pub const ALL: [(&'static str, Wrapping); 6] = [
        ("pem", Wrapping::Plain(Form::Pem)),
        ("der", Wrapping::Plain(Form::Der)),
        ("p7b", Wrapping::Plain(Form::Pkcs7)),
        ("p12", Wrapping::Pkcs12),
        ("jks", Wrapping::Jks),
        ("jceks", Wrapping::Jceks),
    ];

    /// Finds a kind by its name on the command line.
    pub fn named(name: &str) -> Option<Wrapping> {
        Wrapping::ALL.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, wrapping)| wrapping)
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        Wrapping::ALL.into_iter().find(|(_, wrapping)| *wrapping == self).map_or("", |(name, _)| name)
    }

    /// What people call it, such as `PKCS#12`.
    pub fn title(self) -> &'static str {
        match self {
            Wrapping::Plain(Form::Pem) => "PEM",
            Wrapping::Plain(Form::Der) => "DER",
            Wrapping::Plain(Form::Pkcs7) => "PKCS#7",
            Wrapping::Pkcs12 => "PKCS#12",
            Wrapping::Jks => "JKS",
            Wrapping::Jceks => "JCEKS",
        }
    }

    /// Tells what people expect of a file of this name; `None` where they expect nothing.
    pub fn from_extension(path: &Path) -> Option<Wrapping> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "p12" | "pfx" | "pkcs12" => Some(Wrapping::Pkcs12),
            "jks" | "keystore" | "truststore" => Some(Wrapping::Jks),
            "jceks" => Some(Wrapping::Jceks),
            "key" => Some(Wrapping::Plain(Form::Pem)),
            _ => Form::from_extension(path).map(Wrapping::Plain),
        }
    }

    /// Says whether such a file has a password.
    pub fn has_password(self) -> bool {
        !matches!(self, Wrapping::Plain(_))
    }
}

/// Whether a program takes private keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keys {
    /// It does.
    Taken,
    /// It takes certificates; a key would be given away for nothing.
    LeftOut,
}

/// Which characters the password of a PKCS#12 store may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Characters {
    /// Any.
    Any,
    /// Those of ASCII: Java takes no others.
    Ascii,
}

/// A program that files are converted for.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it reads where there is a private key; the first is written where nothing else is said.
    pub with_key: &'static [Wrapping],
    /// What it reads where there are certificates alone.
    pub without_key: &'static [Wrapping],
    /// The ciphers that it opens.
    pub protection: Protection,
    /// The characters that its PKCS#12 passwords may have.
    pub characters: Characters,
    /// Whether it takes private keys.
    pub keys: Keys,
    /// The name that its key gets where it has none.
    pub alias: Option<&'static str>,
    /// What to do with the file.
    pub advice: &'static str,
}

const PEM: Wrapping = Wrapping::Plain(Form::Pem);
const DER: Wrapping = Wrapping::Plain(Form::Der);
const P7B: Wrapping = Wrapping::Plain(Form::Pkcs7);

/// Every program that certkit converts for.
pub static TARGETS: [Target; 6] = [
    Target {
        name: "kepware",
        title: "Kepware: trusted CAs and OPC UA partners",
        with_key: &[PEM, DER],
        without_key: &[PEM, DER],
        protection: Protection::Modern,
        characters: Characters::Any,
        keys: Keys::LeftOut,
        alias: None,
        advice: "Settings | Certificate Store: the product must be selected in the dropdown first, then Extend Trust Store, \
                 Import (PEM); an OPC UA partner goes into the OPC UA Configuration Manager (DER)",
    },
    Target {
        name: "tomcat",
        title: "Tomcat: the key of a connector, or a trust store",
        with_key: &[Wrapping::Pkcs12, Wrapping::Jks, PEM],
        without_key: &[Wrapping::Pkcs12, Wrapping::Jks, PEM],
        protection: Protection::Modern,
        characters: Characters::Ascii,
        keys: Keys::Taken,
        alias: Some("tomcat"),
        advice: "name it in server.xml: certificateKeystoreFile, certificateKeystorePassword, certificateKeystoreType",
    },
    Target {
        name: "thingworx",
        title: "ThingWorx Platform and Connection Server",
        with_key: &[Wrapping::Pkcs12, Wrapping::Jks],
        without_key: &[Wrapping::Pkcs12, Wrapping::Jks],
        protection: Protection::Modern,
        characters: Characters::Ascii,
        keys: Keys::Taken,
        alias: Some("thingworx"),
        advice: "ThingWorx needs the whole chain in its keystore, including the issuing CAs",
    },
    Target {
        name: "java8",
        title: "Java 8 before update 301, which opens no AES in PKCS#12",
        with_key: &[Wrapping::Jks, Wrapping::Pkcs12, Wrapping::Jceks],
        without_key: &[Wrapping::Jks, Wrapping::Pkcs12, Wrapping::Jceks],
        protection: Protection::Java8,
        characters: Characters::Ascii,
        keys: Keys::Taken,
        alias: None,
        advice: "-Djavax.net.ssl.keyStore=FILE or -Djavax.net.ssl.trustStore=FILE, each with its password and type",
    },
    Target {
        name: "windows",
        title: "Windows of any age; before Server 2019 it opens no AES in PKCS#12",
        with_key: &[Wrapping::Pkcs12],
        without_key: &[P7B, DER, PEM, Wrapping::Pkcs12],
        protection: Protection::Java8,
        characters: Characters::Any,
        keys: Keys::Taken,
        alias: None,
        advice: "certutil -importpfx FILE for a key, certutil -addstore Root FILE for trusted CAs",
    },
    Target {
        name: "mosquitto",
        title: "Mosquitto, and other programs that read PEM with OpenSSL",
        with_key: &[PEM],
        without_key: &[PEM],
        protection: Protection::Modern,
        characters: Characters::Any,
        keys: Keys::Taken,
        alias: None,
        advice: "set it as cafile if it holds CAs, and as both certfile and keyfile if it holds a key",
    },
];

impl Target {
    /// Finds a program by its name on the command line.
    pub fn named(name: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.name == name)
    }
}
