//! What to do about a finding where more is known than the requirement: where the certificate stands, who presents it,
//! what it is.
//!
//! [`Check::remedy`] is what holds everywhere; what is said here fits better. Refuses to decide what is wrong.

use super::opcua::hosts::OPCUA_HOST_MISMATCH;
use super::opcua::posture::addresses::OPCUA_ENDPOINT_HOST_UNNAMED;
use super::opcua::validation::{OPCUA_CERTIFICATE_HOST_NAME_INVALID, OPCUA_CERTIFICATE_TIME_INVALID};
use super::rfc5280::fields::CERTIFICATE_UNDECODABLE;
use super::rfc5280::revocation::REVOCATION_UNKNOWN;
use super::rfc5280::validity::{EXPIRED, EXPIRES_SOON};
#[cfg(feature = "store")]
use super::store::authorities::STORE_CRL_MISSING;
use super::webpki::algorithms::{KEY_DSA, KEY_TOO_WEAK, SIGNATURE_WEAK_HASH};
use super::webpki::chain::{CHAIN_INCOMPLETE, CHAIN_ISSUERS_NOT_SENT, CHAIN_ORDER, SELF_SIGNED};
use super::webpki::names::HOST_MISMATCH;
use super::{Case, Check, Profile, Role, Subject};
use crate::cert::Certificate;
use crate::moment::{DAY, Moment};

/// Where a certificate that is judged stands or serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A server presents it, or nobody knows.
    Server,
    /// A TLS client presents it.
    Client,
    /// Kepware's Configuration API presents it.
    ConfigurationApi,
    /// An OPC UA application has it.
    Application,
    /// It is a CA's that somebody is about to trust.
    Import,
    /// It stands in a trust store.
    Store,
    /// A CA is asked for it, and nobody has signed it yet.
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
}

/// Ports on which Kepware's Configuration API answers over TLS, unless somebody has set another one.
const CONFIGURATION_API: [u16; 2] = [57512, 57513];

impl<'a> Situation<'a> {
    /// Nothing but the setting is known.
    pub fn of(setting: Setting) -> Situation<'a> {
        Situation { setting, certificate: None, is_authority: false, is_misplaced: false }
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
        }
    }

    /// Whether the certificate has issued itself, so that whoever trusts it trusts this very one.
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
}

/// 1988-01-01: the first edition of X.509 is of that year.
const FIRST_CERTIFICATES: Moment = Moment::from_unix(6574 * DAY);

