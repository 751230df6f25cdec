//! Where doors differ, and why.

use certkit_core::check::Profile;
use certkit_core::check::store::AUDIT;

/// What a door says otherwise than the others, and what it says.
pub(crate) struct Difference {
    pub(crate) profile: &'static str,
    pub(crate) doors: &'static [&'static str],
    pub(crate) situations: &'static [&'static str],
    pub(crate) said: &'static [&'static str],
    pub(crate) status: i32,
    pub(crate) reason: &'static str,
}

impl Difference {
    /// Says whether it is about a door in a situation, under a profile.
    pub(crate) fn is_about(&self, profile: &str, door: &str, situation: &str) -> bool {
        self.profile == profile && self.doors.contains(&door) && self.situations.contains(&situation)
    }
}

/// A situation that cannot occur at a door.
pub(crate) struct Absent {
    pub(crate) doors: &'static [&'static str],
    pub(crate) situations: &'static [&'static str],
    pub(crate) reason: &'static str,
}

/// Doors that have not all checks of a profile, with those that they have: what they do have, they tell as the others.
pub(crate) const PARTLY: &[(&str, &Profile)] = &[("trust audit", &AUDIT), ("trust audit opcua:", &AUDIT)];

/// Situations that cannot occur at a door, with the reason.
pub(crate) const ABSENT: &[Absent] = &[
    Absent {
        doors: &["fetch", "fetch opc.tcp:", "expiry FILE", "expiry URL"],
        situations: &["revoked", "list damaged", "list expired"],
        reason: "it takes no revocation lists, and says of none that it was looked at",
    },
    Absent {
        doors: &["trust add opcua:", "trust add, the store's lists", "trust add pem:"],
        situations: &["anchor not trusted", "issuer missing"],
        reason: "what is added is trusted from then on, whatever is above it; that its issuer is not there is told of the store",
    },
    Absent {
        doors: &["fetch opc.tcp:", "expiry FILE"],
        situations: &[
            "leaf trusted",
            "leaf trusted, issuer expired",
            "leaf trusted, root expired",
            "leaf trusted, issuer revoked",
            "CA trusted",
            "CA trusted, root expired",
            "CA trusted and revoked",
        ],
        reason: "it takes no list of issuers, and what is presented is the leaf alone",
    },
    Absent {
        doors: &["trust add opcua:", "trust add, the store's lists", "expiry FILE"],
        situations: &["wrong host"],
        reason: "nobody has said by which host it will be reached",
    },
];

/// Situations that are told otherwise at a door.
pub(crate) const DIFFERENT: &[Difference] = &[
    Difference {
        profile: "tls",
        doors: &["check FILE", "check URL"],
        situations: &["list missing"],
        said: &[],
        status: 0,
        reason: "verify prefers to know of revocation, check asks only whom --crl is given; that it was not asked is told",
    },
    Difference {
        profile: "tls",
        doors: &["verify::verify"],
        situations: &["odd form"],
        said: &[],
        status: 0,
        reason: "it decides on paths; of the form of each certificate, `check::forms` and `assess` tell",
    },
    Difference {
        profile: "ca",
        doors: &["trust add pem:"],
        situations: &["self-signed, weak"],
        said: &["warning ca-by-default", "warning root-weak-hash"],
        status: 1,
        reason: "what is added is an anchor from then on, and no other was named",
    },
    Difference {
        profile: "opcua",
        doors: &["trust add opcua:", "trust add, the store's lists"],
        situations: &["self-signed, weak"],
        said: &[
            "error opcua-key-usage",
            "error opcua-purpose-missing",
            "error signature-weak-hash",
            "warning opcua-ca-flag-on-leaf",
        ],
        status: 2,
        reason: "what is added is trusted from then on, and no other anchor was named",
    },
    Difference {
        profile: "https",
        doors: &["expiry FILE"],
        situations: &["self-signed, weak"],
        said: &["error anchor-not-named", "error server-as-ca", "warning root-weak-hash"],
        status: 2,
        reason: "expiry has no --profile, and in a file the certificate says that it is a CA",
    },
    Difference {
        profile: "https",
        doors: &["expiry FILE"],
        situations: &["unusable"],
        said: &["error key-usage-unfit-for-tls"],
        status: 2,
        reason: "expiry has no --profile, and in a file the certificate says that it is a client's",
    },
    Difference {
        profile: "https",
        doors: &["check URL", "fetch"],
        situations: &["weak key"],
        said: &["error key-too-weak", "warning key-possession-unproven"],
        status: 2,
        reason: "a connection shows whether the server holds the key, and no signature of a key so short is verified",
    },
    Difference {
        profile: "https",
        doors: &["expiry FILE", "expiry URL"],
        situations: &["undecodable"],
        said: UNDATED,
        status: 2,
        reason: NO_DATES,
    },
    Difference {
        profile: "opcua",
        doors: &["expiry FILE"],
        situations: &["undecodable"],
        said: UNDATED,
        status: 2,
        reason: NO_DATES,
    },
    Difference {
        profile: "ca",
        doors: &["expiry FILE"],
        situations: &["undecodable"],
        said: UNDATED,
        status: 2,
        reason: NO_DATES,
    },
    Difference {
        profile: "steps",
        doors: &["preflight"],
        situations: &["undecodable"],
        said: &["error failure"],
        status: 3,
        reason: "a meeting needs two certificates; without one of them there is nothing to judge",
    },
    Difference {
        profile: "https",
        doors: &["expiry FILE", "expiry URL"],
        situations: &["issuer expired"],
        said: &["warning validity-outside-issuer"],
        status: 2,
        reason: ENTRIES,
    },
    Difference {
        profile: "https",
        doors: &["expiry FILE", "expiry URL"],
        situations: &["root expired"],
        said: &["error expired"],
        status: 2,
        reason: ENTRIES,
    },
    Difference {
        profile: "opcua",
        doors: &["expiry FILE"],
        situations: &["issuer expired"],
        said: &["warning validity-outside-issuer"],
        status: 2,
        reason: ENTRIES,
    },
    Difference {
        profile: "opcua",
        doors: &["expiry FILE"],
        situations: &["root expired"],
        said: &["error expired"],
        status: 2,
        reason: ENTRIES,
    },
];

const ENTRIES: &str = "what is found together has an entry each: what concerns the issuing CA stands with the CA";
const UNDATED: &[&str] = &["error unknown"];
const NO_DATES: &str = "what cannot be decoded has no dates: its state is unknown, with the reason beside it";
