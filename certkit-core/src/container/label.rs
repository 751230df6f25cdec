//! The labels of PEM blocks, and what each promises.

/// What a label says its block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    Certificate,
    TrustedCertificate,
    RevocationList,
    Request,
    PrivateKey,
    PublicKey,
    /// A public key of PKCS#1, which has a form of its own.
    RsaPublicKey,
    Pkcs7,
    Parameters,
    /// Nothing that certkit knows; only its content can tell.
    Unknown,
}

impl Claim {
    /// Reads a label. Several are names from before RFC 7468.
    pub(super) fn of(label: &[u8]) -> Claim {
        match label {
            b"CERTIFICATE" | b"X509 CERTIFICATE" | b"X.509 CERTIFICATE" => Claim::Certificate,
            b"TRUSTED CERTIFICATE" => Claim::TrustedCertificate,
            b"X509 CRL" | b"CRL" | b"CERTIFICATE REVOCATION LIST" => Claim::RevocationList,
            b"CERTIFICATE REQUEST" | b"NEW CERTIFICATE REQUEST" => Claim::Request,
            b"PUBLIC KEY" => Claim::PublicKey,
            b"RSA PUBLIC KEY" => Claim::RsaPublicKey,
            b"PKCS7" | b"CMS" | b"PKCS #7 SIGNED DATA" | b"CERTIFICATE CHAIN" => Claim::Pkcs7,
            b"PRIVATE KEY"
            | b"ENCRYPTED PRIVATE KEY"
            | b"ANY PRIVATE KEY"
            | b"RSA PRIVATE KEY"
            | b"EC PRIVATE KEY"
            | b"DSA PRIVATE KEY" => Claim::PrivateKey,
            _ if label.ends_with(b" PARAMETERS") => Claim::Parameters,
            _ => Claim::Unknown,
        }
    }

    /// Whether it promises a certificate.
    pub(super) fn is_certificate(self) -> bool {
        matches!(self, Claim::Certificate | Claim::TrustedCertificate)
    }

    /// Whether a certificate may stand behind it.
    pub(super) fn may_be_certificate(self) -> bool {
        self.is_certificate() || matches!(self, Claim::Pkcs7 | Claim::Unknown)
    }

    /// The most bytes of text such a block may have; base64 needs four for three, and room for line breaks.
    pub(super) fn text_limit(self) -> usize {
        match self {
            // 64 MiB of DER: lists of large authorities have millions of entries.
            Claim::RevocationList | Claim::Pkcs7 => 96 * 1024 * 1024,
            // 16 MiB of DER.
            _ => 24 * 1024 * 1024,
        }
    }
}
