//! How much one client network may ask: a bucket each, in bounded memory.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Networks remembered at a time; beyond that the fullest buckets, which lose nothing, are forgotten.
const NETWORKS: usize = 10_000;

/// Admits a number of requests a second from each network, four times as many at once.
#[derive(Debug)]
pub(super) struct Limiter {
    rate: f64,
    buckets: Mutex<BTreeMap<IpAddr, (f64, Duration)>>,
}

impl Limiter {
    pub(super) fn new(per_second: u32) -> Self {
        Self { rate: f64::from(per_second), buckets: Mutex::default() }
    }

    /// Takes a request at `now`; returns whether it may go on.
    pub(super) fn admits(&self, client: IpAddr, now: Duration) -> bool {
        let burst = self.rate * 4.0;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= NETWORKS {
            let refilled = |(tokens, at): &(f64, Duration)| {
                tokens + now.saturating_sub(*at).as_secs_f64() * self.rate
            };
            buckets.retain(|_, bucket| refilled(bucket) < burst);
            if buckets.len() >= NETWORKS {
                buckets.clear();
            }
        }
        let (tokens, at) = buckets.entry(network(client)).or_insert((burst, now));
        *tokens = (*tokens + now.saturating_sub(*at).as_secs_f64() * self.rate).min(burst);
        *at = now;
        let admitted = *tokens >= 1.0;
        if admitted {
            *tokens -= 1.0;
        }
        admitted
    }
}

/// A /24 or a /64: what one customer of a provider holds.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & 0xffff_ff00).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_shares_one_bucket_that_refills() {
        let limiter = Limiter::new(2);
        let (a, b) = ("203.0.113.1".parse().unwrap(), "203.0.113.2".parse().unwrap());
        let admitted = (0..10)
            .filter(|i| limiter.admits(if i % 2 == 0 { a } else { b }, Duration::ZERO))
            .count();
        assert_eq!(admitted, 8);
        assert!(!limiter.admits(a, Duration::ZERO));
        assert!(limiter.admits("198.51.100.1".parse().unwrap(), Duration::ZERO));
        assert!(limiter.admits(a, Duration::from_millis(500)));
        assert!(!limiter.admits(a, Duration::from_millis(500)));
    }

    #[test]
    fn memory_is_bounded_however_many_ask() {
        let limiter = Limiter::new(1);
        for i in 0..30_000u32 {
            limiter.admits(std::net::Ipv4Addr::from(i << 8).into(), Duration::ZERO);
        }
        assert!(limiter.buckets.lock().unwrap().len() <= NETWORKS);
    }
}
