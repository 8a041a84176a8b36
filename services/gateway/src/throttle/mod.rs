//! How often one may ask.
//!
//! [`crate::limits`] bounds what one request asks for; this bounds how many come from one [`Key`]. Each
//! key has an allowance that refills evenly: so many at once, so many a second after that. Only so many
//! keys are remembered, and one that rested until its allowance was full again is forgotten, which
//! changes nothing for it: memory is bounded however many addresses there are.

mod hops;

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::{AccountId, LedgerId};
use governor::clock::{Clock, MonotonicClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use ipnet::{IpNet, Ipv6Net};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

pub use hops::{Hops, ProxyHeader};

/// How many keys are remembered.
const KEYS: u64 = 50_000;

/// How much of an IPv6 address names its holder: whoever has one has the 2^64 beside it.
const HOLDER: u8 = 64;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Key {
    /// Requests of everybody behind one IPv4 address, or in one IPv6 network of 64 bits.
    Address(IpNet),
    /// Requests of one account, whatever it comes with.
    Account(AccountId),
    /// Requests with one token, known by what it hashes to while this process lives.
    Token(u64),
    /// Changes to one compact, or to a region's register, whoever makes them.
    Ledger(LedgerId),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// How often each kind of key may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paces {
    /// Requests from one address.
    pub address: Pace,
    /// Requests of one account.
    pub account: Pace,
    /// Requests with one token.
    pub token: Pace,
    /// Changes to one ledger.
    pub ledger: Pace,
}

impl Default for Paces {
    /// What an office full of people behind one address, and a compact whose history is being typed in, do not reach
    /// in an ordinary day. A program with a token has less than its owner: it cannot lock them out.
    fn default() -> Self {
        const fn pace(per_second: u32, burst: u32) -> Pace {
            Pace {
                per_second: NonZeroU32::new(per_second).expect("not zero"),
                burst: NonZeroU32::new(burst).expect("not zero"),
            }
        }
        Self {
            address: const { pace(100, 2_000) },
            account: const { pace(50, 1_000) },
            token: const { pace(25, 500) },
            ledger: const { pace(50, 1_000) },
        }
    }
}

impl Paces {
    const fn of(&self, key: Key) -> Pace {
        match key {
            Key::Address(_) => self.address,
            Key::Account(_) => self.account,
            Key::Token(_) => self.token,
            Key::Ledger(_) => self.ledger,
        }
    }

    fn longest_rest(&self) -> Duration {
        let all = [self.address, self.account, self.token, self.ledger];
        all.map(Pace::rest).into_iter().max().unwrap_or_default()
    }
}

type Limiter<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// What one key has left.
struct Purse<C: Clock> {
    limiter: Limiter<C>,
    /// From when there is more, once it was found empty by [`Throttle::count`].
    empty_until: Mutex<Option<C::Instant>>,
}

/// Keeps each key to its pace. Cheap to clone; clones share their count.
#[derive(Clone)]
pub struct Throttle<C: Clock = MonotonicClock> {
    paces: Paces,
    clock: C,
    known: Cache<Key, Arc<Purse<C>>>,
    hasher: RandomState,
}

/// The allowance is used up; there is more after this time, in whole seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    fn whole(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self(Duration::from_secs(seconds.max(1)))
    }
}

impl Throttle {
    /// Keeps everybody to these paces, from now on.
    pub fn new(paces: Paces) -> Self {
        Self::by(paces, MonotonicClock)
    }
}

