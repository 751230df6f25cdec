//! Reads V6 binary projects (.opf). The format is not published: what is read follows from files that were compared, and
//! what is not known of it is left out, which duties tell as not visible.
//!
//! Little-endian. An object is a count of properties, these, then its child objects, then a zero. A property is an
//! identifier, a type and a value.

use std::io::{self, BufReader, Read};

use super::configuration::{Configuration, Kind};
use super::duties::NET_SWITCH;
use super::value::Value;

/// What such a file begins with.
pub(super) const MAGIC: [u8; 6] = [0x62, 0x98, 0x23, 0x44, 0x63, 0x00];

/// How deep objects may stand in each other.
const DEPTH: usize = 64;

/// The longest text that is read.
const TEXT: usize = 1024 * 1024;

/// The most properties of one object.
const PROPERTIES: u32 = 10_000;

/// Why a binary project cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OpfError {
    /// It ends too early, or cannot be read.
    #[error("the binary project ends too early, or cannot be read")]
    Read(#[from] io::Error),
    /// Something stands there that is not known.
    #[error("the binary project is formed in a way that is not known: {what} at byte {at}")]
    Form {
        /// What.
        what: &'static str,
        /// Where, in bytes from the start.
        at: u64,
    },
}

struct Reader<R> {
    stream: R,
    at: u64,
}

