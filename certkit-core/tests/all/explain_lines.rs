//! Holds lines of logs: what each is told as, which tell of one problem, and which tell of none.

use certkit_core::explain::log::{Log, Problem};
use certkit_core::explain::{Known, recognise, recognise_phrase};

fn told(known: Known) -> String {
    format!("{}|{}", known.program.name, known.entry.code)
}

fn problems(text: &str) -> Vec<Problem> {
    let mut log = Log::new("2026-11-29T12:00:00Z".parse().unwrap(), "");
    log.push(text.as_bytes());
    log.pause();
    log.problems()
}

fn names(text: &str) -> Vec<String> {
    problems(text).iter().map(|it| told(it.known)).collect()
}

/// Lines with the only problem that a log of them has, and with a finding that it means.
const LINES: &[(&str, &str, &str)] = &[
    (
        "System.Security.Authentication.AuthenticationException: Authentication failed because the remote party sent a \
         TLS alert: 'UnknownCA'.",
        "TLS alert|48 unknown_ca",
        "anchor-unknown",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'BadCertificate'.",
        "TLS alert|42 bad_certificate",
        "anchor-unknown",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'CertificateUnknown'.",
        "TLS alert|46 certificate_unknown",
        "anchor-unknown",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'UnsupportedCert'.",
        "TLS alert|43 unsupported_certificate",
        "client-auth-missing",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'HandshakeFailure'.",
        "TLS alert|40 handshake_failure",
        "connection-obsolete",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'ProtocolVersion'.",
        "TLS alert|70 protocol_version",
        "connection-obsolete",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'CertificateExpired'.",
        "TLS alert|45 certificate_expired",
        "expired",
    ),
    (
        "Authentication failed because the remote party sent a TLS alert: 'InternalError'.",
        "TLS alert|80 internal_error",
        "host-mismatch",
    ),
    ("verify error:num=26:unsuitable certificate purpose", "OpenSSL verify|26 INVALID_PURPOSE", "purpose-not-allowed"),
    (
        "error 26 at 0 depth lookup: unsuitable certificate purpose",
        "OpenSSL verify|26 INVALID_PURPOSE",
        "purpose-not-allowed",
    ),
    (
        "Verify return code: 26 (unsuitable certificate purpose)",
        "OpenSSL verify|26 INVALID_PURPOSE",
        "purpose-not-allowed",
    ),
    (
        "curl: (60) SSL certificate problem: unsuitable certificate purpose",
        "OpenSSL verify|26 INVALID_PURPOSE",
        "purpose-not-allowed",
    ),
    (
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unsuitable certificate purpose (_ssl.c:1006)",
        "OpenSSL verify|26 INVALID_PURPOSE",
        "purpose-not-allowed",
    ),
    (
        "Error: unsuitable certificate purpose\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) {\n  code: \
         'INVALID_PURPOSE'\n}",
        "Node.js|INVALID_PURPOSE",
        "purpose-not-allowed",
    ),
    (
        "error:0308010C:digital envelope routines:inner_evp_generic_fetch:unsupported:crypto/evp/evp_fetch.c:373:",
        "OpenSSL errors|0308010C unsupported",
        "",
    ),
    ("HRESULT: -2146762487", "Windows|0x800B0109 CERT_E_UNTRUSTEDROOT", "anchor-unknown"),
    (
        "certutil: 0x800b0109 (-2146762487 CERT_E_UNTRUSTEDROOT)",
        "Windows|0x800B0109 CERT_E_UNTRUSTEDROOT",
        "anchor-unknown",
    ),
    ("{\"HResult\":-2146762487}", "Windows|0x800B0109 CERT_E_UNTRUSTEDROOT", "anchor-unknown"),
    ("setup failed with error code = -2146762487", "Windows|0x800B0109 CERT_E_UNTRUSTEDROOT", "anchor-unknown"),
    (
        "OPC UA read: StatusCode 2149187584",
        "OPC UA status|0x801A0000 BadCertificateUntrusted",
        "opcua-certificate-untrusted",
    ),
    ("ssl.c: wrong version number", "OpenSSL errors|0A00010B wrong version number", ""),
    ("TLS connect: unexpected eof while reading", "OpenSSL errors|0A000126 unexpected eof while reading", ""),
    ("dial tcp 10.0.0.7:8443: connect: connection refused", "Network|connection-refused", ""),
    ("opcua.uaerrors._auto.BadCertificateUntrusted: x", "OPC UA status|0x801A0000 BadCertificateUntrusted", ""),
    ("Opc.Ua.StatusCodes.BadCertificateUntrusted", "OPC UA status|0x801A0000 BadCertificateUntrusted", ""),
    (
        "InvalidCertificate(ExpiredContext { time: UnixTime(1796), not_after: UnixTime(1795) })",
        "rustls|Expired",
        "expired",
    ),
    ("InvalidCertificate(NotValidYetContext { time: UnixTime(1), not_before: UnixTime(2) })", "rustls|NotValidYet", ""),
    (
        "InvalidCertificate(NotValidForNameContext { expected: DnsName(\"plc7\"), presented: [] })",
        "rustls|NotValidForName",
        "",
    ),
    ("InvalidCertificate(InvalidPurposeContext { required: ClientAuth, presented: [] })", "rustls|InvalidPurpose", ""),
    ("InvalidCertificate(UnknownIssuer)", "rustls|UnknownIssuer", "anchor-unknown"),
    (
        "peer closed connection without sending TLS close_notify: https://docs.rs/rustls/latest/rustls/manual",
        "rustls|no-close-notify",
        "",
    ),
    ("peer is incompatible: NoCipherSuitesInCommon", "rustls|NoCipherSuitesInCommon", ""),
    ("no server certificate chain resolved", "rustls|no-chain-resolved", ""),
    ("keys may not be consistent: Unknown", "rustls|InconsistentKeys", "key-certificate-mismatch"),
    ("invalid peer certificate: ApplicationVerificationFailure", "rustls|ApplicationVerificationFailure", ""),
    (
        "retval = UA_STATUSCODE_BADCERTIFICATEUNTRUSTED",
        "OPC UA status|0x801A0000 BadCertificateUntrusted",
        "opcua-certificate-untrusted",
    ),
    (
        "OpcUa_BadCertificateUntrusted (0x801A0000)",
        "OPC UA status|0x801A0000 BadCertificateUntrusted",
        "opcua-certificate-untrusted",
    ),
    ("The certificate for client 'plc7' is not trusted.", "Kepware|client-not-trusted", "opcua-certificate-untrusted"),
    ("reason: {bad_cert,cert_expired}", "EMQX and RabbitMQ (Erlang)|cert_expired", "expired"),
    ("reason: {bad_cert,selfsigned_peer}", "EMQX and RabbitMQ (Erlang)|selfsigned_peer", "self-signed"),
    ("reason: {bad_cert,{revoked,keyCompromise}}", "EMQX and RabbitMQ (Erlang)|revoked", "revoked"),
    (
        "errorContext: connection_shutdown, reason: {ssl_error,{options,{certfile,\"etc/certs/emqx.cr\",{error,enoent}}}}",
        "EMQX and RabbitMQ (Erlang)|enoent",
        "",
    ),
    ("{options,{cacertfile,[]}}", "EMQX and RabbitMQ (Erlang)|cacertfile", ""),
    (
        "{tls_alert,{insufficient_security,\"TLS server: In state hello\"}}",
        "EMQX and RabbitMQ (Erlang)|tls_alert insufficient_security",
        "",
    ),
    (
        "java.lang.IllegalArgumentException: Invalid character found in method name [0x160x030x010x01f0x010x00]. HTTP method \
         names must be tokens",
        "Tomcat|tls-at-http-connector",
        "",
    ),
    (
        "No SSLHostConfig element was found with the hostName [_default_] to match the defaultSSLHostConfigName for the \
         connector [https-jsse-nio-8443]",
        "Tomcat|no-sslhostconfig",
        "",
    ),
    ("java.io.IOException: Alias name tomcat does not identify a key entry", "Tomcat|alias-not-key-entry", ""),
    ("java.lang.IllegalArgumentException: jsse.alias_no_key_entry", "Tomcat|alias-not-key-entry", ""),
    ("DH ServerKeyExchange does not comply to algorithm constraints", "Java|dh-keypair-generate", ""),
    (
        "java.security.InvalidKeyException: IOException : algid parse error, not a sequence",
        "Java keystore|algid-parse",
        "",
    ),
    (
        "javax.net.ssl.SSLProtocolException: The certificate chain length (11) exceeds the maximum allowed length (10)",
        "Java|chain-length",
        "too-many-intermediates",
    ),
    ("The size of the handshake message (52110) exceeds the maximum allowed size (32768)", "Java|message-size", ""),
    ("keytool error: java.io.IOException: Incorrect AVA format", "keytool|name-format", ""),
    ("java.security.cert.CertificateParsingException: signed fields invalid", "Java|could-not-parse", ""),
    ("verification ended with 0x800B0106", "Windows|0x800B0106 CERT_E_PURPOSE", "purpose-not-allowed"),
    ("signtool: 0x800B0100", "Windows|0x800B0100 TRUST_E_NOSIGNATURE", ""),
    (
        "Denied by Policy Module 0x80094800 (-2146875392 CERTSRV_E_UNSUPPORTED_CERT_TYPE)",
        "Windows|0x80094800 CERTSRV_E_UNSUPPORTED_CERT_TYPE",
        "",
    ),
    ("HttpSendRequest: ERROR_INTERNET_INVALID_CA", "WinHTTP|12045 ERROR_WINHTTP_SECURE_INVALID_CA", "anchor-unknown"),
    (
        "HttpSendRequest: ERROR_INTERNET_SEC_CERT_CN_INVALID",
        "WinHTTP|12038 ERROR_WINHTTP_SECURE_CERT_CN_INVALID",
        "host-mismatch",
    ),
    (
        "Event ID 15021: An error occurred while using SSL configuration for endpoint 0.0.0.0:444. The error status code is \
         contained within the returned data.",
        "Schannel event|15021",
        "",
    ),
    ("Cannot determine the frame size or a corrupted frame was received.", ".NET|unexpected-packet-format", ""),
    ("tls: peer doesn't support any of the certificate's signature algorithms", "Go|signature-algorithms", ""),
    ("tls: certificate used with invalid signature algorithm", "Go|algorithm-refused", ""),
    ("tls: server chose an unconfigured cipher suite", "Go|signature-algorithms", ""),
    (
        "crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
        "Go|rsa-insecure",
        "key-too-weak",
    ),
    (
        "x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)",
        "Go|private-key-form",
        "",
    ),
    ("x509: certificate contains duplicate extension with OID \"2.5.29.15\"", "Go|duplicate-extension", ""),
    ("tls: server sent certificate containing RSA key larger than 8192 bits", "Go|rsa-too-large", ""),
    ("*** Fatal error: Certificate is required.", "GnuTLS|-112 certificate required", "client-auth-missing"),
    ("certtool: import error: Base64 decoding error.", "GnuTLS|-34 base64", ""),
    (
        "curl 56 GnuTLS recv error (-9): A TLS packet with unexpected length was received.",
        "GnuTLS|-9 packet length",
        "",
    ),
    (
        "rsyslogd: not permitted to talk to peer, certificate invalid: signer not found [v8]",
        "rsyslog|signer-not-found",
        "anchor-unknown",
    ),
    (
        "rsyslogd: not permitted to talk to peer, certificate invalid: GnuTLS returned no specific reason",
        "rsyslog|certificate-invalid",
        "",
    ),
    (
        "rsyslogd: error: peer name not authorized -  not permitted to talk to it. Names: CN: x;",
        "rsyslog|peer-name",
        "host-mismatch",
    ),
    (
        "Failed writing HTTP request: The specified session has been invalidated for some reason..",
        "GnuTLS|-10 invalid session",
        "",
    ),
    ("net::ERR_SSL_CLIENT_AUTH_CERT_NO_PRIVATE_KEY", "Chrome and Edge|ERR_SSL_CLIENT_AUTH_CERT_NO_PRIVATE_KEY", ""),
    (
        "Error: not enough data\n    at configSecureContext (node:internal/tls/secure-context:290:15)",
        "Node.js|secure-context",
        "",
    ),
    ("agent: websocket closed 1002", "WebSocket close code|1002", ""),
    ("session failed (BadTcpInternalError)", "OPC UA status|0x80820000 BadTcpInternalError", ""),
    ("OPC UA: 0x80220000 BadSecureChannelIdInvalid", "OPC UA status|0x80220000 BadSecureChannelIdInvalid", ""),
    ("OPC UA: 0x80AC0000 BadConnectionRejected", "OPC UA status|0x80AC0000 BadConnectionRejected", ""),
    ("OPC UA read: BadRequestTimeout", "OPC UA status|0x80850000 BadRequestTimeout", ""),
];

