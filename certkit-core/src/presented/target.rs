//! What can be probed: an endpoint, also one that is named without TLS.

use std::fmt;
use std::str::FromStr;

use super::{Endpoint, EndpointError, Scheme};

/// The schemes without TLS, the scheme with TLS that stands for each, and the port that each means.
const CLEAR: [(&str, Scheme, u16); 3] =
    [("http", Scheme::Https, 80), ("ws", Scheme::Wss, 80), ("mqtt", Scheme::Mqtts, 1883)];

/// Ports with TLS and the ports beside them where the same servers speak without it.
const BESIDE: [(u16, u16); 5] = [(443, 80), (8443, 8080), (57512, 57412), (57513, 57413), (8883, 1883)];

/// What is probed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The endpoint; of one without TLS the same with TLS.
    pub endpoint: Endpoint,
    /// Whether it was named without TLS: `http://`, `ws://`, `mqtt://`.
    pub is_clear: bool,
}

impl Target {
    /// Says whether a text is meant as a target without TLS.
    pub fn is_clear(text: &str) -> bool {
        text.trim().split_once("://").is_some_and(|(scheme, _)| clear(scheme).is_some())
    }

    /// The port beside it where servers of its kind speak without TLS.
    pub fn plain_port(&self) -> Option<u16> {
        let beside = BESIDE.iter().find(|(port, _)| *port == self.endpoint.port);
        beside.map(|(_, beside)| *beside).filter(|_| !self.is_clear)
    }

    /// Whether HTTP is spoken there, as far as its name tells.
    pub fn is_web(&self) -> bool {
        matches!(self.endpoint.scheme, Scheme::Https | Scheme::Wss | Scheme::ThingWorx)
    }

    /// Whether MQTT is spoken there, as far as its name tells.
    pub fn is_mqtt(&self) -> bool {
        self.endpoint.scheme == Scheme::Mqtts
    }
}

fn clear(scheme: &str) -> Option<(&'static str, Scheme, u16)> {
    CLEAR.into_iter().find(|(name, ..)| scheme.eq_ignore_ascii_case(name))
}

impl From<Endpoint> for Target {
    fn from(endpoint: Endpoint) -> Target {
        Target { endpoint, is_clear: false }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_clear {
            return self.endpoint.fmt(f);
        }
        let known = CLEAR.iter().find(|(_, scheme, _)| *scheme == self.endpoint.scheme);
        let (name, default) = known.map_or(("http", 80), |(name, _, port)| (*name, *port));
        write!(f, "{name}://{}", self.endpoint.host)?;
        if self.endpoint.port != default {
            write!(f, ":{}", self.endpoint.port)?;
        }
        match self.endpoint.resource.as_deref() {
            Some(resource) if resource != "/" => f.write_str(resource),
            _ => Ok(()),
        }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(Target::from(text.parse::<Endpoint>()?)) };
        let Some((_, tls, port)) = clear(scheme) else { return Ok(Target::from(text.parse::<Endpoint>()?)) };
        let mut endpoint: Endpoint = format!("{tls}://{rest}").parse()?;
        // Whether a port was written shows where none is meant.
        let is_bare =
            format!("tls://{}", rest.split(['/', '?', '#']).next().unwrap_or_default()).parse::<Endpoint>().is_err();
        if is_bare {
            endpoint.port = port;
        }
        Ok(Target { endpoint, is_clear: true })
    }
}

/// Why a text is no target.
pub type TargetError = EndpointError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_without_tls_reads_as_it_is_written() {
        for (text, port, shown) in [
            ("http://plc7", 80, "http://plc7"),
            ("HTTP://plc7:57412/config/v1", 57412, "http://plc7:57412/config/v1"),
            ("http://[2001:db8::7]:8080", 8080, "http://[2001:db8::7]:8080"),
            ("ws://twx/Thingworx/WS", 80, "ws://twx/Thingworx/WS"),
            ("mqtt://broker", 1883, "mqtt://broker"),
            ("mqtt://broker:1884", 1884, "mqtt://broker:1884"),
        ] {
            let target: Target = text.parse().unwrap();
            assert!(target.is_clear && Target::is_clear(text), "{text}");
            assert_eq!((target.endpoint.port, target.to_string().as_str()), (port, shown));
            assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
            assert_eq!(target.plain_port(), None);
        }
        let target: Target = "https://plc7:57512".parse().unwrap();
        assert_eq!((target.is_clear, target.plain_port()), (false, Some(57412)));
        assert!("http://user:secret@plc7".parse::<Target>().unwrap_err().to_string().find("secret").is_none());
        assert!("http://".parse::<Target>().is_err());
    }
}
