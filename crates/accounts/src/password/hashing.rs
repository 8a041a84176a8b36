//! Hashing passwords: slow on purpose, and so never more than a few at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::Password;
use crate::chance::{NoRandomness, Randomness, random};
use crate::settings::Hashing;

/// Bytes of salt, as the PHC format recommends.
const SALT: usize = 16;

/// Why no hash was made.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// More are waiting than will be served; nothing was hashed.
    #[error("too many people are signing in at this moment; try again in a few seconds")]
    Busy,
    /// What is stored is no hash, or the settings name an impossible cost.
    #[error("a password's hash cannot be made or read: {0}")]
    Unusable(String),
    /// No salt could be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The hashing broke off.
    #[error("the hashing of a password broke off")]
    Broken(#[source] tokio::task::JoinError),
}

/// What came of checking a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It is not the password, or there is none.
    Wrong,
    /// It is.
    Right,
    /// It is, and was hashed at another cost than is set now: this is its hash at the present one.
    RightHashedAnew(String),
}

/// Hashes and checks passwords, a few at once, away from the threads that answer requests.
pub(crate) struct Hasher {
    cost: Params,
    settings: Hashing,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// What is checked when there is nothing to check against, so that both take as long.
    nobodys: String,
    done: Arc<AtomicU64>,
}

impl Hasher {
    /// A hasher at the cost `settings` name. It hashes once, to have a hash nobody knows the password of.
    pub(crate) fn new(
        settings: &Hashing,
        randomness: &dyn Randomness,
    ) -> Result<Self, HashingError> {
        let cost = Params::new(settings.memory_kib, settings.passes, 1, None);
        let cost = cost.map_err(|error| HashingError::Unusable(error.to_string()))?;
        let (password, salt) = (random::<32>(randomness)?, random::<SALT>(randomness)?);
        let nobodys = hash(&cost, &*password, &*salt)?;
        Ok(Self {
            cost,
            turns: Arc::new(Semaphore::new(settings.at_once.max(1).into())),
            places: Arc::new(Semaphore::new(
                usize::from(settings.at_once.max(1)) + usize::from(settings.waiting),
            )),
            settings: settings.clone(),
            nobodys,
            done: Arc::default(),
        })
    }

    /// How many hashes were made, for one reason or another.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The hash of a new password, as a PHC string.
    pub(crate) async fn hash(
        &self,
        password: &Password,
        randomness: &dyn Randomness,
    ) -> Result<String, HashingError> {
        let (cost, password) = (self.cost.clone(), password.clone());
        let salt = random::<SALT>(randomness)?;
        self.in_turn(move || hash(&cost, password.bytes(), &*salt))
            .await
    }

    /// Checks `password` against `stored`. With nothing stored it takes the same work, and is wrong.
    pub(crate) async fn check(
        &self,
        password: &Password,
        stored: Option<&str>,
        randomness: &dyn Randomness,
    ) -> Result<Checked, HashingError> {
        let there = stored.is_some();
        let against = Zeroizing::new(stored.unwrap_or(&self.nobodys).to_owned());
        let attempt = password.clone();
        let cost = self.cost.clone();
        let (right, stale) = self
            .in_turn(move || {
                let against = PasswordHash::new(&against).map_err(unusable)?;
                let right = Argon2::default()
                    .verify_password(attempt.bytes(), &against)
                    .is_ok();
                Ok((right, !hashed_at(&cost, &against)))
            })
            .await?;
        match (right && there, stale) {
            (false, _) => Ok(Checked::Wrong),
            (true, false) => Ok(Checked::Right),
            (true, true) => {
                let anew = self.hash(password, randomness).await?;
                Ok(Checked::RightHashedAnew(anew))
            }
        }
    }

    /// Does `work` when its turn has come. Whoever gives up waiting for the answer does not end the turn early: the
    /// memory is in use until the work is done.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| HashingError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned();
        let turn = tokio::time::timeout(self.settings.patience(), turn).await;
        let Ok(Ok(turn)) = turn else {
            return Err(HashingError::Busy);
        };
        let done = Arc::clone(&self.done);
        let working = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            done.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("accounts_password_hashes_total").increment(1);
            work()
        });
        working.await.map_err(HashingError::Broken)?
    }
}

