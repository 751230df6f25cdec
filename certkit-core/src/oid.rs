//! Object identifiers and the names that people know them by.
//!
//! Knows spelling only: what an identifier means is for the floor that uses it.

use std::fmt;

/// An object identifier as the contents octets of its encoding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid<'a>(pub &'a [u8]);

impl<'a> Oid<'a> {
    /// The name that people know this identifier by, if it is one of those certkit meets.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(oid, _)| *oid == self).map(|(_, name)| *name)
    }

    /// The name, or the digits where there is none.
    pub fn called(self) -> String {
        self.name().map_or_else(|| self.to_string(), str::to_owned)
    }

    /// Whether there is an arc at least, and every arc ends and does not begin with nothing.
    pub(crate) fn is_sound(self) -> bool {
        let begins_with_nothing = self.0.first() == Some(&0x80)
            || self.0.windows(2).any(|pair| matches!(pair, [before, 0x80] if before & 0x80 == 0));
        self.0.last().is_some_and(|last| last & 0x80 == 0) && !begins_with_nothing
    }

    /// The arcs, the first two of them as one; `None` for one beyond 64 bits.
    pub(crate) fn arcs(self) -> impl Iterator<Item = Option<u64>> + use<'a> {
        let arc =
            |octets: &[u8]| octets.iter().try_fold(0u64, |sum, it| Some(sum.checked_mul(128)? | u64::from(it & 0x7f)));
        self.0.split_inclusive(|octet| octet & 0x80 == 0).map(arc)
    }

    /// The contents octets.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Oid<'_> {
    /// Writes dotted decimals; an arc beyond 128 bits or a cut encoding is shown as hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arcs = Vec::with_capacity(12);
        let mut arc: Option<u128> = None;
        for &octet in self.0 {
            let next = arc.unwrap_or(0).checked_mul(128).map(|high| high | u128::from(octet & 0x7f));
            match (next, octet & 0x80) {
                (None, _) => return write!(f, "oid:{}", crate::text::Hex(self.0)),
                (Some(value), 0) => {
                    arcs.push(value);
                    arc = None;
                }
                (value, _) => arc = value,
            }
        }
        let (Some((first, rest)), None) = (arcs.split_first(), arc) else {
            return write!(f, "oid:{}", crate::text::Hex(self.0));
        };
        let (root, second) = match *first {
            arc @ 0..=39 => (0, arc),
            arc @ 40..=79 => (1, arc.saturating_sub(40)),
            arc => (2, arc.saturating_sub(80)),
        };
        write!(f, "{root}.{second}")?;
        rest.iter().try_for_each(|arc| write!(f, ".{arc}"))
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// The attributes that have a short name in RFC 2253 section 2.3.
pub(crate) const IN_RFC_2253: [Oid<'static>; 9] =
    [COMMON_NAME, COUNTRY, LOCALITY, STATE, STREET, ORGANIZATION, ORGANIZATIONAL_UNIT, DOMAIN_COMPONENT, USER_ID];

/// Encodes dotted decimals; `None` where they are no object identifier.
pub fn encode(dotted: &str) -> Option<Vec<u8>> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().ok());
    let (root, second) = (arcs.next()??, arcs.next()??);
    if root > 2 || (root < 2 && second > 39) {
        return None;
    }
    let mut bytes = Vec::new();
    let first = std::iter::once(Some(root.checked_mul(40)?.checked_add(second)?));
    for arc in first.chain(arcs) {
        let arc = arc?;
        let top = (0..64u32).step_by(7).take_while(|shift| *shift == 0 || arc >> shift != 0).last().unwrap_or(0);
        for shift in (0..=top).rev().filter(|shift| shift % 7 == 0) {
            let septet = u8::try_from((arc >> shift) & 0x7f).ok()?;
            bytes.push(if shift == 0 { septet } else { septet | 0x80 });
        }
    }
    Some(bytes)
}

