//! Section 5.1: the rights of the Application Data folder.

use crate::check::Severity;
use crate::review::duty::{Deviation, Duty};
use crate::review::facts::Topic;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&RIGHTS];

static OPEN_FOLDER: Deviation = Deviation {
    id: "kepware-data-folder-open",
    severity: Severity::Error,
    title: "every user of the machine may read or write in the Application Data folder",
    cure: "on Windows: the folder | Properties | Security | Advanced: disable inheritance, remove Users. On Linux: chmod -R \
           o-rwx FOLDER",
};

static RIGHTS: Duty = Duty {
    id: "5.1.1",
    section: "5.1.1",
    title: "only those who configure Kepware can read and write its Application Data folder",
    look: |facts, view| {
        if !view.observe(facts, Topic::FolderRights, &OPEN_FOLDER) {
            view.unseen();
        }
    },
    visible_by: "run certkit on the host and name the folder: --data-dir DIR",
    cure: "the Application Data folder | Properties | Security | Advanced: disable inheritance, remove Users, grant Read and \
           Write to the group that configures Kepware, for this folder, subfolders and files",
    deviations: &[&OPEN_FOLDER],
    ..Duty::OF_A_PERSON
};
