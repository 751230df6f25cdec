//! Section 5.1: the rights of the Application Data folder.

use crate::review::duty::{Duty, View};
use crate::review::facts::Facts;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&RIGHTS];

static RIGHTS: Duty = Duty {
    id: "5.1.1",
    section: "5.1.1",
    title: "only those who configure Kepware read and write its Application Data folder",
    look: rights,
    visible_by: "run certkit on the host and name the folder: --data-dir DIR",
    cure: "the Application Data folder | Properties | Security | Advanced: disable inheritance, remove Users, grant Read and \
           Write to the group that configures Kepware, for this folder, subfolders and files",
    ..Duty::OF_A_PERSON
};

fn rights(_: &Facts, view: &mut View) {
    view.unseen();
}
