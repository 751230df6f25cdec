//! The EST server: who it has to be, who asks, and its answers.

use std::time::{Duration, Instant};

use certkit_core::cert::Certificate;
use certkit_core::moment::Moment;
use certkit_core::review::approval::Approval;
use certkit_core::source::{
    Capture, ClientIdentity, Connect, ConversationError, Enrolled, Enrollment, Est, EstAddress, EstAddressError,
    EstError,
};
use certkit_core::text::Address;

use crate::arguments;
use crate::failure::Failure;
use crate::input::{ClientArgs, Gather, LogInArgs, StorePassword, pin};

// The server on the command line.
#[derive(clap::Args, Debug)]
pub(super) struct ServerArgs {
    /// The trusted CAs for the server's certificate: a file or store. Default: the system and Mozilla.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    /// Accept the server certificate with this SHA-256, whoever signed it; `certkit fetch` shows it.
    #[arg(long, value_name = "SHA256")]
    pin: Vec<String>,

    /// The name for the log-in.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    #[command(flatten)]
    log_in: LogInArgs,

    #[command(flatten)]
    client: ClientArgs,

    /// The longest time to wait for an answer of the server.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// How long to poll while the CA has not decided yet [default: not at all].
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    wait: Option<Duration>,
}

/// How many silences the whole may take.
const PATIENCE: u32 = 6;

/// The longest pause between two questions.
const PAUSE: Duration = Duration::from_secs(3600);

/// A server, and how it is asked.
pub(super) struct Server<'a> {
    args: &'a ServerArgs,
    url: Address,
    address: EstAddress,
    context: certkit_core::context::Context,
    pins: Vec<[u8; 32]>,
    identity: Option<ClientIdentity>,
    password: Option<crate::input::Secret>,
    now: Moment,
}