fn hash(cost: &Params, password: &[u8], salt: &[u8]) -> Result<String, HashingError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.clone());
    let hash: PasswordHash = argon2
        .hash_password_customized(password, salt, None, None, cost.clone())
        .map_err(unusable)?;
    Ok(hash.to_string())
}

/// Whether `hash` was made as it would be made now.
fn hashed_at(cost: &Params, hash: &PasswordHash) -> bool {
    let same_cost = Params::try_from(hash).is_ok_and(|found| {
        (found.m_cost(), found.t_cost(), found.p_cost())
            == (cost.m_cost(), cost.t_cost(), cost.p_cost())
    });
    same_cost
        && hash.algorithm.as_str() == "argon2id"
        && hash.version == Some(Version::V0x13.into())
}

fn unusable(error: impl std::fmt::Display) -> HashingError {
    HashingError::Unusable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemRandomness;

    fn hasher(at_once: u16, waiting: u16) -> Hasher {
        let settings = Hashing {
            memory_kib: 8,
            passes: 1,
            at_once,
            waiting,
            patience_milliseconds: 50,
        };
        Hasher::new(&settings, &SystemRandomness).unwrap()
    }

    async fn check(hasher: &Hasher, stored: Option<&str>) -> Result<Checked, HashingError> {
        let password = Password::typed("wet ladder violin soup");
        hasher.check(&password, stored, &SystemRandomness).await
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_and_nobody_queues_without_end() {
        let hasher = hasher(1, 1);
        let turn = hasher.turns.acquire().await.unwrap();
        assert!(
            matches!(check(&hasher, None).await, Err(HashingError::Busy)),
            "no turn in time"
        );
        drop(turn);
        assert_eq!(check(&hasher, None).await.unwrap(), Checked::Wrong);
        let places = hasher.places.acquire_many(2).await.unwrap();
        assert!(
            matches!(check(&hasher, None).await, Err(HashingError::Busy)),
            "no place at all"
        );
        drop(places);
        assert_eq!(hasher.done(), 1, "what was turned away cost nothing");
    }

    #[tokio::test]
    async fn whoever_goes_away_keeps_the_turn_until_the_work_is_done() {
        let hasher = hasher(1, 0);
        let (go_on, told) = std::sync::mpsc::channel::<()>();
        let work = hasher.in_turn(move || {
            told.recv().expect("told to go on");
            Ok(())
        });
        let gone = tokio::time::timeout(std::time::Duration::from_millis(1), work).await;
        assert!(gone.is_err(), "given up");
        assert!(matches!(
            check(&hasher, None).await,
            Err(HashingError::Busy)
        ));
        go_on.send(()).unwrap();
        let deadline = std::time::Duration::from_mins(1);
        let free = tokio::time::timeout(deadline, hasher.places.acquire()).await;
        assert!(free.is_ok(), "the place is given back when it is done");
    }

    #[tokio::test]
    async fn without_a_stored_hash_even_the_right_answer_is_wrong() {
        let hasher = hasher(1, 1);
        let password = Password::typed("wet ladder violin soup");
        let hash = hasher.hash(&password, &SystemRandomness).await.unwrap();
        assert_eq!(check(&hasher, Some(&hash)).await.unwrap(), Checked::Right);
        assert_eq!(check(&hasher, None).await.unwrap(), Checked::Wrong);
        let garbage = check(&hasher, Some("not a hash")).await;
        assert!(
            matches!(garbage, Err(HashingError::Unusable(_))),
            "{garbage:?}"
        );
    }

    #[test]
    fn a_cost_no_password_can_be_hashed_at_is_refused_at_the_start() {
        let settings = Hashing {
            memory_kib: 1,
            ..Hashing::default()
        };
        let refused = Hasher::new(&settings, &SystemRandomness).map(drop);
        assert!(matches!(refused, Err(HashingError::Unusable(_))));
    }
}
