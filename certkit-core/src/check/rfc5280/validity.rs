//! The time for which a certificate is valid (RFC 5280 sections 4.1.2.5 and 6.1.3).

use super::super::Clause::{BaselineRequirements, Rfc5280};
use super::super::Look::{Each, Facts};
use super::super::{Case, Check, Outcome, Severity, ShortLived, Subject, always};
use crate::cert::Malformed;
use crate::moment::{DAY, Moment, distance};

/// The checks of this topic: first those that decide, then those that look ahead.
pub static CHECKS: &[&Check] = &[
    &VALIDITY_INVERTED,
    &NOT_YET_VALID,
    &EXPIRED,
    &EXPIRES_SOON,
    &VALIDITY_OUTSIDE_ISSUER,
    &VALIDITY_BEFORE_ISSUER,
    &VALIDITY_TOO_LONG,
    &CA_VALIDITY_TOO_LONG,
];

/// The validity ends before it begins.
pub static VALIDITY_INVERTED: Check = Check {
    id: "validity-inverted",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.5")],
    title: "The notAfter date is later than notBefore",
    why: "Such a certificate is never valid; every peer refuses it. Usually the clock of the machine that made it was \
          wrong, or the two dates were swapped.",
    remedy: "Correct the clock of the issuing machine and reissue the certificate.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: inverted },
};

fn inverted(_: &Case, subject: &Subject) -> Outcome {
    told(validity(subject), |(start, end)| {
        Outcome::not_met_if(end < start, || {
            format!("its notBefore {} UTC is later than its notAfter {} UTC", start.to_minute(), end.to_minute())
        })
    })
}

/// The moment is before the validity.
pub static NOT_YET_VALID: Check = Check {
    id: "not-yet-valid",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.5"), Rfc5280("6.1.3")],
    title: "The certificate is already valid",
    why: "Peers refuse a certificate before its notBefore. If a new certificate fails here, check the clocks first: a \
          controller without battery starts in 1970, and a certificate made with local time can be some hours early. \
          Logs say `certificate is not yet valid` (OpenSSL, error 9) or `CertificateNotYetValidException` (Java).",
    remedy: "Compare the clocks of both machines with UTC and set them. If they are right, wait for notBefore or \
             reissue the certificate.",
    look: Facts(always),
};

/// The moment is after the validity.
pub static EXPIRED: Check = Check {
    id: "expired",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.5"), Rfc5280("6.1.3")],
    title: "The certificate has not expired",
    why: "Peers refuse an expired certificate, and every certificate below an expired CA. Existing connections may \
          continue for a while and fail at the next reconnect; some clients check again every hour. Logs say \
          `certificate has expired` (OpenSSL, error 10) or `CertificateExpiredException` (Java).",
    remedy: "Have the certificate renewed and install the new one in place of this one (for ThingWorx: the keystore of \
             its Tomcat). A renewed server certificate of the same CA needs no import in Kepware; a new CA does: get \
             its file with `certkit fetch URL --part ca -o ca.cer`.",
    look: Facts(always),
};

/// The validity ends within the profile's limit, or within a third of a short validity.
pub static EXPIRES_SOON: Check = Check {
    id: "expires-soon",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.5")],
    title: "The certificate does not expire soon",
    why: "A renewal takes a request, an issuer and often a maintenance window. Plants stop because of certificates \
          that expire unnoticed.",
    remedy: "Plan the renewal now, with the same key and names if the peers trust the certificate itself. The warning \
             begins 30 days before the end, for a certificate of less than 90 days when a third of its validity is \
             left.",
    look: Each { applies: is_valid_now, at: expires_soon },
};

fn is_valid_now(case: &Case, subject: &Subject) -> bool {
    subject.is_on_path() && validity(subject).is_ok_and(|(start, end)| (start..=end).contains(&case.moment))
}

fn expires_soon(case: &Case, subject: &Subject) -> Outcome {
    told(validity(subject), |(start, end)| {
        let limit = days(case.limits.expires_soon_days);
        let limit = match case.limits.short_lived {
            ShortLived::LastThird => limit.min(end.since(start) / 3),
            ShortLived::AsOthers => limit,
        };
        Outcome::not_met_if(end.since(case.moment) < limit, || {
            format!("it expires at {} UTC, {}", end.to_minute(), distance(end, case.moment))
        })
    })
}

