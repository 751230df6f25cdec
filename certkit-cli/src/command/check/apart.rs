//! What is judged by itself: the revocation lists and the requests of an input.

use certkit_core::cert::{OcspResponse, Request, RevocationList};
use certkit_core::check::list::{self, Demand, ListCase};
use certkit_core::check::{self, Expectation, Profile, request, rfc5280};
use certkit_core::container::{Item, ItemKind};
use certkit_core::context::Context;
use certkit_core::path::revocation::unfit_to_clear;
use certkit_core::report::Report;
use certkit_core::text::Printable;

use crate::input::Input;

/// Judges each list and each request, under the profile that the user named or the one that it suggests.
pub(super) fn judge(
    input: &Input,
    expectation: &Expectation,
    named: Option<&'static Profile>,
    context: &Context,
    report: &mut Report,
) {
    for item in &input.contents.items {
        match item.kind {
            ItemKind::RevocationList => list(item, &input.name, named.unwrap_or(&check::CA), context, report),
            ItemKind::Request => match Request::from_der(&item.der) {
                Ok(asked) => {
                    let profile = named.unwrap_or_else(|| request::suited(&asked));
                    report.add_posture(profile, &request::judge(&asked, expectation, profile, report.moment));
                }
                Err(error) => report.add_posture(named.unwrap_or(&check::HTTPS), &request::unreadable(&error)),
            },
            ItemKind::OcspResponse => match OcspResponse::from_der(&item.der) {
                Ok(response) => report.add_beside(&list::judge_response(&response, named.unwrap_or(&check::CA))),
                Err(error) => {
                    let place = format!("{}, {}", Printable(&input.name), item.position);
                    let why = format!("cannot read the OCSP response {place}: {error}");
                    report.add_lost(&rfc5280::revocation::REVOCATION_UNKNOWN, why);
                }
            },
            _ => {}
        }
    }
}

/// Looks at the form of the lists of --crl: what they say of certificates is told with these.
pub(super) fn judge_beside<'l>(
    lists: impl Iterator<Item = &'l RevocationList>,
    named: Option<&'static Profile>,
    report: &mut Report,
) {
    for list in lists {
        let case = ListCase::new(list, [], report.moment, Demand::Any);
        let judgement = list::judge_form(&case, named.unwrap_or(&check::CA));
        report.add_beside(&judgement);
    }
}

fn list(item: &Item, name: &str, profile: &'static Profile, context: &Context, report: &mut Report) {
    let not_known = |why: &dyn std::fmt::Display| {
        format!("cannot read the revocation list {}, {}: {why}", Printable(name), item.position)
    };
    let unknown = &rfc5280::revocation::REVOCATION_UNKNOWN;
    let list = match RevocationList::from_der(&item.der) {
        Ok(list) => list,
        Err(error) => return report.add_lost(unknown, not_known(&error)),
    };
    if let Some(why) = unfit_to_clear(&list) {
        report.add_lost(unknown, not_known(&why));
    }
    let case = ListCase::over(&list, context.pool(), context.named.as_deref(), report.moment);
    report.add_posture(profile, &list::judge(&case, profile));
}
