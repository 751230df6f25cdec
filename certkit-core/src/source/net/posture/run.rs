//! The probes of one target, one after the other.

mod talk;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::super::dial;
use super::super::error::{Banner, Fault};
use super::super::hello::{Offer, first_answer};
use super::super::negotiated::Negotiated;
use super::super::tls::Client;
use super::{Ask, MAX_CONNECTIONS};
use crate::presented::{AEAD, Cipher, HostPort, Plain, Posture, Probe, Sent, Target, Undetermined, Version, Weakness};

/// After so many connections without any answer nothing more is asked.
const MAX_SILENCES: usize = 2;

/// Why a hello was not taken.
enum Miss {
    /// The server ended the handshake.
    Refused,
    /// It speaks another protocol.
    NotTls,
    /// Nobody can tell; the reason.
    Unclear(String),
}

pub(super) struct Run<'a> {
    target: &'a Target,
    ask: &'a Ask,
    to: &'a HostPort,
    client: &'a Client,
    end: Instant,
    peer: SocketAddr,
    /// The connection that found the peer, until the first probe takes it.
    first: Option<TcpStream>,
    /// Before this moment no connection is made.
    next: Instant,
    silences: usize,
    /// What spoke where TLS was expected.
    foreign: Option<Banner>,
    sent: Vec<Sent>,
    undetermined: Vec<Undetermined>,
}

