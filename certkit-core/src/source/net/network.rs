//! The networks that addresses belong to, and which of them a stranger's certificate may send us to.
//!
//! One policy for every download: what is not on the public internet is asked only where the endpoint itself stands in
//! such a network, or where the user says so. Refuses to know names: it judges the address that is connected to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network that an address belongs to (IANA's registries of special-purpose addresses, RFC 6890).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// The public internet.
    Public,
    /// This machine.
    Loopback,
    /// The same wire, without a router between.
    LinkLocal,
    /// A site's own network: RFC 1918 and unique local IPv6 addresses.
    Private,
    /// A provider's network behind one address (RFC 6598).
    Shared,
    /// Where clouds tell a machine its credentials.
    Metadata,
    /// No place for a server: unspecified, multicast, reserved, for documentation.
    Special,
}

/// Where clouds tell a machine its credentials: what most share, and those of Oracle, Alibaba and Azure.
const METADATA_V4: [Ipv4Addr; 6] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 169, 253),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The same for IPv6: Amazon, Google, and Amazon's name server.
const METADATA_V6: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
];

impl Network {
    /// Gives the network of an address; one that carries an IPv4 address belongs to the network of that.
    pub fn of(address: IpAddr) -> Network {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// Gives the word for it, as documents have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Network::Public => "public",
            Network::Loopback => "loopback",
            Network::LinkLocal => "link-local",
            Network::Private => "private",
            Network::Shared => "shared",
            Network::Metadata => "metadata",
            Network::Special => "special-purpose",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn of_v4(address: Ipv4Addr) -> Network {
    if METADATA_V4.contains(&address) {
        return Network::Metadata;
    }
    match address.octets() {
        [127, ..] => Network::Loopback,
        [169, 254, ..] => Network::LinkLocal,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Network::Private,
        [100, 64..=127, ..] => Network::Shared,
        // "This network", IETF's own, documentation, 6to4 relays, benchmarks, multicast and what is reserved.
        [0, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => Network::Special,
        [198, 51, 100, _] | [203, 0, 113, _] | [224..=255, ..] => Network::Special,
        _ => Network::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Network {
    if METADATA_V6.contains(&address) {
        return Network::Metadata;
    }
    let v4 = |high: u16, low: u16| of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Network::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] => Network::Special,
        // Mapped, compatible and translated IPv4 addresses, and NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // NAT64 of a site (RFC 8215): what stands behind it, the site alone knows.
        [0x64, 0xff9b, 1, ..] => Network::Private,
        // Teredo and 6to4 tunnel to an IPv4 address.
        [0x2001, 0, _, _, _, _, high, low] => v4(!high, !low),
        [0x2002, high, low, ..] => v4(high, low),
        // IETF's own, benchmarks and ORCHID; documentation.
        [0x2001, 1..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Network::Special,
        [0xfe80..=0xfebf, ..] => Network::LinkLocal,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Network::Private,
        // All that is given out so far (RFC 4291 section 2.4 and IANA's registry).
        [0x2000..=0x3fff, ..] => Network::Public,
        _ => Network::Special,
    }
}

/// Whether downloads may go to addresses that are not on the public internet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrivateDownloads {
    /// They may not.
    #[default]
    Refused,
    /// They may stay in the network of this address, which the user named himself.
    Beside(IpAddr),
    /// They may go anywhere.
    Allowed,
}

impl PrivateDownloads {
    /// Says whether an address may be connected to.
    pub fn allow(self, address: IpAddr) -> bool {
        match (Network::of(address), self) {
            (Network::Public, _) | (_, PrivateDownloads::Allowed) => true,
            // Neighbours in what is no place for a server are none.
            (Network::Special, _) | (_, PrivateDownloads::Refused) => false,
            (network, PrivateDownloads::Beside(own)) => network == Network::of(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_address_belongs_to_its_network() {
        for (network, addresses) in [
            (Network::Loopback, "127.0.0.1 127.255.3.4 ::1 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::"),
            (Network::LinkLocal, "169.254.1.1 fe80::1 febf::1 ::ffff:169.254.1.1 ::ffff:0:169.254.1.1"),
            (Network::Private, "10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 fc00::1 fd12::1 fec0::1 64:ff9b:1::1"),
            (Network::Private, "::ffff:10.0.0.1 2002:a00:1::1 2001:0:1:2:3:4:f5ff:fffe"),
            (Network::Shared, "100.64.0.1 100.127.255.255 ::ffff:100.64.0.1"),
            (Network::Metadata, "169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe fd00:ec2::254"),
            (Network::Metadata, "100.100.100.200 fd20:ce::254 168.63.129.16 169.254.170.2 2002:a9fe:a9fe::"),
            (Network::Special, "0.0.0.0 0.1.2.3 :: 224.0.0.1 255.255.255.255 240.0.0.1 192.0.2.1 198.18.0.1 ff02::1"),
            (Network::Special, "2001:db8::1 100::1 4000::1 ::ffff:0.0.0.0 198.51.100.1 203.0.113.9 5f00::1"),
            (Network::Public, "1.1.1.1 9.255.255.255 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 2606:4700::1"),
            (Network::Public, "::ffff:1.1.1.1 64:ff9b::101:101 2a00::1 192.167.1.1 2001:4860::8888"),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(Network::of(address.parse().unwrap()), network, "{address}");
            }
        }
    }

    #[test]
    fn neighbours_are_of_one_network() {
        let ip = |text: &str| -> IpAddr { text.parse().unwrap() };
        let beside = |own: &str| PrivateDownloads::Beside(ip(own));
        assert!(beside("10.1.2.3").allow(ip("192.168.1.1")));
        assert!(beside("::1").allow(ip("127.0.0.1")));
        assert!(!beside("10.1.2.3").allow(ip("127.0.0.1")));
        assert!(!beside("127.0.0.1").allow(ip("10.1.2.3")));
        assert!(!beside("169.254.7.7").allow(ip("169.254.169.254")));
        assert!(!beside("9.9.9.9").allow(ip("10.0.0.1")));
        assert!(!beside("0.0.0.0").allow(ip("0.0.0.0")));
        assert!(PrivateDownloads::Refused.allow(ip("9.9.9.9")));
        assert!(!PrivateDownloads::Refused.allow(ip("::ffff:10.0.0.1")));
        assert!(PrivateDownloads::Allowed.allow(ip("127.0.0.1")));
    }
}