impl<'a> Server<'a> {
    /// Reads whom to trust and who asks; nothing is asked yet. `own` is shown where nothing else says who asks.
    pub(super) fn new(
        url: &str,
        args: &'a ServerArgs,
        own: Option<ClientIdentity>,
        now: Moment,
    ) -> Result<Server<'a>, Failure> {
        let url_shown = Address::new(url);
        let address = url.parse::<EstAddress>().map_err(|error| {
            let hint = match &error {
                EstAddressError::ServerKey => "remove that from the URL; --key-out names the file for the new key",
                _ => "for example est://ca.plant.example, est://10.0.0.7:8085 or est://ca.plant.example/line3",
            };
            Failure::new(format!("`{url_shown}` is not the URL of an EST server"))
                .at(&url_shown)
                .because(error)
                .hint(hint)
        })?;
        let pins = args.pin.iter().map(|it| pin(it)).collect::<Result<Vec<_>, _>>()?;
        let mut gather = Gather::new();
        gather.trust(&args.trust, &StorePassword::NONE)?;
        gather.defaults();
        let password = args.user.as_ref().map(|user| args.log_in.password(user)).transpose()?;
        let named = args.client.identity()?;
        let identity = named.or_else(|| own.filter(|_| args.user.is_none()));
        Ok(Server { args, url: url_shown, address, context: gather.context(), pins, identity, password, now })
    }

    fn talk(&self) -> Result<Est<'_>, Failure> {
        let endpoint = &self.address.endpoint;
        let approval = Approval { context: &self.context, pins: &self.pins, moment: self.now };
        let approve = move |capture: &Capture| approval.look(endpoint, capture).1;
        let connect =
            Connect { timeout: self.args.timeout, client_identity: self.identity.clone(), ..Connect::default() };
        let whole = self.args.timeout.saturating_mul(PATIENCE);
        let est = Est::new(&self.address, connect, whole, Box::new(approve));
        let mut est = est.map_err(|error| self.unasked(error))?;
        if let (Some(user), Some(password)) = (&self.args.user, &self.password) {
            est.log_in(user, password);
        }
        Ok(est)
    }

    /// The certificates of the CA, each once, decoded.
    pub(super) fn authorities(&self) -> Result<Vec<Certificate>, Failure> {
        let ders = self.talk()?.ca_certificates().map_err(|error| self.unasked(error))?;
        let mut found: Vec<Certificate> = Vec::new();
        for certificate in self.decoded(&ders)? {
            if !found.contains(&certificate) {
                found.push(certificate);
            }
        }
        if let Some(other) = found.iter().find(|it| !it.is_ca()) {
            return Err(Failure::new(format!(
                "{} returns {} as a CA certificate, but it is none",
                self.url,
                certkit_core::text::Printable(other.subject().to_string())
            ))
            .at(&self.url));
        }
        Ok(found)
    }

    /// Sends a request, again and again where the CA has not decided yet and there is time for that.
    pub(super) fn enroll(&self, how: Enrollment, request: &[u8]) -> Result<Vec<Certificate>, Failure> {
        let (start, wait) = (Instant::now(), self.args.wait.unwrap_or_default());
        loop {
            let answer = self.talk()?.enroll(how, request).map_err(|error| self.unasked(error))?;
            let seconds = match answer {
                Enrolled::Issued(ders) => return self.decoded(&ders),
                Enrolled::Later(seconds) => seconds,
            };
            let pause = Duration::from_secs(seconds.max(1)).min(PAUSE);
            if start.elapsed().saturating_add(pause) > wait {
                return Err(Failure::new(format!("{}: the CA has not decided yet; retry in {seconds} s", self.url))
                    .at(&self.url)
                    .hint(
                        "--wait 10m waits for it; to keep the same key for a later run, make it first: `certkit \
                       request`, then --key",
                    ));
            }
            std::thread::sleep(pause);
        }
    }

    fn decoded(&self, ders: &[Vec<u8>]) -> Result<Vec<Certificate>, Failure> {
        let decoded: Result<Vec<Certificate>, _> = ders.iter().map(|der| Certificate::from_der(der)).collect();
        decoded.map_err(|error| {
            Failure::new(format!("{}: a certificate in the answer cannot be decoded", self.url))
                .at(&self.url)
                .because(error)
        })
    }

    /// What to try next where the server refuses who asks.
    fn unknown(&self) -> &'static str {
        match (&self.args.user, &self.identity) {
            (None, None) => {
                "the server wants to know who asks: --user NAME with --password-file FILE, or --client-cert with --client-key"
            }
            (Some(_), None) => {
                "the server does not take this name with this password: check both with whoever operates \
                 the CA, also whether this user may enroll; a server that wants a certificate takes --client-cert with \
                 --client-key"
            }
            (None, Some(_)) => {
                "the server does not take this client certificate: check with whoever operates the CA whether it may enroll \
                 and has not expired; a server that wants a password takes --user NAME with --password-file FILE"
            }
            (Some(_), Some(_)) => {
                "the server takes neither this name with this password nor the client certificate: check both with whoever \
                 operates the CA, also whether they may enroll here; of several CAs, est://HOST/LABEL names one"
            }
        }
    }

    /// Says why a question has no answer, and what to do.
    fn unasked(&self, error: EstError) -> Failure {
        let hint = match &error {
            EstError::Conversation(ConversationError::Refused(_)) => {
                "name its CA with --trust; or compare its fingerprint over another channel and name it with --pin"
            }
            EstError::Conversation(_) => "check host, port and firewalls between here and there",
            EstError::Refused { status: 401 | 403, .. } => self.unknown(),
            EstError::Refused { status: 404 | 405, .. } => {
                "check the URL: servers with several CAs need a label, est://HOST/LABEL"
            }
            EstError::Refused { .. } => "see the log of the server",
            _ => "check that the port is that of an EST server",
        };
        Failure::new(format!("{} returned no certificate", self.url)).at(&self.url).because(error).hint(hint)
    }
}
