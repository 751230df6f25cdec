//! A decision with what it was asked for: what is printed, and the exit status.

use certkit_core::check::rfc5280::fields::CERTIFICATE_UNDECODABLE;
use certkit_core::check::{Check, Finding, Profile, Severity};
use certkit_core::moment::Moment;
use certkit_core::opcua::Prediction;
use certkit_core::opcua::validation::{Step, Validation};
use certkit_core::status::StatusCode;
use certkit_core::verify::program::{Program, Refusal};
use certkit_core::verify::{Revocation, Verdict};

use crate::exit::Exit;

/// What came of judging a leaf.
pub(crate) enum Outcome {
    /// There is a decision.
    Decided(Box<Verdict>),
    /// The leaf cannot be decoded, and nothing else is judged in its place.
    Undecodable(Box<Finding>),
    /// There is a decision of OPC UA.
    Validated(Box<Validated>),
}

/// The decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The certificate is accepted; there may be warnings.
    Accepted,
    /// Something is wrong.
    Rejected,
    /// Nothing is known to be wrong, but what decides could not be determined.
    NotJudged,
}

impl Decision {
    /// The word that documents use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Decision::Accepted => "accepted",
            Decision::Rejected => "rejected",
            Decision::NotJudged => "not-judged",
        }
    }
}

/// What a question names and asks.
pub(crate) struct Asked {
    /// What the leaf is called.
    pub(crate) leaf: String,
    /// The profile.
    pub(crate) profile: &'static Profile,
    /// The time that is judged.
    pub(crate) moment: Moment,
    /// Whether revocation is checked.
    pub(crate) revocation: Revocation,
}

/// What a single program does with the leaf.
pub(crate) struct ProgramVerdict {
    pub(crate) program: Program,
    /// Why it refuses the leaf; nothing where it accepts it.
    pub(crate) refusals: Vec<Refusal>,
    /// What speaks against the leaf and it was never asked about; it neither accepts nor refuses then.
    pub(crate) unasked: Option<&'static Check>,
}

/// A decision with what it was asked for.
pub(crate) struct Judged {
    pub(crate) leaf: String,
    pub(crate) profile: &'static Profile,
    pub(crate) moment: Moment,
    pub(crate) revocation: Revocation,
    pub(crate) outcome: Outcome,
    /// The program whose verdict was asked for; it makes the decision then.
    pub(crate) program: Option<ProgramVerdict>,
    pub(crate) decision: Decision,
    /// The StatusCode, where an application of OPC UA decides.
    pub(crate) status: Option<StatusCode>,
    /// The heaviest of what speaks against the path.
    heaviest: Option<Severity>,
    /// Where each certificate of the path was found.
    pub(crate) origins: Vec<String>,
}

impl Judged {
    fn new(asked: Asked, outcome: Outcome, decision: Decision, status: Option<StatusCode>) -> Judged {
        let Asked { leaf, profile, moment, revocation } = asked;
        let (program, heaviest, origins) = (None, None, Vec::new());
        let mut judged =
            Judged { leaf, profile, moment, revocation, outcome, program, decision, status, heaviest, origins };
        judged.heaviest = judged.findings().iter().map(|it| it.severity).max();
        judged
    }

    /// A relying party has decided. `forms` is what its profile says of the form of the certificates: it takes none with an
    /// error there, and the rest is told and changes nothing.
    pub(crate) fn decided(asked: Asked, mut verdict: Verdict, forms: Vec<Finding>) -> Judged {
        let is_malformed = forms.iter().any(|it| it.severity == Severity::Error);
        let decision = match verdict.is_accepted() {
            true if !is_malformed => Decision::Accepted,
            false if verdict.is_undecided() && !is_malformed => Decision::NotJudged,
            _ => Decision::Rejected,
        };
        let heaviest = verdict.reasons.iter().map(|it| it.severity).max();
        verdict.reasons.extend(forms);
        verdict.reasons.sort_by_key(|it| std::cmp::Reverse(it.severity));
        Judged { heaviest, ..Judged::new(asked, Outcome::Decided(Box::new(verdict)), decision, None) }
    }

    /// An application of OPC UA has decided.
    pub(crate) fn validated(asked: Asked, validated: Validated) -> Judged {
        let status = validated.validation.status();
        let decision = if status == StatusCode::GOOD { Decision::Accepted } else { Decision::Rejected };
        Judged::new(asked, Outcome::Validated(Box::new(validated)), decision, Some(status))
    }

    /// The leaf cannot be decoded, for this reason. An application of OPC UA refuses such a one with a code.
    pub(crate) fn undecodable(asked: Asked, reason: String, status: Option<StatusCode>) -> Judged {
        let check = &CERTIFICATE_UNDECODABLE;
        let finding = Finding::new(check, check.severity, None, reason, check.remedy);
        Judged::new(asked, Outcome::Undecodable(Box::new(finding)), Decision::Rejected, status)
    }

    /// Adds where each certificate of the path was found.
    pub(crate) fn found(self, origins: Vec<String>) -> Judged {
        Judged { origins, ..self }
    }

    /// Lets a program decide, where its verdict was asked for.
    pub(crate) fn by(self, program: Option<ProgramVerdict>) -> Judged {
        let decision = match &program {
            None => self.decision,
            Some(verdict_of_program) if !verdict_of_program.refusals.is_empty() => Decision::Rejected,
            Some(ProgramVerdict { unasked: Some(_), .. }) => Decision::NotJudged,
            Some(_) => Decision::Accepted,
        };
        Judged { program, decision, ..self }
    }

    /// Says whether the leaf is accepted.
    pub(crate) fn is_accepted(&self) -> bool {
        self.decision == Decision::Accepted
    }

    /// What speaks against the leaf, or should be known.
    pub(crate) fn findings(&self) -> &[Finding] {
        match &self.outcome {
            Outcome::Decided(verdict) => &verdict.reasons,
            Outcome::Undecodable(finding) => std::slice::from_ref(finding),
            Outcome::Validated(it) => &it.findings,
        }
    }

    /// The exit status: 0 or 1 accepted, 2 rejected or not judged.
    pub(crate) fn exit(&self) -> Exit {
        if !self.is_accepted() {
            return Exit::Errors;
        }
        if self.program.is_some() {
            return Exit::Fine;
        }
        Exit::for_severity(self.heaviest)
    }
}

/// A validation with what is told of it.
pub(crate) struct Validated {
    pub(crate) validation: Validation,
    /// The findings of its checks.
    pub(crate) findings: Vec<Finding>,
    /// Steps that nobody asked about.
    pub(crate) undetermined: Vec<Step>,
    /// What every stack would make of it, where that was asked for.
    pub(crate) stacks: Vec<Prediction>,
}