#[test]
fn lines_are_told_as_what_they_mean() {
    let mut wrong = Vec::new();
    for (line, code, finding) in LINES {
        let line = format!("2026-11-29 21:00:00 ERROR {line}\n");
        let found = problems(&line);
        let is_meant = match found.as_slice() {
            [one] => {
                let findings = one.known.entry.reason.findings;
                told(one.known) == *code && (finding.is_empty() || findings.contains(finding))
            }
            _ => false,
        };
        if !is_meant {
            let found: Vec<_> = found.iter().map(|it| (told(it.known), it.known.entry.reason.findings)).collect();
            wrong.push(format!("{line}    wanted {code} {finding}\n    found  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines of plants, shops and offices in which nothing is wrong with a certificate or a connection.
const SILENT: &[&str] = &[
    "INFO value -2146762487 read from tag Channel1.Device1.Counter",
    "INFO OPC UA tag value 2149187584 written",
    "INFO Channel1.Device1.BadCertificateUntrusted = 0",
    "INFO read Channel1.Device1.BadCertificateUntrusted",
    "INFO wrong version number of package foo, expected 1.2",
    "ERROR Unexpected EOF while reading csv file",
    "ERROR SQLException: Connection refused to database",
    "ERROR error:0A000118:SSL routines::unsupported signature algorithms",
    "INFO scheduler: ExpiredContext of session 12 removed",
    "INFO peer closed connection with a TLS close_notify",
    "INFO the certificate for client training is in the drawer",
    "INFO cert_expired = 0, selfsigned_peer = 0, {options,[{certfile,\"a.pem\"}]}",
    "INFO java.lang.IllegalArgumentException: Invalid character found in method name [POST{0x0d}]",
    "INFO the order number (52110) exceeds the maximum allowed size (32768)",
    "INFO Incorrect AVB format of file 3",
    "INFO signed fields of the form are valid",
    "INFO counter 12045 of device, buffer 15021, order 12038",
    "INFO cannot determine the frame size of the photo",
    "INFO 512-bit keys of the keyboard map are loaded",
    "INFO certificate is required for the course, Base64 decoding done",
    "INFO packet with unexpected length 7 of the scanner",
    "WARN session of the user was invalidated",
    "ERROR not enough data for the report, header too long in csv",
    "INFO 1002 orders closed",
    "INFO read Channel1.Device1.BadRequestTimeout",
    "INFO name of the peer is authorized, name not authorized twice",
];

#[test]
fn ordinary_lines_are_silent() {
    let mut wrong = Vec::new();
    for line in SILENT {
        let found = names(&format!("2026-11-29 21:00:00 {line}\n"));
        if !found.is_empty() {
            wrong.push(format!("{line}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two lines that stand close together, and how many problems they tell of.
const NEIGHBOURS: &[(&str, &str, usize)] = &[
    (
        "ERROR Get \"https://plc1.plant.example:8443/\": x509: certificate signed by unknown authority",
        "ERROR poll of https://plc2.plant.example:8443/ failed: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
        2,
    ),
    (
        "curl: (6) Could not resolve host: twx.plant.example",
        "fatal: unable to access 'https://git.plant.example/x/': server certificate verification failed",
        2,
    ),
    (
        "ERROR BadSecurityChecksFailed (0x80130000) at opc.tcp://plc1:4840",
        "ERROR Certificate is not trusted. Endpoint opc.tcp://plc2:4840",
        2,
    ),
    (
        "ERROR Get \"https://plc1.plant.example:8443/\": x509: certificate signed by unknown authority",
        "http: TLS handshake error from 10.1.2.3:51000: remote error: tls: bad certificate",
        2,
    ),
    // One of the two names no host, or the same without its port.
    (
        "ERROR poll of https://plc2.plant.example:8443/ failed: unable to get local issuer certificate",
        "ERROR certificate verify failed",
        1,
    ),
    (
        "ERROR Get \"https://plc2.plant.example:8443/\": x509: certificate signed by unknown authority",
        "ERROR poll of https://PLC2.plant.example/x failed: certificate verify failed",
        1,
    ),
];

#[test]
fn lines_about_different_hosts_are_different_problems() {
    for (first, second, count) in NEIGHBOURS {
        for time in ["21:00:00", "21:00:01"] {
            let text = format!("2026-11-29 21:00:00 {first}\n2026-11-29 {time} {second}\n");
            assert_eq!(names(&text).len(), *count, "{text}{:?}", names(&text));
        }
    }
}

#[test]
fn a_phrase_that_is_common_elsewhere_is_known_where_it_is_all_that_was_typed() {
    let named = |text: &str| recognise_phrase(text).into_iter().map(|hit| told(hit.known)).collect::<Vec<_>>();
    for (text, code) in [
        ("Error: wrong version number", "OpenSSL errors|0A00010B wrong version number"),
        ("The certificate is not trusted", "OPC UA status|0x801A0000 BadCertificateUntrusted"),
        ("Certificate is not trusted.", "OPC UA .NET Standard|is-not-trusted"),
    ] {
        assert_eq!(named(text), [code], "{text}");
        assert!(recognise(text, "").is_empty(), "{text}");
    }
    for text in ["wrong version number of the package", "pump 3: the data is invalid", "error 5: rc=5"] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
}
