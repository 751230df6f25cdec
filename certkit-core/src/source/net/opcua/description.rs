//! Reads what a server tells of itself, in the order of the wire (OPC 10000-6).

use super::codec::{DecodeError, Reader};
use crate::presented::{
    ApplicationDescription, ApplicationType, EndpointDescription, SecurityMode, TokenKind, UserToken,
};

/// The most endpoints that are read of one server.
const MAX_ENDPOINTS: usize = 1024;

/// The most applications that are read of one server.
const MAX_APPLICATIONS: usize = 4096;

/// The most discovery URLs of one application, and the most token policies of one endpoint.
const MAX_PARTS: usize = 256;

/// Reads the endpoints of a GetEndpointsResponse.
pub(super) fn endpoints(reader: &mut Reader<'_>) -> Result<Vec<EndpointDescription>, DecodeError> {
    reader.list("endpoints", MAX_ENDPOINTS, endpoint)
}

/// Reads the servers of a FindServersResponse.
pub(super) fn applications(reader: &mut Reader<'_>) -> Result<Vec<ApplicationDescription>, DecodeError> {
    reader.list("servers", MAX_APPLICATIONS, application)
}

fn endpoint(reader: &mut Reader<'_>) -> Result<EndpointDescription, DecodeError> {
    Ok(EndpointDescription {
        endpoint_url: reader.string("endpointUrl")?,
        server: application(reader)?,
        server_certificate: reader.bytes("serverCertificate")?.to_vec(),
        security_mode: SecurityMode::from_wire(reader.u32("securityMode")?),
        security_policy_uri: reader.string("securityPolicyUri")?,
        user_tokens: reader.list("userIdentityTokens", MAX_PARTS, user_token)?,
        transport_profile_uri: reader.string("transportProfileUri")?,
        security_level: reader.u8("securityLevel")?,
    })
}

fn application(reader: &mut Reader<'_>) -> Result<ApplicationDescription, DecodeError> {
    Ok(ApplicationDescription {
        application_uri: reader.string("applicationUri")?,
        product_uri: reader.string("productUri")?,
        application_name: reader.localized_text("applicationName")?,
        application_type: ApplicationType::from_wire(reader.u32("applicationType")?),
        gateway_server_uri: reader.string("gatewayServerUri")?,
        discovery_profile_uri: reader.string("discoveryProfileUri")?,
        discovery_urls: reader.strings("discoveryUrls", MAX_PARTS)?,
    })
}

fn user_token(reader: &mut Reader<'_>) -> Result<UserToken, DecodeError> {
    Ok(UserToken {
        policy_id: reader.string("policyId")?,
        kind: TokenKind::from_wire(reader.u32("tokenType")?),
        issued_token_type: reader.string("issuedTokenType")?,
        issuer_endpoint_url: reader.string("issuerEndpointUrl")?,
        security_policy_uri: reader.string("securityPolicyUri")?,
    })
}
