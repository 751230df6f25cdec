//! Asks the network for what is not at hand of revocation, and decides with what came.

use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::online::{Miss, Online, Wanted, WhyMissed};
use certkit_core::path::revocation::Responses;
use certkit_core::source::{DownloadFault, PrivateDownloads};
use certkit_core::text::Printable;
use certkit_core::verify::{Question, TrustMaterial, Verdict, verify};

use crate::output;

/// How long the network is asked for one leaf, at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often another path is asked about, where what came speaks against the last one.
const ROUNDS: usize = 3;

/// Prepares to ask.
pub(super) fn asker(private: PrivateDownloads) -> Online {
    Online::new(PATIENCE, None, private)
}

/// Decides; asks about a path that reaches an anchor, since only there the addresses come from those who are trusted.
pub(super) fn decide(
    leaf: &Certificate,
    material: &TrustMaterial<'_>,
    question: &Question<'_>,
    online: &Online,
) -> Verdict {
    let (mut lists, mut responses) = (material.lists.clone(), Responses::new());
    material.responses.iter().for_each(|response| _ = responses.add(response.clone()));
    let deadline = online.deadline();
    let mut verdict = verify(leaf, material, question);
    for _ in 0..ROUNDS {
        if !verdict.path.is_anchored() {
            break;
        }
        let asked = verdict.path.certificates.clone();
        online.ask(&verdict.path, &mut lists, &mut responses, question.moment, deadline).iter().for_each(tell);
        verdict = verify(leaf, &TrustMaterial { lists: &lists, responses: &responses, ..*material }, question);
        if verdict.path.certificates == asked {
            break;
        }
    }
    verdict
}

/// Says which address gave nothing.
fn tell(miss: &Miss) {
    let wanted = match miss.wanted {
        Wanted::List => "no revocation list",
        Wanted::Response => "no answer from a responder",
    };
    let (address, why) = (&miss.address, miss.why.to_string());
    let is_private = matches!(&miss.why, WhyMissed::Download(outcome)
        if matches!(outcome.as_ref(), Err(error) if matches!(error.fault, DownloadFault::Private { .. })));
    let hint = if is_private { "\n  hint: --allow-private-downloads allows this address" } else { "" };
    output::note(&format!("{wanted} from {address}: {}{hint}", Printable(&why)));
}
