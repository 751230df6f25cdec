//! Nobody vouches for the certificate.

use super::{Reason, cause};

/// No issuer that is known leads to a trusted certificate.
pub static UNKNOWN_ISSUER: Reason = Reason {
    meaning: "The program that verifies finds no trusted CA above the certificate.",
    causes: &[
        cause(
            "The CA of the plant is not in the trust store of this program.",
            "The chain is complete up to its root, and the root is not in the store that the program reads.",
        ),
        cause(
            "The server sends its own certificate without the intermediate CAs.",
            "`certkit fetch` reports chain-issuers-not-sent; a browser may still work.",
        ),
        cause(
            "The CA went into another store than the one the program reads.",
            "The store of the system has it, but the program (Java, Python, Node.js, Kepware) has its own store.",
        ),
        cause(
            "A proxy or firewall intercepts TLS and answers with its own certificate.",
            "The issuer that `certkit fetch` shows is that of the security product.",
        ),
    ],
    commands: &["certkit fetch https://HOST:PORT --trust STORE", "certkit trust list STORE"],
    cure: "Put the root CA into the store that the program reads, and let the server send its whole chain.",
    findings: &["anchor-unknown", "chain-incomplete", "chain-issuers-not-sent"],
};

/// The chain does not end at what is trusted: an issuer in between is missing.
pub static ISSUER_OF_CA_MISSING: Reason = Reason {
    meaning: "A CA of the chain was found, but the CA that issued it was not.",
    causes: &[
        cause("The store holds an intermediate CA without its root.", "`certkit trust audit STORE` names the orphan."),
        cause("The root was removed from the store.", "An older copy of the store has it."),
    ],
    commands: &["certkit trust audit STORE", "certkit fetch https://HOST:PORT --trust STORE"],
    cure: "Add the root CA to the same store.",
    findings: &["anchor-unknown", "chain-incomplete", "ca-not-top"],
};

/// Only the leaf came, and nothing above it is at hand.
pub static CHAIN_NOT_SENT: Reason = Reason {
    meaning: "The server sent its certificate alone, or a chain with a gap or in the wrong order.",
    causes: &[
        cause(
            "The server is configured with the certificate and without the intermediate CA.",
            "`certkit fetch` shows one certificate whose issuer is not a root.",
        ),
        cause("The file of the chain is in the wrong order.", "`certkit check FILE` reports chain-order."),
        cause("The CA is in no store of the client.", "The chain is complete but the error remains."),
    ],
    commands: &["certkit fetch https://HOST:PORT", "certkit check FILE"],
    cure: "Configure the server with the whole chain: its certificate first, then each issuer up to the root.",
    findings: &["chain-issuers-not-sent", "chain-incomplete", "chain-order", "anchor-unknown"],
};

/// The certificate vouches for itself.
pub static SELF_SIGNED: Reason = Reason {
    meaning: "The certificate is self-signed, and it is not among those that the program trusts.",
    causes: &[
        cause(
            "The device or the program still has the certificate that its setup made.",
            "Subject and issuer are the same, often with the product's name in them.",
        ),
        cause("The right certificate was not installed on this port.", "Another port shows the right one."),
        cause("A proxy answers instead of the server.", "The certificate differs from that on the server itself."),
    ],
    commands: &["certkit fetch https://HOST:PORT", "certkit check FILE"],
    cure: "Give the server a certificate of the plant's CA; or compare the fingerprint over another channel and trust \
           this one certificate.",
    findings: &["self-signed", "anchor-unknown"],
};

/// The chain came with its root, which is not trusted.
pub static ROOT_NOT_TRUSTED: Reason = Reason {
    meaning: "The chain is complete, and the self-signed CA at its top is not trusted.",
    causes: &[
        cause("The private CA is not in the store of this program.", "`certkit trust list STORE` does not show it."),
        cause(
            "The CA was created again under the same name.",
            "The store has a CA of that name with another fingerprint.",
        ),
        cause("A proxy that opens TLS has put its own CA there.", "The name at the top is that of a security product."),
    ],
    commands: &["certkit fetch https://HOST:PORT --part ca -o ca.cer", "certkit trust list STORE"],
    cure: "Get the root CA from its owner, compare the fingerprint, and add it to the store that the program reads.",
    findings: &["anchor-unknown"],
};

