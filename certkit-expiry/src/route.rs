//! Which certificates that a server sends are needed: those of the best path that its clients accept.

use std::fmt;
use std::sync::{Arc, LazyLock};

use certkit_core::cert::Certificate;
use certkit_core::check::TLS;
use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::Pool;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};

type Gather = Box<dyn FnOnce() -> Arc<Context> + Send>;

/// Finds the path that clients take; gathers whom they trust when it is first asked for.
pub struct Routes(LazyLock<Arc<Context>, Gather>);

/// A path that is accepted.
#[derive(Debug)]
pub(crate) struct Route {
    certificates: Vec<Certificate>,
    /// What the anchor at its end calls itself.
    anchor: Arc<str>,
}

impl Routes {
    /// Whom clients trust, as `gather` has it.
    pub fn new(gather: impl FnOnce() -> Arc<Context> + Send + 'static) -> Routes {
        Routes(LazyLock::new(Box::new(gather)))
    }

    /// What is known of whom clients trust.
    pub fn context(&self) -> &Arc<Context> {
        &self.0
    }

    /// The best path of a server's own certificate that is accepted, whatever its name and revocation; `None` where
    /// there is none, and where nothing of the others in the chain `is_alarming`: then nobody needs to know.
    pub(crate) fn taken(
        &self,
        chain: &[Vec<u8>],
        is_alarming: impl Fn(&Certificate) -> bool,
        moment: Moment,
    ) -> Option<Route> {
        let (leaf, others) = chain.split_first()?;
        let decode = |der: &Vec<u8>| Certificate::from_der(der).ok();
        let others: Vec<Certificate> = others.iter().filter_map(decode).collect();
        if !others.iter().any(is_alarming) {
            return None;
        }
        let mut pool = Pool::over(Arc::clone(self.0.pool()));
        others.into_iter().for_each(|it| _ = pool.add(it));
        let (lists, responses) = (Lists::new(), Responses::new());
        let material = TrustMaterial { pool: &pool, lists: &lists, responses: &responses };
        let purposes = [oid::SERVER_AUTH];
        let question = Question { purposes: &purposes, revocation: Revocation::Off, ..Question::new(&TLS, moment) };
        let verdict = verify(&decode(leaf)?, &material, &question);
        let anchor = verdict.anchor().filter(|_| verdict.is_accepted())?.subject().to_string().into();
        Some(Route { certificates: verdict.path.certificates, anchor })
    }
}

impl Route {
    /// The anchor that is reached without this certificate; `None` where the path needs it.
    pub(crate) fn without(&self, certificate: &Certificate) -> Option<Arc<str>> {
        (!self.certificates.contains(certificate)).then(|| Arc::clone(&self.anchor))
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Routes").finish()
    }
}
