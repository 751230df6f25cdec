//! What to do about a finding where more is known than the requirement: where the certificate stands, who presents it,
//! what it is.
//!
//! [`Check::remedy`] is the general text; the ones here fit the situation better. Nothing here decides what is wrong.

use super::opcua::hosts::OPCUA_HOST_MISMATCH;
use super::opcua::posture::addresses::OPCUA_ENDPOINT_HOST_UNNAMED;
use super::opcua::validation::{OPCUA_CERTIFICATE_HOST_NAME_INVALID, OPCUA_CERTIFICATE_TIME_INVALID};
use super::rfc5280::fields::CERTIFICATE_UNDECODABLE;
use super::rfc5280::revocation::REVOCATION_UNKNOWN;
use super::rfc5280::validity::{EXPIRED, EXPIRES_SOON, VALIDITY_BEFORE_ISSUER, VALIDITY_TOO_LONG};
#[cfg(feature = "store")]
use super::store::authorities::STORE_CRL_MISSING;
use super::webpki::algorithms::{KEY_DSA, KEY_TOO_WEAK, SIGNATURE_WEAK_HASH};
use super::webpki::chain::{ANCHOR_NOT_NAMED, CHAIN_INCOMPLETE, CHAIN_ISSUERS_NOT_SENT, CHAIN_ORDER, SELF_SIGNED};
use super::webpki::names::HOST_MISMATCH;
use super::{Case, Check, Profile, Role, Subject};
use crate::cert::Certificate;
use crate::moment::{DAY, Moment};
use crate::path::End;

/// Where a certificate that is judged stands or serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A server presents it, or the use is unknown.
    Server,
    /// A TLS client presents it.
    Client,
    /// Kepware's Configuration API presents it.
    ConfigurationApi,
    /// An OPC UA application has it.
    Application,
    /// It is a CA certificate about to be trusted.
    Import,
    /// It stands in a trust store.
    Store,
    /// It is requested and not issued yet.
    Request,
}

/// What is known where something was found.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// Where what is judged stands or serves.
    pub setting: Setting,
    /// The certificate that the finding is about.
    pub certificate: Option<&'a Certificate>,
    /// Whether that one is a CA's.
    pub is_authority: bool,
    /// Whether something lies, or is asked for, where it cannot be right: a revocation list beside another list, an
    /// address that means every address.
    pub is_misplaced: bool,
    /// Whether the chain stops where an issuer was not found.
    pub is_open: bool,
}

/// Ports on which Kepware's Configuration API answers over TLS, unless configured otherwise.
const CONFIGURATION_API: [u16; 2] = [57512, 57513];

impl<'a> Situation<'a> {
    /// Nothing but the setting is known.
    pub fn of(setting: Setting) -> Situation<'a> {
        Situation { setting, certificate: None, is_authority: false, is_misplaced: false, is_open: false }
    }

    /// The situation of a subject of a case, or of the case as a whole.
    pub(super) fn in_case(case: &'a Case<'_>, profile: &Profile, subject: Option<usize>) -> Situation<'a> {
        let subject: Option<&Subject> = subject.and_then(|at| case.subjects.get(at));
        let is_api = case.expectation.port.is_some_and(|port| CONFIGURATION_API.contains(&port));
        Situation {
            setting: if is_api && profile.setting == Setting::Server {
                Setting::ConfigurationApi
            } else {
                profile.setting
            },
            certificate: subject.map(|it| &it.certificate),
            is_authority: subject.is_some_and(|it| it.role == Role::Authority),
            is_misplaced: case.expectation.address().is_some_and(|address| address.is_unspecified()),
            is_open: matches!(case.path.end, End::IssuerMissing(_)),
        }
    }

    /// Whether the certificate is self-issued, so that peers trust exactly this one.
    fn is_self_issued(&self) -> bool {
        self.certificate.is_some_and(Certificate::is_self_issued)
    }

    /// Whether the first day of the certificate is one that clocks begin with: before there were certificates, or New
    /// Year's day where a device has made it for itself.
    fn is_by_clock_without_time(&self) -> bool {
        let Some(start) = self.certificate.and_then(|it| it.not_before().ok()) else { return false };
        let is_first_of_year = start.date().to_string().ends_with("-01-01");
        start < FIRST_CERTIFICATES || (is_first_of_year && !self.is_authority && self.is_self_issued())
    }

    /// Whether the certificate claims to be older than certificates are.
    fn is_before_certificates(&self) -> bool {
        self.certificate.and_then(|it| it.not_before().ok()).is_some_and(|start| start < FIRST_CERTIFICATES)
    }
}

