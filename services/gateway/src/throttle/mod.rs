//! How often one may ask.
//!
//! [`crate::limits`] bounds what one request asks for; this bounds how many come from one [`Key`]. Each
//! key has an allowance that refills evenly: so many at once, so many a second after that. Only so many
//! keys are remembered, and one that rested until its allowance was full again is forgotten, which
//! changes nothing for it: memory is bounded however many addresses there are.

mod hops;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use ipnet::{IpNet, Ipv6Net};
use moka::sync::Cache;

pub use hops::{Hops, ProxyHeader};

/// How many keys are remembered.
const KEYS: u64 = 50_000;

/// How much of an IPv6 address names its holder: whoever has one has the 2^64 beside it.
const HOLDER: u8 = 64;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Key {
    /// Everybody behind one IPv4 address, or in one IPv6 network of 64 bits.
    Address(IpNet),
}

impl Key {
    /// The key of an address.
    pub fn of(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            v4 @ IpAddr::V4(_) => v4.into(),
            IpAddr::V6(v6) => Ipv6Net::new(v6, HOLDER)
                .map_or_else(|_| IpAddr::V6(v6).into(), |network| network.trunc().into()),
        })
    }
}

/// How often one key may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many a second, for as long as one likes.
    pub per_second: NonZeroU32,
    /// So many at once, after a rest.
    pub burst: NonZeroU32,
}

impl Pace {
    /// How long a key rests until it has its whole allowance again.
    fn rest(self) -> Duration {
        Duration::from_secs(self.burst.get().div_ceil(self.per_second.get()).into())
    }
}

type Limiter<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Keeps each key to the pace. Cheap to clone; clones share their count.
#[derive(Clone)]
pub struct Throttle<C: Clock = MonotonicClock> {
    pace: Pace,
    clock: C,
    known: Cache<Key, Arc<Limiter<C>>>,
}

/// The allowance is used up; there is more after this time, in whole seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Throttle {
    /// Keeps everybody to `pace`, from now on.
    pub fn new(pace: Pace) -> Self {
        Self::by(pace, MonotonicClock)
    }
}

impl<C> Throttle<C>
where
    C: Clock + Clone + Send + Sync + 'static,
    C::Instant: Send + Sync,
{
    /// Keeps everybody to `pace` by this clock.
    fn by(pace: Pace, clock: C) -> Self {
        let known = Cache::builder()
            .max_capacity(KEYS)
            .time_to_idle(pace.rest())
            .build();
        Self { pace, clock, known }
    }

    /// Takes one from the allowance of `key`.
    ///
    /// # Errors
    /// How long to [`Wait`] when it is used up.
    pub fn take(&self, key: Key) -> Result<(), Wait> {
        let limiter = self.known.get_with(key, || {
            let quota = Quota::per_second(self.pace.per_second).allow_burst(self.pace.burst);
            Arc::new(RateLimiter::direct_with_clock(quota, self.clock.clone()))
        });
        limiter.check().map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Wait(Duration::from_secs(seconds.max(1)))
        })
    }
}

/// The allowance of whoever sent a request: travels with it, for what goes on asking on one connection.
#[derive(Clone)]
pub(crate) struct Allowance {
    throttle: Throttle,
    key: Key,
}

impl Allowance {
    pub(crate) const fn new(throttle: Throttle, key: Key) -> Self {
        Self { throttle, key }
    }

    /// Takes one.
    pub(crate) fn take(&self) -> Result<(), Wait> {
        self.throttle.take(self.key)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn throttle(per_second: u32, burst: u32) -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let some = |number| NonZeroU32::new(number).expect("some");
        let pace = Pace {
            per_second: some(per_second),
            burst: some(burst),
        };
        (Throttle::by(pace, clock.clone()), clock)
    }

    fn key(address: &str) -> Key {
        Key::of(address.parse().expect("an address"))
    }

    #[test]
    fn so_many_at_once_and_so_many_a_second_after_that() {
        let (throttle, clock) = throttle(2, 3);
        let one = key("192.0.2.1");
        for _ in 0..3 {
            assert_eq!(throttle.take(one), Ok(()));
        }
        assert_eq!(throttle.take(one), Err(Wait(Duration::from_secs(1))));
        assert_eq!(throttle.take(key("192.0.2.2")), Ok(()), "others go on");
        clock.advance(Duration::from_secs(1));
        assert_eq!([throttle.take(one), throttle.take(one)], [Ok(()), Ok(())]);
        assert!(throttle.take(one).is_err());
    }

    #[test]
    fn an_address_is_counted_with_those_its_holder_has_too() {
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1:2:3"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn however_many_come_only_so_many_are_remembered() {
        let (throttle, _clock) = throttle(1, 1_000);
        for number in 0..u32::try_from(KEYS).expect("few") + 10_000 {
            assert_eq!(throttle.take(Key::of(IpAddr::V4(number.into()))), Ok(()));
        }
        throttle.known.run_pending_tasks();
        assert!(throttle.known.entry_count() <= KEYS);
    }
}
