//! What real servers said once, said again byte by byte.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use certkit_core::presented::{ApplicationType, SecurityMode, TokenKind, policy_name, split_chain};
use certkit_core::source::{DiscoveryFault, discover, discover_blocking};
use certkit_core::status::StatusCode;

use super::server::{endpoint, listen, receive, with_servers, within};

const SECONDS: Duration = Duration::from_secs(5);

pub(crate) fn recording(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/opcua");
    std::fs::read(folder.join(name)).unwrap()
}

/// Says all of it after the hello, and waits until the client is gone.
fn replay(name: &str) -> SocketAddr {
    let said = recording(name);
    listen(move |mut stream| {
        receive(&mut stream);
        stream.write_all(&said).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

#[test]
fn asyncua_is_understood() {
    let address = replay("asyncua.bin");
    let found = discover_blocking(&endpoint(address), &with_servers(SECONDS)).unwrap();
    assert_eq!(found.url, format!("opc.tcp://{address}/plant"));
    assert_eq!(found.peer, address);
    let offered: Vec<_> = found
        .endpoints
        .iter()
        .map(|it| (it.security_mode, policy_name(&it.security_policy_uri), it.security_level))
        .collect();
    let expected = [
        (SecurityMode::None, "None", 0),
        (SecurityMode::Sign, "Basic256Sha256", 50),
        (SecurityMode::SignAndEncrypt, "Basic256Sha256", 70),
    ];
    assert_eq!(offered, expected);
    let first = &found.endpoints[0];
    assert_eq!(first.server.application_uri, "urn:localhost:plant:asyncua");
    assert_eq!(first.server.application_name, "Plant asyncua");
    assert_eq!(first.server.application_type, ApplicationType::ClientAndServer);
    assert_eq!(first.transport_profile_uri, "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary");
    let tokens: Vec<_> =
        first.user_tokens.iter().map(|it| (it.kind, policy_name(first.token_policy_uri(it)))).collect();
    let expected = [
        (TokenKind::Anonymous, "None"),
        (TokenKind::Certificate, "Basic256Sha256"),
        (TokenKind::UserName, "Basic256Sha256"),
    ];
    assert_eq!(tokens, expected);

    let [certificate] = &found.certificates()[..] else { panic!("one certificate") };
    assert_eq!(certificate.endpoints.len(), 3);
    let chain = certificate.chain().unwrap();
    let (rest, leaf) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
    assert!(rest.is_empty() && chain.len() == 1);
    // Its generator writes the ApplicationUri as one more common name.
    assert_eq!(leaf.subject().to_string(), "CN=urn:localhost:plant:asyncua, CN=asyncua, O=Plant");

    let servers = found.servers.unwrap().unwrap();
    assert_eq!(servers.len(), 1);
    assert_eq!(servers[0].product_uri, "urn:freeopcua.github.io:python:server");
    assert_eq!(servers[0].discovery_urls.len(), 1);
    let clock = found.clock.unwrap();
    assert_eq!(clock.server.date(), "2026-11-22");
    assert_eq!(clock.ahead(), clock.server.since(clock.local));
}

#[test]
fn an_answer_in_chunks_with_a_chain_is_understood() {
    let found = discover_blocking(&endpoint(replay("node-opcua-chain.bin")), &with_servers(SECONDS)).unwrap();
    assert_eq!(found.endpoints.len(), 6);
    let first = &found.endpoints[0];
    // node-opcua leaves the policy of this token to the endpoint.
    let anonymous = first.user_tokens.iter().find(|it| it.kind == TokenKind::Anonymous).unwrap();
    assert_eq!(anonymous.security_policy_uri, "");
    assert_eq!(policy_name(first.token_policy_uri(anonymous)), "Basic256Sha256");
    let chain = split_chain(&first.server_certificate).unwrap();
    let names: Vec<_> =
        chain.iter().map(|der| x509_parser::parse_x509_certificate(der).unwrap().1.subject().to_string()).collect();
    assert_eq!(
        names,
        [
            "DC=localhost, O=Plant, CN=node-opcua-chain",
            "O=Plant, CN=Plant OPC UA Issuing CA",
            "O=Plant, CN=Plant OPC UA Root"
        ]
    );
    assert_eq!(found.servers.unwrap().unwrap()[0].application_uri, "urn:localhost:plant:node-opcua-chain");
}

#[test]
fn an_error_in_node_opcuas_own_form_is_understood() {
    let error = discover_blocking(&endpoint(replay("node-opcua-no-discovery.bin")), &within(SECONDS)).unwrap_err();
    let DiscoveryFault::NoneRefused(answer) = &*error.fault else { panic!("{error:?}") };
    let DiscoveryFault::ServerError { status, .. } = **answer else { panic!("{error:?}") };
    assert_eq!(status, StatusCode::BAD_SECURITY_POLICY_REJECTED);
}

#[test]
fn a_discovery_may_move_between_threads() {
    fn movable<T: Send>(value: T) -> T {
        value
    }
    drop(movable(discover(&"opc.tcp://plc7".parse().unwrap(), &within(SECONDS))));
}