impl<C> Throttle<C>
where
    C: Clock + Clone + Send + Sync + 'static,
    C::Instant: Send + Sync,
{
    /// Keeps everybody to these paces by this clock.
    fn by(paces: Paces, clock: C) -> Self {
        let known = Cache::builder()
            .max_capacity(KEYS)
            .time_to_idle(paces.longest_rest())
            .build();
        Self {
            paces,
            clock,
            known,
            hasher: RandomState::new(),
        }
    }

    /// The key of a token, as it is shown at the door.
    pub fn token(&self, shown: &[u8]) -> Key {
        Key::Token(self.hasher.hash_one(shown))
    }

    /// Takes one from the allowance of `key`.
    ///
    /// # Errors
    /// How long to [`Wait`] when it is used up.
    pub fn take(&self, key: Key) -> Result<(), Wait> {
        let purse = self.purse(key);
        let taken = purse.limiter.check();
        taken.map_err(|refused| Wait::whole(refused.wait_time_from(self.clock.now())))
    }

    /// Whether [`Throttle::count`] left anything in the allowance of `key`. Nothing is taken: who tries what they may
    /// not do uses up nobody's.
    ///
    /// # Errors
    /// How long to [`Wait`] when it is used up.
    pub fn look(&self, key: Key) -> Result<(), Wait> {
        let now = self.clock.now();
        let purse = self.purse(key);
        let empty_until = *purse
            .empty_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match empty_until {
            Some(until) if until > now => Err(Wait::whole(until.duration_since(now).into())),
            _ => Ok(()),
        }
    }

    /// Takes one from the allowance of `key` for what is done already. Those who [`Throttle::look`] are told.
    pub fn count(&self, key: Key) {
        let purse = self.purse(key);
        if let Err(refused) = purse.limiter.check() {
            let until = Some(refused.earliest_possible());
            *purse
                .empty_until
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = until;
        }
    }

    fn purse(&self, key: Key) -> Arc<Purse<C>> {
        self.known.get_with(key, || {
            let pace = self.paces.of(key);
            let quota = Quota::per_second(pace.per_second).allow_burst(pace.burst);
            Arc::new(Purse {
                limiter: RateLimiter::direct_with_clock(quota, self.clock.clone()),
                empty_until: Mutex::new(None),
            })
        })
    }
}

/// The allowances of whoever sent a request: they travel with it, for what goes on asking on one connection.
#[derive(Clone)]
pub(crate) struct Allowance {
    throttle: Throttle,
    keys: Vec<Key>,
}

impl Allowance {
    pub(crate) fn new(throttle: Throttle, key: Key) -> Self {
        Self {
            throttle,
            keys: vec![key],
        }
    }

    /// Takes one from each.
    pub(crate) fn take(&self) -> Result<(), Wait> {
        self.keys
            .iter()
            .try_for_each(|key| self.throttle.take(*key))
    }

    /// From now on also the allowance of a token; takes one from it.
    pub(crate) fn take_for_token(&mut self, shown: &[u8]) -> Result<(), Wait> {
        let key = self.throttle.token(shown);
        self.keys.push(key);
        self.throttle.take(key)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn pace(per_second: u32, burst: u32) -> Pace {
        let some = |number| NonZeroU32::new(number).expect("some");
        Pace {
            per_second: some(per_second),
            burst: some(burst),
        }
    }

    /// All kinds at the same pace.
    fn throttle(per_second: u32, burst: u32) -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let (clock, pace) = (FakeRelativeClock::default(), pace(per_second, burst));
        let paces = Paces {
            address: pace,
            account: pace,
            token: pace,
            ledger: pace,
        };
        (Throttle::by(paces, clock.clone()), clock)
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
    fn each_kind_has_a_pace_of_its_own() {
        let paces = Paces {
            account: pace(1, 2),
            token: pace(1, 1),
            ..Paces::default()
        };
        let throttle = Throttle::by(paces, FakeRelativeClock::default());
        let (one, other) = (throttle.token(b"one"), throttle.token(b"other"));
        assert_eq!(throttle.take(one), Ok(()));
        assert!(throttle.take(one).is_err());
        assert_eq!(throttle.take(other), Ok(()), "another token");
        let account = Key::Account(AccountId::new(uuid::Uuid::nil()));
        assert_eq!(
            [throttle.take(account), throttle.take(account)],
            [Ok(()), Ok(())]
        );
        assert!(throttle.take(account).is_err());
        assert_eq!(throttle.take(key("192.0.2.1")), Ok(()));
    }

    #[test]
    fn what_is_counted_when_it_is_done_shuts_out_what_comes_next_and_looking_costs_nothing() {
        let (throttle, clock) = throttle(2, 3);
        let ledger = Key::Ledger(LedgerId::new(uuid::Uuid::nil()));
        for _ in 0..100 {
            assert_eq!(throttle.look(ledger), Ok(()));
        }
        for _ in 0..4 {
            throttle.count(ledger);
        }
        assert_eq!(throttle.look(ledger), Err(Wait(Duration::from_secs(1))));
        assert_eq!(throttle.look(ledger), Err(Wait(Duration::from_secs(1))));
        clock.advance(Duration::from_secs(1));
        assert_eq!(throttle.look(ledger), Ok(()));
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
