//! How this process is known to others: its id, its address, its entry in the registry.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use bijou_eureka::Instance;

/// Seconds between renewals of a lease, and how long it lasts without one.
const RENEW_EVERY_S: u32 = 3;
const LEASE_S: u32 = 10;

/// `<host>:<role>:<slot>`: the same after a restart, so that an instance replaces itself in the registry.
pub(crate) fn id(role: &str, slot: u16) -> String {
    format!("{}:{role}:{slot}", host_name())
}

/// The machine's own name for itself.
pub(crate) fn host_name() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// The entry of a role that listens on `addr`.
pub fn entry(role: &str, instance_id: &str, addr: SocketAddr, version: &str) -> Instance {
    let ip = reachable(addr.ip()).to_string();
    let base = format!("http://{}", SocketAddr::new(reachable(addr.ip()), addr.port()));
    // The host name is the address as well: ours need not be known to anybody's DNS.
    let mut instance = Instance::new(&role.to_ascii_uppercase(), instance_id, &ip, &ip, addr.port())
        .with_lease(RENEW_EVERY_S, LEASE_S)
        .with_metadata("bijou.version", version)
        .with_metadata("bijou.host", host_name());
    instance.home_page_url = Some(format!("{base}/"));
    instance.status_page_url = Some(format!("{base}/readyz"));
    instance.health_check_url = Some(format!("{base}/healthz"));
    instance
}

/// The address others reach a listener on: an unspecified one is replaced by the one the default route leaves from.
fn reachable(ip: IpAddr) -> IpAddr {
    if !ip.is_unspecified() {
        return ip;
    }
    // Connecting a datagram socket sends nothing; it only asks the routing table.
    let (any, outside) = if ip.is_ipv4() { ("0.0.0.0:0", "192.0.2.1:9") } else { ("[::]:0", "[2001:db8::1]:9") };
    UdpSocket::bind(any)
        .and_then(|socket| socket.connect(outside).and_then(|()| socket.local_addr()))
        .map_or_else(|_| std::net::Ipv4Addr::LOCALHOST.into(), |local| local.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_where_and_for_how_long() {
        let entry = entry("catalog", "host:catalog:0", SocketAddr::from(([127, 0, 0, 1], 4000)), "0.1.0");
        assert_eq!((entry.app.as_str(), entry.ip_addr.as_str(), entry.port.number), ("CATALOG", "127.0.0.1", 4000));
        assert_eq!((entry.lease.renewal_interval_s, entry.lease.duration_s), (3, 10));
        assert_eq!(entry.health_check_url.as_deref(), Some("http://127.0.0.1:4000/healthz"));
    }

    #[test]
    fn an_unspecified_address_is_never_published() {
        assert!(!reachable(IpAddr::from([0, 0, 0, 0])).is_unspecified());
    }
}