/// 1988-01-01: the first edition of X.509 is of that year.
const FIRST_CERTIFICATES: Moment = Moment::from_unix(6574 * DAY);

/// What to do about a check that is not met.
pub fn cure(check: &'static Check, situation: &Situation<'_>) -> &'static str {
    let is = |other: &Check| check.id == other.id;
    let is_of_time = is(&EXPIRED) || is(&OPCUA_CERTIFICATE_TIME_INVALID);
    let is_of_host = is(&HOST_MISMATCH) || is(&OPCUA_HOST_MISMATCH) || is(&OPCUA_CERTIFICATE_HOST_NAME_INVALID);
    let is_of_span = is(&VALIDITY_TOO_LONG) || is(&VALIDITY_BEFORE_ISSUER);
    if is_of_time && situation.is_by_clock_without_time() || is_of_span && situation.is_before_certificates() {
        return CLOCK;
    }
    match situation.setting {
        #[cfg(feature = "store")]
        _ if is(&STORE_CRL_MISSING) && situation.is_misplaced => MISPLACED_LIST,
        _ if is(&OPCUA_ENDPOINT_HOST_UNNAMED) && situation.is_misplaced => EVERY_ADDRESS_TOLD,
        _ if is(&ANCHOR_NOT_NAMED) && situation.is_open => ISSUER_NOT_FOUND,
        _ if is_of_host && situation.is_misplaced => EVERY_ADDRESS_ASKED,
        Setting::Store if is(&EXPIRED) => STORE_EXPIRED,
        Setting::Store if is(&EXPIRES_SOON) => STORE_EXPIRES_SOON,
        Setting::Store if is(&REVOCATION_UNKNOWN) => STORE_LIST,
        Setting::Store if is(&CERTIFICATE_UNDECODABLE) => STORE_UNDECODABLE,
        Setting::Store if is(&SIGNATURE_WEAK_HASH) || is(&KEY_TOO_WEAK) || is(&KEY_DSA) => STORE_WEAK,
        Setting::Import if is(&EXPIRED) => IMPORT_EXPIRED,
        Setting::Request if !super::request::CHECKS.iter().any(|it| is(it)) => REQUEST,
        Setting::Application if is(&EXPIRED) || is(&EXPIRES_SOON) => match situation.is_authority {
            true => APPLICATION_AUTHORITY_RENEWAL,
            false if situation.is_self_issued() => APPLICATION_SELF_SIGNED_RENEWAL,
            false => APPLICATION_RENEWAL,
        },
        Setting::Client if is(&SELF_SIGNED) => CLIENT_SELF_SIGNED,
        Setting::Client if is(&CHAIN_ISSUERS_NOT_SENT) || is(&CHAIN_ORDER) => CLIENT_CHAIN,
        Setting::Client if is(&CHAIN_INCOMPLETE) => CLIENT_TOP,
        Setting::ConfigurationApi if is(&SELF_SIGNED) => API_CERTIFICATE,
        Setting::ConfigurationApi if (is(&EXPIRED) || is(&EXPIRES_SOON)) && !situation.is_authority => API_CERTIFICATE,
        Setting::Server if is(&EXPIRED) && situation.is_authority => AUTHORITY_EXPIRED,
        _ => check.remedy,
    }
}

const CLOCK: &str = "Set the clock of the device that made it, preferably with a time server (NTP): the notBefore of \
                     this certificate is the default date of clocks without a battery and of firmware. Then recreate \
                     the certificate on that device, and trust it again where the old one was trusted.";

#[cfg(feature = "store")]
const MISPLACED_LIST: &str =
    "Add the same file again: `certkit trust add STORE FILE` moves the list to the folder of its CA.";

const ISSUER_NOT_FOUND: &str = "Add the missing CA to the file that is sent: the holder's own certificate first, then \
                                the CA that issued it; the root may be omitted. To try it, give `certkit check` or \
                                `certkit verify` that CA with `--untrusted FILE`. If you know no CA of that name, find \
                                out who presents this before you trust anything.";

