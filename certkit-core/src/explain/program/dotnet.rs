//! Words of .NET.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, store, time, trust};

/// What .NET says.
pub(in crate::explain) static DOTNET: Program = Program {
    name: ".NET",
    keys: &["dotnet"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "X509ChainStatusFlags; used in OPCFoundation/UA-.NETStandard#Stack/Opc.Ua.Core/Security/Certificates/CertificateValidator.cs",
    entries: &[
        Entry::new(
            "remote-certificate-invalid",
            &trust::NOT_VERIFIED,
            &["The remote certificate is invalid according to the validation procedure"],
        )
        .frame()
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new("RemoteCertificateNameMismatch", &purpose::WRONG_HOST, &["RemoteCertificateNameMismatch"])
            .source("dotnet enum SslPolicyErrors, seen in public code"),
        Entry::new(
            "RemoteCertificateChainErrors",
            &trust::UNKNOWN_ISSUER,
            &["RemoteCertificateChainErrors", "because of errors in the certificate chain: <flags>"],
        )
        .frame()
        .source("public logs (.NET 5 and later)"),
        Entry::new(
            "RemoteCertificateNotAvailable",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["RemoteCertificateNotAvailable", "The remote server did not provide a certificate"],
        )
        .source("dotnet resources"),
        Entry::new("UntrustedRoot", &trust::UNKNOWN_ISSUER, &["UntrustedRoot"]),
        Entry::new("PartialChain", &trust::CHAIN_NOT_SENT, &["PartialChain"]),
        Entry::new("NotTimeValid", &time::OUTSIDE_VALIDITY, &["NotTimeValid"]),
        Entry::new("NotSignatureValid", &trust::SIGNATURE_WRONG, &["NotSignatureValid"]),
        Entry::new("NotValidForUsage", &purpose::WRONG_PURPOSE, &["NotValidForUsage"]),
        Entry::new("RevocationStatusUnknown", &revocation::UNKNOWN, &["RevocationStatusUnknown", "OfflineRevocation"]),
        Entry::new("Revoked", &revocation::REVOKED, &["ChainStatus <...> Revoked", "X509ChainStatusFlags.Revoked"]),
        Entry::new("InvalidBasicConstraints", &purpose::NOT_A_CA, &["InvalidBasicConstraints"]),
        Entry::new("HasWeakSignature", &key::WEAK_HASH, &["HasWeakSignature"])
            .source("common knowledge")
            .certainty(Certainty::Medium),
        Entry::new("ExplicitDistrust", &trust::UNKNOWN_ISSUER, &["ExplicitDistrust"])
            .source("common knowledge")
            .certainty(Certainty::Medium),
        Entry::new(
            "could-not-establish-trust",
            &trust::UNKNOWN_ISSUER,
            &["Could not establish trust relationship for the SSL/TLS secure channel"],
        )
        .source("common knowledge (.NET Framework)"),
        Entry::new(
            "could-not-create-ssl-channel",
            &connection::VERSION_OLD,
            &["Could not create SSL/TLS secure channel"],
        )
        .source("public pages (.NET Framework)"),
        Entry::new(
            "ssl-connection-not-established",
            &alert::FRAME,
            &["The SSL connection could not be established, see inner exception"],
        )
        .frame()
        .source("public logs"),
        Entry::new(
            "sspi-failed",
            &alert::FRAME,
            &["A call to SSPI failed, see inner exception", "Authentication failed, see inner exception"],
        )
        .frame()
        .source("dotnet resources; first text is .NET Framework"),
        Entry::new(
            "unexpected-packet-format",
            &connection::NOT_TLS,
            &[
                "The handshake failed due to an unexpected packet format",
                "Cannot determine the frame size or a corrupted frame was received",
            ],
        )
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "remote-closed-transport",
            &connection::CLOSED,
            &[
                "Authentication failed because the remote party has closed the transport stream",
                "Received an unexpected EOF or 0 bytes from the transport stream",
            ],
        )
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "remote-sent-alert",
            &alert::ALERT,
            &["Authentication failed because the remote party sent a TLS alert: '<name>'"],
        )
        .frame()
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "server-needs-private-key",
            &key::WINDOWS_KEY,
            &["The server mode SSL must use a certificate with the associated private key"],
        )
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "rejected-by-callback",
            &trust::REFUSED_BY_PROGRAM,
            &[
                "The remote certificate was rejected by the provided RemoteCertificateValidationCallback",
                "was rejected by RemoteCertificateValidationCallback",
            ],
        )
        .frame()
        .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "cert-data-password",
            &file::PASSWORD,
            &["The certificate data cannot be read with the provided password, the password may be incorrect"],
        )
        .source("common knowledge (.NET on Linux, .NET 9 loader)")
        .certainty(Certainty::Medium),
        Entry::new("ssl-handshake-openssl", &alert::FRAME, &["SSL Handshake failed with OpenSSL error - <error>"])
            .frame()
            .source("dotnet/runtime#src/libraries/System.Net.Security/src/Resources/Strings.resx"),
        Entry::new(
            "HResult 0x80131501",
            &alert::FRAME,
            &["0x80131501", "0x80131500", "0x80131620", "-2146233087", "-2146233088", "-2146232800"],
        )
        .numbers(&[2148734209])
        .frame()
        .source("OPCFoundation/UA-.NETStandard#2552 shows HResult=0x80131500; the others common knowledge"),
        Entry::new(
            "german remote invalid",
            &trust::NOT_VERIFIED,
            &["Das Remotezertifikat ist laut Validierungsverfahren ungültig"],
        )
        .frame()
        .source("German texts of .NET")
        .certainty(Certainty::Medium),
        Entry::new(
            "german trust relationship",
            &trust::UNKNOWN_ISSUER,
            &["Für den geschützten SSL/TLS-Kanal konnte keine Vertrauensstellung hergestellt werden"],
        )
        .source("German texts of .NET Framework")
        .certainty(Certainty::Medium),
        Entry::new(
            "german no channel",
            &connection::VERSION_OLD,
            &["Es konnte kein geschützter SSL/TLS-Kanal erstellt werden"],
        )
        .source("German texts of .NET Framework")
        .certainty(Certainty::Medium),
        Entry::new("unexpected-error-on-send", &connection::VERSION_OLD, &["An unexpected error occurred on a send"])
            .frame()
            .source("public pages (.NET Framework)")
            .certainty(Certainty::Medium),
        Entry::new("bad-version-of-provider", &key::WINDOWS_KEY, &["Bad Version of provider"])
            .source("public pages")
            .certainty(Certainty::Medium),
        Entry::new("asn1-corrupted", &file::NOT_READABLE, &["ASN1 corrupted data"])
            .source("dotnet resources")
            .certainty(Certainty::Medium),
        Entry::new("invalid-handle", &key::WINDOWS_KEY, &["m_safeCertContext is an invalid handle"])
            .source("public pages")
            .certainty(Certainty::Medium),
        Entry::new(
            "sql-server-name",
            &purpose::WRONG_HOST,
            &["Failed to validate the server name \"<host>\" in a certificate"],
        )
        .source("Microsoft's JDBC driver")
        .certainty(Certainty::Medium),
        Entry::new(
            "sql-server-secure",
            &alert::FRAME,
            &["The driver could not establish a secure connection to SQL Server"],
        )
        .frame()
        .source("Microsoft's JDBC driver")
        .certainty(Certainty::Medium),
        Entry::new(
            "access-denied",
            &key::WINDOWS_KEY,
            &["CryptographicException: Access denied", "CryptographicException: Access is denied"],
        )
        .source("public pages")
        .certainty(Certainty::Medium),
        Entry::new(
            "object-not-found",
            &store::NOT_FOUND,
            &[
                "CryptographicException: Object was not found",
                "CryptographicException: Cannot find the requested object",
            ],
        )
        .source("public pages")
        .certainty(Certainty::Medium),
    ],
};