/// The end lies after the issuer's end.
pub static VALIDITY_OUTSIDE_ISSUER: Check = Check {
    id: "validity-outside-issuer",
    severity: Severity::Warning,
    clauses: &[Rfc5280("6.1.3")],
    title: "The certificate does not expire after its issuer",
    why: "Every certificate of a path has to be valid when it is checked, so this one stops working when its issuer \
          expires, before its own date. Monitoring of the server's certificate alone misses that.",
    remedy: "Monitor the issuer's date, not this one's. Renew the CA certificate in time (with the same key, the \
             certificates it has issued stay valid) and distribute the renewed one to all who trust it.",
    look: Each { applies: has_issuer, at: outside_issuer },
};

fn has_issuer(case: &Case, subject: &Subject) -> bool {
    case.issuer_of(subject).is_some()
}

fn outside_issuer(case: &Case, subject: &Subject) -> Outcome {
    let Some(issuer) = case.issuer_of(subject) else { return Outcome::Met };
    told(validity(subject).and_then(|own| Ok((own.1, validity(issuer)?.1))), |(own, above)| {
        Outcome::not_met_if(own > above, || {
            format!("it is valid until {}, its issuer {} only until {}", own.date(), issuer.called(), above.date())
        })
    })
}

/// The beginning lies before the issuer's beginning.
pub static VALIDITY_BEFORE_ISSUER: Check = Check {
    id: "validity-before-issuer",
    severity: Severity::Info,
    clauses: &[Rfc5280("6.1.3")],
    title: "The validity begins no earlier than the issuer's",
    why: "Normal after a CA certificate was renewed with the same key: the issuer shown here is newer than the \
          certificates it has issued. It matters only for validation at an earlier time, such as the date of a \
          signature.",
    remedy: "No action is needed.",
    look: Each { applies: has_issuer, at: before_issuer },
};

fn before_issuer(case: &Case, subject: &Subject) -> Outcome {
    let Some(issuer) = case.issuer_of(subject) else { return Outcome::Met };
    told(validity(subject).and_then(|own| Ok((own.0, validity(issuer)?.0))), |(own, above)| {
        Outcome::not_met_if(own < above, || {
            format!("it is valid from {}, its issuer {} from {}", own.date(), issuer.called(), above.date())
        })
    })
}

/// A leaf's validity is longer than the profile's limit.
pub static VALIDITY_TOO_LONG: Check = Check {
    id: "validity-too-long",
    severity: Severity::Warning,
    clauses: &[BaselineRequirements("6.3.2")],
    title: "A server certificate is valid for no longer than 825 days",
    why: "Apple's systems refuse a server certificate of more than 825 days, whoever issued it; public CAs may only \
          issue far shorter ones. A key in use for many years has more time to leak, and the people who could renew it \
          may have left.",
    remedy: "Issue the next one for one or two years and monitor its expiry.",
    look: Each { applies: |_, subject| subject.is_leaf(), at: too_long_for_leaf },
};

fn too_long_for_leaf(case: &Case, subject: &Subject) -> Outcome {
    no_longer_than(case.limits.leaf_validity_days, subject)
}

/// A CA's validity is longer than the profile's limit.
pub static CA_VALIDITY_TOO_LONG: Check = Check {
    id: "ca-validity-too-long",
    severity: Severity::Info,
    clauses: &[BaselineRequirements("7.1.2.1.1")],
    title: "A CA certificate is valid for no longer than 25 years",
    why: "Algorithms age: few keys from 25 years ago would be accepted today. Within a plant a longer validity is \
          possible, and works.",
    remedy: "No action is needed now. Plan a successor long before the CA's algorithms are out of date.",
    look: Each {
        applies: |case, subject| subject.is_authority() && case.minds_form_of(subject),
        at: too_long_for_authority,
    },
};

fn too_long_for_authority(case: &Case, subject: &Subject) -> Outcome {
    no_longer_than(case.limits.authority_validity_days, subject)
}

fn no_longer_than(limit: u32, subject: &Subject) -> Outcome {
    told(validity(subject), |(start, end)| {
        Outcome::not_met_if(end.since(start) > days(limit), || {
            format!(
                "it is valid from {} to {}, {} days; the limit is {limit}",
                start.date(),
                end.date(),
                end.since(start) / DAY
            )
        })
    })
}

fn validity(subject: &Subject) -> Result<(Moment, Moment), Malformed> {
    Ok((subject.certificate.not_before()?, subject.certificate.not_after()?))
}

fn days(count: u32) -> i64 {
    i64::from(count).saturating_mul(DAY)
}

/// Checks what could be decoded; otherwise undetermined, with the reason.
fn told<T>(decoded: Result<T, Malformed>, look: impl FnOnce(T) -> Outcome) -> Outcome {
    match decoded {
        Ok(value) => look(value),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}
