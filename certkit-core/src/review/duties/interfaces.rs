//! Section 5.2: interfaces that cannot be secured.

use crate::check::Severity;
use crate::review::configuration::Kind;
use crate::review::duty::{Deviation, Duty, Part, View, Wanted};
use crate::review::facts::Facts;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&OPC_DA, &NEW_PROJECTS, &DDE, &SUITE_LINK, &AE, &HDA, &NET];

/// How a project becomes visible.
pub(super) const BY_PROJECT: &str = "name a project file (.json, .opf) or the Configuration API: kepware+https://HOST:57512 --user NAME --password-file FILE";

static DA_ENABLED: Deviation = Deviation {
    id: "kepware-opc-da-enabled",
    severity: Severity::Error,
    title: "OPC DA is enabled",
    cure: "right-click Project | Project Properties | OPC DA: set the first three properties (1.0, 2.0, 3.0) to No. The \
           built-in Quick Client no longer connects then; another UA client does",
};

static OPC_DA: Duty = Duty {
    id: "5.2.1",
    section: "5.2.1",
    title: "OPC DA is disabled where it is not needed",
    look: opc_da,
    visible_by: BY_PROJECT,
    cure: DA_ENABLED.cure,
    deviations: &[&DA_ENABLED],
    ..Duty::OF_A_PERSON
};

static NEW_PROJECTS: Duty = Duty {
    id: "5.2.2",
    section: "5.2.2",
    title: "OPC DA is disabled in every project, new ones included",
    look: opc_da,
    visible_by: BY_PROJECT,
    cure: "repeat 5.2.1 for each project that needs no OPC DA, and name all project files in the next review",
    deviations: &[&DA_ENABLED],
    ..Duty::OF_A_PERSON
};

fn opc_da(facts: &Facts, view: &mut View) {
    for (source, project) in view.all(facts, Kind::Project) {
        for (number, key) in [
            ("1.0", "opcdaserver.PROJECT_OPC_DA_1_ENABLED"),
            ("2.0", "opcdaserver.PROJECT_OPC_DA_2_ENABLED"),
            ("3.0", "opcdaserver.PROJECT_OPC_DA_3_ENABLED"),
        ] {
            view.switch(source, project, format!("OPC DA {number}"), &off(key, &DA_ENABLED));
        }
    }
}

/// An interface that should be off.
fn off<'a>(key: &'a str, deviation: &'static Deviation) -> Wanted<'a> {
    Wanted { key, value: false, good: "is disabled", bad: "is enabled", deviation }
}

/// Looks at one switch of the project that is to be off.
fn switch(facts: &Facts, view: &mut View, subject: &str, key: &str, deviation: &'static Deviation) {
    for (source, project) in view.all(facts, Kind::Project) {
        view.switch(source, project, subject, &off(key, deviation));
    }
}

static DDE_ENABLED: Deviation = Deviation {
    id: "kepware-dde-enabled",
    severity: Severity::Warning,
    title: "DDE is enabled",
    cure: "Project Properties | DDE: set Enable to No",
};

static DDE: Duty = Duty {
    id: "5.2-dde",
    section: "5.2",
    part: Part::Extra,
    title: "DDE is disabled",
    look: |facts, view| switch(facts, view, "DDE", "ddeserver.ENABLE", &DDE_ENABLED),
    visible_by: BY_PROJECT,
    cure: "Project Properties | DDE: set Enable to No",
    deviations: &[&DDE_ENABLED],
    ..Duty::OF_A_PERSON
};

static SUITE_LINK_ENABLED: Deviation = Deviation {
    id: "kepware-suitelink-enabled",
    severity: Severity::Warning,
    title: "SuiteLink and FastDDE are enabled",
    cure: "Project Properties | FastDDE/SuiteLink: set Enable to No",
};

static SUITE_LINK: Duty = Duty {
    id: "5.2-suitelink",
    section: "5.2",
    part: Part::Extra,
    title: "SuiteLink and FastDDE are disabled",
    look: |facts, view| switch(facts, view, "SuiteLink", "wwtoolkitinterface.ENABLED", &SUITE_LINK_ENABLED),
    visible_by: BY_PROJECT,
    cure: "Project Properties | FastDDE/SuiteLink: set Enable to No",
    deviations: &[&SUITE_LINK_ENABLED],
    ..Duty::OF_A_PERSON
};

static AE_ENABLED: Deviation = Deviation {
    id: "kepware-opc-ae-enabled",
    severity: Severity::Warning,
    title: "OPC AE is enabled",
    cure: "Project Properties | OPC AE: set Enable to No",
};

static AE: Duty = Duty {
    id: "5.2-ae",
    section: "5.2",
    part: Part::Extra,
    title: "OPC AE is disabled",
    look: |facts, view| switch(facts, view, "OPC AE", "aeserverinterface.ENABLE_AE_SERVER", &AE_ENABLED),
    visible_by: BY_PROJECT,
    cure: "Project Properties | OPC AE: set Enable to No",
    deviations: &[&AE_ENABLED],
    ..Duty::OF_A_PERSON
};

static HDA_ENABLED: Deviation = Deviation {
    id: "kepware-opc-hda-enabled",
    severity: Severity::Warning,
    title: "OPC HDA is enabled",
    cure: "Project Properties | OPC HDA: set Enable to No",
};

static HDA: Duty = Duty {
    id: "5.2-hda",
    section: "5.2",
    part: Part::Extra,
    title: "OPC HDA is disabled",
    look: |facts, view| switch(facts, view, "OPC HDA", "hdaserver.ENABLE", &HDA_ENABLED),
    visible_by: BY_PROJECT,
    cure: "Project Properties | OPC HDA: set Enable to No",
    deviations: &[&HDA_ENABLED],
    ..Duty::OF_A_PERSON
};

static NET_ENABLED: Deviation = Deviation {
    id: "kepware-opc-net-enabled",
    severity: Severity::Warning,
    title: "OPC .NET is enabled",
    cure: "Project Properties | OPC .NET: set Enable to No",
};

/// The switch of OPC .NET, as a binary project carries it; the name that JSON has for it is not known.
pub(in crate::review) const NET_SWITCH: &str = "xiserverinterface.(enabled)";

static NET: Duty = Duty {
    id: "5.2-net",
    section: "5.2",
    part: Part::Extra,
    title: "OPC .NET is disabled",
    look: |facts, view| switch(facts, view, "OPC .NET", NET_SWITCH, &NET_ENABLED),
    visible_by: "name a project file of the kind .opf, or look into Project Properties | OPC .NET",
    cure: "Project Properties | OPC .NET: set Enable to No",
    deviations: &[&NET_ENABLED],
    ..Duty::OF_A_PERSON
};