macro_rules! oids {
    ($($constant:ident = $bytes:expr, $name:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Oid<'static> = Oid($bytes);
        )*
        static NAMES: &[(Oid<'static>, &str)] = &[$(($constant, $name)),*];
    };
}

oids! {
    // Attributes of names (X.520, RFC 4519); the short forms are RFC 4514's.
    COMMON_NAME = b"\x55\x04\x03", "CN";
    SURNAME = b"\x55\x04\x04", "SN";
    SERIAL_NUMBER = b"\x55\x04\x05", "serialNumber";
    COUNTRY = b"\x55\x04\x06", "C";
    LOCALITY = b"\x55\x04\x07", "L";
    STATE = b"\x55\x04\x08", "ST";
    STREET = b"\x55\x04\x09", "street";
    ORGANIZATION = b"\x55\x04\x0a", "O";
    ORGANIZATIONAL_UNIT = b"\x55\x04\x0b", "OU";
    TITLE = b"\x55\x04\x0c", "title";
    BUSINESS_CATEGORY = b"\x55\x04\x0f", "businessCategory";
    POSTAL_CODE = b"\x55\x04\x11", "postalCode";
    GIVEN_NAME = b"\x55\x04\x2a", "GN";
    INITIALS = b"\x55\x04\x2b", "initials";
    GENERATION_QUALIFIER = b"\x55\x04\x2c", "generationQualifier";
    DN_QUALIFIER = b"\x55\x04\x2e", "dnQualifier";
    PSEUDONYM = b"\x55\x04\x41", "pseudonym";
    ORGANIZATION_IDENTIFIER = b"\x55\x04\x61", "organizationIdentifier";
    DOMAIN_COMPONENT = b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC";
    USER_ID = b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID";
    EMAIL_ADDRESS = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress";
    UNSTRUCTURED_NAME = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02", "unstructuredName";
    CHALLENGE_PASSWORD = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x07", "challengePassword";
    EXTENSION_REQUEST = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e", "extensionRequest";

    // Keys.
    RSA_ENCRYPTION = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "rsaEncryption";
    RSASSA_PSS = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "rsassaPss";
    MGF1 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08", "mgf1";
    EC_PUBLIC_KEY = b"\x2a\x86\x48\xce\x3d\x02\x01", "ecPublicKey";
    DSA = b"\x2a\x86\x48\xce\x38\x04\x01", "dsa";
    X25519 = b"\x2b\x65\x6e", "X25519";
    DIFFIE_HELLMAN = b"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01", "dhKeyAgreement";
    DIFFIE_HELLMAN_OF_X942 = b"\x2a\x86\x48\xce\x3e\x02\x01", "dhPublicNumber";
    X448 = b"\x2b\x65\x6f", "X448";
    EC_DH = b"\x2b\x81\x04\x01\x0c", "ecDH";
    EC_MQV = b"\x2b\x81\x04\x01\x0d", "ecMQV";
    ED25519 = b"\x2b\x65\x70", "Ed25519";
    ED448 = b"\x2b\x65\x71", "Ed448";
    P192 = b"\x2a\x86\x48\xce\x3d\x03\x01\x01", "P-192";
    P224 = b"\x2b\x81\x04\x00\x21", "P-224";
    P256 = b"\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256";
    P384 = b"\x2b\x81\x04\x00\x22", "P-384";
    P521 = b"\x2b\x81\x04\x00\x23", "P-521";
    SECP256K1 = b"\x2b\x81\x04\x00\x0a", "secp256k1";
    BRAINPOOL_P256R1 = b"\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1";
    BRAINPOOL_P384R1 = b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1";
    BRAINPOOL_P512R1 = b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", "brainpoolP512r1";

    // Digests and signatures.
    MD5 = b"\x2a\x86\x48\x86\xf7\x0d\x02\x05", "MD5";
    SHA1 = b"\x2b\x0e\x03\x02\x1a", "SHA-1";
    SHA224 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x04", "SHA-224";
    SHA256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", "SHA-256";
    SHA384 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", "SHA-384";
    SHA512 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", "SHA-512";
    MD2_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "MD2-RSA";
    MD5_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "MD5-RSA";
    SHA1_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "SHA1-RSA";
    SHA1_RSA_OIW = b"\x2b\x0e\x03\x02\x1d", "SHA1-RSA (OIW)";
    SHA224_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "SHA224-RSA";
    SHA256_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "SHA256-RSA";
    SHA384_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "SHA384-RSA";
    SHA512_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "SHA512-RSA";
    SHA1_ECDSA = b"\x2a\x86\x48\xce\x3d\x04\x01", "ECDSA-SHA1";
    SHA224_ECDSA = b"\x2a\x86\x48\xce\x3d\x04\x03\x01", "ECDSA-SHA224";
    SHA256_ECDSA = b"\x2a\x86\x48\xce\x3d\x04\x03\x02", "ECDSA-SHA256";
    SHA384_ECDSA = b"\x2a\x86\x48\xce\x3d\x04\x03\x03", "ECDSA-SHA384";
    SHA512_ECDSA = b"\x2a\x86\x48\xce\x3d\x04\x03\x04", "ECDSA-SHA512";
    SHA1_DSA = b"\x2a\x86\x48\xce\x38\x04\x03", "DSA-SHA1";
    SHA224_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x01", "DSA-SHA224";
    SHA256_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x02", "DSA-SHA256";
    ML_DSA_44 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x11", "ML-DSA-44";
    ML_DSA_65 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x12", "ML-DSA-65";
    ML_DSA_87 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x13", "ML-DSA-87";
    // certkit cannot verify what follows, up to the next blank line, but knows the names.
    SHA3_224 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x07", "SHA3-224";
    SHA3_256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x08", "SHA3-256";
    SHA3_384 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x09", "SHA3-384";
    SHA3_512 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a", "SHA3-512";
    SHA3_224_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x05", "DSA-SHA3-224";
    SHA3_256_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x06", "DSA-SHA3-256";
    SHA3_384_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x07", "DSA-SHA3-384";
    SHA3_512_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x08", "DSA-SHA3-512";
    SHA3_224_ECDSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x09", "ECDSA-SHA3-224";
    SHA3_256_ECDSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0a", "ECDSA-SHA3-256";
    SHA3_384_ECDSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0b", "ECDSA-SHA3-384";
    SHA3_512_ECDSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0c", "ECDSA-SHA3-512";
    SHA3_224_RSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0d", "SHA3-224-RSA";
    SHA3_256_RSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e", "SHA3-256-RSA";
    SHA3_384_RSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x0f", "SHA3-384-RSA";
    SHA3_512_RSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x10", "SHA3-512-RSA";
    SHA384_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x03", "DSA-SHA384";
    SHA512_DSA = b"\x60\x86\x48\x01\x65\x03\x04\x03\x04", "DSA-SHA512";
    SLH_DSA_SHA2_128S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x14", "SLH-DSA-SHA2-128s";
    SLH_DSA_SHA2_128F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x15", "SLH-DSA-SHA2-128f";
    SLH_DSA_SHA2_192S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x16", "SLH-DSA-SHA2-192s";
    SLH_DSA_SHA2_192F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x17", "SLH-DSA-SHA2-192f";
    SLH_DSA_SHA2_256S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x18", "SLH-DSA-SHA2-256s";
    SLH_DSA_SHA2_256F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x19", "SLH-DSA-SHA2-256f";
    SLH_DSA_SHAKE_128S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1a", "SLH-DSA-SHAKE-128s";
    SLH_DSA_SHAKE_128F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1b", "SLH-DSA-SHAKE-128f";
    SLH_DSA_SHAKE_192S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1c", "SLH-DSA-SHAKE-192s";
    SLH_DSA_SHAKE_192F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1d", "SLH-DSA-SHAKE-192f";
    SLH_DSA_SHAKE_256S = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1e", "SLH-DSA-SHAKE-256s";
    SLH_DSA_SHAKE_256F = b"\x60\x86\x48\x01\x65\x03\x04\x03\x1f", "SLH-DSA-SHAKE-256f";
    SM2 = b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d", "SM2";
    SM3 = b"\x2a\x81\x1c\xcf\x55\x01\x83\x11", "SM3";
    SHA512_224 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x05", "SHA-512/224";
    SHA512_256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x06", "SHA-512/256";
    SHAKE128 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x0b", "SHAKE128";
    SHAKE256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x0c", "SHAKE256";
    SHA512_224_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0f", "SHA512/224-RSA";
    SHA512_256_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x10", "SHA512/256-RSA";
    SHAKE128_RSA_PSS = b"\x2b\x06\x01\x05\x05\x07\x06\x1e", "SHAKE128-RSA-PSS";
    SHAKE256_RSA_PSS = b"\x2b\x06\x01\x05\x05\x07\x06\x1f", "SHAKE256-RSA-PSS";
    SHAKE128_ECDSA = b"\x2b\x06\x01\x05\x05\x07\x06\x20", "ECDSA-SHAKE128";
    SHAKE256_ECDSA = b"\x2b\x06\x01\x05\x05\x07\x06\x21", "ECDSA-SHAKE256";
    HASH_ML_DSA_44 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x20", "HashML-DSA-44-SHA512";
    HASH_ML_DSA_65 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x21", "HashML-DSA-65-SHA512";
    HASH_ML_DSA_87 = b"\x60\x86\x48\x01\x65\x03\x04\x03\x22", "HashML-DSA-87-SHA512";
    ML_KEM_512 = b"\x60\x86\x48\x01\x65\x03\x04\x04\x01", "ML-KEM-512";
    ML_KEM_768 = b"\x60\x86\x48\x01\x65\x03\x04\x04\x02", "ML-KEM-768";
    ML_KEM_1024 = b"\x60\x86\x48\x01\x65\x03\x04\x04\x03", "ML-KEM-1024";
    HSS_LMS = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x11", "HSS-LMS";
    XMSS = b"\x2b\x06\x01\x05\x05\x07\x06\x22", "XMSS";
    XMSS_MT = b"\x2b\x06\x01\x05\x05\x07\x06\x23", "XMSS-MT";
    SHA256_SM2 = b"\x2a\x81\x1c\xcf\x55\x01\x83\x77", "SM2-SHA256";
    GOST_2012_256 = b"\x2a\x85\x03\x07\x01\x01\x01\x01", "GOST-2012-256";
    GOST_2012_512 = b"\x2a\x85\x03\x07\x01\x01\x01\x02", "GOST-2012-512";
    GOST_2012_256_STREEBOG = b"\x2a\x85\x03\x07\x01\x01\x03\x02", "GOST-2012-256-Streebog";
    GOST_2012_512_STREEBOG = b"\x2a\x85\x03\x07\x01\x01\x03\x03", "GOST-2012-512-Streebog";
    SM2_SM3 = b"\x2a\x81\x1c\xcf\x55\x01\x83\x75", "SM2-SM3";

    // Extensions (RFC 5280 and neighbours).
    SUBJECT_DIRECTORY_ATTRIBUTES = b"\x55\x1d\x09", "subjectDirectoryAttributes";
    SUBJECT_KEY_IDENTIFIER = b"\x55\x1d\x0e", "subjectKeyIdentifier";
    KEY_USAGE = b"\x55\x1d\x0f", "keyUsage";
    PRIVATE_KEY_USAGE_PERIOD = b"\x55\x1d\x10", "privateKeyUsagePeriod";
    SUBJECT_ALT_NAME = b"\x55\x1d\x11", "subjectAltName";
    ISSUER_ALT_NAME = b"\x55\x1d\x12", "issuerAltName";
    BASIC_CONSTRAINTS = b"\x55\x1d\x13", "basicConstraints";
    CRL_NUMBER = b"\x55\x1d\x14", "cRLNumber";
    REASON_CODE = b"\x55\x1d\x15", "reasonCode";
    INVALIDITY_DATE = b"\x55\x1d\x18", "invalidityDate";
    DELTA_CRL_INDICATOR = b"\x55\x1d\x1b", "deltaCRLIndicator";
    ISSUING_DISTRIBUTION_POINT = b"\x55\x1d\x1c", "issuingDistributionPoint";
    CERTIFICATE_ISSUER = b"\x55\x1d\x1d", "certificateIssuer";
    NAME_CONSTRAINTS = b"\x55\x1d\x1e", "nameConstraints";
    CRL_DISTRIBUTION_POINTS = b"\x55\x1d\x1f", "cRLDistributionPoints";
    CERTIFICATE_POLICIES = b"\x55\x1d\x20", "certificatePolicies";
    ANY_POLICY = b"\x55\x1d\x20\x00", "anyPolicy";
    POLICY_MAPPINGS = b"\x55\x1d\x21", "policyMappings";
    AUTHORITY_KEY_IDENTIFIER = b"\x55\x1d\x23", "authorityKeyIdentifier";
    POLICY_CONSTRAINTS = b"\x55\x1d\x24", "policyConstraints";
    EXTENDED_KEY_USAGE = b"\x55\x1d\x25", "extKeyUsage";
    FRESHEST_CRL = b"\x55\x1d\x2e", "freshestCRL";
    INHIBIT_ANY_POLICY = b"\x55\x1d\x36", "inhibitAnyPolicy";
    AUTHORITY_INFO_ACCESS = b"\x2b\x06\x01\x05\x05\x07\x01\x01", "authorityInfoAccess";
    SUBJECT_INFO_ACCESS = b"\x2b\x06\x01\x05\x05\x07\x01\x0b", "subjectInfoAccess";
    TLS_FEATURE = b"\x2b\x06\x01\x05\x05\x07\x01\x18", "tlsFeature";
    IP_ADDRESS_BLOCKS = b"\x2b\x06\x01\x05\x05\x07\x01\x07", "ipAddrBlocks";
    AUTONOMOUS_SYSTEMS = b"\x2b\x06\x01\x05\x05\x07\x01\x08", "autonomousSysIds";
    OCSP_NO_CHECK = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x05", "ocspNoCheck";
    CT_PRECERT_POISON = b"\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03", "ctPrecertificatePoison";
    CT_SCT_LIST = b"\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", "signedCertificateTimestamps";
    NETSCAPE_CERT_TYPE = b"\x60\x86\x48\x01\x86\xf8\x42\x01\x01", "netscapeCertType";
    NETSCAPE_COMMENT = b"\x60\x86\x48\x01\x86\xf8\x42\x01\x0d", "netscapeComment";
    MICROSOFT_CERTIFICATE_TEMPLATE_NAME = b"\x2b\x06\x01\x04\x01\x82\x37\x14\x02", "microsoftCertificateTemplateName";
    MICROSOFT_CERTIFICATE_TEMPLATE = b"\x2b\x06\x01\x04\x01\x82\x37\x15\x07", "microsoftCertificateTemplate";
    MICROSOFT_APPLICATION_POLICIES = b"\x2b\x06\x01\x04\x01\x82\x37\x15\x0a", "microsoftApplicationPolicies";
    MICROSOFT_CA_VERSION = b"\x2b\x06\x01\x04\x01\x82\x37\x15\x01", "microsoftCaVersion";

    // Access methods.
    AD_OCSP = b"\x2b\x06\x01\x05\x05\x07\x30\x01", "OCSP";
    AD_CA_ISSUERS = b"\x2b\x06\x01\x05\x05\x07\x30\x02", "caIssuers";

    // Online status (RFC 6960).
    OCSP_BASIC = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01", "ocspBasic";
    OCSP_NONCE = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x02", "ocspNonce";
    OCSP_CRL = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x03", "ocspCrl";
    OCSP_ARCHIVE_CUTOFF = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x06", "ocspArchiveCutoff";
    OCSP_EXTENDED_REVOKE = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x09", "ocspExtendedRevoke";

    // Purposes.
    ANY_EXTENDED_KEY_USAGE = b"\x55\x1d\x25\x00", "anyExtendedKeyUsage";
    SERVER_AUTH = b"\x2b\x06\x01\x05\x05\x07\x03\x01", "serverAuth";
    CLIENT_AUTH = b"\x2b\x06\x01\x05\x05\x07\x03\x02", "clientAuth";
    CODE_SIGNING = b"\x2b\x06\x01\x05\x05\x07\x03\x03", "codeSigning";
    EMAIL_PROTECTION = b"\x2b\x06\x01\x05\x05\x07\x03\x04", "emailProtection";
    IPSEC_END_SYSTEM = b"\x2b\x06\x01\x05\x05\x07\x03\x05", "ipsecEndSystem";
    IPSEC_TUNNEL = b"\x2b\x06\x01\x05\x05\x07\x03\x06", "ipsecTunnel";
    IPSEC_USER = b"\x2b\x06\x01\x05\x05\x07\x03\x07", "ipsecUser";
    TIME_STAMPING = b"\x2b\x06\x01\x05\x05\x07\x03\x08", "timeStamping";
    OCSP_SIGNING = b"\x2b\x06\x01\x05\x05\x07\x03\x09", "ocspSigning";
    MICROSOFT_SMARTCARD_LOGON = b"\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x02", "microsoftSmartcardLogon";
    MICROSOFT_SERVER_GATED_CRYPTO = b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03", "microsoftServerGatedCrypto";
    NETSCAPE_SERVER_GATED_CRYPTO = b"\x60\x86\x48\x01\x86\xf8\x42\x04\x01", "netscapeServerGatedCrypto";

    // Other names, policies and content types.
    MICROSOFT_UPN = b"\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03", "userPrincipalName";
    ON_SMTP_UTF8_MAILBOX = b"\x2b\x06\x01\x05\x05\x07\x08\x09", "smtpUTF8Mailbox";
    POLICY_DOMAIN_VALIDATED = b"\x67\x81\x0c\x01\x02\x01", "domain-validated";
    POLICY_ORGANIZATION_VALIDATED = b"\x67\x81\x0c\x01\x02\x02", "organization-validated";
    POLICY_EXTENDED_VALIDATION = b"\x67\x81\x0c\x01\x01", "extended-validation";
    QUALIFIER_CPS = b"\x2b\x06\x01\x05\x05\x07\x02\x01", "cps";
    QUALIFIER_USER_NOTICE = b"\x2b\x06\x01\x05\x05\x07\x02\x02", "userNotice";
    PKCS7_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", "data";
    PKCS7_SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "signedData";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_written_as_dotted_decimals() {
        assert_eq!(SHA256_RSA.to_string(), "1.2.840.113549.1.1.11");
        assert_eq!(SUBJECT_ALT_NAME.to_string(), "2.5.29.17");
        assert_eq!(Oid(b"").to_string(), "oid:");
        assert_eq!(Oid(b"\x2a\x86").to_string(), "oid:2a86");
        assert_eq!(Oid(&[0xff; 40]).to_string(), format!("oid:{}", "ff".repeat(40)));
    }

    #[test]
    fn encoding_is_the_inverse_and_names_are_unique() {
        for (at, (oid, name)) in NAMES.iter().enumerate() {
            assert_eq!(encode(&oid.to_string()).as_deref(), Some(oid.0), "{name}");
            assert!(NAMES.iter().skip(at + 1).all(|(other, _)| other != oid), "{name} is listed twice");
        }
        for bad in ["", "1", "3.1", "1.40", "1.2.x", "1..2", "1.2.18446744073709551616"] {
            assert_eq!(encode(bad), None, "{bad}");
        }
    }
}