impl<R: Read> Reader<R> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], OpfError> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes)?;
        self.at = self.at.saturating_add(N as u64);
        Ok(bytes)
    }

    fn u16(&mut self) -> Result<u16, OpfError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, OpfError> {
        self.array().map(u32::from_le_bytes)
    }

    fn form<T>(&self, what: &'static str) -> Result<T, OpfError> {
        Err(OpfError::Form { what, at: self.at })
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, OpfError> {
        if length > TEXT {
            return self.form("a text of more than a MiB");
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        self.at = self.at.saturating_add(length as u64);
        Ok(bytes)
    }

    fn text(&mut self) -> Result<String, OpfError> {
        let length = self.u32()?;
        let count = usize::try_from(length & 0x7fff_ffff).unwrap_or(usize::MAX);
        if length & 0x8000_0000 != 0 {
            let bytes = self.bytes(count)?;
            return Ok(bytes.iter().map(|it| char::from(*it)).collect());
        }
        let bytes = self.bytes(count.saturating_mul(2))?;
        let units = bytes.chunks_exact(2).filter_map(|it| it.try_into().ok().map(u16::from_le_bytes));
        Ok(char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    }

    /// Reads a value; text is given apart, since it may be a secret.
    fn value(&mut self) -> Result<Raw, OpfError> {
        let number = |it: i64| Ok(Raw::Number(it));
        match self.u16()? {
            0 => Ok(Raw::Nothing),
            2 => number(self.array().map(i16::from_le_bytes)?.into()),
            3 | 0x16 => number(self.array().map(i32::from_le_bytes)?.into()),
            0x12 => number(self.u16()?.into()),
            0x13 | 0x17 => number(self.u32()?.into()),
            4 => self.array::<4>().map(|_| Raw::Nothing),
            5 | 7 => self.array::<8>().map(|_| Raw::Nothing),
            8 => self.text().map(Raw::Text),
            0x0b => Ok(Raw::Flag(self.u16()? != 0)),
            0x10 | 0x11 => number(self.array::<1>()?.iter().map(|it| i64::from(*it)).sum()),
            0x14 | 0x15 => number(i64::try_from(self.array().map(u64::from_le_bytes)?).unwrap_or(i64::MAX)),
            0x2011 => {
                self.u16()?;
                self.u32()?;
                let length = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
                self.bytes(length)?;
                self.u16()?;
                Ok(Raw::Nothing)
            }
            _ => self.form("a property of an unknown type"),
        }
    }

    fn object(
        &mut self,
        count: u32,
        parent: Option<usize>,
        project: usize,
        depth: usize,
        to: &mut Configuration,
    ) -> Result<(), OpfError> {
        if depth > DEPTH {
            return self.form("objects too deep inside each other");
        }
        if count > PROPERTIES {
            return self.form("an object of too many properties");
        }
        let mut known: Vec<(u32, Raw)> = Vec::new();
        for _ in 0..count {
            let id = self.u32()?;
            let value = self.value()?;
            if is_known(id) {
                known.push((id, value));
            }
        }
        let own = place(known, parent, project, to);
        loop {
            match self.u32()? {
                0 => return Ok(()),
                count => self.object(count, own, project, depth.saturating_add(1), to)?,
            }
        }
    }
}

/// A value as it stands in the file.
enum Raw {
    Nothing,
    Flag(bool),
    Number(i64),
    Text(String),
}

const NAME: u32 = 0x0020_0200;
const KIND: u32 = 0x0020_0300;
const CLASS: u32 = 0x0020_0400;

/// The properties that are known, by the names that they have in JSON.
const KEYS: [(u32, &str); 50] = [
    (NAME, "common.ALLTYPES_NAME"),
    (0x0040_9600, "servermain.PROJECT_TITLE"),
    (0x0040_1800, "servermain.MULTIPLE_TYPES_DEVICE_DRIVER"),
    (0x0040_1600, "servermain.DEVICE_ID_STRING"),
    (0x0040_0d00, "servermain.CHANNEL_DIAGNOSTICS_CAPTURE"),
    (0x0be0_0400, "opcdaserver.PROJECT_OPC_DA_1_ENABLED"),
    (0x0be0_0500, "opcdaserver.PROJECT_OPC_DA_2_ENABLED"),
    (0x0be0_0600, "opcdaserver.PROJECT_OPC_DA_3_ENABLED"),
    (0x0be0_0a00, "opcdaserver.PROJECT_OPC_ENABLE_DIAGS"),
    (0x0440_0500, "ddeserver.ENABLE"),
    (0x1420_0300, "hdaserver.ENABLE"),
    (0x1420_0400, "hdaserver.ENABLE_DIAGNOSTICS"),
    (0x13e0_0400, "aeserverinterface.ENABLE_AE_SERVER"),
    (0x1200_0400, "wwtoolkitinterface.ENABLED"),
    (0x1400_0300, NET_SWITCH),
    (0x1120_0700, "uaserverinterface.PROJECT_OPC_UA_ENABLE"),
    (0x1120_0800, "uaserverinterface.PROJECT_OPC_UA_DIAGNOSTICS"),
    (0x1120_0900, "uaserverinterface.PROJECT_OPC_UA_ANONYMOUS_LOGIN"),
    (0x1440_0400, "thingworxinterface.ENABLED"),
    (0x1440_0500, "thingworxinterface.HOSTNAME"),
    (0x1440_0600, "thingworxinterface.PORT"),
    (0x1440_0800, "thingworxinterface.RESOURCE"),
    (0x1440_1a00, "thingworxinterface.APPKEY"),
    (0x1440_0a00, "thingworxinterface.ALLOW_SELF_SIGNED_CERTIFICATE"),
    (0x1440_1000, "thingworxinterface.TRUST_ALL_CERTIFICATES"),
    (0x1440_1100, "thingworxinterface.DISABLE_ENCRYPTION"),
    (0x1440_1200, "thingworxinterface.THING_NAME"),
    (0x1440_1700, "thingworxinterface.LOGGING_ENABLED"),
    (0x1440_1800, "thingworxinterface.LOG_LEVEL"),
    (0x1440_1900, "thingworxinterface.VERBOSE"),
    (0x1440_2300, "thingworxinterface.PROXY_ENABLED"),
    (0x1440_2400, "thingworxinterface.PROXY_HOST"),
    (0x1440_2500, "thingworxinterface.PROXY_PORT"),
    (0x1440_2600, "thingworxinterface.PROXY_USERNAME"),
    (0x1440_2700, "thingworxinterface.PROXY_PASSWORD"),
    (0x14a0_0100, "iot_gateway.AGENTTYPES_TYPE"),
    (0x14a0_0200, "iot_gateway.AGENTTYPES_ENABLED"),
    (0x14a0_2e00, "iot_gateway.REST_SERVER_NETWORK_ADAPTER"),
    (0x14a0_2f00, "iot_gateway.REST_SERVER_PORT_NUMBER"),
    (0x14a0_3000, "iot_gateway.REST_SERVER_CORS_ALLOWED_ORIGINS"),
    (0x14a0_3100, "iot_gateway.REST_SERVER_USE_HTTPS"),
    (0x14a0_3200, "iot_gateway.REST_SERVER_ENABLE_WRITE_ENDPOINT"),
    (0x14a0_3300, "iot_gateway.REST_SERVER_ALLOW_ANONYMOUS_LOGIN"),
    (0x16a0_0d00, "ua_gateway.UA_SERVER_INTERFACE_USER_IDENTITY_POLICY_ANONYMOUS"),
    (0x16a0_0e00, "ua_gateway.UA_SERVER_INTERFACE_USER_IDENTITY_POLICY_USERNAME_PASSWORD"),
    (0x16a0_0f00, "ua_gateway.UA_SERVER_INTERFACE_USER_IDENTITY_POLICY_X509"),
    (0x16a0_1100, "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_NONE"),
    (0x16a0_1200, "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_BASIC256SHA256"),
    (0x16a0_1300, "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_AES128_SHA256_RSAOAEP"),
    (0x16a0_1400, "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_AES256_SHA256_RSAPSS"),
];

fn key(id: u32) -> Option<&'static str> {
    KEYS.iter().find(|it| it.0 == id).map(|it| it.1)
}

fn is_known(id: u32) -> bool {
    id == KIND || id == CLASS || key(id).is_some()
}

/// Finds out what an object is, and keeps what is known of it.
fn place(known: Vec<(u32, Raw)>, parent: Option<usize>, project: usize, to: &mut Configuration) -> Option<usize> {
    let number = |wanted: u32| {
        known.iter().find_map(|(id, value)| match value {
            Raw::Number(number) if *id == wanted => Some(*number),
            _ => None,
        })
    };
    let kind = match (number(KIND), number(CLASS)) {
        (_, Some(0x2b72)) => Kind::RestServer,
        (_, Some(0x2c03)) => Kind::UaServerInterface,
        (Some(0), _) => Kind::Channel,
        (Some(1), _) => Kind::Device,
        // An interface, or a plug-in: what is known of it belongs to the project.
        (Some(0x0b | 2 | 0x1000) | None, _) => Kind::Project,
        // Tags, items and what is not known.
        _ => return None,
    };
    let place = if kind == Kind::Project { Some(project) } else { to.add(kind, parent.or(Some(project))) };
    for (id, value) in known {
        let Some(key) = key(id).filter(|it| kind != Kind::Project || *it != "common.ALLTYPES_NAME") else { continue };
        let value = match value {
            Raw::Flag(flag) => Value::Flag(flag),
            Raw::Number(number) => Value::Number(number),
            Raw::Text(text) => Value::of_text(key, &text),
            Raw::Nothing => continue,
        };
        to.keep(place, key, value);
    }
    place
}

/// Reads a binary project after its first six bytes, and gives the version that has written it.
///
/// # Errors
/// When something stands there that is not known: nothing after it can be made out. Costs time in proportion to its
/// length.
pub fn read_opf(stream: impl Read, to: &mut Configuration) -> Result<String, OpfError> {
    let mut reader = Reader { stream: BufReader::with_capacity(64 * 1024, stream), at: MAGIC.len() as u64 };
    let version = reader.text()?;
    let Some(project) = to.add(Kind::Project, None) else { return reader.form("too many objects") };
    let count = reader.u32()?;
    reader.object(count, None, project, 0, to)?;
    for kind in [Kind::Project, Kind::Channel, Kind::RestServer, Kind::UaServerInterface] {
        to.note_seen(kind, None);
    }
    // Without a server side there is no UA Gateway; what its client side looks like here is not known.
    if to.all(Kind::UaServerInterface).next().is_none() {
        to.note_seen(Kind::UaClientConnection, None);
    }
    Ok(version)
}
