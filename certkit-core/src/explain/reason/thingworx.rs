//! ThingWorx: SDKs, platform, and Kepware's native interface.

use super::{Reason, cause};

/// The SDK refused the platform's certificate.
pub static INVALID_CERTIFICATE: Reason = Reason {
    meaning: "The ThingWorx client refused the certificate of the platform.",
    causes: &[
        cause("The CA of the platform is not in the client's store.", "The line before has code 20 or 19."),
        cause("The platform has a self-signed certificate.", "The line before has code 18."),
        cause("The certificate has expired, or the clock is wrong.", "The line before has code 10 or 9."),
    ],
    commands: &["certkit fetch thingworx://HOST --part ca -o thingworx-ca.cer", "certkit check thingworx://HOST"],
    cure: "Import the CA of the platform into the client (in Kepware: the certificate of the ThingWorx interface).",
    findings: &["self-signed", "anchor-unknown", "chain-issuers-not-sent", "expired"],
};

/// The socket failed, often at the host check.
pub static SOCKET: Reason = Reason {
    meaning: "The socket to the platform could not be set up.",
    causes: &[
        cause("The platform cannot be reached.", "`certkit fetch` does not reach it either."),
        cause("The name is not in the platform's certificate.", "`certkit check` reports host-mismatch."),
    ],
    commands: &["certkit check thingworx://HOST"],
    cure: "Look at host, port and firewall; use a name in the platform's certificate.",
    findings: &["host-mismatch"],
};

/// The name does not resolve.
pub static HOST_NOT_FOUND: Reason = Reason {
    meaning: "The name of the platform does not resolve.",
    causes: &[
        cause("The name is misspelt, or has a scheme before it.", "The setting needs only the name."),
        cause("The address is IPv6, which the SDK does not support.", "There are colons in it."),
    ],
    commands: &["certkit fetch thingworx://HOST"],
    cure: "Correct the name in the settings or in the DNS.",
    findings: &["host-is-ipv6"],
};

/// The connection dropped or the WebSocket did not open.
pub static WEBSOCKET: Reason = Reason {
    meaning: "The WebSocket to the platform did not open or was lost. TLS is usually not the cause.",
    causes: &[
        cause("A proxy or load balancer does not pass WebSockets.", "It works without the proxy."),
        cause("The resource or the application key is wrong.", "The platform's log names the request."),
        cause("The platform is busy or was restarted.", "It works again later."),
    ],
    commands: &["certkit check thingworx://HOST"],
    cure: "Check proxy, application key and the platform's log; check TLS with certkit.",
    findings: &[],
};

/// The TLS context cannot be made.
pub static CONTEXT: Reason = Reason {
    meaning: "The SDK could not load a file of certificates or keys.",
    causes: &[
        cause("The path is wrong, or the file is not PEM.", "`certkit inspect` names its kind."),
        cause("The key does not belong to the certificate.", "The next line says so."),
    ],
    commands: &["certkit inspect FILE", "certkit convert FILE -o NEW.pem"],
    cure: "Name an existing PEM file, and convert it if it has another format.",
    findings: &["input-not-read", "certificate-undecodable", "trailing-data"],
};

/// The platform answered with an HTTP status.
pub static HTTP_STATUS: Reason = Reason {
    meaning: "TLS has worked: the platform or a proxy answered the WebSocket request with this HTTP status.",
    causes: &[
        cause("401 or 403: the application key is wrong or has expired.", "The platform shows its key."),
        cause("404: the resource is wrong.", "It is /Thingworx/WS."),
        cause("407: the proxy requires a login.", "The proxy's log shows it."),
    ],
    commands: &["certkit check thingworx://HOST"],
    cure: "Correct the application key, the resource or the proxy.",
    findings: &[],
};