/// What to do about a check that is not met.
pub fn cure(check: &'static Check, situation: &Situation<'_>) -> &'static str {
    let is = |other: &Check| check.id == other.id;
    let is_of_time = is(&EXPIRED) || is(&OPCUA_CERTIFICATE_TIME_INVALID);
    let is_of_host = is(&HOST_MISMATCH) || is(&OPCUA_HOST_MISMATCH) || is(&OPCUA_CERTIFICATE_HOST_NAME_INVALID);
    if is_of_time && situation.is_by_clock_without_time() {
        return CLOCK;
    }
    match situation.setting {
        #[cfg(feature = "store")]
        _ if is(&STORE_CRL_MISSING) && situation.is_misplaced => MISPLACED_LIST,
        _ if is(&OPCUA_ENDPOINT_HOST_UNNAMED) && situation.is_misplaced => EVERY_ADDRESS_TOLD,
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

const CLOCK: &str = "Set the clock of the device that made it, best by a time server (NTP): the first day of this certificate \
                     is the one that clocks without a battery, and firmware, begin with. Then make the certificate anew \
                     on that device, and have it trusted again where it was.";

#[cfg(feature = "store")]
const MISPLACED_LIST: &str = "Add the same file once more: `certkit trust add STORE FILE` puts the list beside its CA and takes \
                              it from where it lies now.";

const EVERY_ADDRESS_TOLD: &str = "Set the host in the URL right: `0.0.0.0` and `::` mean every address of a machine, lead no \
                                  client there and belong into no certificate. In Kepware: OPC UA Configuration Manager, \
                                  Server Endpoints, Edit, Network Adapter. Where another host of the URLs is not in the \
                                  certificate, make that anew with its name.";

const EVERY_ADDRESS_ASKED: &str = "Ask by the name or address by which clients reach the server: `0.0.0.0` and `::` mean every \
                                   address of a machine and belong into no certificate.";

const STORE_EXPIRED: &str = "Take it out: `certkit trust remove STORE NAME`. Where its holder still connects, put the renewed one \
                             in its place: `certkit trust add STORE FILE`.";

const STORE_EXPIRES_SOON: &str = "Get the renewed one from its holder and put it beside this one in time: `certkit trust add \
                                  STORE FILE`. Take this one out when nobody presents it any more: `certkit trust remove \
                                  STORE NAME`.";

const STORE_LIST: &str = "Get the current list from the CA and put it in the place of this one: delete the damaged file, then \
                          `certkit trust add STORE ca.crl`. Until then nobody knows whom of its issuer it revokes.";

const STORE_UNDECODABLE: &str = "Get the certificate anew from its holder and put it in the place of this one, or delete it: some \
                                 programs refuse the whole store for it. `certkit inspect` shows what there is of it.";

const STORE_WEAK: &str = "Have its holder get a certificate over SHA-256 with a key that is long enough, put that one in: \
                          `certkit trust add STORE FILE`, and take this one out: `certkit trust remove STORE NAME`.";

const REQUEST: &str = "Make the request anew before a CA signs it: `certkit request https|opcua|client|ca` asks for what its kind \
                       needs, with a key that is long enough. Where only names or usages are wrong, the CA may set its \
                       own instead.";

const IMPORT_EXPIRED: &str = "Get the CA's renewed certificate from those who run it and import that one. Where this one stands in \
                              a trust store already, take it out: `certkit trust remove STORE NAME`.";

const AUTHORITY_EXPIRED: &str = "Get the CA's renewed certificate from those who run it, and put it where this one is: into the \
                                 chain that the server sends and into the trust stores of its clients. With the same key \
                                 and name, what the CA has issued stays good; else the server needs a new certificate.";

const APPLICATION_SELF_SIGNED_RENEWAL: &str = "Renew it where it came from: `certkit renew FILE`; in Kepware: OPC UA Configuration Manager, Instance Certificates, \
     Reissue certificate. It has signed itself, so the renewed one is another certificate: all partners have to trust it \
     anew (`certkit trust add opcua:PKI FILE`; in Kepware: Trusted Clients or Trusted Servers, Import).";

const APPLICATION_RENEWAL: &str = "Have its CA issue a new one with the same names and install it where this one came from, in \
                                   Kepware: OPC UA Configuration Manager, Instance Certificates, Import Certificate. \
                                   Partners that trust the CA need nothing; those that trust this very certificate have to \
                                   trust the new one (`certkit trust add opcua:PKI FILE`).";

const APPLICATION_AUTHORITY_RENEWAL: &str = "Have those who run the CA renew its certificate with the same key and name, so that what it has issued stays good, and \
     put the new one into the lists of all partners: `certkit trust add opcua:PKI ca.der`.";

const API_CERTIFICATE: &str = "Make a certificate that a CA of the plant issues: `certkit generate https --name HOST --issuer CA`, \
                               and import it in Kepware: Settings | Configuration API Service | Import Certificate. Give \
                               the CA to the clients of the API.";

const CLIENT_SELF_SIGNED: &str = "Have the plant's CA issue it: `certkit generate client --name NAME --issuer CA`; the servers then trust the CA alone. \
     Until then put this very certificate into the trust store of each server that the client connects to, and again \
     after every renewal.";

const CLIENT_CHAIN: &str = "Give the client a file with its own certificate first, then the CA that issued it, then the next CA: it sends them \
                            to servers that know the root alone. The root may be left out.";

const CLIENT_TOP: &str = "Ask those who run the CA for the certificates of its root and of each CA between, and name them: `--trust \
                          root.pem --untrusted ca.pem`. The servers that the client connects to need the root, too.";
