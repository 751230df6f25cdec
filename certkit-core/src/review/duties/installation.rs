//! Section 4: the installation.

use crate::check::Severity;
use crate::review::duty::{Deviation, Duty, View};
use crate::review::facts::Facts;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&VALIDATION, &FEATURES, &ADMINISTRATOR];

static VALIDATION: Duty = Duty {
    id: "4.1.1",
    section: "4.1.1",
    title: "the installer was verified with the codes that Kepware publishes",
    question: "Was the installer's code compared with the one that Kepware publishes?",
    cure: "compare it with https://www.kepware.com/digitalsignature before the next installation",
    ..Duty::OF_A_PERSON
};

static FEATURES: Duty = Duty {
    id: "4.2.1",
    section: "4.2.1",
    title: "only the features that are needed are installed",
    question: "Were only the drivers and plug-ins installed that this plant uses?",
    cure: "run the installer again | Modify | Select Features: remove what is not used",
    ..Duty::OF_A_PERSON
};

/// The password of an account that has logged in is empty or weak.
pub(super) static WEAK_PASSWORD: Deviation = Deviation {
    id: "kepware-weak-password",
    severity: Severity::Error,
    title: "a password that the server accepts is empty or weak",
    cure: "Settings | User Manager | the user | Properties: set a password of 14 characters or more, with upper and lower \
           case, digits and special characters",
};

static ADMINISTRATOR: Duty = Duty {
    id: "4.2.2",
    section: "4.2.2",
    title: "the Administrator has a strong password",
    look: administrator,
    question: "Does the Administrator of Kepware have a password of 14 or more mixed characters that is used nowhere \
               else?",
    cure: "this password cannot be reset: add further administrators in Settings | User Manager, and set a strong one when \
           installing",
    deviations: &[&WEAK_PASSWORD],
    ..Duty::OF_A_PERSON
};

fn administrator(facts: &Facts, view: &mut View) {
    weak_password(facts, view, |user| user == "Administrator");
    view.ask();
}

/// Tells of the passwords with which users of these names have logged in.
pub(super) fn weak_password(facts: &Facts, view: &mut View, is_meant: fn(&str) -> bool) {
    for source in &facts.sources {
        let Some(log_in) = source.log_in.as_ref().filter(|it| is_meant(&it.user)) else { continue };
        if let Some(weakness) = &log_in.weakness {
            view.bad(source, "password", &WEAK_PASSWORD, format!("the password that was accepted {weakness}"));
        }
    }
}
