//! Which of several identities a server is shown: those of the CAs that it names first, until it accepts one.

use certkit_core::source::{Capture, ClientCertificate, ClientIdentity};

use super::asked::is_listed;
use crate::failure::Failure;

/// The identities of a client, each by the name of its file.
#[derive(Debug, Default)]
pub(crate) struct Identities(pub(super) Vec<(String, ClientIdentity)>);

/// What a server was shown.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The identity that what was seen is of.
    pub(crate) own: Option<ClientIdentity>,
    /// The name of its file, where several were at hand.
    pub(crate) name: Option<String>,
    /// The files of those that were tried, in their order.
    pub(crate) tried: Vec<String>,
}

/// How a server takes an identity; the less, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reception {
    is_refused: bool,
    is_unlisted: bool,
}

impl Reception {
    const WELCOME: Reception = Reception { is_refused: false, is_unlisted: false };

    fn of(asked: &ClientCertificate, own: &ClientIdentity) -> Reception {
        Reception {
            is_refused: matches!(asked, ClientCertificate::Refused { .. }),
            is_unlisted: is_listed(asked, own) == Some(false),
        }
    }
}

impl Identities {
    /// Connects with one after another, and gives what was seen with the one that the server takes best.
    pub(crate) fn capture(
        &self,
        connect: impl Fn(Option<ClientIdentity>) -> Result<Capture, Failure>,
    ) -> Result<(Capture, Shown), Failure> {
        let Some((first, rest)) = self.0.split_first() else { return Ok((connect(None)?, Shown::default())) };
        let shown = |own: &(String, ClientIdentity)| Shown {
            own: Some(own.1.clone()),
            name: (!rest.is_empty()).then(|| own.0.clone()),
            tried: Vec::new(),
        };
        let capture = connect(Some(first.1.clone()))?;
        let asked = capture.client_certificate.clone();
        let mut best = (Reception::of(&asked, &first.1), capture, shown(first));
        let mut tried = vec![first.0.clone()];
        let mut rest: Vec<&(String, ClientIdentity)> = rest.iter().collect();
        rest.sort_by_key(|(_, own)| is_listed(&asked, own) == Some(false));
        for own in rest {
            if best.0 == Reception::WELCOME {
                break;
            }
            tried.push(own.0.clone());
            let capture = connect(Some(own.1.clone()))?;
            let reception = Reception::of(&capture.client_certificate, &own.1);
            if reception < best.0 {
                best = (reception, capture, shown(own));
            }
        }
        let (_, capture, shown) = best;
        Ok((capture, Shown { tried, ..shown }))
    }
}
