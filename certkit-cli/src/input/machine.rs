//! The names and addresses by which others reach this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};

use certkit_core::generate::AlternativeName;

/// Gives the host name of this machine and its addresses, those of loopback and of one link left out.
///
/// Asks the operating system only: no packet leaves. What is no host name by the rules of the
/// certificate is left out, so that the list may be empty.
pub(crate) fn names_of_this_machine() -> Vec<AlternativeName> {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    let mut addresses: Vec<IpAddr> =
        [route(Ipv4Addr::UNSPECIFIED.into()), route(Ipv6Addr::UNSPECIFIED.into())].into_iter().flatten().collect();
    addresses.extend((host.as_str(), 0).to_socket_addrs().into_iter().flatten().map(|address| address.ip()));
    let mut names = vec![AlternativeName::Dns(host)];
    for address in addresses.into_iter().filter(is_reachable).map(AlternativeName::Ip) {
        if !names.contains(&address) {
            names.push(address);
        }
    }
    names.retain(|name| name.validate().is_ok());
    names
}

/// The address that packets to the world would leave from. Connecting a UDP socket sends none.
fn route(any: IpAddr) -> Option<IpAddr> {
    // Addresses that are kept for documentation (RFC 5737, RFC 3849): routed like any other, and nobody's.
    let far: IpAddr = match any {
        IpAddr::V4(_) => Ipv4Addr::new(192, 0, 2, 1).into(),
        IpAddr::V6(_) => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
    };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    socket.connect(SocketAddr::new(far, 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

fn is_reachable(address: &IpAddr) -> bool {
    let is_of_one_link = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !(address.is_loopback() || address.is_unspecified() || is_of_one_link)
}
