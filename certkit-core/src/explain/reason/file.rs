//! Files that cannot be read, and passwords.

use super::{Reason, cause};

/// The content is not what was expected.
pub static NOT_READABLE: Reason = Reason {
    meaning: "A file with a certificate, key or list could not be read: its content is not of the kind that was expected.",
    causes: &[
        cause(
            "It is of another kind: PEM where DER belongs, PKCS#12 where JKS belongs.",
            "`certkit inspect` names the kind.",
        ),
        cause("It was damaged by a copy in text mode, or cut off.", "A fresh copy works."),
        cause("It is a web page or a request in place of the certificate.", "A text editor shows it."),
        cause("It has two files in one, or text before the certificate.", "`certkit check` reports trailing-data."),
    ],
    commands: &["certkit inspect FILE", "certkit convert FILE -o NEW --for PROGRAM"],
    cure: "Convert it to the kind that the program reads, or fetch it again.",
    findings: &["input-not-read", "certificate-undecodable", "trailing-data"],
};

/// The file cannot be opened.
pub static NOT_OPENED: Reason = Reason {
    meaning: "The file cannot be opened.",
    causes: &[
        cause("The path in the settings is wrong, or relative to another folder.", "The file is not at that place."),
        cause("The account of the service may not read it.", "An administrator can open it."),
    ],
    commands: &["certkit inspect FILE"],
    cure: "Correct the path, or give the account of the service the right to read the file.",
    findings: &[],
};

/// The password does not open it.
pub static PASSWORD: Reason = Reason {
    meaning: "The password does not open the store or the key.",
    causes: &[
        cause("The password is wrong.", "`certkit inspect FILE` with this password fails, too."),
        cause(
            "The password is right, and the program is too old for the encryption of the file.",
            "`certkit inspect FILE` opens it with this password.",
        ),
        cause("The file was damaged.", "A fresh copy opens."),
    ],
    commands: &["certkit inspect FILE --password-file password.txt", "certkit convert FILE -o NEW --for java8"],
    cure: "Use the right password; for an old Java or Windows write the file anew with `certkit convert --for java8` or \
           `--for windows`.",
    findings: &[],
};

/// The key in the store has a password of its own.
pub static KEY_PASSWORD: Reason = Reason {
    meaning: "The store was opened, and the private key in it has another password.",
    causes: &[cause("Key and store were given different passwords.", "It happens with JKS.")],
    commands: &["certkit convert FILE -o NEW --for tomcat"],
    cure: "Set the password of the key in the settings, or write the store anew with one password.",
    findings: &[],
};

/// The encryption of the file is unknown to the program.
pub static ENCRYPTION_UNKNOWN: Reason = Reason {
    meaning: "The file is encrypted in a way that this program does not read. The password may well be right.",
    causes: &[
        cause("The file is new (AES, SHA-256) and the program is old.", "Java 8 before 8u301, Windows before 2019."),
        cause("The file is old (RC2, DES) and the program is new.", "OpenSSL 3 and Node.js 17 or later."),
    ],
    commands: &["certkit inspect FILE --password-file password.txt", "certkit convert FILE -o NEW --for java8"],
    cure: "Write the file anew with `certkit convert`, for the program that reads it.",
    findings: &[],
};

/// A plain warning.
pub static HARMLESS: Reason = Reason {
    meaning: "This is a warning: the program goes on.",
    causes: &[cause("A setting is ignored, or an old way of encryption is used.", "The program works.")],
    commands: &["certkit inspect FILE"],
    cure: "Nothing has to be done at once. Write the file anew when there is time.",
    findings: &[],
};