const EVERY_ADDRESS_TOLD: &str = "Correct the host in the URL: `0.0.0.0` and `::` mean every address of a machine; no \
                                  client can connect to them and no certificate should contain them. In Kepware: OPC \
                                  UA Configuration Manager, Server Endpoints, Edit, Network Adapter. If another host \
                                  of the URLs is not in the certificate, recreate the certificate with its name.";

const EVERY_ADDRESS_ASKED: &str = "Use the name or address by which clients reach the server: `0.0.0.0` and `::` mean \
                                   every address of a machine; no certificate should contain them.";

const STORE_EXPIRED: &str = "Remove it: `certkit trust remove STORE NAME`. If its holder still connects, add the \
                             renewed one: `certkit trust add STORE FILE`.";

const STORE_EXPIRES_SOON: &str = "Get the renewed one from its holder and add it in time: `certkit trust add STORE \
                                  FILE`. Remove this one when it is no longer presented: `certkit trust remove STORE \
                                  NAME`.";

const STORE_LIST: &str = "Get the current list from the CA and replace this one: delete the damaged file, then \
                          `certkit trust add STORE ca.crl`. Until then the revocation status of its issuer's \
                          certificates is unknown.";

const STORE_UNDECODABLE: &str = "Get the certificate again from its holder and replace this one, or delete it: some \
                                 programs refuse the whole store because of it. `certkit inspect` shows what can be \
                                 read of it.";

const STORE_WEAK: &str = "Ask its holder for a certificate with SHA-256 and a key that is long enough, add that one: \
                          `certkit trust add STORE FILE`, and remove this one: `certkit trust remove STORE NAME`.";

const REQUEST: &str = "Make a new request before a CA signs it: `certkit request https|opcua|client|ca` requests what \
                       its kind needs, with a key that is long enough. If only names or usages are wrong, the CA may \
                       set its own instead.";

const IMPORT_EXPIRED: &str = "Get the CA's renewed certificate from its operator and import that one. If this one is \
                              already in a trust store, remove it: `certkit trust remove STORE NAME`.";

const AUTHORITY_EXPIRED: &str = "Get the CA's renewed certificate from its operator, and replace this one in the chain \
                                 that the server sends and in the trust stores of its clients. With the same key and \
                                 name, the certificates it has issued stay valid; otherwise the server needs a new \
                                 certificate.";

const APPLICATION_SELF_SIGNED_RENEWAL: &str = "Renew it: `certkit renew FILE`; in Kepware: OPC UA Configuration \
                                               Manager, Instance Certificates, Reissue certificate. It is self-signed, \
                                               so all peers have to trust the renewed certificate (`certkit trust add \
                                               opcua:PKI FILE`; in Kepware: Trusted Clients or Trusted Servers, \
                                               Import).";

const APPLICATION_RENEWAL: &str = "Have its CA issue a new one with the same names and install it in place of this \
                                   one, in Kepware: OPC UA Configuration Manager, Instance Certificates, Import \
                                   Certificate. Peers that trust the CA need no change; those that trust this \
                                   certificate itself have to trust the new one (`certkit trust add opcua:PKI FILE`).";

const APPLICATION_AUTHORITY_RENEWAL: &str = "Have the CA's operator renew its certificate with the same key and name, \
                                             so that the certificates it has issued stay valid, and add the new one to \
                                             the lists of all peers: `certkit trust add opcua:PKI ca.der`.";

const API_CERTIFICATE: &str = "Issue a certificate from the plant's CA: `certkit generate https --name HOST --issuer \
                               CA`, and import it in Kepware: Settings | Configuration API Service | Import \
                               Certificate. Add the CA to the trust stores of the API's clients.";

const CLIENT_SELF_SIGNED: &str = "Have the plant's CA issue it: `certkit generate client --name NAME --issuer CA`; the \
                                  servers then need to trust only the CA. Until then add this certificate to the trust \
                                  store of each server that the client connects to, and again after every renewal.";

const CLIENT_CHAIN: &str = "Give the client a file with its own certificate first, then the CA that issued it, then \
                            the next CA: it sends them to servers that know only the root. The root may be omitted.";

const CLIENT_TOP: &str = "Ask the CA's operator for the root and each intermediate CA certificate, and pass them: \
                          `--trust root.pem --untrusted ca.pem`. The servers that the client connects to need the \
                          root, too.";
