//! Words of OpenSSL errors.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, file, key, purpose, trust};

/// What OpenSSL errors says.
pub(in crate::explain) static OPENSSL_ERRORS: Program = Program {
    name: "OpenSSL errors",
    keys: &["openssl"],
    context: &[
        " ssl", ".ssl", "_ssl", ":ssl", "-ssl", "openssl", "tls", "handshak", "eproto", "https", "wss:", "mqtts",
    ],
    carriers: &["routines:<fn>:{name}<end>", "[SSL: {upper}]", "[X509: {upper}]"],
    weak_carriers: &[],
    source: "a run of OpenSSL 3.0.19",
    entries: &[
        Entry::new(
            "0A000086 certificate verify failed",
            &trust::NOT_VERIFIED,
            &["error:0A000086:", "error:14<fff>086:", "certificate verify failed", "CERTIFICATE_VERIFY_FAILED"],
        )
        .numbers(&[167772294])
        .frame(),
        Entry::new(
            "0A0000C1 no shared cipher",
            &connection::NOTHING_IN_COMMON,
            &["error:0A0000C1:", "error:14<fff>0C1:", "no shared cipher"],
        )
        .numbers(&[167772353]),
        Entry::new(
            "0A0000C7 peer did not return a certificate",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["error:0A0000C7:", "error:14<fff>0C7:", "peer did not return a certificate"],
        )
        .numbers(&[167772359]),
        Entry::new(
            "0A00010B wrong version number",
            &connection::NOT_TLS,
            &["error:0A00010B:", "error:14<fff>10B:", "WRONG_VERSION_NUMBER"],
        )
        .weak(&["wrong version number"])
        .numbers(&[167772427]),
        Entry::new(
            "0A000102 unsupported protocol",
            &connection::VERSION_OLD,
            &["error:0A000102:", "error:14<fff>102:", "UNSUPPORTED_PROTOCOL"],
        )
        .numbers(&[167772418]),
        Entry::new("0A00009C http request", &connection::NOT_TLS, &["error:0A00009C:", "error:14<fff>09C:"])
            .numbers(&[167772316])
            .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new("0A00009B https proxy request", &connection::NOT_TLS, &["error:0A00009B:", "error:14<fff>09B:"])
            .numbers(&[167772315])
            .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new(
            "0A000126 unexpected eof while reading",
            &connection::CLOSED,
            &["error:0A000126:", "error:14<fff>126:", "UNEXPECTED_EOF_WHILE_READING"],
        )
        .weak(&["unexpected eof while reading"])
        .numbers(&[167772454]),
        Entry::new(
            "0A000152 unsafe legacy renegotiation disabled",
            &connection::VERSION_OLD,
            &["error:0A000152:", "error:14<fff>152:", "unsafe legacy renegotiation disabled"],
        )
        .since("OpenSSL 3.0, which refuses such servers unless told otherwise")
        .numbers(&[167772498]),
        Entry::new(
            "0A00018A dh key too small",
            &connection::VERSION_OLD,
            &["error:0A00018A:", "error:14<fff>18A:", "dh key too small", "DH_KEY_TOO_SMALL"],
        )
        .numbers(&[167772554]),
        Entry::new(
            "0A00018D ca key too small",
            &key::TOO_WEAK,
            &["error:0A00018D:", "error:14<fff>18D:", "ca key too small"],
        )
        .numbers(&[167772557])
        .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new(
            "0A00018E ca md too weak",
            &key::WEAK_HASH,
            &["error:0A00018E:", "error:14<fff>18E:", "ca md too weak", "CA_MD_TOO_WEAK"],
        )
        .numbers(&[167772558]),
        Entry::new(
            "0A00018F ee key too small",
            &key::TOO_WEAK,
            &["error:0A00018F:", "error:14<fff>18F:", "ee key too small", "EE_KEY_TOO_SMALL"],
        )
        .numbers(&[167772559]),
        Entry::new(
            "0A00014D legacy sigalg disallowed or unsupported",
            &connection::VERSION_OLD,
            &["error:0A00014D:", "error:14<fff>14D:", "legacy sigalg disallowed or unsupported"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[167772493]),
        Entry::new(
            "0A000076 no suitable signature algorithm",
            &key::ALGORITHM_DISABLED,
            &["error:0A000076:", "error:14<fff>076:", "no suitable signature algorithm"],
        )
        .numbers(&[167772278]),
        Entry::new(
            "0A00007B bad signature",
            &key::NOT_PROVEN,
            &["error:0A00007B:", "error:14<fff>07B:", "BAD_SIGNATURE"],
        )
        .numbers(&[167772283])
        .source("a run of Python with OpenSSL 3.0 against Tomcat with a foreign key"),
        Entry::new("0A0000F4 unexpected message", &connection::GARBLED, &["error:0A0000F4:", "error:14<fff>0F4:"])
            .numbers(&[167772404]),
        Entry::new(
            "0A000119 decryption failed or bad record mac",
            &key::NOT_PROVEN,
            &["error:0A000119:", "error:14<fff>119:"],
        )
        .numbers(&[167772441])
        .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new("0A0000EA callback failed", &purpose::WRONG_HOST, &["error:0A0000EA:", "error:14<fff>0EA:"])
            .numbers(&[167772394]),
        Entry::new(
            "0A0000B5 no ciphers available",
            &connection::NOTHING_IN_COMMON,
            &["error:0A0000B5:", "error:14<fff>0B5:", "routines:<fn>:no cipher match"],
        )
        .numbers(&[167772341])
        .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new(
            "0A0000BF no protocols available",
            &connection::VERSION_OLD,
            &["error:0A0000BF:", "error:14<fff>0BF:"],
        )
        .numbers(&[167772351])
        .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new(
            "05800074 key values mismatch",
            &key::MISMATCH,
            &[
                "error:05800074:",
                "error:0B<fff>074:",
                "routines:<fn>:inconsistencies between private key and certificate",
                "key values mismatch",
                "KEY_VALUES_MISMATCH",
                "inconsistencies between private key and certificate",
            ],
        )
        .numbers(&[92274804])
        .source("a run of OpenSSL, nginx, mosquitto, haproxy"),
        Entry::new(
            "05800088 no certificate or crl found",
            &file::NOT_READABLE,
            &["error:05800088:", "error:0B<fff>088:", "no certificate or crl found", "NO_CERTIFICATE_OR_CRL_FOUND"],
        )
        .numbers(&[92274824]),
        Entry::new(
            "0480006C no start line",
            &file::NOT_READABLE,
            &[
                "error:0480006C:",
                "error:09<fff>06C:",
                "no start line",
                "Expecting: TRUSTED CERTIFICATE",
                "Expecting: ANY PRIVATE KEY",
            ],
        )
        .numbers(&[75497580])
        .source("a run of OpenSSL, nginx, mosquitto, node"),
        Entry::new("04800064 bad base64 decode", &file::NOT_READABLE, &["error:04800064:", "error:09<fff>064:"])
            .numbers(&[75497572])
            .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new("04800066 bad end line", &file::NOT_READABLE, &["error:04800066:", "error:09<fff>066:"])
            .numbers(&[75497574])
            .source("the error tables of OpenSSL 3.0.19 and 4.0.3"),
        Entry::new("068000A8 wrong tag", &file::NOT_READABLE, &["error:068000A8:", "error:0D<fff>0A8:"])
            .numbers(&[109052072])
            .source("a run of openssl pkcs12 on PEM"),
        Entry::new(
            "0680008E not enough data",
            &file::NOT_READABLE,
            &["error:0680008E:", "error:0D<fff>08E:", "routines:<fn>:too long"],
        )
        .numbers(&[109052046])
        .source("a run of cut PKCS#12"),
        Entry::new(
            "11800071 mac verify failure",
            &file::PASSWORD,
            &[
                "error:11800071:",
                "error:23<fff>071:",
                "mac verify failure",
                "Mac verify error: invalid password?",
                "mac verify error",
            ],
        )
        .numbers(&[293601393])
        .source("a run of OpenSSL, curl, node"),
        Entry::new(
            "11800074 pkcs12 cipherfinal error",
            &file::PASSWORD,
            &["error:11800074:", "error:23<fff>074:", "pkcs12 cipherfinal error", "maybe wrong password"],
        )
        .numbers(&[293601396]),
        Entry::new(
            "1C800064 bad decrypt",
            &file::PASSWORD,
            &["error:1C800064:", "error:06<fff>064:", "error:04800065:"],
        )
        .numbers(&[478150756]),
        Entry::new(
            "0308010C unsupported",
            &file::ENCRYPTION_OLD,
            &[
                "error:0308010C:",
                "inner_evp_generic_fetch:unsupported<end>",
                "Algorithm (RC2-40-CBC :",
                "Algorithm (DES-CBC",
                "Unsupported PKCS12 PFX data",
            ],
        )
        .since("OpenSSL 3.0, where old algorithms are in the legacy provider")
        .numbers(&[50856204])
        .source("a run of OpenSSL 3.0.19, Node 20"),
        Entry::new(
            "1608010C or 1E08010C unsupported (loader)",
            &file::NOT_READABLE,
            &[
                "error:1608010C:",
                "error:1E08010C:",
                "DECODER routines:<fn>:unsupported<end>",
                "STORE routines:<fn>:unsupported<end>",
                "No supported data to decode",
                "Could not read certificate",
                "Could not read key",
                "Could not read private key",
            ],
        )
        .numbers(&[369623308, 503841036]),
        Entry::new(
            "80000002 no such file",
            &file::NOT_OPENED,
            &["error:80000002:", "error:02<fff>002:", "error:10000080:", "error:20<fff>080:"],
        )
        .numbers(&[2147483650])
        .source("a run of OpenSSL, nginx, mosquitto"),
        Entry::new("8000000D permission denied", &file::NOT_OPENED, &["error:8000000D:", "error:02<fff>00D:"])
            .numbers(&[2147483661])
            .source("the error tables of OpenSSL 3.0.19 and 4.0.3")
            .certainty(Certainty::Medium),
        Entry::new(
            "1400006B processing error",
            &file::PASSWORD,
            &["error:1400006B:", "UI routines:<fn>:processing error", "problems getting password"],
        )
        .numbers(&[335544427])
        .source("a run of nginx, mosquitto with an encrypted key"),
        Entry::new(
            "02000086 or 02000084 rsa signature",
            &key::NOT_PROVEN,
            &[
                "rsa routines::last octet invalid",
                "rsa routines::data too large for modulus",
                "error:02000086:",
                "error:02000084:",
            ],
        )
        .numbers(&[33554566, 33554564])
        .source("a run of curl and Node against Tomcat with a foreign key"),
        Entry::new(
            "SSL_ERROR_SYSCALL",
            &connection::CLOSED,
            &["SSL_ERROR_SYSCALL", "SSL_connect: Connection reset by peer"],
        )
        .source("a run of curl 7.88"),
        Entry::new("0A0000FC unknown protocol", &connection::NOT_TLS, &["error:0A0000FC:", "error:14<fff>0FC:"])
            .numbers(&[167772412])
            .source("the error tables of OpenSSL 3.0.19; common in 1.0"),
        Entry::new(
            "0A000172 wrong signature type",
            &connection::NOTHING_IN_COMMON,
            &["error:0A000172:", "error:14<fff>172:"],
        )
        .numbers(&[167772530])
        .source("the error tables of OpenSSL 3.0.19"),
        Entry::new(
            "0A0000F7 unknown certificate type",
            &key::UNREADABLE,
            &["error:0A0000F7:", "error:14<fff>0F7:", "unknown certificate type"],
        )
        .numbers(&[167772407])
        .source("a run of Python with OpenSSL 3.0.19"),
        Entry::new(
            "0A000087 cert length mismatch",
            &purpose::MALFORMED,
            &["error:0A000087:", "error:14<fff>087:", "cert length mismatch"],
        )
        .numbers(&[167772295])
        .source("a run of Python with OpenSSL 3.0.19"),
        Entry::new("0688010A nested asn1 error", &file::NOT_READABLE, &["error:0688010A:", "error:0D<fff>03A:"])
            .numbers(&[109576458])
            .source("the error tables of OpenSSL 3.0.19"),
        Entry::new(
            "05880009 PEM lib",
            &file::NOT_READABLE,
            &[
                "error:05880009:",
                "error:0B<fff>009:",
                "X509_load_cert_crl_file_ex:PEM lib",
                "X509_load_cert_crl_file:PEM lib",
            ],
        )
        .numbers(&[92798985])
        .source("the error tables of OpenSSL 3.0.19"),
        Entry::new(
            "not enough data",
            &file::NOT_READABLE,
            &["[ASN1: NOT_ENOUGH_DATA]", "ERR_OSSL_ASN1_NOT_ENOUGH_DATA"],
        )
        .source("a run of Python 3.11"),
    ],
};
