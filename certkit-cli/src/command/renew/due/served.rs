//! Which certificate a server shows after its files were replaced.

use std::time::{Duration, Instant};

use certkit_core::presented::{Endpoint, Possession, Scheme};
use certkit_core::source::{self, Connect, Discover, Extent};
use certkit_core::text::Printable;

use crate::failure::Failure;
use crate::input;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// How long is waited between two.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until a server shows a certificate, and that it has its key. Fails where it does not within this time.
pub(super) fn wait_for(endpoint: &Endpoint, wanted: &[u8], patience: Duration) -> Result<(), Failure> {
    let start = Instant::now();
    loop {
        let left = patience.saturating_sub(start.elapsed());
        let why = match shown(endpoint, left.clamp(PAUSE, ATTEMPT)) {
            Ok(shown) if shown.iter().any(|der| der == wanted) => return Ok(()),
            Ok(_) => Failure::new(format!("{} still shows another certificate", Printable(endpoint.to_string()))),
            Err(failure) => failure,
        };
        if left <= PAUSE {
            return Err(why);
        }
        std::thread::sleep(PAUSE);
    }
}

/// The certificates of its own that a server shows.
fn shown(endpoint: &Endpoint, timeout: Duration) -> Result<Vec<Vec<u8>>, Failure> {
    if endpoint.scheme == Scheme::OpcTcp {
        let how = Discover { timeout, ..Discover::default() };
        let discovery = source::discover_blocking(endpoint, &how).map_err(input::undiscovered)?;
        let own = discovery
            .certificates()
            .into_iter()
            .filter_map(|field| field.chain().unwrap_or_else(|error| error.certificates).into_iter().next());
        return Ok(own.collect());
    }
    let connect = Connect { timeout, extent: Extent::Certificates, ..Connect::default() };
    let capture = source::capture_blocking(endpoint, &connect).map_err(input::unreachable)?;
    if let Possession::Unproven(doubt) = capture.possession {
        return Err(Failure::new(format!(
            "{} did not prove that it has the private key of its certificate: {doubt}",
            Printable(endpoint.to_string())
        )));
    }
    Ok(capture.presented.into_iter().take(1).collect())
}
