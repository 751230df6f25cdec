//! Cipher suites that nobody should accept any more, by what is wrong with them.

use super::Cipher;

/// What is wrong with a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weakness {
    /// Nothing is encrypted.
    Null,
    /// The server shows no certificate.
    Anonymous,
    /// Keys of 40 or 56 bits, as exports once had to have.
    Export,
    /// The cipher RC4 (RFC 7465).
    Rc4,
    /// Keys of 56 bits.
    Des,
    /// Blocks of 64 bits: 3DES and IDEA.
    SmallBlock,
    /// The key exchange has no forward secrecy: static RSA, DH and ECDH. Ciphers of other weaknesses are not among
    /// what is offered for it.
    StaticKeyExchange,
}

impl Weakness {
    /// All, the worst first.
    pub const ALL: [Weakness; 7] = [
        Weakness::Null,
        Weakness::Anonymous,
        Weakness::Export,
        Weakness::Rc4,
        Weakness::Des,
        Weakness::SmallBlock,
        Weakness::StaticKeyExchange,
    ];

    /// Its name in a list.
    pub fn name(self) -> &'static str {
        match self {
            Weakness::Null => "NULL",
            Weakness::Anonymous => "anonymous",
            Weakness::Export => "EXPORT",
            Weakness::Rc4 => "RC4",
            Weakness::Des => "DES",
            Weakness::SmallBlock => "3DES and IDEA",
            Weakness::StaticKeyExchange => "no forward secrecy",
        }
    }

    /// Its suites by their IANA numbers.
    #[rustfmt::skip]
    pub(crate) const fn suites(self) -> &'static [u16] {
        match self {
            Weakness::Null => &[0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015],
            Weakness::Anonymous => &[
                0x0017, 0x0018, 0x0019, 0x001a, 0x001b, 0x0034, 0x003a, 0x0046, 0x006c, 0x006d, 0x0089, 0x009b,
                0x00a6, 0x00a7, 0xc015, 0xc016, 0xc017, 0xc018, 0xc019,
            ],
            Weakness::Export => &[0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019],
            Weakness::Rc4 => &[0x0003, 0x0004, 0x0005, 0x0017, 0x0018, 0xc002, 0xc007, 0xc00c, 0xc011, 0xc016],
            Weakness::Des => &[0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a],
            Weakness::SmallBlock => &[
                0x0007, 0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0x001b, 0xc003, 0xc008, 0xc00d, 0xc012, 0xc017,
            ],
            Weakness::StaticKeyExchange => &[
                // RSA: AES, Camellia, SEED, ARIA.
                0x009d, 0x009c, 0xc09d, 0xc09c, 0xc0a1, 0xc0a0, 0x003d, 0x003c, 0x0035, 0x002f,
                0x00c0, 0x00ba, 0x0084, 0x0041, 0x0096, 0xc051, 0xc050,
                // ECDH and DH.
                0xc02e, 0xc032, 0xc02d, 0xc031, 0xc005, 0xc00f, 0xc004, 0xc00e,
                0x00a1, 0x00a0, 0x00a5, 0x00a4, 0x0037, 0x0031, 0x0036, 0x0030,
            ],
        }
    }

    /// Whether a suite has it.
    pub fn is_of(self, cipher: Cipher) -> bool {
        self.suites().contains(&cipher.0)
    }
}

/// Suites of TLS 1.2 with authenticated encryption, whatever their key exchange.
#[cfg(feature = "net")]
#[rustfmt::skip]
pub(crate) const AEAD: &[u16] = &[
    0xc02c, 0xc030, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc0ad, 0xc0ac, 0xc0af, 0xc0ae,
    0x009f, 0x009e, 0xccaa, 0xc09f, 0xc09e, 0x00a3, 0x00a2,
    0x009d, 0x009c, 0xc09d, 0xc09c, 0xc0a1, 0xc0a0, 0xc02e, 0xc032, 0xc02d, 0xc031,
    0xc05d, 0xc05c, 0xc061, 0xc060, 0xc051, 0xc050,
];

#[cfg(all(test, feature = "net"))]
mod tests {
    use super::*;

    #[test]
    fn every_suite_has_the_name_of_its_weakness() {
        for weakness in Weakness::ALL {
            for suite in weakness.suites() {
                let name = Cipher(*suite).to_string();
                let is_named = match weakness {
                    Weakness::Null => name.contains("_NULL_"),
                    Weakness::Anonymous => name.contains("_anon_"),
                    Weakness::Export => name.contains("_EXPORT_"),
                    Weakness::Rc4 => name.contains("_RC4_"),
                    Weakness::Des => name.contains("_WITH_DES_CBC_"),
                    Weakness::SmallBlock => name.contains("_3DES_") || name.contains("_IDEA_"),
                    Weakness::StaticKeyExchange => {
                        let is_static = ["TLS_RSA_WITH", "TLS_ECDH_", "TLS_DH_"].iter().any(|it| name.starts_with(it));
                        is_static && !name.contains("_anon_")
                    }
                };
                assert!(is_named, "{weakness:?}: {suite:04x} {name}");
            }
        }
        for suite in AEAD {
            let name = Cipher(*suite).to_string();
            assert!(["_GCM_", "_CCM", "_POLY1305_"].iter().any(|it| name.contains(it)), "{suite:04x} {name}");
        }
    }
}
