//! Which addresses a peer may have: only those of the public internet.
//!
//! A peer's address is typed by an operator or comes from a register. Even so it must not reach into the
//! town's own network: a name that resolves to `10.0.0.1` would make the node ask the town's printer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns whether `address` is global unicast.
///
/// ```
/// # use engagement_node::sync::address::is_global;
/// assert!(is_global("9.9.9.9".parse().unwrap()));
/// assert!(!is_global("192.168.0.1".parse().unwrap()));
/// ```
#[must_use]
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0                                   // this network
        || address.is_private()                // 10/8, 172.16/12, 192.168/16
        || (a == 100 && (64..128).contains(&b)) // 100.64/10, carrier-grade NAT
        || address.is_loopback()
        || address.is_link_local()             // 169.254/16, cloud metadata
        || (a == 192 && b == 0 && c == 0)      // protocol assignments
        || (a == 192 && b == 88 && c == 99)    // 6to4 relays
        || address.is_documentation()
        || (a == 198 && (b == 18 || b == 19))  // benchmarks
        || a >= 224) // multicast, reserved, broadcast
}

fn is_global_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is global unicast; inside it, what carries an IPv4 address or is set aside is not.
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && second < 0x0200) // Teredo, ORCHID, benchmarks, protocol assignments
        && !(first == 0x2001 && second == 0x0db8) // documentation
        && first != 0x2002 // 6to4
        && !(first == 0x3fff && second < 0x1000) // documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_asked() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.1.2.3",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "3fff::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_global(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "9.9.9.9",
            "100.63.0.1",
            "172.32.0.1",
            "193.0.6.139",
            "2a00:1450::1",
            "2606:4700::1",
        ] {
            assert!(is_global(address.parse().unwrap()), "{address}");
        }
    }
}
