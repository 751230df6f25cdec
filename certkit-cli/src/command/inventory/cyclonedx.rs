//! A cryptography bill of materials (CycloneDX 1.6, ECMA-424).

use std::collections::BTreeSet;
use std::io::{self, Write};

use certkit_core::crypto::digest;
use certkit_core::text::Hex;
use serde_json::{Map, Value, json};

use super::assets::{
    AlgorithmJson, CertificateJson, ConnectionJson, InventoryJson, KeyJson, KeyKind, OccurrenceJson, Use,
};
use crate::terminal;

/// Writes it. The same inventory at the same time gives the same bytes.
pub(super) fn write(inventory: &InventoryJson, to: &mut dyn Write) -> io::Result<()> {
    to.write_all(terminal::document(&bom(inventory)).as_bytes())
}

fn bom(inventory: &InventoryJson) -> Value {
    let mut components: Vec<Value> = inventory.algorithms.iter().map(algorithm).collect();
    components.extend(inventory.keys.iter().map(key));
    components.extend(inventory.certificates.iter().map(certificate));
    components.extend(inventory.connections.iter().map(connection));
    let unseen =
        inventory.unseen.iter().map(|it| property("certkit:unseen", &format!("{}: {}", it.location, it.reason)));
    let unseen: Vec<Value> = unseen.collect();
    let mut metadata = json!({
        "timestamp": inventory.moment,
        "lifecycles": [{ "phase": "discovery" }],
        "tools": { "components": [{ "type": "application", "name": "certkit", "version": env!("CARGO_PKG_VERSION") }] },
    });
    let mut bom = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(inventory, &components),
        "version": 1,
        "components": components,
        "dependencies": dependencies(inventory),
    });
    if !unseen.is_empty() {
        metadata["properties"] = unseen.into();
        bom["compositions"] = json!([{ "aggregate": "incomplete" }]);
    }
    bom["metadata"] = metadata;
    bom
}

/// A UUID of the content (RFC 9562 section 5.8), so that the same content has the same one.
fn serial_number(inventory: &InventoryJson, components: &[Value]) -> String {
    // Maps with keys that are no strings are the only thing that can fail, and there is none.
    let text = serde_json::to_vec(&(&inventory.moment, components)).unwrap_or_default();
    let digits: Vec<char> = Hex(digest::sha256(&text)).to_string().chars().collect();
    let digit = |at: usize| match (at, digits.get(at)) {
        (12, _) => '8',
        (16, _) => 'a',
        (_, digit) => digit.copied().unwrap_or('0'),
    };
    let part = |from: usize, to: usize| (from..to).map(digit).collect::<String>();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn algorithm_ref(name: &str, of: Use) -> String {
    let of = match of {
        Use::Key => "key",
        Use::Signature => "signature",
    };
    format!("algorithm:{of}:{}", name.replace(' ', "-"))
}

fn key_ref(key: &KeyJson) -> String {
    match (key.kind, &key.key_sha256, key.occurrences.first()) {
        (KeyKind::Public, Some(sha256), _) => format!("key:public:{sha256}"),
        (_, _, Some(at)) => {
            format!("key:private:{}", Hex(digest::sha256(format!("{} {}", at.location, at.position).as_bytes())))
        }
        (_, _, None) => "key:private".to_owned(),
    }
}

fn certificate_ref(certificate: &CertificateJson) -> String {
    format!("certificate:{}", certificate.fingerprint_sha256)
}

/// Which of the parts of the standard's list an algorithm is.
fn primitive(algorithm: &AlgorithmJson) -> &'static str {
    let is = |family: &str| algorithm.name.split(' ').next().is_some_and(|name| name.starts_with(family));
    match algorithm.of {
        Use::Signature => "signature",
        Use::Key if is("ML-KEM") => "kem",
        Use::Key if is("X25519") || is("X448") => "key-agree",
        Use::Key if algorithm.name.starts_with("RSA ") => "pke",
        Use::Key if algorithm.nist_quantum_security_level.is_some() => "signature",
        Use::Key => "unknown",
    }
}

fn algorithm(it: &AlgorithmJson) -> Value {
    let mut properties = Map::new();
    properties.insert("primitive".to_owned(), primitive(it).into());
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            properties.insert(name.to_owned(), value);
        }
    };
    add("parameterSetIdentifier", it.bits.map(|bits| bits.to_string().into()));
    add("curve", it.curve.clone().map(Value::from));
    let is_signature = it.of == Use::Signature;
    add("cryptoFunctions", is_signature.then(|| json!(["sign", "verify"])));
    add("classicalSecurityLevel", it.classical_security_level.map(Value::from));
    add("nistQuantumSecurityLevel", it.nist_quantum_security_level.map(Value::from));
    let mut crypto = json!({ "assetType": "algorithm", "algorithmProperties": properties });
    if let Some(oid) = &it.oid {
        crypto["oid"] = oid.as_str().into();
    }
    component(&algorithm_ref(&it.name, it.of), &it.name, &crypto, &[])
}

