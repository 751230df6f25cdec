//! Java keystores, keytool, Tomcat and trust stores.

use super::{Reason, cause};

/// The trust store is empty.
pub static EMPTY: Reason = Reason {
    meaning: "The trust store was opened, but it has no trusted certificate.",
    causes: &[
        cause("The store is PKCS#12 and was opened without its password.", "The settings name no password."),
        cause("The store was made by openssl, without the attribute that Java requires.", "keytool lists 0 entries."),
        cause("The path is wrong.", "There is no file at this path."),
    ],
    commands: &[
        "certkit trust list STORE --password-file pw.txt",
        "certkit convert FILE -o NEW.jks --for java8 --password-file pw.txt",
    ],
    cure: "Name the right store with its password and type, and put the CA into it with `certkit trust add`.",
    findings: &[],
};

/// The store has no such entry.
pub static ALIAS_MISSING: Reason = Reason {
    meaning: "The keystore has no private key under this alias.",
    causes: &[
        cause("The alias in the settings is another one.", "`certkit trust list` shows the aliases."),
        cause("The entry holds a certificate without its key.", "It is listed as a trusted certificate."),
    ],
    commands: &["certkit trust list STORE --password-file pw.txt"],
    cure: "Correct the alias, or import the key with its certificate.",
    findings: &[],
};

/// The alias is taken.
pub static ALIAS_TAKEN: Reason = Reason {
    meaning: "The keystore already has an entry of this alias, or this certificate.",
    causes: &[cause("The certificate was imported before.", "`certkit trust list` shows it.")],
    commands: &["certkit trust list STORE --password-file pw.txt"],
    cure: "Import it under another alias, or remove the old entry first.",
    findings: &["already-in-store"],
};

/// The reply of the CA has no chain that keytool can complete.
pub static REPLY_INCOMPLETE: Reason = Reason {
    meaning: "keytool cannot build a chain from the reply of the CA to a known root.",
    causes: &[cause("The root or an intermediate is not in the keystore.", "`certkit check FILE` names the gap.")],
    commands: &["certkit check FILE", "certkit convert FILE CA -o NEW.p12 --for tomcat --password-file pw.txt"],
    cure: "Import the CAs first, or write the store again with the whole chain.",
    findings: &["chain-incomplete"],
};

/// A key without its certificate.
pub static KEY_WITHOUT_CHAIN: Reason = Reason {
    meaning: "A private key was imported to or exported from a Java keystore without its certificate.",
    causes: &[
        cause("The PEM or PKCS#12 file has only the key.", "`certkit inspect` shows no certificate."),
        cause("The certificate belongs to another key.", "`certkit inspect` shows that the two do not match."),
    ],
    commands: &["certkit inspect FILE", "certkit convert FILE CA -o NEW.p12 --for tomcat --password-file pw.txt"],
    cure: "Put the key, its certificate and the CAs above it into one store with `certkit convert`.",
    findings: &["key-entry-missing", "key-entry-leaf-only", "key-certificate-mismatch"],
};

/// keytool wants six characters.
pub static PASSWORD_SHORT: Reason = Reason {
    meaning: "keytool requires a password of at least six characters.",
    causes: &[cause("The password is shorter.", "Count it.")],
    commands: &[],
    cure: "Take a longer password.",
    findings: &[],
};

/// The connector lacks what it needs.
pub static CONNECTOR: Reason = Reason {
    meaning: "The HTTPS connector did not start. Tomcat continues without it.",
    causes: &[
        cause("The keystore cannot be opened.", "The innermost cause mentions a password, a path or a format."),
        cause("The keystore has no private key.", "The cause names an alias."),
        cause("Neither keystore nor certificate file is named.", "The cause mentions SSLHostConfig."),
    ],
    commands: &["certkit trust list STORE --password-file pw.txt"],
    cure: "Read the innermost \"Caused by\", repair the keystore or the settings, and start Tomcat again.",
    findings: &[],
};

/// A store is weak.
pub static RISKY: Reason = Reason {
    meaning: "The entry uses an algorithm or a key size that Java considers weak or will disable.",
    causes: &[cause("SHA-1, MD5, or an RSA key of 1024 bits.", "`certkit check` names it.")],
    commands: &["certkit check FILE"],
    cure: "Make a new key and certificate (RSA 2048 or P-256, SHA-256).",
    findings: &["signature-weak-hash", "key-too-weak"],
};

/// Something was not found in a Windows store.
pub static NOT_FOUND: Reason = Reason {
    meaning: "The certificate, its private key or the request that belongs to it was not found.",
    causes: &[
        cause("It is in the store of a user, not in that of the computer.", "It is in the other store."),
        cause("The request was made on another machine.", "There is no request of that key here."),
    ],
    commands: &["certkit trust list windows:LocalMachine\\My"],
    cure: "Import the certificate with its key into the computer's store, on the machine where the key is.",
    findings: &[],
};

/// A name that was typed has the wrong form.
pub static NAME_MISSPELT: Reason = Reason {
    meaning: "The distinguished name that was given to the command is not well-formed.",
    causes: &[
        cause("A part has no type, such as `CN=`.", "A word stands between two commas without an equals sign."),
        cause("A comma, a plus or a quote in a value is not escaped.", "The name of a company has a comma in it."),
    ],
    commands: &[],
    cure: "Write it as `CN=plc7, O=Plant, C=DE`, with a backslash before a comma that belongs to a value.",
    findings: &[],
};

/// The CA of Windows does not issue what was asked for.
pub static TEMPLATE: Reason = Reason {
    meaning: "The CA of Windows does not issue certificates of the template that the request names.",
    causes: &[
        cause("The template was not added to those that this CA issues.", "`certutil -CATemplates` does not list it."),
        cause("The account may not enroll with the template.", "Another account gets a certificate."),
    ],
    commands: &[],
    cure: "Add the template to the CA, give the account the right to enroll, or name another template.",
    findings: &[],
};