impl<'a> Run<'a> {
    /// Connects to the first of these addresses that lets itself be connected to.
    pub(super) async fn reach(
        target: &'a Target,
        ask: &'a Ask,
        to: &'a HostPort,
        client: &'a Client,
        end: Instant,
    ) -> Result<Run<'a>, Fault> {
        let mut fault = Fault::NoAddress;
        for (peer, share) in dial::shares(dial::resolve(to, end).await?, end) {
            match dial::connect(peer, share.min(soon(ask.each))).await {
                Ok(stream) => {
                    let next = soon(ask.pace);
                    return Ok(Run {
                        target,
                        ask,
                        to,
                        client,
                        end,
                        peer,
                        first: Some(stream),
                        next,
                        silences: 0,
                        foreign: None,
                        sent: Vec::new(),
                        undetermined: Vec::new(),
                    });
                }
                Err(met) => fault = met,
            }
        }
        Err(fault)
    }

    /// Asks everything that is not left out.
    pub(super) async fn all(mut self) -> Posture {
        let versions = self.versions().await;
        let known = versions.as_deref();
        let (suites, aead) = self.suites(known).await;
        let is_tls = known.is_none_or(|it| !it.is_empty()) && self.foreign.is_none() && !self.target.is_clear;
        let mut mqtt = None;
        let mut plain = None;
        if self.asks(Probe::Plain) {
            plain = Some(self.plain(Probe::Plain, self.to.port).await);
            if let (false, Some(Plain::Mqtt(answer))) = (is_tls, &plain) {
                mqtt = Some(*answer);
            }
        }
        let mut plain_port = None;
        if let Some(port) = self.target.plain_port().filter(|_| self.asks(Probe::PlainPort)) {
            let answer = self.plain(Probe::PlainPort, port).await;
            plain_port = Some((HostPort { host: self.to.host.clone(), port }, answer));
        }
        let can_talk = known.is_none_or(|it| it.iter().any(|it| *it >= Version::Tls12));
        let web = self.web(is_tls, can_talk).await;
        if mqtt.is_none() && is_tls && self.target.is_mqtt() && self.asks(Probe::Mqtt) {
            mqtt = self.mqtt(can_talk).await;
        }
        let is_plain = matches!(plain, Some(Plain::Http(_) | Plain::Mqtt(_)));
        if !is_plain && known.is_some_and(<[Version]>::is_empty) && !self.is_undetermined(Probe::Versions) {
            let reason = match &self.foreign {
                Some(banner) => format!("the port does not speak TLS: it answered {banner}"),
                None => "the port ended the connection at every TLS hello".to_owned(),
            };
            self.cannot_tell(Probe::Versions, reason);
        }
        Posture {
            target: self.target.clone(),
            peer: self.peer,
            versions,
            suites,
            aead,
            plain,
            plain_port,
            web,
            mqtt,
            undetermined: self.undetermined,
            sent: self.sent,
            left_out: self.ask.left_out.clone(),
        }
    }

    fn asks(&self, probe: Probe) -> bool {
        !self.ask.left_out.contains(&probe)
    }

    fn is_undetermined(&self, probe: Probe) -> bool {
        self.undetermined.iter().any(|it| it.probe == probe)
    }

    fn cannot_tell(&mut self, probe: Probe, reason: String) {
        self.undetermined.push(Undetermined { probe, reason });
    }

    /// Opens a connection when its time has come, and gives the moment until which it may last.
    async fn open(&mut self, port: u16) -> Result<(TcpStream, Instant), Fault> {
        self.wait().await?;
        let deadline = soon(self.ask.each).min(self.end);
        if let Some(stream) = self.first.take() {
            if port == self.peer.port() {
                return Ok((stream, deadline));
            }
            self.wait().await?;
        }
        Ok((dial::connect(SocketAddr::new(self.peer.ip(), port), deadline).await?, deadline))
    }

    /// Waits until the next connection may be made.
    async fn wait(&mut self) -> Result<(), Fault> {
        if self.silences >= MAX_SILENCES {
            return Err(Fault::LeftAlone(self.silences));
        }
        if self.sent.len() >= MAX_CONNECTIONS {
            return Err(Fault::TooLarge { limit: MAX_CONNECTIONS, unit: "answers to probes" });
        }
        if self.first.is_none() {
            sleep_until(self.next.min(self.end)).await;
            self.next = soon(self.ask.pace);
        }
        if Instant::now() >= self.end { Err(Fault::TimedOut(self.ask.whole)) } else { Ok(()) }
    }

    fn note(&mut self, probe: Probe, port: u16, what: String, answer: String) {
        self.sent.push(Sent { probe, to: HostPort { host: self.to.host.clone(), port }, what, answer });
    }

    /// Counts what a fault says of whether anybody is there.
    fn listen(&mut self, fault: Option<&Fault>) {
        self.silences = match fault {
            Some(Fault::TimedOut(_)) => self.silences.saturating_add(1),
            Some(Fault::LeftAlone(_)) => self.silences,
            _ => 0,
        };
    }

    async fn hello(&mut self, probe: Probe, offer: &Offer<'_>, what: String) -> Result<Negotiated, Miss> {
        let (_, name) = self.client.server_name(&self.target.endpoint, self.peer.ip());
        let random = self.client.random();
        let opened = self.open(self.to.port).await;
        let was_opened = opened.is_ok();
        let answer = match opened {
            Ok((mut stream, deadline)) => first_answer(&mut stream, offer, name.as_deref(), random, deadline).await,
            Err(fault) => Err(fault),
        };
        self.listen(answer.as_ref().err());
        let in_words = match &answer {
            Ok(chosen) => format!("{} with {}", chosen.version, chosen.cipher),
            Err(fault) => fault.in_one_line(),
        };
        if was_opened {
            self.note(probe, self.to.port, what, in_words.clone());
        }
        answer.map_err(|fault| match fault {
            Fault::Alert(_) | Fault::Closed => Miss::Refused,
            Fault::NotTls(banner) => {
                self.foreign = Some(banner);
                Miss::NotTls
            }
            _ => Miss::Unclear(in_words),
        })
    }

    /// Goes down from the newest version: a server takes the highest that it has.
    async fn versions(&mut self) -> Option<Vec<Version>> {
        if self.target.is_clear || !self.asks(Probe::Versions) {
            return None;
        }
        let mut accepted = Vec::new();
        let mut next = Some(Version::Tls13);
        while let Some(offered) = next {
            let what = match offered {
                Version::Tls13 => "TLS hello for TLS 1.3".to_owned(),
                other => format!("TLS hello for {other} and older"),
            };
            match self.hello(Probe::Versions, &Offer::up_to(offered), what).await {
                Ok(chosen) if chosen.version <= offered => {
                    accepted.push(chosen.version);
                    next = chosen.version.before();
                }
                // That one version is refused says nothing of those before it.
                Err(Miss::Refused) if offered == Version::Tls13 => next = Some(Version::Tls12),
                Err(Miss::Refused | Miss::NotTls) => break,
                Ok(chosen) => {
                    self.cannot_tell(
                        Probe::Versions,
                        format!("offered {offered}, the server chose {}", chosen.version),
                    );
                    break;
                }
                Err(Miss::Unclear(reason)) => {
                    self.cannot_tell(Probe::Versions, reason);
                    break;
                }
            }
        }
        accepted.reverse();
        Some(accepted)
    }

    /// Offers weak suites alone, less each time what the server has taken already.
    async fn suites(&mut self, versions: Option<&[Version]>) -> (Option<Vec<Cipher>>, Option<bool>) {
        let is_no_tls = self.foreign.is_some() || versions.is_some_and(<[Version]>::is_empty);
        if self.target.is_clear || is_no_tls || !self.asks(Probe::Suites) {
            return (None, None);
        }
        let legacy = |it: &&Version| **it <= Version::Tls12;
        let (newest, oldest) = match versions {
            None => (Version::Tls12, Version::Tls12),
            Some(known) => match (known.iter().rev().find(legacy), known.iter().find(legacy)) {
                (Some(newest), Some(oldest)) => (*newest, *oldest),
                // TLS 1.3 has no weak suites.
                _ => return (Some(Vec::new()), Some(true)),
            },
        };
        let mut chosen: Vec<Cipher> = Vec::new();
        // Some servers keep single DES and the like for the old versions.
        let mut passes = vec![newest];
        passes.extend((oldest < newest).then_some(oldest));
        for version in passes {
            loop {
                let weak = Weakness::ALL.into_iter().filter(|it| *it != Weakness::StaticKeyExchange);
                let (known, open): (Vec<Weakness>, Vec<Weakness>) =
                    weak.partition(|it| chosen.iter().any(|cipher| it.is_of(*cipher)));
                let mut suites: Vec<u16> = open.iter().flat_map(|it| it.suites()).copied().collect();
                suites.retain(|suite| known.iter().all(|it| !it.is_of(Cipher(*suite))));
                suites.sort_unstable();
                suites.dedup();
                let names: Vec<&str> = open.iter().map(|it| it.name()).collect();
                let what = format!("TLS hello up to {version} with only weak suites: {}", names.join(", "));
                match self.offer(version, &suites, what).await {
                    Ok(Some(cipher)) => chosen.push(cipher),
                    Ok(None) => break,
                    Err(()) => return (Some(chosen), None),
                }
            }
        }
        let what = format!("TLS hello up to {newest} with only suites without forward secrecy");
        match self.offer(newest, Weakness::StaticKeyExchange.suites(), what).await {
            Ok(cipher) => chosen.extend(cipher),
            Err(()) => return (Some(chosen), None),
        }
        let aead = match versions {
            Some(known) if known.contains(&Version::Tls13) => Some(true),
            Some(_) if newest < Version::Tls12 => None,
            _ => {
                let what = "TLS hello up to TLS 1.2 with only authenticated encryption: GCM, CCM, ChaCha20-Poly1305";
                let taken = self.offer(Version::Tls12, AEAD, what.to_owned()).await;
                // A server that refuses may have it in TLS 1.3, where nobody has asked.
                taken.ok().map(|it| it.is_some()).filter(|is_taken| *is_taken || versions.is_some())
            }
        };
        (Some(chosen), aead)
    }

    /// Offers suites: the one that was taken, none, or an error that is noted.
    async fn offer(&mut self, version: Version, suites: &[u16], what: String) -> Result<Option<Cipher>, ()> {
        if suites.is_empty() {
            return Ok(None);
        }
        match self.hello(Probe::Suites, &Offer::of(version, suites), what).await {
            Ok(chosen) if suites.contains(&chosen.cipher.0) => Ok(Some(chosen.cipher)),
            Ok(chosen) => {
                self.cannot_tell(Probe::Suites, format!("the server chose {}, which was not offered", chosen.cipher));
                Err(())
            }
            Err(Miss::Refused | Miss::NotTls) => Ok(None),
            Err(Miss::Unclear(reason)) => {
                self.cannot_tell(Probe::Suites, reason);
                Err(())
            }
        }
    }
}

pub(super) fn soon(after: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(after).unwrap_or(now)
}
