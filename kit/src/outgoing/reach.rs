//! Where requests may go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only: for addresses that somebody else has named. Ours and our neighbours' (RFC 6890) are not.
    Public,
    /// Anywhere: for addresses of the configuration, and for tests.
    Anywhere,
}

impl Reach {
    /// Whether a request may go to this address.
    pub fn admits(self, ip: IpAddr) -> bool {
        match (self, ip) {
            (Self::Anywhere, _) => true,
            (Self::Public, IpAddr::V4(ip)) => is_public(ip),
            (Self::Public, IpAddr::V6(ip)) => match embedded(ip) {
                Some(inner) => is_public(inner),
                None => is_public_v6(ip),
            },
        }
    }
}

/// Not of the IPv4 special-purpose registry (RFC 6890 and later): private, loopback, link-local with the metadata services of
/// clouds, shared, documentation, benchmarks, multicast, reserved.
fn is_public(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99))
}

/// Global unicast (2000::/3) without what is documentation, benchmark, ORCHID or of the protocol's own.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_global = a & 0xE000 == 0x2000;
    let is_special = a == 0x2001 && (b < 0x0200 || b == 0x0DB8) || a == 0x3FFF;
    is_global && !is_special
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0, 0, 0, 0, 0, 0xFFFF, high, low] | [0, 0, 0, 0, 0xFFFF, 0, high, low] => Some(of(high, low)),
        [0x0064, 0xFF9B, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use std::net::IpAddr;

    #[test]
    fn what_is_ours_or_our_neighbours_is_out_of_reach_however_it_is_written() {
        let inside = [
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.3.4",
            "172.31.255.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "198.18.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "100::1",
        ];
        for address in inside {
            let ip: IpAddr = address.parse().unwrap();
            assert!(!Reach::Public.admits(ip), "{address}");
            assert!(Reach::Anywhere.admits(ip), "{address}");
        }
        for address in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:3200::1", "2002:0808:0808::1"] {
            assert!(Reach::Public.admits(address.parse().unwrap()), "{address}");
        }
    }
}
