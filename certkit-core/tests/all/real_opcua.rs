//! Real OPC UA servers, asyncua's and node-opcua's, started by `scripts/opcua up DIR` and named to these
//! tests by `CERTKIT_OPCUA=DIR`.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use certkit_core::presented::{SecurityMode, TokenKind, policy_name};
use certkit_core::source::{
    Discover, Discovery, DiscoveryError, DiscoveryExtent, DiscoveryFault, DiscoveryStep, discover_blocking,
};
use certkit_core::status::StatusCode;

struct Parts(HashMap<String, String>);

impl Parts {
    fn new() -> Self {
        let folder = std::env::var_os("CERTKIT_OPCUA").expect("CERTKIT_OPCUA is the folder of scripts/opcua up");
        let text = std::fs::read_to_string(PathBuf::from(folder).join("opcua.env")).unwrap();
        Self(text.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect())
    }

    fn ask(&self, name: &str) -> Result<Discovery, DiscoveryError> {
        let endpoint = self.0[&format!("{name}_URL")].parse().unwrap();
        let how = Discover {
            extent: DiscoveryExtent::EndpointsAndServers,
            timeout: Duration::from_secs(20),
            ..Discover::default()
        };
        discover_blocking(&endpoint, &how)
    }

    /// Asks a server that is right in what is the same for all of them.
    fn found(&self, name: &str) -> Discovery {
        let found = self.ask(name).unwrap();
        let uri = format!("urn:localhost:plant:{}", name.to_lowercase().replace('_', "-"));
        for endpoint in &found.endpoints {
            assert_eq!(endpoint.server.application_uri, uri);
            assert!(endpoint.endpoint_url.starts_with("opc.tcp://"), "{}", endpoint.endpoint_url);
        }
        let servers = found.servers.as_ref().unwrap().as_ref().unwrap();
        assert_eq!(servers[0].application_uri, uri);
        assert!(found.clock.unwrap().ahead().abs() <= 2, "{:?}", found.clock);
        let [certificate] = &found.certificates()[..] else { panic!("one certificate: {found:?}") };
        assert_eq!(certificate.endpoints.len(), found.endpoints.len());
        found
    }

    fn certificate(&self, name: &str) -> Vec<u8> {
        let pem = std::fs::read(PathBuf::from(&self.0["PKI"]).join(name)).unwrap();
        ::pem::parse(pem).unwrap().into_contents()
    }
}

fn offered(found: &Discovery) -> BTreeSet<(String, &str)> {
    let endpoints = found.endpoints.iter();
    endpoints.map(|it| (it.security_mode.to_string(), policy_name(&it.security_policy_uri))).collect()
}

fn set<'a>(offered: &[(SecurityMode, &'a str)]) -> BTreeSet<(String, &'a str)> {
    offered.iter().map(|&(mode, policy)| (mode.to_string(), policy)).collect()
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn asyncua_tells_what_it_offers() {
    let parts = Parts::new();
    let found = parts.found("ASYNCUA");
    let expected = [
        (SecurityMode::None, "None"),
        (SecurityMode::Sign, "Basic256Sha256"),
        (SecurityMode::SignAndEncrypt, "Basic256Sha256"),
    ];
    assert_eq!(offered(&found), set(&expected));
    let written = std::fs::read(&parts.0["ASYNCUA_DER"]).unwrap();
    assert_eq!(found.certificates()[0].chain().unwrap(), [written]);
    assert!(found.endpoints[0].user_tokens.iter().any(|token| token.kind == TokenKind::UserName));
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn a_server_without_none_tells_its_endpoints_all_the_same() {
    let parts = Parts::new();
    for name in ["ASYNCUA_SECURE_ONLY", "NODE_OPCUA_CHAIN"] {
        let found = parts.found(name);
        assert!(found.endpoints.iter().all(|it| it.security_mode != SecurityMode::None), "{name}");
    }
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn node_opcua_tells_what_it_offers() {
    let found = Parts::new().found("NODE_OPCUA");
    let policies = ["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"];
    let mut expected = set(&[(SecurityMode::None, "None")]);
    for mode in [SecurityMode::Sign, SecurityMode::SignAndEncrypt] {
        expected.extend(policies.map(|policy| (mode.to_string(), policy)));
    }
    assert_eq!(offered(&found), expected);
    assert_eq!(found.certificates()[0].chain().unwrap().len(), 1);
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn a_chain_comes_whole_and_in_order() {
    let parts = Parts::new();
    let found = parts.found("NODE_OPCUA_CHAIN");
    let expected = ["chain.pem", "issuing.pem", "root.pem"].map(|name| parts.certificate(name));
    assert_eq!(found.certificates()[0].chain().unwrap(), expected);
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn deprecated_policies_are_seen() {
    let found = Parts::new().found("NODE_OPCUA_DEPRECATED");
    for policy in ["Basic128Rsa15", "Basic256"] {
        for mode in [SecurityMode::Sign, SecurityMode::SignAndEncrypt] {
            assert!(offered(&found).contains(&(mode.to_string(), policy)), "{mode} {policy}");
        }
    }
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn a_server_that_refuses_a_channel_without_security_is_named() {
    let error = Parts::new().ask("NODE_OPCUA_NO_DISCOVERY").unwrap_err();
    assert_eq!(error.step, DiscoveryStep::SecureChannel);
    let DiscoveryFault::NoneRefused(answer) = *error.fault else { panic!("{error:?}") };
    assert!(
        matches!(*answer, DiscoveryFault::ServerError { status: StatusCode::BAD_SECURITY_POLICY_REJECTED, .. }),
        "{answer:?}"
    );
}
