//! Files that cannot be read, and passwords.

use super::{Reason, cause};

/// The content is not what was expected.
pub static NOT_READABLE: Reason = Reason {
    meaning: "A file with a certificate, key or list could not be read: its content has an unexpected format.",
    causes: &[
        cause(
            "It has another format: PEM instead of DER, PKCS#12 instead of JKS.",
            "`certkit inspect` names the kind.",
        ),
        cause("It was damaged by a copy in text mode, or cut off.", "A fresh copy works."),
        cause("It is a web page or a request instead of the certificate.", "A text editor shows it."),
        cause(
            "It has two files concatenated, or text before the certificate.",
            "`certkit check` reports trailing-data.",
        ),
    ],
    commands: &["certkit inspect FILE", "certkit convert FILE -o NEW.pem"],
    cure: "Convert it to the format that the program reads, or fetch it again.",
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
    commands: &[
        "certkit inspect FILE --password-file pw.txt",
        "certkit convert FILE -o NEW.jks --for java8 --password-file pw.txt",
    ],
    cure: "Use the right password; for an old Java or Windows write the file again with `certkit convert` and `--for \
           java8` or `--for windows`.",
    findings: &[],
};

/// The key in the store has a password of its own.
pub static KEY_PASSWORD: Reason = Reason {
    meaning: "The store was opened, but the private key in it has another password.",
    causes: &[cause("Key and store were given different passwords.", "It happens with JKS.")],
    commands: &["certkit convert FILE -o NEW.p12 --for tomcat --password-file pw.txt"],
    cure: "Set the password of the key in the settings, or write the store again with one password.",
    findings: &[],
};

/// The file is newer than the program.
pub static ENCRYPTION_UNKNOWN: Reason = Reason {
    meaning: "The program is too old for the encryption of the file. The password may be right.",
    causes: &[
        cause("The file is new (AES, SHA-256) and the program is old.", "Java 8 before 8u301, Windows before 2019."),
        cause("The policy of an old Java forbids long keys.", "The text mentions an illegal key size."),
    ],
    commands: &[
        "certkit inspect FILE --password-file pw.txt",
        "certkit convert FILE -o NEW.jks --for java8 --password-file pw.txt",
        "certkit convert FILE -o NEW.pfx --for windows --password-file pw.txt",
    ],
    cure: "Write the file again for the program that reads it: `certkit convert FILE -o NEW.jks --for java8 \
           --password-file pw.txt` for an old Java, `--for windows` for an old Windows; or update the program.",
    findings: &[],
};

/// The file is older than the program.
pub static ENCRYPTION_OLD: Reason = Reason {
    meaning: "The file is encrypted with an algorithm that this program no longer supports. The password may be right.",
    causes: &[
        cause("A PKCS#12 file was written with RC2 or 3DES.", "Its maker is an old Windows, Java or OpenSSL 1."),
        cause("A key is encrypted with DES or an old digest.", "The text names the algorithm."),
        cause("A program hashes with MD4 or MD5 under Node.js 17 or later.", "No file is named in the stack trace."),
    ],
    commands: &[
        "certkit inspect FILE --password-file pw.txt",
        "certkit convert FILE -o NEW.p12 --password-file pw.txt",
    ],
    cure: "Write the file again with current encryption: `certkit convert FILE -o NEW.p12 --password-file pw.txt`. \
           OpenSSL's legacy provider is only a temporary workaround.",
    findings: &[],
};

/// A file of the settings could not be loaded.
pub static NOT_LOADED: Reason = Reason {
    meaning: "A file named in the settings could not be loaded. The message does not say why.",
    causes: &[
        cause(
            "There is no such file, or the account of the service may not read it.",
            "`certkit inspect` cannot open it.",
        ),
        cause("It is of another kind: a key, a PKCS#12 store, DER.", "`certkit inspect` names the kind."),
        cause(
            "Its key or signature is too weak for the library.",
            "`certkit check` reports key-too-weak or a weak hash.",
        ),
    ],
    commands: &["certkit inspect FILE", "certkit check FILE"],
    cure: "Correct the path and the rights, or put a PEM file of the right kind there; then start the program again.",
    findings: &["input-not-read", "key-too-weak", "signature-weak-hash"],
};

/// Others may read the key.
pub static OPEN_TO_ALL: Reason = Reason {
    meaning: "The program refuses a private key file because other users may read it.",
    causes: &[cause("The rights of the file let its group or everybody read.", "`ls -l` shows more than -rw-------.")],
    commands: &[],
    cure: "Restrict the rights (`chmod 600`), and make the account of the program the owner of the file.",
    findings: &[],
};

/// A plain warning.
pub static HARMLESS: Reason = Reason {
    meaning: "This is a warning: the program goes on.",
    causes: &[cause("A setting is ignored, or an old way of encryption is used.", "The program works.")],
    commands: &["certkit inspect FILE"],
    cure: "Nothing to do at once. Write the file again when convenient.",
    findings: &[],
};