fn key(it: &KeyJson) -> Value {
    let (kind, word) = match it.kind {
        KeyKind::Public => ("public-key", "public key"),
        KeyKind::Private => ("private-key", "private key"),
    };
    let mut material = json!({ "type": kind });
    if let Some(algorithm) = &it.algorithm {
        material["algorithmRef"] = algorithm_ref(algorithm, Use::Key).into();
    }
    if let Some(bits) = it.bits {
        material["size"] = bits.into();
    }
    if let Some(sha256) = &it.key_sha256 {
        material["id"] = format!("sha256:{sha256}").into();
    }
    if let Some(scheme) = &it.secured_by {
        material["securedBy"] = json!({ "mechanism": scheme });
    }
    let crypto = json!({ "assetType": "related-crypto-material", "relatedCryptoMaterialProperties": material });
    let name = it.algorithm.as_ref().map_or_else(|| word.to_owned(), |algorithm| format!("{algorithm} {word}"));
    component(&key_ref(it), &name, &crypto, &it.occurrences)
}

fn certificate(it: &CertificateJson) -> Value {
    let mut properties = json!({
        "subjectName": it.subject_dn,
        "issuerName": it.issuer_dn,
        "subjectPublicKeyRef": format!("key:public:{}", it.key_sha256),
        "certificateFormat": "X.509",
    });
    for (name, moment) in [("notValidBefore", &it.not_before), ("notValidAfter", &it.not_after)] {
        if let Some(moment) = moment {
            properties[name] = moment.as_str().into();
        }
    }
    if let Some(algorithm) = &it.signature_algorithm {
        properties["signatureAlgorithmRef"] = algorithm_ref(algorithm, Use::Signature).into();
    }
    let crypto = json!({ "assetType": "certificate", "certificateProperties": properties });
    let name = if it.subject_dn.is_empty() { it.serial_hex.as_str() } else { it.subject_dn.as_str() };
    let mut made = component(&certificate_ref(it), name, &crypto, &it.occurrences);
    made["hashes"] = json!([{ "alg": "SHA-256", "content": it.fingerprint_sha256 }]);
    if let Some(Value::Array(properties)) = made.get_mut("properties") {
        properties.push(property("certkit:serial-hex", &it.serial_hex));
        properties.push(property("certkit:is-ca", if it.is_ca { "true" } else { "false" }));
    }
    made
}

fn connection(it: &ConnectionJson) -> Value {
    let crypto = json!({
        "assetType": "protocol",
        "protocolProperties": {
            "type": "tls",
            "version": it.version.split(' ').next_back().unwrap_or_default(),
            "cipherSuites": [{ "name": it.cipher_suite }],
        },
    });
    let name = format!("{} {}", it.version, it.cipher_suite);
    component(&format!("protocol:{}", name.replace(' ', "-")), &name, &crypto, &it.occurrences)
}

fn component(reference: &str, name: &str, crypto: &Value, occurrences: &[OccurrenceJson]) -> Value {
    let mut component = json!({
        "type": "cryptographic-asset",
        "bom-ref": reference,
        "name": name,
        "cryptoProperties": crypto,
    });
    if !occurrences.is_empty() {
        let places = occurrences.iter().map(|at| {
            json!({ "location": at.location, "additionalContext": format!("number {} in its place", at.position) })
        });
        component["evidence"] = json!({ "occurrences": places.collect::<Vec<_>>() });
        let mut properties = Vec::new();
        type Pick = fn(&OccurrenceJson) -> &Option<String>;
        let picks: [(&str, Pick); 3] =
            [("certkit:owner", |at| &at.owner), ("certkit:group", |at| &at.group), ("certkit:note", |at| &at.note)];
        for (name, pick) in picks {
            let values: BTreeSet<&String> = occurrences.iter().filter_map(|at| pick(at).as_ref()).collect();
            properties.extend(values.into_iter().map(|value| property(name, value)));
        }
        component["properties"] = properties.into();
    }
    component
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

/// Which asset is made with which.
fn dependencies(inventory: &InventoryJson) -> Vec<Value> {
    let keys = inventory.keys.iter().filter_map(|key| {
        let algorithm = key.algorithm.as_ref()?;
        Some(json!({ "ref": key_ref(key), "dependsOn": [algorithm_ref(algorithm, Use::Key)] }))
    });
    let certificates = inventory.certificates.iter().map(|it| {
        let mut on = vec![format!("key:public:{}", it.key_sha256)];
        on.extend(it.signature_algorithm.iter().map(|name| algorithm_ref(name, Use::Signature)));
        json!({ "ref": certificate_ref(it), "dependsOn": on })
    });
    keys.chain(certificates).collect()
}