/// A root with the right name does not fit.
pub static WRONG_TWIN: Reason = Reason {
    meaning: "A CA with the right name was found, but its key identifier is not the one that the certificate names.",
    causes: &[
        cause("The CA was renewed with a new key under the same name.", "Both are there with different dates."),
        cause("Certificates of a test CA and of the real CA are mixed.", "The fingerprints differ."),
    ],
    commands: &["certkit trust audit STORE", "certkit inspect FILE"],
    cure: "Add the CA that issued this certificate to the store, beside the other one.",
    findings: &["key-identifiers-differ", "store-name-twin"],
};

/// A signature in the chain is wrong.
pub static SIGNATURE_WRONG: Reason = Reason {
    meaning: "A signature in the chain does not verify.",
    causes: &[
        cause("The CA has the right name but another key: it was created again.", "Its key identifier differs."),
        cause("The file was damaged in transfer or edited.", "A fresh copy from the CA verifies."),
        cause("Somebody has forged the certificate.", "Neither of the above; ask the CA about the serial number."),
    ],
    commands: &["certkit verify --trust CA FILE", "certkit check FILE"],
    cure: "Use the CA that belongs to this certificate, or have the certificate issued again; copy files in binary mode.",
    findings: &["signature-invalid", "key-identifiers-differ"],
};

/// The certificate was verified and refused; the words do not say why.
pub static NOT_VERIFIED: Reason = Reason {
    meaning: "The certificate of the other side was refused. The message does not say why.",
    causes: &[
        cause("Its CA is unknown to this program.", "The text beside it mentions an issuer or self-signed."),
        cause("It has expired, or the clock is wrong.", "The text beside it mentions dates."),
        cause("It is for another host.", "The text beside it mentions a host name or an address."),
    ],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Look for the reason in the same line and in the lines after it, or let certkit check the server: it names all \
           faults at once.",
    findings: &["anchor-unknown", "expired", "host-mismatch", "self-signed"],
};

/// The program's own check refused.
pub static REFUSED_BY_PROGRAM: Reason = Reason {
    meaning: "The program refused the certificate by its own check, not by that of its library.",
    causes: &[cause(
        "The program compares names or fingerprints itself.",
        "Its settings or its log name what it expects.",
    )],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Look into the program's own log and settings; let certkit show what else is wrong with the certificate.",
    findings: &[],
};

/// The pinned key is another.
pub static PIN_DIFFERS: Reason = Reason {
    meaning: "The program expects a certain key or field (pinning), but the certificate has another.",
    causes: &[
        cause("The certificate was renewed with a new key.", "The new one is newer than the setting."),
        cause("There is a man in the middle.", "Another network shows another certificate."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Compare the fingerprint with the owner of the server, then bring the setting up to date.",
    findings: &[],
};

/// Two certificates have one serial number.
pub static SERIAL_TWICE: Reason = Reason {
    meaning: "The browser has another certificate of the same issuer with the same serial number.",
    causes: &[cause(
        "The device makes itself a new certificate with the old serial number.",
        "It happened after a reset.",
    )],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Give the device a certificate of the plant's CA; forget the old one in the browser.",
    findings: &[],
};

/// A CA certificate is used as the certificate of a server.
pub static LEAF_IS_CA: Reason = Reason {
    meaning: "A CA certificate is used as a server or client certificate.",
    causes: &[
        cause("A self-signed certificate was made with the CA flag.", "Subject and issuer are the same."),
        cause("The server was given the file of its CA.", "The subject is the name of the CA."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue a certificate for the server with that CA, and configure the server with it.",
    findings: &["leaf-is-ca", "self-signed"],
};

/// Proof of a public log is missing.
pub static NOT_LOGGED: Reason = Reason {
    meaning: "The program requires proof that the certificate is in a public log (Certificate Transparency).",
    causes: &[
        cause("A public CA issued it without signed certificate timestamps (SCTs).", "`certkit inspect` shows none."),
        cause("A private CA was added to the public ones.", "The CA is one of the plant."),
    ],
    commands: &["certkit inspect FILE"],
    cure: "Let the public CA reissue the certificate; a private CA is exempt if an administrator has added it.",
    findings: &[],
};

/// There is no signature.
pub static NOT_SIGNED: Reason = Reason {
    meaning: "The file or message has no signature that could be verified.",
    causes: &[
        cause("The program or driver was never signed.", "Its properties have no tab for signatures."),
        cause("It was changed or cut off after it was signed.", "A fresh copy has a signature."),
    ],
    commands: &[],
    cure: "Get a signed copy from its maker.",
    findings: &[],
};
