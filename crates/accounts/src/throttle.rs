//! How often something that can be guessed may be tried.
//!
//! Attempts are counted before they are looked at, by a keyed hash of the account that was *named* or the address they
//! come from. A named account need not exist: whoever guesses learns the same from its being shut as from its not being
//! there. A few attempts are free; every further one shuts the door for twice as long as the one before, up to a bound, so that
//! nobody can shut somebody else out for longer than that. A day without an attempt clears the count.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::error::StoreError;

/// Too many attempts; the next is taken after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there were too many attempts; try again in {seconds} seconds")]
pub struct RetryAfter {
    /// Seconds to wait, at least 1.
    pub seconds: u32,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// To sign in to a certain account.
    SignInTo,
    /// To sign in to any account, from a certain address.
    SignInFrom,
    /// The code of a certain account, by somebody who knows its password.
    SecondFactorOf,
    /// To have a reset link sent to a certain account.
    ResetOf,
    /// To have reset links sent, from a certain address.
    ResetFrom,
    /// A token that is not good, from a certain address.
    TokenFrom,
}

/// How patient a door is.
struct Patience {
    /// Attempts before it shuts for the first time.
    free: i32,
    /// How long it is shut then, in seconds.
    first: u16,
    /// The longest it is ever shut, in seconds.
    longest: u16,
}

/// A count that was not added to for so long is forgotten.
pub(crate) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

impl Door {
    const fn label(self) -> &'static str {
        match self {
            Self::SignInTo => "throttle.sign_in_to",
            Self::SignInFrom => "throttle.sign_in_from",
            Self::SecondFactorOf => "throttle.second_factor_of",
            Self::ResetOf => "throttle.reset_of",
            Self::ResetFrom => "throttle.reset_from",
            Self::TokenFrom => "throttle.token_from",
        }
    }

    const fn patience(self) -> Patience {
        let (free, first, longest) = match self {
            Self::SignInTo => (5, 1, 15 * 60),
            // A whole council may sit behind one address.
            Self::SignInFrom | Self::TokenFrom => (30, 1, 15 * 60),
            Self::SecondFactorOf => (5, 1, 60 * 60),
            Self::ResetOf => (3, 60, 60 * 60),
            Self::ResetFrom => (20, 10, 60 * 60),
        };
        Patience {
            free,
            first,
            longest,
        }
    }
}

impl Accounts {
    /// Counts an attempt at `door` by what `subject` says, or refuses it.
    pub(crate) async fn admit<E>(&self, door: Door, subject: &[u8]) -> Result<(), E>
    where
        E: From<RetryAfter> + From<StoreError>,
    {
        let key = self.throttled_as(door, subject);
        let (now, patience) = (self.now(), door.patience());
        // One statement: of many attempts at the same moment, each sees what the one before it wrote.
        let admitted = sqlx::query_scalar!(
            "insert into account.throttle as t (subject, attempts, last_at, closed_until)
             values ($1, 1, $2, $2)
             on conflict (subject) do update set
                attempts = case when t.last_at < $3 then 1 else least(t.attempts + 1, 1000) end,
                last_at = $2,
                closed_until = case
                    when t.last_at < $3 or t.attempts + 1 <= $4 then $2
                    else $2 + make_interval(secs =>
                        least($6, $5 * power(2, least(t.attempts - $4, 30))))
                end
             where t.closed_until <= $2
             returning attempts",
            &key[..],
            now,
            now - FORGOTTEN_AFTER,
            patience.free,
            f64::from(patience.first),
            f64::from(patience.longest)
        );
        let admitted = admitted.fetch_optional(self.pool()).await;
        if admitted.map_err(StoreError::Database)?.is_some() {
            return Ok(());
        }
        metrics::counter!("accounts_throttled_total", "door" => door.label()).increment(1);
        let until = sqlx::query_scalar!(
            "select closed_until from account.throttle where subject = $1",
            &key[..]
        );
        let until = until.fetch_optional(self.pool()).await;
        let until = until.map_err(StoreError::Database)?;
        Err(retry_after(until, now).into())
    }

    /// The same for the address somebody comes from. The machine itself is not counted.
    pub(crate) async fn admit_caller<E>(&self, door: Door, caller: &Caller) -> Result<(), E>
    where
        E: From<RetryAfter> + From<StoreError>,
    {
        match caller.counted_as() {
            Some(address) => self.admit(door, address.as_bytes()).await,
            None => Ok(()),
        }
    }

    /// How a subject is stored.
    pub(crate) fn throttled_as(&self, door: Door, subject: &[u8]) -> [u8; 32] {
        let subject = data_encoding::HEXLOWER.encode(subject);
        self.parts.sealing.blind_index(door.label(), &subject)
    }
}

/// Forgets the attempts that led up to a success.
pub(crate) async fn forgive(
    connection: &mut PgConnection,
    key: [u8; 32],
) -> Result<(), sqlx::Error> {
    let forgiven = sqlx::query!("delete from account.throttle where subject = $1", &key[..]);
    forgiven.execute(connection).await.map(drop)
}

/// Takes back the one attempt that was a success. The others from that address stay: who has an account of their own
/// could otherwise clear the count of guesses at other people's.
pub(crate) async fn take_back(
    connection: &mut PgConnection,
    key: [u8; 32],
) -> Result<(), sqlx::Error> {
    let taken = sqlx::query!(
        "update account.throttle set attempts = greatest(attempts - 1, 0), closed_until = least(closed_until, last_at)
         where subject = $1",
        &key[..]
    );
    taken.execute(connection).await.map(drop)
}

fn retry_after(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> RetryAfter {
    let wait = until.map_or(TimeDelta::zero(), |until| until - now);
    let milliseconds = wait.num_milliseconds();
    let seconds = u32::try_from(milliseconds.max(0))
        .unwrap_or(u32::MAX)
        .div_ceil(1000)
        .max(1);
    RetryAfter { seconds }
}
